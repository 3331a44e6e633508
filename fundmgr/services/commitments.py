"""Money promised: pledges, and what becomes of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fundmgr.domain import errors, ids, postings, schedules
from fundmgr.domain.actors import Actor
from fundmgr.domain.days import Window
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import CommitmentState, ReceiptState
from fundmgr.domain.permissions import Action
from fundmgr.domain.schedules import Part
from fundmgr.models import Commitment, Donor
from fundmgr.ports import events, ledger, moves
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access, funds
from fundmgr.queries import facts as row_facts
from fundmgr.services import entered
from fundmgr.services.pledges import match_what_came, write_schedule
from fundmgr.services.use_case import use_case

DEFAULT_COLLECTION_PERCENT = 95


def make(
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
    right_of_return: str = "",
    match_percent: int | None = None,
    collection_percent: int = DEFAULT_COLLECTION_PERCENT,
    instalments: Sequence[Part] = (),
    restriction_id: UUID | None = None,
    once: Once | None = None,
) -> Commitment:
    """This will record a donor's promise: a receivable, or a DRAFT until a large one is countersigned.

    Shapes: `instalments` add up to the amount; without them the whole is due on `due_on`, if that is known.
    Errors: InvalidInput naming each row, like `instalments.2.amount`; NotFound.
    """
    access.require(by, Action.COMMITMENT_WRITE, fund_id=fund_id)
    row = Commitment(
        **_origin(fund_id, by=by, now=now),
        donor=entered.own(Donor, donor_id, fund_id=fund_id),
        restriction=entered.restriction(restriction_id, fund_id=fund_id),
        amount_cents=amount_cents,
        is_conditional=is_conditional,
        condition=condition,
        right_of_return=right_of_return,
        match_percent=match_percent,
        collection_bp=collection_percent * 100,
        pledged_on=pledged_on,
        due_on=due_on or (instalments[-1].due_on if instalments else None),
        state=_first_state(fund_id, amount_cents, is_conditional=is_conditional),
    )
    _keep(row, instalments, by=by, now=now)
    return row


# `make` stands in the transaction of its caller, which has more to write than the promise.
pledge = use_case(make)


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
    told = {"owed_cents": owed_cents, "reason": reason}
    happening = Happening("commitment.cancelled", "commitment", row.id, told)
    events.record(happening, fund_id=row.fund_id, by=by, now=now)
    return row


def _origin(fund_id: UUID, *, by: Actor, now: datetime) -> dict[str, Any]:
    return {"id": ids.new_id(now), "fund_id": fund_id, "created_at": now, "recorded_by_id": by.person_id}


def _keep(row: Commitment, instalments: Sequence[Part], *, by: Actor, now: datetime) -> None:
    """Check a promise, write it with its dates, and book it."""
    _check_pledge(row, instalments, days=entered.window(row.fund_id, now))
    row.save(force_insert=True)
    parts = instalments or ([Part(row.due_on, row.amount_cents)] if row.due_on else [])
    write_schedule(row, parts, now=now)
    _book_pledge(row, parts, by=by, now=now)


def _first_state(fund_id: UUID, amount_cents: int, *, is_conditional: bool) -> CommitmentState:
    limit = funds.countersign_from_cents(fund_id)
    if limit is not None and amount_cents >= limit:
        return CommitmentState.DRAFT
    return CommitmentState.CONDITIONAL if is_conditional else CommitmentState.PLEDGED


def _book_pledge(row: Commitment, parts: Sequence[Part], *, by: Actor, now: datetime) -> None:
    if row.state == CommitmentState.PLEDGED:
        posting = postings.pledge(
            commitment_id=row.id, restriction_id=row.restriction_id, amount_cents=row.amount_cents
        )
        ledger.post(posting, fund_id=row.fund_id, by=by, now=now)
    told = {
        "amount_cents": row.amount_cents,
        "conditional": row.is_conditional,
        **row_facts.said(row),
        **row_facts.schedule(row.schedule, parts),
    }
    happening = Happening("commitment.pledged", "commitment", row.id, told)
    counted = match_what_came(row, by=by, now=now)
    events.record_many([happening, *counted], fund_id=row.fund_id, by=by, now=now)


def _check_pledge(row: Commitment, instalments: Sequence[Part], *, days: Window) -> None:
    problems = entered.problems(row.amount_cents, row.pledged_on, "pledged_on", days)
    if not instalments and row.due_on is not None and row.due_on < row.pledged_on:
        problems.append(Problem("due_on", "before_pledge", "The money cannot be due before it was promised."))
    if instalments and row.due_on != instalments[-1].due_on:
        sentence = "Say one day for the whole, or a day for each part, not both."
        problems.append(Problem("due_on", "said_twice", sentence))
    if not instalments and row.due_on is not None:
        problems += days.to_come("due_on", row.due_on)
    if row.is_conditional and not row.condition:
        problems.append(Problem("condition", "missing", "Write what must happen before the money is owed."))
    if row.match_percent is not None and not row.is_conditional:
        sentence = "A promise that matches gifts depends on them, so it is conditional."
        problems.append(Problem("match_percent", "not_conditional", sentence))
    if instalments:
        problems += schedules.problems(
            instalments, total_cents=row.amount_cents, since=row.pledged_on, days=days
        )
    entered.refuse(problems)
