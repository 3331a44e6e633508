"""A donor's own browser: asks for a link, gets the letter, opens it."""

import re
from datetime import datetime

from builders import NOW, World
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from fundmgr.domain.permissions import Role
from fundmgr.models import Donor, OutboxMessage
from fundmgr.services import donors
from requests_app.services import donor_link_mail

ADDRESS = "founder@example.org"
_LINK = re.compile(r"/f/[-\w]+/donor/open/[0-9a-f]{64}/")


class Giver:
    """One browser at the donor's pages of a fund; its own requests are at the clock's time."""

    def __init__(self, world: World, **headers: str) -> None:
        """Start without any cookie."""
        self.root = f"/f/{world.fund.slug}/donor/"
        self.browser = Client(headers=headers)

    def get(self, path: str = "", **options: object) -> HttpResponse:
        """Open a page."""
        return self.browser.get(path if path.startswith("/") else f"{self.root}{path}", **options)

    def ask(self, address: str = ADDRESS) -> HttpResponse:
        """Send the address."""
        return self.browser.post(self.root, {"email": address})

    def open(self, link: str) -> HttpResponse:
        """Press the one button of a link's page."""
        return self.browser.post(link, follow=True)


def give_address(world: World, donor: Donor, address: str | None = ADDRESS, **more: object) -> Donor:
    """Record where the donor is written to."""
    donor.refresh_from_db()
    by = world.actor(Role.DIRECTOR)
    return donors.change(donor_id=donor.id, version=donor.version, contact=address, **more, by=by, now=NOW)


def deliver(now: datetime) -> list[str]:
    """Do what the outbox owes to donors, in the test's own transaction; return the links of the letters."""
    before = len(mail.outbox)
    for kind, handler in (("donor_link_ask", donor_link_mail.answer), ("donor_link", donor_link_mail.send)):
        for message in OutboxMessage.objects.filter(kind=kind, done_at__isnull=True).order_by("id"):
            handler(message=message, now=now)
            OutboxMessage.objects.filter(id=message.id).update(done_at=now)
    return [_LINK.search(letter.body).group() for letter in mail.outbox[before:]]
