"""Each business move of money as one named posting: which accounts it touches, and by how much.

Sign convention, stated here once: a line's `amount_cents` is a debit when positive and a credit when
negative, and the lines of a posting sum to zero within each restriction. A balance is written in its
account's normal direction, so a healthy account never reads below zero.

Beside the accounts of the books stand memo accounts, which say what may be promised: reconciled cash
flows CONTROL -> AVAILABLE, a hold AVAILABLE -> RESERVED, an award RESERVED -> COMMITTED, and a settled
payment COMMITTED -> CONTROL.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Code(StrEnum):
    """The chart of accounts; each account exists once per fund and restriction."""

    CASH = "1000"
    IN_TRANSIT = "1050"
    PLEDGES_RECEIVABLE = "1100"
    AWARDS_PAYABLE = "2000"
    REFUNDABLE_ADVANCE = "2100"
    RETURNED_PAYABLE = "2200"
    UNCLAIMED = "2300"
    CONTRIBUTIONS = "4000"
    PLEDGED_CONTRIBUTIONS = "4100"
    ASSISTANCE = "5000"
    BANK_FEES = "5100"
    PLEDGES_WRITTEN_OFF = "5300"
    CONTROL = "9000"
    AVAILABLE = "9100"
    RESERVE = "9110"
    RESERVED = "9190"
    COMMITTED = "9200"


DEBIT_NORMAL = frozenset(
    {
        Code.CASH,
        Code.PLEDGES_RECEIVABLE,
        Code.ASSISTANCE,
        Code.BANK_FEES,
        Code.PLEDGES_WRITTEN_OFF,
        Code.CONTROL,
    }
)
# These may never read below zero at a commit: the database refuses it.
GUARDED = frozenset(
    {
        Code.CASH,
        Code.IN_TRANSIT,
        Code.PLEDGES_RECEIVABLE,
        Code.AWARDS_PAYABLE,
        Code.REFUNDABLE_ADVANCE,
        Code.RETURNED_PAYABLE,
        Code.UNCLAIMED,
        Code.CONTROL,
        Code.AVAILABLE,
        Code.RESERVE,
        Code.RESERVED,
        Code.COMMITTED,
    }
)


class Move(StrEnum):
    """The business moves."""

    PLEDGE = "PLEDGE"
    PLEDGE_CANCELLED = "PLEDGE_CANCELLED"
    RECEIPT = "RECEIPT"
    HOLD = "HOLD"
    AWARD = "AWARD"
    HOLD_VOID = "HOLD_VOID"
    AWARD_RESCINDED = "AWARD_RESCINDED"
    RELEASE = "RELEASE"
    SETTLEMENT = "SETTLEMENT"
    RETURN_IN_TRANSIT = "RETURN_IN_TRANSIT"
    RETURN_SETTLED = "RETURN_SETTLED"
    REISSUE = "REISSUE"
    REVERSAL = "REVERSAL"


@dataclass(frozen=True)
class Line:
    """One side of a posting. Units: cents, debit positive."""

    code: Code
    restriction_id: UUID
    amount_cents: int


@dataclass(frozen=True)
class Posting:
    """One move, ready for the ledger.

    Shapes: `key` is unique in the fund for ever; `cause_type` and `cause_id` name what it stems from;
    `resolves_id` is the hold's transfer that this posts or voids; `reverses_id` the transfer undone.
    """

    move: Move
    key: str
    cause_type: str
    cause_id: UUID
    lines: tuple[Line, ...]
    resolves_id: UUID | None = None
    reverses_id: UUID | None = None


def pledge(*, commitment_id: UUID, restriction_id: UUID, amount_cents: int) -> Posting:
    """This will book an unconditional promise as a receivable."""
    return Posting(
        Move.PLEDGE,
        f"pledge:{commitment_id}",
        "commitment",
        commitment_id,
        _pair(Code.PLEDGES_RECEIVABLE, Code.PLEDGED_CONTRIBUTIONS, restriction_id, amount_cents),
    )


def pledge_cancelled(*, commitment_id: UUID, restriction_id: UUID, amount_cents: int) -> Posting:
    """This will give up what is still owed on a promise."""
    return Posting(
        Move.PLEDGE_CANCELLED,
        f"pledge-cancelled:{commitment_id}",
        "commitment",
        commitment_id,
        _pair(Code.PLEDGES_WRITTEN_OFF, Code.PLEDGES_RECEIVABLE, restriction_id, amount_cents),
    )


def receipt(
    *,
    receipt_id: UUID,
    restriction_id: UUID,
    amount_cents: int,
    receivable_cents: int,
    reserve_cents: int,
    conditional: bool = False,
) -> Posting:
    """This will book money that the bank confirmed.

    Units: `receivable_cents` of it pays down a promise, the rest is a fresh gift; `reserve_cents` of it
    is kept back by policy. Conditional money is a liability and may not be promised to anyone.
    """
    if conditional:
        lines = _pair(Code.CASH, Code.REFUNDABLE_ADVANCE, restriction_id, amount_cents)
    else:
        lines = (
            Line(Code.CASH, restriction_id, amount_cents),
            *_line(Code.PLEDGES_RECEIVABLE, restriction_id, -receivable_cents),
            *_line(Code.CONTRIBUTIONS, restriction_id, receivable_cents - amount_cents),
            Line(Code.CONTROL, restriction_id, amount_cents),
            *_line(Code.RESERVE, restriction_id, -reserve_cents),
            *_line(Code.AVAILABLE, restriction_id, reserve_cents - amount_cents),
        )
    return Posting(Move.RECEIPT, f"receipt:{receipt_id}", "receipt", receipt_id, lines)


def hold(*, award_id: UUID, shares: Sequence[tuple[UUID, int]]) -> Posting:
    """This will set money aside for an award; `shares` are (restriction, cents)."""
    return Posting(
        Move.HOLD, f"hold:{award_id}", "award", award_id, _pairs(Code.AVAILABLE, Code.RESERVED, shares)
    )


def award(*, award_id: UUID, hold_id: UUID, shares: Sequence[tuple[UUID, int]]) -> Posting:
    """This will turn a hold into an obligation to the worker."""
    lines = _pairs(Code.RESERVED, Code.COMMITTED, shares) + _pairs(
        Code.ASSISTANCE, Code.AWARDS_PAYABLE, shares
    )
    return Posting(Move.AWARD, f"award:{award_id}", "award", award_id, lines, resolves_id=hold_id)


def hold_void(*, award_id: UUID, hold_id: UUID, shares: Sequence[tuple[UUID, int]]) -> Posting:
    """This will give a hold's money back to what is available."""
    return Posting(
        Move.HOLD_VOID,
        f"hold-void:{award_id}",
        "award",
        award_id,
        _pairs(Code.RESERVED, Code.AVAILABLE, shares),
        resolves_id=hold_id,
    )


