"""Messages to workers: written once per effect, in the worker's language, then sent by mail."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from fundmgr.domain import ids
from fundmgr.models import Fund, OutboxMessage
from requests_app.models import Applicant, AssistanceRequest, Award, ContactCode, Notice
from requests_app.services import contacts, mail

KINDS = frozenset(
    {
        "request_received",
        "info_needed",
        "award_made",
        "award_reminder",
        "award_expired",
        "not_this_time",
        "ineligible",
        "payment_sent",
        "payment_returned",
        "payee_changed",
    }
)


@dataclass(frozen=True)
class Letter:
    """One message before it is written: to whom, in which language, from which template, with which words."""

    fund: Fund
    applicant: Applicant | None
    contact: str
    language: str
    kind: str
    words: Mapping[str, Any]


def send_code(*, message: OutboxMessage, now: datetime) -> None:
    """This will send a code to its contact, unless it is too old to be of use."""
    code = ContactCode.objects.select_related("fund").get(id=message.payload["code_id"])
    if code.expires_at <= now:
        return
    words = {"code": contacts.reveal_code(message.payload["sealed"])}
    letter = Letter(code.fund, None, code.contact, code.language, "contact_code", words)
    _send(letter, key=message.effect_key, now=now)


def send_notice(*, message: OutboxMessage, now: datetime) -> None:
    """This will tell a worker what happened to their request.

    Errors: ValueError for a kind that has no words.
    """
    kind = message.payload["kind"]
    if kind not in KINDS:
        raise ValueError(f"no words for a notice of kind {kind!r}")
    rows = AssistanceRequest.objects.select_related("applicant", "fund", "policy")
    request = rows.get(id=message.payload["request_id"])
    applicant = request.applicant
    words = {"reference": request.reference, **_EXTRA.get(kind, _nothing)(request, message.payload)}
    letter = Letter(request.fund, applicant, applicant.contact, applicant.language, kind, words)
    _send(letter, key=message.effect_key, now=now)


def _send(letter: Letter, *, key: str, now: datetime) -> None:
    """Write the notice and hand it to the mail server; the key keeps a second run from sending it again."""
    if Notice.objects.filter(effect_key=key).exists():
        return
    subject, text = _written(letter)
    Notice.objects.create(
        id=ids.new_id(now),
        fund=letter.fund,
        created_at=now,
        applicant=letter.applicant,
        kind=letter.kind,
        effect_key=key,
        contact=letter.contact,
        subject=subject,
        text=text,
        sent_at=now,
    )
    mail.send(subject=subject, text=text, to=letter.contact, key=key)


def _written(letter: Letter) -> tuple[str, str]:
    """Render the template: its first line is the subject, the rest the text."""
    address = f"{settings.SITE_URL}/f/{letter.fund.slug}/"
    context = {
        **letter.words,
        "fund": letter.fund,
        "phone": letter.fund.help_phone,
        "status_url": f"{address}request/",
        "fund_url": address,
    }
    with translation.override(letter.language), timezone.override(ZoneInfo(letter.fund.time_zone)):
        text = render_to_string(f"emails/{letter.kind}.txt", context)
    subject, _line, body = text.strip().partition("\n")
    return " ".join(subject.split()), f"{body.strip()}\n"


def _nothing(_request: AssistanceRequest, _payload: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _received(request: AssistanceRequest, _payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"asked_cents": request.asked_cents, "days": request.policy.decision_days}


def _award(_request: AssistanceRequest, payload: Mapping[str, Any]) -> dict[str, Any]:
    award = Award.objects.get(id=UUID(payload["award_id"]))
    return {"amount_cents": award.amount_cents, "accept_by": award.accept_by}


_EXTRA: dict[str, Callable[[AssistanceRequest, Mapping[str, Any]], dict[str, Any]]] = {
    "request_received": _received,
    "award_made": _award,
    "award_reminder": _award,
    "award_expired": _award,
}
