"""`manage.py demo`: load the demo story, or show how to sign in to it."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fundmgr.domain import ids
from requests_app.demo import later, show, story
from requests_app.demo.asks import SEED


class Command(BaseCommand):
    """Load or show the demo."""

    help = "Load the demo story: $500,000 received, $10,000,000 asked for by 1,700 people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument("--if-empty", action="store_true", help="do nothing where a fund exists")
        parser.add_argument(
            "--moment",
            choices=["opening", "later"],
            default="opening",
            help="how far the story goes: later adds the other donors, also to a story that is loaded",
        )
        parser.add_argument("--show", action="store_true", help="print sign-in links and API clients")
        parser.add_argument("--json", action="store_true", help="with --show: as JSON")
        parser.add_argument("--clock", type=datetime.fromisoformat, help="the story's present moment")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load or show; refuse outside demo mode."""
        if not settings.DEMO:
            raise CommandError("This is no demo: set FUNDMGR_DEMO=1 on a database made for it.")
        if options["show"]:
            self._show(as_json=options["json"])
            return
        now = options["clock"] or timezone.now()
        is_later = options["moment"] == "later"
        if show.is_loaded() and not is_later:
            if options["if_empty"]:
                return
            raise CommandError("A fund exists already. Use --if-empty, or `make reset` to start again.")
        with ids.repeatable(SEED):
            if not show.is_loaded():
                story.tell(now=now, say=self.stdout.write)
            if is_later and not show.is_later():
                later.tell(show.loaded(), now=now, say=self.stdout.write)

    def _show(self, *, as_json: bool) -> None:
        found = show.sheet()
        if as_json:
            self.stdout.write(json.dumps(found, indent=2))
            return
        self.stdout.write(f"{found['fund']['name']} ({found['fund']['id']})\n{found['demo_page']}")
        for client in found["clients"]:
            self.stdout.write(f"{client['role']}: {client['client_id']} {client['client_secret']}")
