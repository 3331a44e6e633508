"""Many rows at once, by the way that PostgreSQL takes them in fastest."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection, connections
from django.db.models import Field, ForeignKey, Model
from psycopg import sql

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Below this an INSERT is as quick, and a person who reads the log of statements sees the values.
FEW = 100
# No statement runs long enough to be taken for a runaway one.
_AT_ONCE = 50_000
# The driver takes their values as they are, so that most columns of most rows pass by no conversion.
_AS_THEY_ARE = frozenset({
    "UUIDField", "CharField", "TextField", "BooleanField", "DateTimeField",
    "SmallIntegerField", "IntegerField", "BigIntegerField",
})  # fmt: skip


def insert(rows: Sequence[Model]) -> None:
    """This will write new rows of one model, all or none, with every guard of their table.

    Errors: Django's database errors, as from an insert.
    """
    if not rows:
        return
    model = type(rows[0])
    if len(rows) <= FEW:
        model._base_manager.bulk_create(rows)
        return
    fields = model._meta.concrete_fields
    columns = [_column(field) for field in fields]
    write(model, [field.column for field in fields], ([column(row) for column in columns] for row in rows))


def write(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """This will write new rows of the named columns, their values as the driver takes them.

    Errors: Django's database errors, as from an insert.
    """
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    waiting = iter(rows)
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        while some := list(islice(waiting, _AT_ONCE)):
            with cursor.copy(statement) as copy:
                for row in some:
                    copy.write_row(row)


def whole_numbers(query: str, parameters: Sequence[Any], width: int) -> "NDArray[np.int64]":
    """This will return the rows of a query of bigint columns, none of them null, as an array.

    Shapes: a row a row, in the query's order; its columns are named c0, c1 and on, its parameters are %s.
    Errors: Django's database errors, as from a query.
    """
    import numpy as np  # noqa: PLC0415  # not at the web's start

    # One value instead of a row a row, in the form that the server itself sends numbers in.
    bits = " || ".join(f"int8send(c{place})" for place in range(width))
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        statement = f"SELECT string_agg({bits}, '') FROM ({query}) AS found"  # noqa: S608  # our own words
        cursor.execute(statement, parameters, binary=True)
        ((sent,),) = cursor.fetchall()
    found = np.frombuffer(sent or b"", dtype=">i8").reshape(-1, width)
    return np.ascontiguousarray(found.T.astype(np.int64)).T


def _column(field: "Field[Any, Any]") -> Callable[[Model], Any]:
    """How a row's value of one column is read, as the driver takes it."""
    target = field.target_field if isinstance(field, ForeignKey) else field
    fills_itself = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    if target.get_internal_type() in _AS_THEY_ARE and not fills_itself:
        return attrgetter(field.attname)
    # The proxy of the connection is looked up anew at every use.
    here = connections[connection.alias]
    return lambda row: field.get_db_prep_save(field.pre_save(row, add=True), here)
