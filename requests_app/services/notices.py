"""Messages to workers: written once per effect, in the worker's language, then sent by mail or text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Sum
from django.template.loader import render_to_string
from django.utils import timezone, translation

from fundmgr.domain import ids, keywords
from fundmgr.domain.contacts import is_phone
from fundmgr.domain.documents import DocumentKind
from fundmgr.domain.promised_days import promised
from fundmgr.domain.texting import DeliveryState, Way, short_name
from fundmgr.models import Fund, OutboxMessage
from requests_app.channels import mail
from requests_app.models import (
    Applicant,
    AssistanceRequest,
    Award,
    ContactChange,
    ContactCode,
    InboundText,
    InfoRequest,
    Notice,
)
from requests_app.queries import appeals, people, reach
from requests_app.queries.rounds import LIVE_AWARDS
from requests_app.services import contacts, mailings, second_contacts, texting
from requests_app.services.document_words import ASKS

KINDS = frozenset(
    {
        "request_received",
        "info_needed",
        "award_made",
        "award_added",
        "award_reminder",
        "award_expired",
        "not_this_time",
        "ineligible",
        "appeal_received",
        "appeal_upheld",
        "appeal_overturned",
        "payment_sent",
        "payment_returned",
        "payee_changed",
        "message_posted",
    }
)


# What a text of one word is answered with.
REPLIES = frozenset({"text_stop", "text_start", "text_help"})
MOST_REPLIES, MOST_REASON = 5, 120
# The first that a worker hears after asking.
FIRST = "request_received"


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
    send(letter, key=message.effect_key, now=now)


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
    contact = _contact(applicant, message.payload)
    if not contact:
        # Erased since.
        return
    words = {"reference": request.reference, **_EXTRA.get(kind, _nothing)(request, message.payload)}
    letter = Letter(request.fund, applicant, contact, applicant.language, kind, words)
    send(letter, key=message.effect_key, now=now)


def _contact(applicant: Applicant, payload: Mapping[str, Any]) -> str:
    """Where a worker is reached, or was before a change that the notice names; empty once it is erased, or
    where all messages were stopped meanwhile.

    What did not go out goes to the second contact.
    """
    if "second" in payload:
        return reach.open_second_of(applicant)
    if "contact_change_id" not in payload:
        return applicant.contact
    return ContactChange.objects.get(id=payload["contact_change_id"]).old_contact or ""


def send_reply(*, message: OutboxMessage, now: datetime) -> None:
    """This will answer a text of one word; not where two programs would go on answering each other."""
    row = InboundText.objects.select_related("fund").get(id=message.payload["inbound_id"])
    lately = Notice.objects.filter(contact_hash=row.contact_hash, kind__in=REPLIES)
    if row.fund is None or lately.filter(created_at__gt=now - timedelta(hours=1)).count() >= MOST_REPLIES:
        return
    if row.contact is None:
        # Erased since.
        return
    known = Applicant.objects.filter(fund=row.fund, contact_hash=row.contact_hash).first()
    language = known.language if known else settings.LANGUAGE_CODE
    language = "es" if keywords.is_spanish(row.text or "") else language
    letter = Letter(row.fund, None, row.contact, language, message.payload["kind"], {})
    send(letter, key=message.effect_key, now=now)


def send(letter: Letter, *, key: str, now: datetime) -> None:
    """This will write a notice and send it its way; its key keeps a second run from sending it again."""
    if Notice.objects.filter(effect_key=key).exists():
        return
    notice = Notice(
        id=ids.new_id(now),
        fund=letter.fund,
        created_at=now,
        applicant=letter.applicant,
        kind=letter.kind,
        effect_key=key,
        contact=letter.contact,
    )
    if is_phone(letter.contact):
        _text(notice, letter, now=now)
        return
    notice.subject, notice.text = written(letter)
    if letter.applicant is not None and reach.has_stopped(people.contact_hash(letter.contact)):
        notice.state = DeliveryState.HELD
        notice.save(force_insert=True)
        second_contacts.owe(notice, now=now)
        return
    notice.sent_at = now
    notice.save(force_insert=True)
    try:
        mail.send(subject=notice.subject, text=notice.text, to=letter.contact, key=key)
    except mail.NoSuchMailbox as error:
        notice.state, notice.sent_at, notice.reason = DeliveryState.FAILED, None, str(error)[:MOST_REASON]
        notice.save(update_fields=["state", "sent_at", "reason"])
        second_contacts.owe(notice, now=now)


def _text(notice: Notice, letter: Letter, *, now: datetime) -> None:
    """Write a text down as sending, or as held for one who takes none; a code that was asked for goes out."""
    notice.way, notice.contact_hash = Way.TEXT, people.contact_hash(letter.contact)
    is_news = letter.applicant is not None
    is_first = is_news and reach.is_first_text(notice.contact_hash)
    notice.subject, notice.text = "", worded(letter, is_first=is_first)
    may = not is_news or reach.may_text(fund_id=letter.fund.id, contact_hash=notice.contact_hash)
    notice.state = DeliveryState.SENDING if may else DeliveryState.HELD
    notice.save(force_insert=True)
    if may:
        texting.owe(notice, now=now)
    else:
        second_contacts.owe(notice, now=now)


def written(letter: Letter) -> tuple[str, str]:
    """This will write a mail: the template's first line is the subject, the rest the text."""
    return mailings.parted(_rendered(f"emails/{letter.kind}.txt", letter))


