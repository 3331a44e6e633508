"""Django's entry to the money half; after each migration the app role gets exactly what it may have."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FundmgrConfig(AppConfig):
    """The money half."""

    name = "fundmgr"
    verbose_name = "Fund"

    def ready(self) -> None:
        """Connect the privileges step and the system checks."""
        from fundmgr import checks, privileges  # noqa: F401, PLC0415  # models are ready only now

        post_migrate.connect(privileges.give_app_role, dispatch_uid="app-role")
