"""Money promised: pledges, and what becomes of them."""

from datetime import date, datetime
from uuid import UUID

from fundmgr.domain import errors, ids, postings
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import CommitmentState, ReceiptState
from fundmgr.domain.permissions import Action
from fundmgr.models import Commitment, Donor
from fundmgr.ports import events, ledger, moves
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.services import entered
from fundmgr.services.use_case import use_case


@use_case
def pledge(
    *,
    fund_id: UUID,
    donor_id: UUID,
    amount_cents: int,
    pledged_on: date,
    by: Actor,
    now: datetime,
    due_on: date | None = None,
    is_conditional: bool = False,
    condition: str = "",
    restriction_id: UUID | None = None,
    once: Once | None = None,
) -> Commitment:
    """This will record a donor's promise; an unconditional one is a receivable at once.

    Errors: InvalidInput, NotFound for another fund's donor or restriction.
    """
    access.require(by, Action.COMMITMENT_WRITE, fund_id=fund_id)
    row = Commitment(
        id=ids.new_id(now),
        fund_id=fund_id,
        created_at=now,
        donor=entered.own(Donor, donor_id, fund_id=fund_id),
        restriction=entered.restriction(restriction_id, fund_id=fund_id),
        amount_cents=amount_cents,
        is_conditional=is_conditional,
        condition=condition,
        pledged_on=pledged_on,
        due_on=due_on,
        state=CommitmentState.CONDITIONAL if is_conditional else CommitmentState.PLEDGED,
        recorded_by_id=by.person_id,
    )
    _check_pledge(row, today=entered.today(fund_id, now))
    row.save(force_insert=True)
    _book_pledge(row, by=by, now=now)
    return row


@use_case
def cancel(
    *, commitment_id: UUID, reason: str, by: Actor, now: datetime, once: Once | None = None
) -> Commitment:
    """This will give up what a donor still owes; what was received stays. Errors: WrongState."""
    row = entered.locked(Commitment, commitment_id)
    access.require(by, Action.COMMITMENT_WRITE, fund_id=row.fund_id)
    if row.receipts.filter(state=ReceiptState.RECEIVED).exists():
        raise errors.WrongState("A receipt on this commitment waits to be reconciled.")
    owed_cents = row.owed_cents
    moves.move(row, CommitmentState.CANCELLED)
    if owed_cents:
        posting = postings.pledge_cancelled(
            commitment_id=row.id, restriction_id=row.restriction_id, amount_cents=owed_cents
        )
        ledger.post(posting, fund_id=row.fund_id, by=by, now=now)
    facts = {"owed_cents": owed_cents, "reason": reason}
    happening = Happening("commitment.cancelled", "commitment", row.id, facts)
    events.record(happening, fund_id=row.fund_id, by=by, now=now)
    return row


def _book_pledge(row: Commitment, *, by: Actor, now: datetime) -> None:
    if not row.is_conditional:
        posting = postings.pledge(
            commitment_id=row.id, restriction_id=row.restriction_id, amount_cents=row.amount_cents
        )
        ledger.post(posting, fund_id=row.fund_id, by=by, now=now)
    facts = {"amount_cents": row.amount_cents, "conditional": row.is_conditional}
    happening = Happening("commitment.pledged", "commitment", row.id, facts)
    events.record(happening, fund_id=row.fund_id, by=by, now=now)


def _check_pledge(row: Commitment, *, today: date) -> None:
    problems = entered.problems(row.amount_cents, row.pledged_on, "pledged_on", today)
    if row.due_on is not None and row.due_on < row.pledged_on:
        problems.append(Problem("due_on", "before_pledge", "The money cannot be due before it was promised."))
    if row.is_conditional and not row.condition:
        problems.append(Problem("condition", "missing", "Write what must happen before the money is owed."))
    entered.refuse(problems)
