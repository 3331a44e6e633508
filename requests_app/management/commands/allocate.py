"""`manage.py allocate replay ROUND`: compute a round again from its frozen rows and compare the bytes."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fundmgr.domain.errors import FundError
from requests_app.services import round_replay


class Command(BaseCommand):
    """Compute a round again."""

    help = "Compute a round again from what was frozen. Exit 3 where a byte differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the round, --fund and --json."""
        parser.add_argument("act", choices=["replay"])
        parser.add_argument("round", help="its number, or its id")
        parser.add_argument("--fund", help="the fund's short name, where several have such a number")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what came out; exit 3 where it is not what is stored."""
        try:
            found = round_replay.replay(word=options["round"], slug=options["fund"])
        except FundError as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not found.findings, **asdict(found)}))
        else:
            for sentence in found.findings:
                self.stdout.write(f"WRONG: {sentence}")
            self.stdout.write(f"Round {found.number} of {found.fund}, {found.people_count:,} requests")
            self.stdout.write(f"problem {found.problem_digest}")
            self.stdout.write(f"result  {found.result_digest}")
        if found.findings:
            raise SystemExit(3)
