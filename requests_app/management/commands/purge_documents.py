"""`manage.py purge_documents`: say which files of workers are over, and with --yes erase them."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from requests_app.services import document_retention


class Command(BaseCommand):
    """Erase files whose time is over, as the night does."""

    help = "Count the files whose time is over, by fund; --yes erases them and leaves their tombstones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --yes and --json."""
        parser.add_argument("--yes", action="store_true", help="erase them; without it nothing changes")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many, by fund."""
        if options["yes"]:
            counts = document_retention.purge_all(clock=timezone.now)
        else:
            counts = document_retention.due_counts(now=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps({"erased": options["yes"], "documents": counts}))
            return
        word = "erased" if options["yes"] else "to erase"
        for slug, count in counts.items():
            self.stdout.write(f"{slug}: {count} {word}")