def award_rescinded(*, award_id: UUID, shares: Sequence[tuple[UUID, int]], returned: bool = False) -> Posting:
    """This will undo an unpaid obligation: the worker declined, or two approvers took it back.

    `returned` says that a payment of it came back, so that it is owed on another account.
    """
    owed = Code.RETURNED_PAYABLE if returned else Code.AWARDS_PAYABLE
    lines = _pairs(Code.COMMITTED, Code.AVAILABLE, shares) + _pairs(owed, Code.ASSISTANCE, shares)
    return Posting(Move.AWARD_RESCINDED, f"award-rescinded:{award_id}", "award", award_id, lines)


def release(*, payout_id: UUID, shares: Sequence[tuple[UUID, int]], reissue: bool = False) -> Posting:
    """This will send a payment on its way; a reissue comes out of what the bank sent back."""
    source = Code.RETURNED_PAYABLE if reissue else Code.AWARDS_PAYABLE
    move = Move.REISSUE if reissue else Move.RELEASE
    return Posting(move, f"release:{payout_id}", "payout", payout_id, _pairs(source, Code.IN_TRANSIT, shares))


def settlement(*, payout_id: UUID, shares: Sequence[tuple[UUID, int]]) -> Posting:
    """This will book that the bank paid: only now did the cash leave."""
    lines = _pairs(Code.IN_TRANSIT, Code.CASH, shares) + _pairs(Code.COMMITTED, Code.CONTROL, shares)
    return Posting(Move.SETTLEMENT, f"settlement:{payout_id}", "payout", payout_id, lines)


def payment_return(*, payout_id: UUID, shares: Sequence[tuple[UUID, int]], settled: bool) -> Posting:
    """This will book money that came back: it stays owed to the worker and is not available again."""
    if settled:
        lines = _pairs(Code.CASH, Code.RETURNED_PAYABLE, shares) + _pairs(
            Code.CONTROL, Code.COMMITTED, shares
        )
        return Posting(Move.RETURN_SETTLED, f"return:{payout_id}", "payout", payout_id, lines)
    lines = _pairs(Code.IN_TRANSIT, Code.RETURNED_PAYABLE, shares)
    return Posting(Move.RETURN_IN_TRANSIT, f"return:{payout_id}", "payout", payout_id, lines)


def reversal(*, transfer_id: UUID, cause_type: str, cause_id: UUID, lines: Sequence[Line]) -> Posting:
    """This will undo a transfer with its mirror image; the first one stays in the books."""
    mirrored = tuple(Line(line.code, line.restriction_id, -line.amount_cents) for line in lines)
    return Posting(
        Move.REVERSAL, f"reversal:{transfer_id}", cause_type, cause_id, mirrored, reverses_id=transfer_id
    )


def _line(code: Code, restriction_id: UUID, amount_cents: int) -> tuple[Line, ...]:
    return (Line(code, restriction_id, amount_cents),) if amount_cents else ()


def _pair(debit: Code, credit: Code, restriction_id: UUID, amount_cents: int) -> tuple[Line, ...]:
    return Line(debit, restriction_id, amount_cents), Line(credit, restriction_id, -amount_cents)


def _pairs(debit: Code, credit: Code, shares: Sequence[tuple[UUID, int]]) -> tuple[Line, ...]:
    return tuple(line for restriction, cents in shares for line in _pair(debit, credit, restriction, cents))
