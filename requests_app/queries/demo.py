"""What only the demo shows: who can be signed in as, and the messages that leave no machine.

Outside the demo all of it is empty, whoever asks.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from fundmgr.domain import errors
from fundmgr.domain.contacts import shown
from fundmgr.domain.permissions import Role
from fundmgr.domain.texting import Way
from fundmgr.models import Fund, User
from fundmgr.queries import funds
from requests_app.models import ContactCode, Notice

NEWEST, SHOWN = 50, 15
_CODE = re.compile(r"[0-9]{6}")


@dataclass(frozen=True)
class Person:
    """One of the staff whom a visitor of the demo may become."""

    user_id: UUID
    name: str
    role: Role


@dataclass(frozen=True)
class Cast:
    """The demo's fund and its people."""

    fund: Fund
    staff: list[Person]


@dataclass(frozen=True)
class Letter:
    """One message as its reader saw it; a text has no subject."""

    way: Way
    contact: str
    subject: str
    text: str
    sent_at: datetime | None


def cast() -> Cast:
    """This will return the demo's fund and one person after the other by role. Errors: NotFound elsewhere."""
    fund = funds.only_fund() if settings.DEMO else None
    if fund is None:
        raise errors.NotFound
    rows = funds.members(fund.id)
    return Cast(fund, [Person(row.user_id, row.user.name, Role(row.role)) for row in rows])


def person(user_id: UUID) -> User:
    """This will return one of the demo's staff, to be signed in without a password. Errors: NotFound."""
    if user_id not in {row.user_id for row in cast().staff}:
        raise errors.NotFound
    return User.objects.get(id=user_id)


def newest() -> list[Letter]:
    """This will return the newest messages of the demo, newest first."""
    if not settings.DEMO:
        return []
    rows = Notice.objects.order_by("-created_at", "-id")[:SHOWN]
    return [Letter(Way(row.way), shown(row.contact), row.subject, row.text, row.sent_at) for row in rows]


def newest_code(contact: str) -> str:
    """This will return the newest code that the demo sent to a contact; empty until it is sent."""
    if not settings.DEMO:
        return ""
    asked = ContactCode.objects.order_by("-created_at", "-id")[:NEWEST]
    asked_at = next((row.created_at for row in asked if row.contact == contact), None)
    if asked_at is None:
        return ""
    sent = Notice.objects.filter(kind="contact_code", created_at__gte=asked_at)
    codes = sent.order_by("-created_at", "-id")[:NEWEST]
    text = next((row.subject or row.text for row in codes if row.contact == contact), "")
    found = _CODE.search(text)
    return found.group() if found else ""
