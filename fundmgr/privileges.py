"""What the app role may do: read and insert everywhere, change only where rows are meant to change."""

from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connections, router


def give_app_role(sender: AppConfig, using: str = "default", **_: Any) -> None:
    """This will renew the app role's privileges on every table of the last app migrated.

    The owner runs this after `migrate`; where the owner is also the app role (one role only), the
    system check of `manage.py check` says so.
    """
    if not router.allow_migrate(using, sender.label):
        return
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT current_user, EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [settings.APP_ROLE]
        )
        current, exists = cursor.fetchone()
        if not exists or current == settings.APP_ROLE:
            return
        role = connections[using].ops.quote_name(settings.APP_ROLE)
        tables = _tables(sender)
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT SELECT ON django_migrations TO {role}")
        for table, is_append_only, erasable in tables:
            name = connections[using].ops.quote_name(table)
            cursor.execute(f"REVOKE ALL ON {name} FROM {role}")
            verbs = "SELECT, INSERT" if is_append_only else "SELECT, INSERT, UPDATE, DELETE"
            cursor.execute(f"GRANT {verbs} ON {name} TO {role}")
            if is_append_only and erasable:
                columns = ", ".join(connections[using].ops.quote_name(column) for column in erasable)
                cursor.execute(f"GRANT UPDATE ({columns}) ON {name} TO {role}")


def _tables(config: AppConfig) -> list[tuple[str, bool, tuple[str, ...]]]:
    models = apps.get_app_config(config.label).get_models(include_auto_created=True)
    return [
        (model._meta.db_table, getattr(model, "append_only", False), getattr(model, "erasable", ()))
        for model in models
    ]
