"""What the use cases of money in share: the rows in their lock order, the parts of a receipt, its posting."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from fundmgr.domain import errors, money, pledges, postings, receiving
from fundmgr.domain.errors import Problem
from fundmgr.domain.holes import Standing
from fundmgr.domain.lifecycle import CommitmentState, ReceiptState
from fundmgr.domain.pledges import Split
from fundmgr.domain.postings import Posting
from fundmgr.domain.receiving import Booked, Promise
from fundmgr.models import Commitment, Receipt
from fundmgr.ports import moves
from fundmgr.queries import funds, receivables
from fundmgr.services import entered

# On these no money is expected: what comes is a gift.
OVER = frozenset({CommitmentState.CANCELLED, CommitmentState.WRITTEN_OFF})
# What was agreed or given up with these donors stands when an earlier payment of theirs bounces.
_SPOKEN_OF = frozenset({CommitmentState.RENEGOTIATED, CommitmentState.DEFAULTED})
NOT_OPEN = {
    CommitmentState.DRAFT: "This commitment waits for a second signature.",
    CommitmentState.CANCELLED: "This commitment was cancelled. Take the money as a gift of the donor.",
    CommitmentState.WRITTEN_OFF: "This commitment was written off. Take the money as a gift of the donor.",
}


def locked_commitment(commitment_id: UUID | None) -> Commitment | None:
    """This will lock the commitment of a receipt, where it has one; the receipt is locked before it."""
    return entered.locked(Commitment, commitment_id) if commitment_id is not None else None


def require_open(commitment: Commitment) -> None:
    """This will refuse a commitment on which no money is expected. Errors: WrongState."""
    if commitment.state in NOT_OPEN:
        raise errors.WrongState(NOT_OPEN[CommitmentState(commitment.state)])


def promise_of(commitment: Commitment | None) -> Promise | None:
    """This will return how a commitment stands, in cents; None for a gift."""
    if commitment is None:
        return None
    return Promise(commitment.due_cents, commitment.received_cents, commitment.written_off_cents)


def left_cents(receipt: Receipt) -> int:
    """This will return what of a receipt did not go back to its donor."""
    return receipt.amount_cents - receipt.refunded_cents


def too_much(commitment: Commitment, amount_cents: int) -> list[Problem]:
    """This will return what is wrong where more came than the commitment expects; what waits counts too."""
    waiting = sum(row.amount_cents for row in commitment.receipts.filter(state=ReceiptState.RECEIVED))
    expected = commitment.amount_cents - commitment.written_off_cents - commitment.received_cents - waiting
    if amount_cents <= expected:
        return []
    sentence = (
        f"This is more than the commitment still owes, which is {money.dollars(max(0, expected))}. "
        "Record that much on it, and the rest as a gift of the donor under the same reference with -2 added."
    )
    return [Problem("amount", "more_than_promised", sentence)]


def split_of(receipt: Receipt, commitment: Commitment | None) -> Split:
    """This will return what the money of a receipt does when it is booked, by the policy in force."""
    return receiving.came_in(left_cents(receipt), promise_of(commitment), reserve_bp=reserve_bp(receipt))


def reserve_bp(row: Commitment | Receipt) -> int:
    """This will return the basis points that the policy in force keeps back from money of a row."""
    return funds.policy_in_force(row.fund_id).reserve_bp if row.restriction.is_general else 0


def booked(receipt: Receipt) -> Booked:
    """This will return what a receipt did when it was booked, as far as it did not go back."""
    gift_cents = min(left_cents(receipt), receipt.amount_cents - receipt.advance_cents)
    return Booked(gift_cents, receipt.reserve_cents)


def parts(split: Split) -> dict[str, int]:
    """This will return the columns of a receipt that keep what its money did, in cents."""
    return {
        "receivable_cents": split.receivable_cents,
        "advance_cents": split.advance_cents,
        "reserve_cents": split.reserve_cents,
    }


def count(commitment: Commitment | None, *, amount_cents: int, today: date) -> None:
    """This will add to what came in on a commitment, or take away, and move it to where it then stands."""
    if commitment is None:
        return
    total = commitment.received_cents + amount_cents
    given_up = commitment.written_off_cents
    state = CommitmentState(commitment.state)
    if state in OVER or (amount_cents < 0 and state in _SPOKEN_OF):
        Commitment.objects.filter(id=commitment.id).update(received_cents=total)
        commitment.received_cents = total
        return
    state = pledges.state_of(
        amount_cents=commitment.amount_cents - given_up,
        due_cents=commitment.due_cents - given_up,
        received_cents=total,
    )
    commitment.received_cents = total
    # What bounced had paid the oldest part first, so it is that part's day that counts again.
    if amount_cents < 0 and receivables.is_late(commitment, today):
        state = CommitmentState.OVERDUE
    moves.move(commitment, state, received_cents=total)


def booking(receipt: Receipt, split: Split, *, general_id: UUID, standing: Standing) -> Posting:
    """This will return the posting of a receipt that the bank confirmed, by whether its donor is known."""
    if receipt.donor_id is None:
        return postings.suspense(
            receipt_id=receipt.id, general_id=general_id, amount_cents=split.amount_cents, standing=standing
        )
    return postings.receipt(
        receipt_id=receipt.id, restriction_id=receipt.restriction_id, split=split, standing=standing
    )


def in_order(receipts: Iterable[Receipt]) -> list[Receipt]:
    """This will sort receipts by the order in which several are locked."""
    return sorted(receipts, key=lambda row: row.id)


def day_of(receipt: Receipt, now: datetime) -> date:
    """This will return the day it is in the receipt's fund."""
    return entered.today(receipt.fund_id, now)
