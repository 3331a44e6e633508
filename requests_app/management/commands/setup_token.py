"""Print the link of the first visit."""

import json
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from fundmgr.domain.errors import FundError
from fundmgr.services import setup


class Command(BaseCommand):
    """`manage.py setup_token` prints the address where the fund and its first director are set up."""

    help = "Print the link of the first visit. It works for a day, and only while there is no fund."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --json, for the launcher."""
        parser.add_argument("--json", action="store_true", help="print token and address as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make one token and print it."""
        try:
            token = setup.new_token(now=timezone.now())
        except FundError as error:
            raise CommandError(error.sentence) from error
        address = f"{settings.SITE_URL}/setup/?{urlencode({'token': token})}"
        words = json.dumps({"token": token, "address": address}) if options["json"] else address
        self.stdout.write(words)
