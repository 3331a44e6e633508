"""The rows of a request that comes in, made and written inside a use case that is open."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.canonical import canonical_bytes
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import FundState, RequestState
from fundmgr.domain.text import NotText, clean_line
from fundmgr.ports import events, locks, outbox, poke
from fundmgr.ports.events import Happening
from fundmgr.ports.outbox import Effect
from requests_app.models import (
    Applicant,
    AssistanceRequest,
    NeedLine,
    RequestRevision,
    RequestTransition,
)
from requests_app.queries import people
from requests_app.services import asks, contacts, intake_sql
from requests_app.services.asks import Ask
from requests_app.services.intake_sql import Bundle, Ground

MOST_REFERENCE_TRIES = 5


@dataclass(frozen=True)
class Filing:
    """How a request comes in: through which door, by whom, when, and what was shown of the odds."""

    channel: str
    by: Actor
    now: datetime
    odds_shown: Mapping[str, Any] | None = None


def file(*, fund_id: UUID, ask: Ask, contact: str | None, filing: Filing) -> AssistanceRequest:
    """This will file one request for a contact, or for the acting worker's own applicant.

    Errors: NotFound, FundClosed, InvalidInput, LiveRequestExists.
    """
    locks.assert_transaction()
    address = None if contact is None else contacts.normalise(contact)
    ground, reference = _free_ground(fund_id, ask, address=address, filing=filing)
    if address is None and ground.applicant_id is None:
        raise errors.NotFound
    refuse_closed(ground)
    problems = contacts.problems(address) if address is not None else []
    refuse([*problems, *asks.check(ask, today_of(ground, filing.now))])
    if ground.has_live_request:
        raise errors.LiveRequestExists
    bundle = make(fund_id, asks.cleaned(ask), ground, address=address, reference=reference, filing=filing)
    with one_live_request():
        bundle.request.applicant_id, bundle.request.household_id = intake_sql.write(bundle)
    transaction.on_commit(poke.wake)
    return bundle.request


def make(
    fund_id: UUID, ask: Ask, ground: Ground, *, address: str | None, reference: str, filing: Filing
) -> Bundle:
    """This will make every row of one submission without writing it; the ask is cleaned and checked."""
    applicant = _applicant(fund_id, ask, ground, address=address, filing=filing)
    request = _request(fund_id, ask, ground, applicant=applicant, reference=reference, filing=filing)
    own = {"fund_id": fund_id, "created_at": filing.now, "request": request}
    lines = [
        NeedLine(id=ids.new_id(filing.now), category=category, amount_cents=cents, **own)
        for category, cents in ask.need_lines
    ]
    revision = RequestRevision(
        id=ids.new_id(filing.now),
        number=1,
        actor=filing.by.key,
        answers=canonical_bytes(asks.as_answers(ask)).decode(),
        **own,
    )
    transition = RequestTransition(
        id=ids.new_id(filing.now), new_state=RequestState.SUBMITTED, actor=filing.by.key, **own
    )
    facts = {"asked_cents": ask.asked_cents, "channel": filing.channel, "policy": ground.policy_id}
    happening = Happening("request.submitted", "request", request.id, facts)
    event = events.build(happening, fund_id=fund_id, by=filing.by, now=filing.now)
    payload = {"kind": "request_received", "request_id": str(request.id)}
    effect = Effect("notice", f"request_received:{request.id}", payload)
    notice = outbox.row(effect, fund_id=fund_id, now=filing.now)
    return Bundle(applicant, request, lines, revision, transition, event, notice)


def refuse(problems: Sequence[Problem]) -> None:
    """This will stop where there is a problem. Errors: InvalidInput."""
    if problems:
        raise errors.InvalidInput(problems=problems)


def refuse_closed(ground: Ground) -> None:
    """This will stop where the fund takes no requests. Errors: FundClosed."""
    if ground.fund_state != FundState.OPEN:
        raise errors.FundClosed


def today_of(ground: Ground, now: datetime) -> date:
    """This will return the day it is in the fund's zone."""
    return now.astimezone(ZoneInfo(ground.time_zone)).date()


@contextmanager
def one_live_request() -> Iterator[None]:
    """This will name the database's refusal of a second live request. Errors: LiveRequestExists."""
    try:
        yield
    except IntegrityError as error:
        if constraint_of(error) == "one_live_request":
            raise errors.LiveRequestExists from error
        raise


def constraint_of(error: IntegrityError) -> str | None:
    """This will return the name of the constraint that refused a row."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None)


def _free_ground(fund_id: UUID, ask: Ask, *, address: str | None, filing: Filing) -> tuple[Ground, str]:
    """Read the ground together with a reference that nobody has; a second try is one in thousands."""
    for _attempt in range(MOST_REFERENCE_TRIES):
        reference = ids.new_reference()
        ground = intake_sql.ground(
            fund_id=fund_id,
            production=_line_or_nothing(ask.production_name),
            reference=reference,
            user_id=filing.by.person_id,
            contact_hash=None if address is None else people.contact_hash(address),
        )
        if ground is None:
            raise errors.NotFound
        if not ground.reference_is_taken:
            return ground, reference
    raise errors.Busy


def _line_or_nothing(name: str) -> str:
    # The read comes before the check, and the database cannot be asked about what it cannot store.
    try:
        return clean_line(name, most=asks.MOST_LETTERS["production_name"])
    except NotText:
        return ""


def _applicant(fund_id: UUID, ask: Ask, ground: Ground, *, address: str | None, filing: Filing) -> Applicant:
    """The worker as the ask names them; where the contact is known, only the name and language are used."""
    return Applicant(
        id=ids.new_id(filing.now),
        fund_id=fund_id,
        created_at=filing.now,
        household_id=ground.household_id or ids.new_id(filing.now),
        full_name=ask.full_name,
        preferred_name=ask.preferred_name or None,
        contact=address or "",
        contact_hash=ground.contact_hash or people.contact_hash(address or ""),
        name_hashes=people.name_hashes(ask.full_name, ask.preferred_name),
        language=ask.language,
    )


def _request(
    fund_id: UUID, ask: Ask, ground: Ground, *, applicant: Applicant, reference: str, filing: Filing
) -> AssistanceRequest:
    if ground.policy_id is None:
        raise errors.FundClosed
    return AssistanceRequest(
        id=ids.new_id(filing.now),
        fund_id=fund_id,
        created_at=filing.now,
        applicant_id=ground.applicant_id or applicant.id,
        household_id=applicant.household_id,
        policy_id=ground.policy_id,
        reference=reference,
        state=RequestState.SUBMITTED,
        production_id=ground.production_id,
        production_name=ask.production_name,
        craft=ask.craft,
        job_title=ask.job_title,
        union_local=ask.union_local,
        last_worked_on=ask.last_worked_on,
        adults_count=ask.adults_count,
        children_count=ask.children_count,
        asked_cents=ask.asked_cents,
        other_aid_cents=ask.other_aid_cents,
        urgency=list(ask.urgency),
        loss_on=ask.loss_on,
        statement=ask.statement or None,
        language=ask.language,
        channel=filing.channel,
        filed_by=filing.by.key,
        odds_shown=dict(filing.odds_shown) if filing.odds_shown else None,
        submitted_at=filing.now,
        state_since=filing.now,
    )
