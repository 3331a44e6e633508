"""Review: look into a request, ask the worker, hold it back; proposals and decisions by two people."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.eligibility import Reason
from fundmgr.domain.lifecycle import RequestState
from fundmgr.domain.permissions import Action
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.services.use_case import use_case
from requests_app.models import AssistanceRequest, Decision, InfoRequest
from requests_app.services import cases, decisions, questions
from requests_app.services.decisions import Proposal, Verdict

_REASON = re.compile(r"[A-Z][A-Z0-9_]{1,39}\Z")


@use_case
def start(*, request_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> AssistanceRequest:
    """This will take a new request into review, in the hands of the one who starts.

    Errors: NotFound, Forbidden, WrongState.
    """
    request = cases.locked_one(request_id, by=by, action=Action.REQUEST_REVIEW)
    cases.move_requests([request], RequestState.IN_REVIEW, by=by, now=now, assignee_id=by.person_id)
    return _recorded("request.review_started", request, by=by, now=now)


@use_case
def ask_for_info(
    *, request_id: UUID, text: str, by: Actor, now: datetime, once: Once | None = None
) -> InfoRequest:
    """This will ask the worker something and stop the clock; an open proposal is void, a new request started.

    Errors: NotFound, Forbidden, WrongState, InvalidInput (field `text`).
    """
    question = cases.plain_note(text, field="text", required=True)
    request = cases.locked_one(request_id, by=by, action=Action.REQUEST_REVIEW)
    row, voided = questions.put(request, text=question, by=by, now=now)
    _recorded("request.info_asked", request, by=by, now=now, question=row.id, voided=voided)
    return row


@use_case
def answer_info(
    *, request_id: UUID, text: str, by: Actor, now: datetime, once: Once | None = None
) -> AssistanceRequest:
    """This will keep the worker's answer and put the request back into review, as a new version.

    Errors: NotFound for anyone but the worker and the one who filed for the worker, WrongState,
    InvalidInput (field `text`).
    """
    answer = cases.plain_note(text, field="text", required=True)
    request = cases.lock_own(request_id, by=by)
    if request.state != RequestState.NEEDS_INFO:
        raise errors.WrongState
    waiting = request.info_requests.filter(answered_at__isnull=True)
    waiting.update(answer=answer, answered_at=now)
    cases.move_requests([request], RequestState.IN_REVIEW, by=by, now=now, version=request.version + 1)
    return _recorded("request.info_answered", request, by=by, now=now)


@use_case
def hold(
    *, request_id: UUID, reason: str, by: Actor, now: datetime, once: Once | None = None
) -> AssistanceRequest:
    """This will stop a request before an award, for instance on suspicion, and void an open proposal.

    Errors: NotFound, Forbidden, WrongState, InvalidInput (field `reason`).
    """
    _check_reason(reason)
    request = cases.locked_one(request_id, by=by, action=Action.REQUEST_HOLD)
    voided = cases.void_proposals([request])
    cases.move_requests([request], RequestState.ON_HOLD, by=by, now=now, reason=reason)
    return _recorded("request.held", request, by=by, now=now, reason=reason, voided=voided)


@use_case
def reopen(
    *, request_id: UUID, reason: str, by: Actor, now: datetime, once: Once | None = None
) -> AssistanceRequest:
    """This will take a held, lapsed or eligible request back into review; what was verified is open again.

    Errors: NotFound, Forbidden, WrongState, LiveRequestExists, InvalidInput (field `reason`).
    """
    _check_reason(reason)
    request = cases.locked_one(request_id, by=by, action=Action.REQUEST_HOLD)
    if request.state not in {RequestState.ON_HOLD, RequestState.LAPSED, RequestState.ELIGIBLE}:
        raise errors.WrongState
    columns = {"verified_cents": None, "capped_cents": None, "version": request.version + 1}
    try:
        cases.move_requests([request], RequestState.IN_REVIEW, by=by, now=now, reason=reason, **columns)
    except IntegrityError as error:
        if "one_live_request" not in str(error):
            raise
        raise errors.LiveRequestExists("The worker has another request with this fund now.") from error
    return _recorded("request.reopened", request, by=by, now=now, reason=reason)


@use_case
def propose(
    *,
    request_id: UUID,
    is_eligible: bool,
    by: Actor,
    now: datetime,
    verified_cents: int | None = None,
    reasons: Sequence[Reason] = (),
    note: str = "",
    once: Once | None = None,
) -> Decision:
    """This will propose what to decide on a request, by the policy in force; a new request is started too.

    Units: cents; `verified_cents` None takes asked less other aid, at most the policy's ceiling.
    Errors: NotFound, Forbidden, WrongState, SelfApproval for the one who filed it, InvalidInput (fields
    `verified`, `reasons`, `note`).
    """
    item = Proposal(request_id, is_eligible, verified_cents, reasons, note)
    return decisions.propose([item], by=by, now=now)[0]


@use_case
def propose_many(
    *, items: Sequence[Proposal], by: Actor, now: datetime, once: Once | None = None
) -> list[Decision]:
    """This will propose on many requests of one fund, or on none. Errors: as for propose."""
    return decisions.propose(items, by=by, now=now)


@use_case
def decide(
    *,
    decision_id: UUID,
    approve: bool,
    by: Actor,
    now: datetime,
    note: str = "",
    once: Once | None = None,
) -> Decision:
    """This will make a proposal final and move its request, or send it back to the reviewer.

    Errors: NotFound, Forbidden, SelfApproval for the one who proposed or filed it, AlreadyDecided,
    StaleVersion where the request changed since, WrongState, InvalidInput (field `note`).
    """
    return decisions.decide([Verdict(decision_id, approve, note)], by=by, now=now)[0]


@use_case
def decide_many(
    *, items: Sequence[Verdict], by: Actor, now: datetime, once: Once | None = None
) -> list[Decision]:
    """This will decide many proposals of one fund, or none. Errors: as for decide."""
    return decisions.decide(items, by=by, now=now)


def _check_reason(reason: str) -> None:
    # The reason stands in the audit trail, so it is a short code, not a person's story.
    if not _REASON.match(reason):
        sentence = "Give the reason as one code in capitals, like FRAUD_CHECK."
        raise errors.InvalidInput(problems=[errors.Problem("reason", "invalid_reason", sentence)])


def _recorded(
    verb: str, request: AssistanceRequest, *, by: Actor, now: datetime, **facts: object
) -> AssistanceRequest:
    events.record(Happening(verb, "request", request.id, facts), fund_id=request.fund_id, by=by, now=now)
    return request
