"""`manage.py verify_audit`: walk the audit chain and name the first bad row."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fundmgr.services import anchors
from fundmgr.services.anchors import Fault
from requests_app.queries import audit


class Command(BaseCommand):
    """Check the chain, and that every request has its event."""

    help = "Verify the audit trail. Exit 3 where something is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --anchor and --json."""
        parser.add_argument(
            "--anchor", type=Path, help="hold the chain and the books to this file of anchors"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the chain's state; exit 3 where there is a problem."""
        try:
            fault = self._fault(options["anchor"])
        except CommandError as error:
            if options["json"]:
                self.stdout.write(json.dumps({"ok": False, "error": str(error)}))
            raise
        state = audit.state()
        if options["json"]:
            told = {**audit.as_json(state), "anchor_fault": vars(fault) if fault else None}
            self.stdout.write(json.dumps({**told, "ok": state.is_sound and fault is None}))
        else:
            self.stdout.write(audit.sentence(state))
            if fault:
                self.stdout.write(f"Line {fault.line} of the anchor disagrees: {fault.sentence}.")
        if fault or not state.is_sound:
            raise SystemExit(3)

    def _fault(self, path: Path | None) -> Fault | None:
        if path is None:
            return None
        try:
            lines = anchors.read(path)
        except (OSError, ValueError) as error:
            raise CommandError(f"The anchor file {path} cannot be read: {error}") from error
        if not lines:
            raise CommandError(f"The anchor file {path} is not there, or holds no line.")
        return anchors.verify(lines)
