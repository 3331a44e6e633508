"""What a database holds, in few words: rows and content of tables, sequences, the heads of the books."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

Digest = dict[str, Any]
# How a row looks as text must not hang on who asks.
_SAME_FOR_ALL = (
    "SET LOCAL timezone = 'UTC'", "SET LOCAL datestyle = 'ISO, MDY'", "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL intervalstyle = 'postgres'", "SET LOCAL extra_float_digits = 1",
    "SET LOCAL statement_timeout = 0", "SET LOCAL idle_in_transaction_session_timeout = 0",
)  # fmt: skip
_TABLES = """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1"""
# A sum of hashes needs no order and no memory; the file's own seal is what stands against a forger.
_ROWS = """SELECT COUNT(*), COALESCE(SUM(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0)::text
    FROM {} t"""
_SEQUENCES = """SELECT sequencename, COALESCE(last_value, 0) FROM pg_sequences
    WHERE schemaname = 'public' ORDER BY 1"""
_LEDGER = "SELECT fund_id::text, MAX(sequence) FROM fundmgr_transfer GROUP BY 1 ORDER BY 1"
_AUDIT = "SELECT sequence, encode(hash, 'hex') FROM fundmgr_eventlink ORDER BY sequence DESC LIMIT 1"
_MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY 1, 2"


@contextmanager
def one_moment() -> Iterator[None]:
    """Open a read-only transaction that sees one moment of the database and may take its time."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for statement in _SAME_FOR_ALL:
                cursor.execute(statement)
        yield


def snapshot() -> str:
    """Return the name under which pg_dump sees the moment that is open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        return str(cursor.fetchone()[0])


def take() -> Digest:
    """Return the digest of the moment that is open."""
    with connection.cursor() as cursor:
        return {
            "tables": {name: _rows(cursor, name) for (name,) in _all(cursor, _TABLES)},
            "sequences": dict(_all(cursor, _SEQUENCES)),
            "ledger": dict(_all(cursor, _LEDGER)),
            "audit_head": [*_all(cursor, _AUDIT)],
        }


def migrations() -> list[str]:
    """Return the migrations that made the tables of the moment that is open."""
    with connection.cursor() as cursor:
        return [f"{app}.{name}" for app, name in _all(cursor, _MIGRATIONS)]


def first_difference(source: Digest, copy: Digest) -> str | None:
    """Return what differs first between a source and its copy, or None where nothing does."""
    for part, found in source.items():
        if part != "tables" and found != copy.get(part):
            return f"the {part.replace('_', ' ')}"
        if part == "tables":
            names = sorted(set(found) | set(copy["tables"]))
            wrong = [name for name in names if found.get(name) != copy["tables"].get(name)]
            if wrong:
                return f"the table {wrong[0]}"
    return None


def _rows(cursor: CursorWrapper, table: str) -> list[Any]:
    cursor.execute(_ROWS.format(connection.ops.quote_name(table)))
    return list(cursor.fetchone())


def _all(cursor: CursorWrapper, sql: str) -> list[Any]:
    cursor.execute(sql)
    return [list(row) for row in cursor.fetchall()]
