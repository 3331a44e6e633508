"""One request from an ask to its row: prepared, sent with the statement, and told what became of it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from fundmgr.domain import errors
from fundmgr.models import rows
from fundmgr.ports import idempotency, poke
from fundmgr.queries import tokens
from requests_app.models import AssistanceRequest
from requests_app.services import intake_rows, intake_sql
from requests_app.services.asks import Ask
from requests_app.services.intake_rows import Filing, Submission
from requests_app.services.intake_sql import Outcome, Refusal, Terms

MOST_TRIES = 5
_known_terms: dict[UUID, Terms] = {}
_REFUSED: dict[str, type[errors.FundError]] = {
    Refusal.KEY_USED: errors.KeyInFlight,
    Refusal.NO_FUND: errors.NotFound,
    Refusal.NO_APPLICANT: errors.NotFound,
    Refusal.FUND_CLOSED: errors.FundClosed,
    Refusal.UNUSABLE: errors.FundClosed,
    Refusal.LIVE_REQUEST: errors.LiveRequestExists,
    Refusal.REFERENCE_TAKEN: errors.Busy,
    Refusal.TERMS_CHANGED: errors.Busy,
}


def file(
    ask: Ask, contact: str | None, filing: Filing, *, by_way: Callable[[Submission], Outcome]
) -> AssistanceRequest:
    """This will file one request; what was taken for granted and has changed is read anew.

    Errors: NotFound, FundClosed, InvalidInput, LiveRequestExists, Replay, KeyReused, KeyInFlight, Busy;
    tokens.Changed.
    """
    for _attempt in range(MOST_TRIES):
        submission = intake_rows.prepare(ask, contact, _terms(filing.fund_id), filing)
        outcome = by_way(submission)
        if outcome.refusal == Refusal.TERMS_CHANGED:
            _known_terms.pop(filing.fund_id, None)
        elif outcome.refusal != Refusal.REFERENCE_TAKEN:
            return settled(submission, outcome)
    raise errors.Busy


def write(submissions: Sequence[Submission], *, lock_timeout: str | None = None) -> list[Outcome]:
    """This will send submissions with one statement. Errors: LiveRequestExists."""
    with _one_live_request():
        sent = [submission.sent for submission in submissions]
        outcomes = intake_sql.file(sent, lock_timeout=lock_timeout)
    transaction.on_commit(poke.wake)
    return outcomes


def settled(submission: Submission, outcome: Outcome) -> AssistanceRequest:
    """This will return the row that was made. Errors: as for `file`."""
    if outcome.refusal == Refusal.TOKEN_CHANGED:
        raise tokens.Changed
    if submission.once is not None:
        idempotency.settle(submission.once, outcome.key_is_free, outcome.body_hash, outcome.result_id)
    if outcome.refusal == Refusal.UNUSABLE and submission.problems:
        raise errors.InvalidInput(problems=submission.problems)
    if outcome.refusal is not None:
        raise _REFUSED[outcome.refusal]
    made: Any = {name: getattr(outcome, name) for name in ("applicant_id", "household_id", "production_id")}
    row: AssistanceRequest = rows.instance(AssistanceRequest, {**submission.request, **made})
    return row


def _terms(fund_id: UUID) -> Terms:
    terms = _known_terms.get(fund_id) or intake_sql.terms(fund_id=fund_id)
    if terms is None:
        raise errors.NotFound
    _known_terms[fund_id] = terms
    return terms


@contextmanager
def _one_live_request() -> Iterator[None]:
    """Name the database's refusal of a second live request. Errors: LiveRequestExists."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) == "one_live_request":
            raise errors.LiveRequestExists from error
        raise