def worded(letter: Letter, *, is_first: bool) -> str:
    """This will write a text in one line; the first one to a number says how to end them."""
    # A kind without a text of its own is told as news, with the way to read it.
    templates = [f"texts/{letter.kind}.txt", "texts/news.txt"]
    more: dict[str, Any] = {"is_first": is_first, "site_url": settings.SITE_URL}
    if "reference" in letter.words:
        # The long address of a fund would take a part of its own.
        more["status_url"] = f"{settings.SITE_URL}/r/{letter.words['reference']}"
    return " ".join(_rendered(templates, letter, **more).split())


def _rendered(template: str | list[str], letter: Letter, **more: Any) -> str:
    address = f"{settings.SITE_URL}/f/{letter.fund.slug}/"
    words = dict(letter.words)
    if "stop_path" in words:
        words["stop_url"] = f"{address}{words.pop('stop_path')}"
    context = {
        **words,
        "fund": letter.fund,
        "name": short_name(letter.fund.name),
        "phone": letter.fund.help_phone,
        "status_url": f"{address}request/",
        "sign_in_url": f"{address}sign-in/",
        "fund_url": address,
        **more,
    }
    with translation.override(letter.language), timezone.override(ZoneInfo(letter.fund.time_zone)):
        # A space that holds a line together on a page has no place in the letters of a text to a phone.
        return render_to_string(template, context).replace("\N{NO-BREAK SPACE}", " ")


def _nothing(_request: AssistanceRequest, _payload: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _received(request: AssistanceRequest, _payload: Mapping[str, Any]) -> dict[str, Any]:
    days, zone = request.policy.decision_days, request.fund.time_zone
    return {
        "asked_cents": request.asked_cents,
        "answer_by": promised(request.submitted_at, days=days, zone=zone),
    }


def _refused(request: AssistanceRequest, _payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"look_again_until": appeals.second_look(request, now=request.state_since).until}


def _appeal(request: AssistanceRequest, _payload: Mapping[str, Any]) -> dict[str, Any]:
    row = appeals.second_look(request, now=request.state_since).appeal
    return {"answer_by": row.answer_by if row else None}


def _award(_request: AssistanceRequest, payload: Mapping[str, Any]) -> dict[str, Any]:
    award = Award.objects.get(id=UUID(payload["award_id"]))
    others = Award.objects.filter(request_id=award.request_id, state__in=LIVE_AWARDS).exclude(id=award.id)
    before_cents = others.aggregate(cents=Sum("amount_cents"))["cents"] or 0
    return {
        "amount_cents": award.amount_cents,
        "accept_by": award.accept_by,
        "before_cents": before_cents,
        "together_cents": award.amount_cents + before_cents,
    }


def _asked(_request: AssistanceRequest, payload: Mapping[str, Any]) -> dict[str, Any]:
    key = payload.get("info_request_id")
    row = InfoRequest.objects.filter(id=key).first() if key else None
    return {"document": ASKS[DocumentKind(row.document)] if row and row.document else ""}


_EXTRA: dict[str, Callable[[AssistanceRequest, Mapping[str, Any]], dict[str, Any]]] = {
    "ineligible": _refused,
    "appeal_received": _appeal,
    "request_received": _received,
    "info_needed": _asked,
    "award_made": _award,
    "award_added": _award,
    "award_reminder": _award,
    "award_expired": _award,
}
