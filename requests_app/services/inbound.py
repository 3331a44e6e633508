"""What people text back, and what becomes of texts: told by the gateway, each thing once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from fundmgr.domain import actors, ids, keywords
from fundmgr.domain.contacts import is_phone, normalise
from fundmgr.domain.keywords import Keyword
from fundmgr.domain.texting import OPEN_DELIVERY_STATES, Consent, DeliveryState
from fundmgr.models import Fund
from fundmgr.ports import events, locks, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.outbox import Effect
from fundmgr.queries import funds
from fundmgr.services.use_case import use_case
from requests_app.models import Applicant, AssistanceRequest, InboundText, Notice, TextConsent
from requests_app.queries import people
from requests_app.services import messages, second_contacts

_CONSENT = {Keyword.STOP: Consent.STOPPED, Keyword.START: Consent.STARTED}
_VERBS = {Consent.STOPPED: "contact.texts_stopped", Consent.STARTED: "contact.texts_started"}
_REPORTS = {"delivered": DeliveryState.DELIVERED, "failed": DeliveryState.FAILED}
_OPEN_TO_REPORTS = sorted({*OPEN_DELIVERY_STATES, DeliveryState.SENT})


@dataclass(frozen=True)
class Heard:
    """A text as the gateway handed it over, under the gateway's own name of it."""

    gateway_key: str
    sender: str
    text: str


@use_case
def receive(*, heard: Heard, now: datetime) -> bool:
    """This will keep a text, do what its one word asks for, and answer; False where it was kept before.

    A text that is no such word is a message of the worker about their newest request.

    A stop counts for every fund of the house that knows the number. A number that is none is kept and
    nothing else is done.
    """
    contact = normalise(heard.sender)
    locks.take_named_lock(f"inbound:{heard.gateway_key}")
    if InboundText.objects.filter(gateway_key=heard.gateway_key).exists():
        return False
    known = _known(contact)
    fund = known[0].fund if known else funds.only_fund()
    word = keywords.read(heard.text)
    row = InboundText.objects.create(
        id=ids.new_id(now),
        fund=fund,
        created_at=now,
        gateway_key=heard.gateway_key,
        contact_hash=people.contact_hash(contact),
        contact=contact,
        text=heard.text,
        keyword=word or "",
    )
    if word is None:
        _land(row, known, now=now)
    if word is None or fund is None or not is_phone(contact):
        return True
    if word in _CONSENT:
        _keep(_CONSENT[word], row, known, fund, now=now)
    payload = {"kind": f"text_{word.lower()}", "inbound_id": str(row.id)}
    outbox.owe(Effect("text_reply", f"text_reply:{row.id}", payload), fund_id=fund.id, now=now)
    return True


@use_case
def report(*, gateway_key: str, status: str, now: datetime) -> bool:
    """This will note what the gateway says became of a text; False for one that it does not know.

    What was delivered stays delivered, whatever comes later.
    """
    state = _REPORTS.get(status)
    if state is None or not gateway_key:
        return False
    sent = Notice.objects.filter(gateway_key=gateway_key, state__in=_OPEN_TO_REPORTS)
    rows = list(sent.select_for_update(no_key=True, of=("self",)))
    sent.update(state=state, sent_at=now if state is DeliveryState.DELIVERED else None)
    if state is DeliveryState.FAILED:
        for row in rows:
            second_contacts.owe(row, now=now)
    return bool(rows)


def _known(contact: str) -> list[Applicant]:
    """The workers of that number, the one heard of last first."""
    rows = Applicant.objects.filter(contact_hash=people.contact_hash(contact)).select_related("fund")
    return list(rows.order_by("-created_at", "-id"))


def _land(row: InboundText, known: list[Applicant], *, now: datetime) -> None:
    """Put a text into the thread of the newest request that the number asked for, in whichever fund."""
    keys = [one.id for one in known]
    request = AssistanceRequest.objects.filter(applicant_id__in=keys).order_by("-submitted_at", "-id").first()
    if request is not None:
        messages.keep_text(row, request, by=actors.SYSTEM, now=now)


def _keep(word: Consent, row: InboundText, known: list[Applicant], fund: Fund, *, now: datetime) -> None:
    fund_ids: list[UUID] = [one.fund_id for one in known] or [fund.id]
    TextConsent.objects.bulk_create(
        TextConsent(
            id=ids.new_id(now),
            fund_id=fund_id,
            created_at=now,
            contact_hash=row.contact_hash,
            word=word,
            source="TEXT",
        )
        for fund_id in fund_ids
    )
    for one in known:
        happening = Happening(_VERBS[word], "applicant", one.id, {"source": "TEXT"})
        events.record_many([happening], fund_id=one.fund_id, by=actors.SYSTEM, now=now, link=False)


def is_open() -> bool:
    """This will say whether the gateway may tell us anything: only with a secret that we share."""
    return bool(settings.SMS_WEBHOOK_SECRET)
