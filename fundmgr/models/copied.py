"""Many rows at once, by the way that PostgreSQL takes them in fastest."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Model
from psycopg import sql

# Below this an INSERT is as quick, and a person who reads the log of statements sees the values.
FEW = 100


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
        for row in rows:
            copy.write_row(
                [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
            )
