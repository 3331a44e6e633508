"""System checks: the app role must not be able to bend the books."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage
from django.db import connection

BOOKS = ("fundmgr_transfer", "fundmgr_entry", "fundmgr_event", "fundmgr_eventlink")


@checks.register(checks.Tags.database)
def books_are_out_of_reach(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """This will name each table of the books that the running role could change or owns."""
    if not databases or settings.OWNER_ROLE_ASKED:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname,
                   pg_has_role(c.relowner, 'MEMBER'),
                   has_any_column_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE')
                   OR has_table_privilege(c.oid, 'TRUNCATE') OR has_table_privilege(c.oid, 'TRIGGER')
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relname = ANY(%s)
            """,
            [list(BOOKS)],
        )
        return [
            checks.Error(
                f"The running database role {'owns' if owns else 'can change'} {table}.",
                hint="Run as the app role and migrate as the owner: docs/operations.md.",
                id="fundmgr.E001",
            )
            for table, owns, changes in cursor.fetchall()
            if owns or changes
        ]


@checks.register(checks.Tags.database)
def commits_are_durable(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """This will name each PostgreSQL setting that would let acknowledged money be lost in a crash."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM pg_settings WHERE setting = 'off' "
            "AND name IN ('fsync', 'full_page_writes', 'synchronous_commit')"
        )
        return [
            checks.Error(f"PostgreSQL runs with {name} off: a crash could lose money.", id="fundmgr.E002")
            for (name,) in cursor.fetchall()
        ]
