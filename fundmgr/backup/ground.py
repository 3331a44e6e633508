"""The database that a backup goes into: entered as its owner, empty before, empty again after a failure."""

from django.conf import settings
from django.db import connection

from fundmgr.backup.errors import BackupError

_HELD = """SELECT (SELECT COUNT(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND c.relkind IN ('r','p','v','m','f','S'))
    + (SELECT COUNT(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')"""
# Tables take their indexes, triggers and own sequences along.
_EMPTY = """DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT c.oid::regclass AS name FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') LOOP
        EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', one.name);
    END LOOP;
    FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace LOOP
        EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', one.name);
    END LOOP;
END $$"""


def refuse_wrong_role() -> None:
    """Refuse to restore as the app role, which must never own the books, or without an app role to let in.

    Errors: BackupError saying what to set or make.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user = %(app)s, EXISTS (SELECT FROM pg_roles WHERE rolname = %(app)s)",
            {"app": settings.APP_ROLE},
        )
        is_app, exists = cursor.fetchone()
    if is_app or not settings.OWNER_ROLE_ASKED:
        raise BackupError(
            "A restore runs as the database's owner, never as the app role: set FUNDMGR_DB_ROLE=owner and "
            "FUNDMGR_OWNER_DATABASE_URL."
        )
    if not exists:
        raise BackupError(
            f"This server has no role {settings.APP_ROLE}: make it first, as for an installation."
        )


def refuse_filled_database() -> None:
    """Refuse a database that holds anything.

    Errors: BackupError naming the database and how much it holds.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HELD)
        held = cursor.fetchone()[0]
    if held:
        raise BackupError(
            f"The database {connection.settings_dict['NAME']} is not empty, it holds {held} tables, "
            "sequences and functions: restore into a new one."
        )


def empty() -> None:
    """Take everything out of the database again; it was empty before the restore began."""
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY)
