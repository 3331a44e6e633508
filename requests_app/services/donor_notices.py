"""Messages to donors: that a promise is due soon, or late."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from fundmgr.domain import contacts, ids
from fundmgr.models import Commitment, OutboxMessage
from requests_app.channels import mail
from requests_app.models import Notice

KINDS = frozenset({"pledge_due_before", "pledge_due_after"})


def send(*, message: OutboxMessage, now: datetime) -> None:
    """This will remind a donor, once for each effect key, unless the money came in meanwhile.

    Errors: ValueError for a kind that has no words.
    """
    said = message.payload
    if said["kind"] not in KINDS:
        raise ValueError(f"no words for a message of kind {said['kind']!r}")
    row = Commitment.objects.select_related("donor", "fund").get(id=said["commitment_id"])
    contact = row.donor.contact
    # A phone number may stand there too.
    if not contact or not contacts.is_mail(contact) or not row.owed_cents:
        return
    if Notice.objects.filter(effect_key=message.effect_key).exists():
        return
    subject, text = _written(row, said)
    Notice.objects.create(
        id=ids.new_id(now),
        fund=row.fund,
        created_at=now,
        applicant=None,
        kind=said["kind"],
        effect_key=message.effect_key,
        contact=contact,
        subject=subject,
        text=text,
        sent_at=now,
    )
    mail.send(subject=subject, text=text, to=contact, key=message.effect_key)


def _written(row: Commitment, said: dict[str, Any]) -> tuple[str, str]:
    context = {
        "fund": row.fund,
        "donor": row.donor.name,
        "open_cents": min(said["open_cents"], row.owed_cents),
        "due_on": date.fromisoformat(said["due_on"]),
        "reference": row.id.hex[-8:].upper(),
        "fund_url": f"{settings.SITE_URL}/f/{row.fund.slug}/",
    }
    with translation.override(row.donor.language), timezone.override(ZoneInfo(row.fund.time_zone)):
        text = render_to_string(f"emails/{said['kind']}.txt", context)
    subject, _line, body = text.strip().partition("\n")
    return " ".join(subject.split()), f"{body.strip()}\n"
