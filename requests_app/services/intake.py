"""Requests come in: one by one from workers and programs, or many at once from an import."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import RequestState
from fundmgr.domain.permissions import Action
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.queries.tokens import Proof
from fundmgr.services.together import Together
from fundmgr.services.use_case import one_statement, use_case
from requests_app.models import AssistanceRequest
from requests_app.services import cases, intake_filing, intake_rows, intake_sql
from requests_app.services.asks import Ask
from requests_app.services.intake_rows import Filing, Submission
from requests_app.services.intake_sql import Outcome

MOST_TOGETHER = 32
ROWS_A_STATEMENT = 500


def submit(
    *,
    fund_id: UUID,
    ask: Ask,
    contact: str | None,
    channel: str,
    by: Actor,
    now: datetime,
    once: Once | None = None,
    token: Proof | None = None,
    allows_texts: bool = False,
) -> AssistanceRequest:
    """This will file one request: for the worker who acts, or for the contact that a program names.

    A program says whether the worker allowed texts to the number that it names.

    Requests of one moment share a transaction; one that is refused leaves the others alone. A token that is
    given is asked for in the statement that writes.
    Errors: InvalidInput, FundClosed, LiveRequestExists; NotFound for a worker who is no applicant;
    Forbidden for one who may not file for others; tokens.Changed.
    """
    if contact is not None:
        access.require(by, Action.REQUEST_FILE, fund_id=fund_id)
    filing = Filing(fund_id, channel, by, now, once=once, token=token, allows_texts=allows_texts)
    return intake_filing.file(ask, contact, filing, by_way=_together.do)


@use_case
def submit_many(
    *,
    fund_id: UUID,
    asks: Sequence[tuple[Ask, str, datetime]],
    channel: str,
    by: Actor,
    now: datetime,
) -> list[AssistanceRequest]:
    """This will file many requests in a few statements, each with its own moment; no notice is sent.

    Shapes: one (ask, contact, submitted_at) each; returns the requests in the same order.
    Errors: InvalidInput naming the row, like `asks.3.full_name`; FundClosed; LiveRequestExists.
    """
    access.require(by, Action.REQUEST_FILE, fund_id=fund_id)
    terms = intake_sql.terms(fund_id=fund_id)
    if terms is None:
        raise errors.NotFound
    filing = Filing(fund_id, channel, by, now, has_notice=False)
    sent = [intake_rows.prepare(ask, contact, terms, replace(filing, now=at)) for ask, contact, at in asks]
    _refuse_problems(sent)
    if len({submission.sent["contact_hash"] for submission in sent}) < len(sent):
        raise errors.LiveRequestExists
    made: list[AssistanceRequest] = []
    for start in range(0, len(sent), ROWS_A_STATEMENT):
        part = slice(start, start + ROWS_A_STATEMENT)
        again = [
            partial(intake_rows.prepare, ask, contact, terms, replace(filing, now=at))
            for ask, contact, at in asks[part]
        ]
        made += _write_all(sent[part], again)
    return made


def _write_all(
    sent: Sequence[Submission], again: Sequence[Callable[[], Submission]]
) -> list[AssistanceRequest]:
    """File all; of many references one may be taken, and that request gets another."""
    made: dict[int, AssistanceRequest] = {}
    left = dict(enumerate(sent))
    for _attempt in range(intake_filing.MOST_TRIES):
        outcomes = intake_filing.write(list(left.values()))
        for place, outcome in zip(list(left), outcomes, strict=True):
            if outcome.refusal == intake_sql.Refusal.REFERENCE_TAKEN:
                left[place] = again[place]()
            else:
                made[place] = intake_filing.settled(left.pop(place), outcome)
        if not left:
            return [made[place] for place in range(len(sent))]
    raise errors.Busy


@use_case
def withdraw(*, request_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> AssistanceRequest:
    """This will take a request back, before an award.

    Errors: NotFound, or Forbidden for staff, where one neither made, filed nor reviews it; WrongState
    after an award or the end.
    """
    request = _lock_for_withdrawal(request_id, by=by)
    old_state = request.state
    voided = cases.void_proposals([request])
    cases.move_requests([request], RequestState.WITHDRAWN, by=by, now=now, version=request.version + 1)
    happening = Happening("request.withdrawn", "request", request.id, {"from": old_state, "voided": voided})
    events.record_many([happening], fund_id=request.fund_id, by=by, now=now, link=False)
    return request


def _lock_for_withdrawal(request_id: UUID, *, by: Actor) -> AssistanceRequest:
    """Lock a request for its worker, the one who filed it, or a reviewer whom the worker called."""
    try:
        return cases.lock_own(request_id, by=by)
    except errors.NotFound:
        return cases.locked_one(request_id, by=by, action=Action.REQUEST_REVIEW)


def _refuse_problems(submissions: Sequence[Submission]) -> None:
    problems = [
        replace(problem, field=f"asks.{number}.{problem.field}")
        for number, submission in enumerate(submissions)
        for problem in submission.problems
    ]
    if problems:
        raise errors.InvalidInput(problems=problems)


@one_statement
def _file(submissions: Sequence[Submission]) -> list[Outcome]:
    # A row that another transaction holds up must not hold up the others: they go on by themselves.
    return intake_filing.write(submissions, lock_timeout="100ms" if len(submissions) > 1 else None)


def _marks(submission: Submission) -> Iterator[Hashable]:
    """What one statement can take once: a contact, a worker, a key."""
    sent = submission.sent
    yield sent["fund_id"], sent["contact_hash"] or sent["user_id"]
    if submission.once is not None:
        yield sent["lock_number"]


_together: Together[Submission, Outcome] = Together(_file, marks=_marks, most=MOST_TOGETHER)
