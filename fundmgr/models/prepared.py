"""Statements on the path of a rush, planned once a connection instead of once a call."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, models

Model = TypeVar("Model", bound=models.Model)


def one(statement: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
    """This will run a statement by the connection's prepared plan and return its first row, if any.

    Shapes: parameters stand as $1, $2 in the statement.
    Errors: Django's database errors, as from a cursor of its own.
    """
    found = rows(statement, parameters)
    return found[0] if found else None


def rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """This will run a statement that returns rows by the connection's prepared plan, as `one` does."""
    # Asked for once: each look through Django's stand-in for it finds the thread's own anew.
    line = connections[DEFAULT_DB_ALIAS]
    line.ensure_connection()
    line.validate_no_broken_transaction()
    if line.queries_logged:
        # Django's own cursor would write this line; who counts statements must not miss ours.
        line.queries_log.append({"sql": statement, "time": "prepared"})
    with line.wrap_database_errors, psycopg.RawCursor(line.connection) as cursor:
        # A pooler between us must keep prepared statements: docs/operations.md names which do.
        return cursor.execute(statement, parameters, prepare=True).fetchall()


def found(model: type[Model], where: str, parameters: Sequence[Any]) -> list[Model]:
    """This will return the rows of a model for which a condition holds, as its manager would.

    The manager writes its statement anew for each call, which costs more than all else of a short one.
    """
    statement = f'SELECT {columns(model)} FROM "{model._meta.db_table}" WHERE {where}'  # noqa: S608  # our own words
    return [_opened(model, row) for row in rows(statement, parameters)]


@lru_cache
def columns(model: type[models.Model], of: str = "") -> str:
    """This will name a model's columns in the order of `opened`; `of` is its rows' name there."""
    before = f"{of}." if of else ""
    return ", ".join(f'{before}"{field.column}"' for field in model._meta.concrete_fields)


def opened(model: type[Model], row: Sequence[Any]) -> Model | None:
    """This will make a model of its columns, and None where an outer join found no row for them."""
    return None if row[_readers(model)[2]] is None else _opened(model, row)


def _opened(model: type[Model], row: Sequence[Any]) -> Model:
    names, readers, _key = _readers(model)
    values = list(row)
    for place, read in readers:
        values[place] = read(values[place], None, connection)
    return model.from_db(connection.alias, names, values)


@lru_cache
def _readers(model: type[models.Model]) -> tuple[list[str], list[tuple[int, Any]], int]:
    """How a model's rows are read: the names, what opens which value, and where its key stands."""
    fields = model._meta.concrete_fields
    opens = [(place, getattr(field, "from_db_value", None)) for place, field in enumerate(fields)]
    key = next(place for place, field in enumerate(fields) if field.primary_key)
    return [field.attname for field in fields], [pair for pair in opens if pair[1] is not None], key


def added(row: Model, *, else_nothing: bool = False) -> Model:
    """This will insert a row as its manager would, or leave it where one like it exists already.

    Errors: as for `one`.
    """
    statement, fields = _insert(type(row), else_nothing)
    rows(statement, [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields])
    row._state.adding, row._state.db = False, connection.alias
    return row


@lru_cache
def _insert(model: type[models.Model], else_nothing: bool) -> tuple[str, Sequence[Any]]:
    fields = model._meta.concrete_fields
    places = ", ".join(f"${number}" for number in range(1, len(fields) + 1))
    unless = "ON CONFLICT DO NOTHING" if else_nothing else ""
    into = f'INSERT INTO "{model._meta.db_table}" ({columns(model)})'
    return f"{into} VALUES ({places}) {unless} RETURNING 1", fields


def changed(
    row: models.Model, names: tuple[str, ...], *, where: str = "true", parameters: Sequence[Any] = ()
) -> bool:
    """This will write some columns of a row where a condition still holds, and say whether it did.

    Shapes: the condition's parameters stand as $2 and on. Errors: as for `one`.
    """
    statement, fields = _update(type(row), names, where, len(parameters))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    return one(statement, [row.pk, *parameters, *values]) is not None


@lru_cache
def _update(
    model: type[models.Model], names: tuple[str, ...], where: str, parameters: int
) -> tuple[str, list[Any]]:
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    writes = ", ".join(f'"{field.column}" = ${number}' for number, field in enumerate(fields, parameters + 2))
    key = model._meta.pk.column
    return f'UPDATE "{model._meta.db_table}" SET {writes} WHERE "{key}" = $1 AND {where} RETURNING 1', fields  # noqa: S608  # our own words


def uuids(values: Iterable[UUID | None]) -> str:
    """This will write an array's text, several times as quick as the driver writes it one by one.

    Shapes: the statement names the type, as in $1::uuid[].
    """
    return "{" + ",".join(["NULL" if value is None else value.hex for value in values]) + "}"


def numbers(values: Iterable[int]) -> str:
    """This will write an array's text of whole numbers, as `uuids` does."""
    return "{" + ",".join(map(str, values)) + "}"


def words(values: Iterable[str]) -> str:
    """This will write an array's text of words, whatever letters they have, as `uuids` does."""
    quoted = [value.replace("\\", "\\\\").replace('"', '\\"') for value in values]
    return '{"' + '","'.join(quoted) + '"}' if quoted else "{}"
