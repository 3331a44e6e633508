"""The rows of a request that comes in, as plain values: in a rush, objects of the models cost too much."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fundmgr.domain import ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.canonical import canonical_bytes
from fundmgr.domain.contacts import is_phone, normalise
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import RequestState
from fundmgr.domain.texting import Consent
from fundmgr.models import Event, OutboxMessage, rows
from fundmgr.ports import events, idempotency, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.ports.outbox import Effect
from fundmgr.queries.tokens import Proof
from requests_app.models import (
    Applicant,
    AssistanceRequest,
    NeedLine,
    RequestRevision,
    RequestTransition,
    TextConsent,
)
from requests_app.queries import people
from requests_app.services import asks, contacts
from requests_app.services.asks import Ask
from requests_app.services.intake_sql import Terms

Row = dict[str, Any]
# Those of one submission beside its needs: request, applicant, household, revision, transition, consent.
_KEYS = 6


@dataclass(frozen=True)
class Filing:
    """How a request comes in: into which fund, through which door, by whom, when, and with what beside it."""

    fund_id: UUID
    channel: str
    by: Actor
    now: datetime
    odds_shown: Mapping[str, Any] | None = None
    once: Once | None = None
    token: Proof | None = None
    has_notice: bool = True
    allows_texts: bool = False


@dataclass(frozen=True)
class Submission:
    """One request on its way: what the statement is sent, and the row that it will make."""

    sent: Row
    request: Row
    once: Once | None
    problems: list[Problem]


def prepare(ask: Ask, contact: str | None, terms: Terms, filing: Filing) -> Submission:
    """This will check an ask and make all its rows; where there are problems it makes none.

    Shapes: without a contact the request is for the acting worker's own applicant.
    """
    address = None if contact is None else normalise(contact)
    found = [] if address is None else contacts.problems(address)
    problems = [*found, *asks.check(ask, today_of(terms, filing.now))]
    is_usable = not problems and terms.policy_id is not None
    sent: Row = {
        "fund_id": filing.fund_id,
        "now": filing.now,
        **terms._asdict(),
        "is_usable": is_usable,
        "user_id": filing.by.person_id if address is None else None,
        "contact_hash": None if address is None else people.contact_hash(address),
        **_guards(filing),
    }
    if not is_usable:
        return Submission(sent, {}, filing.once, problems)
    clean = asks.cleaned(ask)
    keys = _keys(clean, filing)
    request = _request(clean, terms, filing, keys)
    return Submission({**sent, **_sent(clean, address, request, filing, keys)}, request, filing.once, [])


def _keys(ask: Ask, filing: Filing) -> Iterator[UUID]:
    """The keys of all rows, drawn at once: each draw asks the system for chance."""
    yield from ids.new_ids(filing.now, _KEYS + len(ask.need_lines))


def today_of(terms: Terms, now: datetime) -> date:
    """This will return the day it is in the fund's zone."""
    return now.astimezone(ZoneInfo(terms.time_zone)).date()


def _guards(filing: Filing) -> Row:
    """What must hold of the call itself: its token and its key."""
    guards: Row = {}
    if filing.token is not None:
        guards |= {"checksum": filing.token.checksum, "worth": filing.token.worth}
    if filing.once is not None:
        guards |= {**vars(filing.once), "lock_number": idempotency.lock_number(filing.once)}
    return guards


def _sent(ask: Ask, address: str | None, request: Row, filing: Filing, keys: Iterator[UUID]) -> Row:
    own = {"fund_id": filing.fund_id, "created_at": filing.now, "request_id": request["id"]}
    return {
        "production": ask.production_name,
        "reference": request["reference"],
        "household_id": request["household_id"],
        "request_id": request["id"],
        "applicant": rows.wire(Applicant, _applicant(ask, address, request, filing)),
        "request": rows.wire(AssistanceRequest, request),
        "needs": [
            rows.whole(NeedLine, {"id": next(keys), "category": category, "amount_cents": cents, **own})
            for category, cents in ask.need_lines
        ],
        "revision": rows.wire(RequestRevision, _revision(ask, own, filing, next(keys))),
        "transition": rows.whole(RequestTransition, _transition(own, filing, next(keys))),
        "event": rows.wire(Event, _event(ask, request, filing)),
        "notice": rows.whole(OutboxMessage, _notice(request, filing)) if filing.has_notice else None,
        "consent": _consent(address, own, filing, next(keys)),
    }


