"""`manage.py verify_audit`: walk the audit chain and name the first bad row."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from requests_app.queries import audit


class Command(BaseCommand):
    """Check the chain, and that every request has its event."""

    help = "Verify the audit trail. Exit 3 where something is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --json."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the chain's state; exit 3 where there is a problem."""
        state = audit.state()
        if options["json"]:
            self.stdout.write(json.dumps(audit.as_json(state)))
        else:
            self.stdout.write(audit.sentence(state))
        if not state.is_sound:
            raise SystemExit(3)
