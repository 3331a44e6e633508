"""Messages to staff: that money came free and a round waits for them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from fundmgr.domain import ids
from fundmgr.models import Fund, OutboxMessage, User
from requests_app.channels import mail
from requests_app.models import Notice
from requests_app.queries import free_money

KINDS = frozenset({"next_round"})


def send(*, message: OutboxMessage, now: datetime) -> None:
    """This will tell one director of the next round, once for each effect key, unless it was decided since.

    Errors: ValueError for a kind that has no words.
    """
    said = message.payload
    if said["kind"] not in KINDS:
        raise ValueError(f"no words for a message of kind {said['kind']!r}")
    words = _words(Fund.objects.get(id=said["fund_id"]), now=now)
    user = User.objects.get(id=said["user_id"])
    is_sent = Notice.objects.filter(effect_key=message.effect_key).exists()
    if words is None or is_sent or not user.is_active or not user.email:
        return
    text = render_to_string(f"emails/{said['kind']}.txt", words)
    subject, _line, body = text.strip().partition("\n")
    Notice.objects.create(
        id=ids.new_id(now),
        fund=words["fund"],
        created_at=now,
        applicant=None,
        kind=said["kind"],
        effect_key=message.effect_key,
        contact=user.email,
        subject=" ".join(subject.split()),
        text=f"{body.strip()}\n",
        sent_at=now,
    )
    mail.send(
        subject=" ".join(subject.split()), text=f"{body.strip()}\n", to=user.email, key=message.effect_key
    )


def _words(fund: Fund, *, now: datetime) -> dict[str, Any] | None:
    """What the mail says; None where no next round is open or due any more. Units: cents."""
    url = f"{settings.SITE_URL}/staff/{fund.slug}/rounds/"
    found = free_money.offer(fund.id, now=now)
    if found is None:
        return None
    return {"fund": fund, "row": found.row, "freed_cents": sum(found.freed_cents.values()), "url": url}
