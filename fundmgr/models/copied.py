"""Many rows at once, by the way that PostgreSQL takes them in fastest."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, connections
from django.db.models import Field, ForeignKey, Model
from psycopg import sql

# Below this an INSERT is as quick, and a person who reads the log of statements sees the values.
FEW = 100
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
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(sql.Identifier(field.column) for field in fields),
    )
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with (
        connection.wrap_database_errors,
        connection.connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        columns = [_column(field) for field in fields]
        for row in rows:
            copy.write_row([column(row) for column in columns])


def _column(field: "Field[Any, Any]") -> Callable[[Model], Any]:
    """How a row's value of one column is read, as the driver takes it."""
    target = field.target_field if isinstance(field, ForeignKey) else field
    fills_itself = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    if target.get_internal_type() in _AS_THEY_ARE and not fills_itself:
        return attrgetter(field.attname)
    # The proxy of the connection is looked up anew at every use.
    here = connections[connection.alias]
    return lambda row: field.get_db_prep_save(field.pre_save(row, add=True), here)
