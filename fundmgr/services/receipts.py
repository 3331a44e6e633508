"""Money in: recorded by one person, reconciled with the bank by another."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError

from fundmgr.domain import errors, ids, pledges, postings
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import CommitmentState, ReceiptState
from fundmgr.domain.permissions import Action
from fundmgr.models import Commitment, Receipt
from fundmgr.ports import events, ledger, moves
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access, funds
from fundmgr.services import entered
from fundmgr.services.use_case import use_case


@use_case
def record(
    *,
    commitment_id: UUID,
    amount_cents: int,
    bank_reference: str,
    received_on: date,
    by: Actor,
    now: datetime,
    once: Once | None = None,
) -> Receipt:
    """This will record money that came in on a commitment; it counts only once it is reconciled.

    Errors: Duplicate for a bank reference in use, InvalidInput where more came than was promised.
    """
    commitment = entered.locked(Commitment, commitment_id)
    access.require(by, Action.RECEIPT_RECORD, fund_id=commitment.fund_id)
    _check(commitment, amount_cents, received_on, today=entered.today(commitment.fund_id, now))
    try:
        row = Receipt.objects.create(
            id=ids.new_id(now),
            fund_id=commitment.fund_id,
            created_at=now,
            commitment=commitment,
            donor_id=commitment.donor_id,
            restriction_id=commitment.restriction_id,
            amount_cents=amount_cents,
            bank_reference=bank_reference,
            received_on=received_on,
            state=ReceiptState.RECEIVED,
            recorded_by_id=by.person_id,
        )
    except IntegrityError as error:
        if "receipt_bank_reference" not in str(error):
            raise
        raise errors.Duplicate("This bank reference was recorded already.") from error
    facts = {"amount_cents": amount_cents, "commitment": commitment.id}
    happening = Happening("receipt.recorded", "receipt", row.id, facts)
    events.record(happening, fund_id=row.fund_id, by=by, now=now)
    return row


@use_case
def reconcile(*, receipt_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Receipt:
    """This will confirm a receipt against the bank: from now on its money may be awarded.

    Errors: SelfApproval for the person who recorded it, WrongState where it was reconciled before.
    """
    row = Receipt.objects.filter(id=receipt_id).select_related("commitment").first()
    if row is None:
        raise errors.NotFound
    access.require(by, Action.RECEIPT_RECONCILE, fund_id=row.fund_id)
    if row.recorded_by_id is not None and row.recorded_by_id == by.person_id:
        raise errors.SelfApproval("You recorded this receipt. Another person must reconcile it.")
    commitment = _locked_commitment(row)
    split = _split(row, commitment)
    moves.move(
        row,
        ReceiptState.RECONCILED,
        reconciled_by_id=by.person_id,
        reconciled_at=now,
        receivable_cents=split.receivable_cents,
        advance_cents=split.advance_cents,
        reserve_cents=split.reserve_cents,
    )
    _count_received(commitment, amount_cents=row.amount_cents)
    standing = ledger.standing(row.restriction_id, fund_id=row.fund_id)
    posting = postings.receipt(
        receipt_id=row.id, restriction_id=row.restriction_id, split=split, standing=standing
    )
    ledger.post(posting, fund_id=row.fund_id, by=by, now=now)
    happening = Happening("receipt.reconciled", "receipt", row.id, {"amount_cents": row.amount_cents})
    events.record(happening, fund_id=row.fund_id, by=by, now=now)
    return row


def _locked_commitment(row: Receipt) -> Commitment:
    if row.commitment_id is None:
        raise errors.WrongState("Match this receipt to a donor first.")
    return entered.locked(Commitment, row.commitment_id)


def _check(commitment: Commitment, amount_cents: int, received_on: date, *, today: date) -> None:
    if commitment.state == CommitmentState.CANCELLED:
        raise errors.WrongState("This commitment was cancelled.")
    waiting = sum(row.amount_cents for row in commitment.receipts.filter(state=ReceiptState.RECEIVED))
    problems = entered.problems(amount_cents, received_on, "received_on", today)
    if commitment.received_cents + waiting + amount_cents > commitment.amount_cents:
        problems.append(
            Problem("amount", "more_than_promised", "This is more than the commitment still owes.")
        )
    if received_on < commitment.pledged_on:
        problems.append(
            Problem("received_on", "before_pledge", "Money cannot arrive before it was promised.")
        )
    entered.refuse(problems)


def _count_received(commitment: Commitment, *, amount_cents: int) -> None:
    total = commitment.received_cents + amount_cents
    state = pledges.state_of(
        amount_cents=commitment.amount_cents, due_cents=commitment.due_cents, received_cents=total
    )
    moves.move(commitment, state, received_cents=total)


def _split(row: Receipt, commitment: Commitment) -> pledges.Split:
    """What the money does: it pays what is owed first; what comes before its condition is an advance."""
    receivable = min(row.amount_cents, commitment.owed_cents)
    advance = row.amount_cents - receivable
    reserve_bp = funds.policy_in_force(row.fund_id).reserve_bp if row.restriction.is_general else 0
    return pledges.Split(row.amount_cents, receivable, advance, receivable * reserve_bp // 10_000)
