"""Statements on the path of a rush, planned once a connection instead of once a call."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection


def one(statement: str, parameters: Sequence[Any]) -> tuple[Any, ...] | None:
    """This will run a statement by the connection's prepared plan and return its first row, if any.

    Shapes: parameters stand as $1, $2 in the statement.
    Errors: Django's database errors, as from a cursor of its own.
    """
    found = rows(statement, parameters)
    return found[0] if found else None


def rows(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """This will run a statement that returns rows by the connection's prepared plan, as `one` does."""
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    if connection.queries_logged:
        # Django's own cursor would write this line; who counts statements must not miss ours.
        connection.queries_log.append({"sql": statement, "time": "prepared"})
    with connection.wrap_database_errors, psycopg.RawCursor(connection.connection) as cursor:
        # A pooler between us must keep prepared statements: docs/operations.md names which do.
        return cursor.execute(statement, parameters, prepare=True).fetchall()


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