def _applicant(ask: Ask, address: str | None, request: Row, filing: Filing) -> Row:
    """The worker as the ask names them; where the contact is known, only the name and language are used."""
    return rows.whole(
        Applicant,
        {
            "id": request["applicant_id"],
            "fund_id": filing.fund_id,
            "created_at": filing.now,
            "household_id": request["household_id"],
            "full_name": ask.full_name,
            "preferred_name": ask.preferred_name or None,
            "contact": address or "",
            "name_hashes": people.name_hashes(ask.full_name, ask.preferred_name),
            "language": ask.language,
        },
    )


def _request(ask: Ask, terms: Terms, filing: Filing, keys: Iterator[UUID]) -> Row:
    return rows.whole(
        AssistanceRequest,
        {
            "reference": ids.new_reference(),
            "id": next(keys),
            "fund_id": filing.fund_id,
            "created_at": filing.now,
            "applicant_id": next(keys),
            "household_id": next(keys),
            "policy_id": terms.policy_id,
            "state": RequestState.SUBMITTED,
            "production_id": None,
            "production_name": ask.production_name,
            "craft": ask.craft,
            "job_title": ask.job_title,
            "union_local": ask.union_local,
            "engagement": ask.engagement,
            "last_worked_on": ask.last_worked_on,
            "adults_count": ask.adults_count,
            "children_count": ask.children_count,
            "asked_cents": ask.asked_cents,
            "other_aid_cents": ask.other_aid_cents,
            "other_aid_note": ask.other_aid_note or None,
            "urgency": list(ask.urgency),
            "loss_on": ask.loss_on,
            "statement": ask.statement or None,
            "language": ask.language,
            "channel": filing.channel,
            "helper_name": ask.helper_name or None,
            "filed_by": filing.by.key,
            "odds_shown": dict(filing.odds_shown) if filing.odds_shown else None,
            "submitted_at": filing.now,
            "state_since": filing.now,
        },
    )


def _revision(ask: Ask, own: Row, filing: Filing, key: UUID) -> Row:
    answers = canonical_bytes(asks.as_answers(ask)).decode()
    return {"id": key, "number": 1, "actor": filing.by.key, "answers": answers, **own}


def _transition(own: Row, filing: Filing, key: UUID) -> Row:
    return {
        "id": key,
        "old_state": "",
        "new_state": RequestState.SUBMITTED,
        "actor": filing.by.key,
        **own,
    }


def _event(ask: Ask, request: Row, filing: Filing) -> Row:
    facts = {"asked_cents": ask.asked_cents, "channel": filing.channel, "policy": request["policy_id"]}
    if ask.helper_name:
        # The name itself stands in the revision, where it can be read by few.
        facts["helped"] = True
    happening = Happening("request.submitted", "request", request["id"], facts)
    return events.values(happening, fund_id=filing.fund_id, by=filing.by, now=filing.now)


def _consent(address: str | None, own: Row, filing: Filing, key: UUID) -> Row | None:
    """What a worker told the program that files for them, where they gave it a number."""
    if address is None or not filing.allows_texts or not is_phone(address):
        return None
    row = {
        "id": key,
        "fund_id": own["fund_id"],
        "created_at": filing.now,
        "contact_hash": people.contact_hash(address),
        "word": Consent.GIVEN,
        "source": filing.channel,
        "told": "",
    }
    return rows.whole(TextConsent, row)


def _notice(request: Row, filing: Filing) -> Row:
    payload = {"kind": "request_received", "request_id": str(request["id"])}
    effect = Effect("notice", f"request_received:{request['id']}", payload)
    return outbox.values(effect, fund_id=filing.fund_id, now=filing.now)
