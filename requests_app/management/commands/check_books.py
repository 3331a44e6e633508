"""`manage.py check_books`: prove the ledger from its own rows, and the kept files from their digests."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from fundmgr.services import proof, proof_facts
from fundmgr.services.proof_letters import check_letters
from requests_app.services import document_retention


class Command(BaseCommand):
    """Check that every transfer balances and every balance equals its entries."""

    help = "Prove the books. Exit 3 where something is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --json and --files."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--files", type=Path, help="where the kept files lie, if not in the store")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the findings; exit 3 where there are any."""
        findings = [*proof.check_books(), *proof.check_files(options["files"]), *check_letters()]
        findings += document_retention.check_kept(options["files"])
        if options["json"]:
            self.stdout.write(
                json.dumps({"ok": not findings, "findings": [vars(found) for found in findings]})
            )
        elif findings:
            for found in findings:
                self.stdout.write(f"{found.check}: {found.sentence}")
        else:
            count = len(proof.checks()) + len(proof_facts.CHECKS) + 3
            self.stdout.write(f"The books hold: {count} checks, nothing wrong.")
        if findings:
            raise SystemExit(3)
