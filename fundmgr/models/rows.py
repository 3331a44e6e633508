"""Rows as JSON, written by a statement of their own where the framework's objects would cost too much."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from django.db.models import BinaryField, Field, Model
from django.db.models.base import ModelState

from fundmgr.models.encrypted import EncryptedTextField


def whole(model: type[Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """This will return a new row with every column: the values given, and the model's defaults.

    Shapes: keys are columns' attribute names, like `fund_id`; values are what the model would hold.
    """
    return {**_defaults(model), **values}


def instance(model: type[Model], row: Mapping[str, Any]) -> Any:
    """This will return a whole row that was written as an object of its model.

    Shapes: as `from_db` makes it, without the signals, which cost more in a rush than all columns.
    """
    made = model.__new__(model)
    made.__dict__.update(row)
    made._state = ModelState()
    made._state.adding, made._state.db = False, "default"
    return made


def wire(model: type[Model], row: Mapping[str, Any]) -> dict[str, Any]:
    """This will return a whole row as PostgreSQL's json_populate_record takes it, sealed where it must be."""
    sent = dict(row)
    for name, field in _opaque(model):
        if sent[name] is not None:
            sent[name] = f"\\x{field.get_prep_value(sent[name]).hex()}"
    return sent


def as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """This will write rows as JSON; ids, days and moments become text."""
    return msgspec.json.encode(rows).decode()


@cache
def _defaults(model: type[Model]) -> dict[str, Any]:
    return {name: field.get_default() for name, field in _fields(model).items()}


@cache
def _fields(model: type[Model]) -> dict[str, "Field[Any, Any]"]:
    return {field.attname: field for field in model._meta.concrete_fields}


@cache
def _opaque(model: type[Model]) -> list[tuple[str, Any]]:
    """The columns that hold bytes."""
    kinds = (BinaryField, EncryptedTextField)
    return [(name, field) for name, field in _fields(model).items() if isinstance(field, kinds)]
