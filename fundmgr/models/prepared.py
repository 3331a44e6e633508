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
    statement, names, readers = _columns(model)
    return [
        model.from_db(
            connection.alias,
            names,
            [
                value if read is None else read(value, None, connection)
                for read, value in zip(readers, row, strict=True)
            ],
        )
        for row in rows(f"{statement} WHERE {where}", parameters)
    ]


@lru_cache
def _columns(model: type[models.Model]) -> tuple[str, list[str], list[Any]]:
    """How a model's rows are read: the statement, the names and what opens each value."""
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    readers = [getattr(field, "from_db_value", None) for field in fields]
    names = [field.attname for field in fields]
    return f'SELECT {columns} FROM "{model._meta.db_table}"', names, readers  # noqa: S608  # our own words


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
