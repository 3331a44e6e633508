"""Each business move of money as one named posting: which accounts it touches, and by how much.

Sign convention, stated here once: a line's `amount_cents` is a debit when positive and a credit when
negative, and the lines of a posting sum to zero within each restriction. A balance is written in its
account's normal direction, so a healthy account never reads below zero.

Memo accounts (`domain/chart.py`) say what may be promised: reconciled cash flows CONTROL -> AVAILABLE, a
hold AVAILABLE -> RESERVED, an award RESERVED -> COMMITTED, and a settled payment COMMITTED -> CONTROL.
A gift that bounces after it was promised leaves a hole (UNCOVERED, DEFICIT); the next money fills it first.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from fundmgr.domain.chart import Code
from fundmgr.domain.holes import (
    AMPLE,
    EMPTY,
    Standing,
    brought_in,
    cash_in,
    cash_out,
    given_back,
    paid_out,
    taken_out,
)
from fundmgr.domain.lines import Line, line, merged, pair, pairs
from fundmgr.domain.move import Move
from fundmgr.domain.pledges import Split

NOTHING: Mapping[UUID, int] = MappingProxyType({})
NOWHERE: Mapping[UUID, Standing] = MappingProxyType({})


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
    lines = pair(Code.PLEDGES_RECEIVABLE, Code.PLEDGED_CONTRIBUTIONS, restriction_id, amount_cents)
    return Posting(Move.PLEDGE, f"pledge:{commitment_id}", "commitment", commitment_id, lines)


def pledge_cancelled(*, commitment_id: UUID, restriction_id: UUID, amount_cents: int) -> Posting:
    """This will give up what is still owed on a promise, as the donor asked."""
    key = f"pledge-cancelled:{commitment_id}"
    lines = pair(Code.PLEDGES_WRITTEN_OFF, Code.PLEDGES_RECEIVABLE, restriction_id, amount_cents)
    return Posting(Move.PLEDGE_CANCELLED, key, "commitment", commitment_id, lines)


def write_off(*, commitment_id: UUID, restriction_id: UUID, amount_cents: int) -> Posting:
    """This will give up what a donor in default still owes."""
    key = f"write-off:{commitment_id}"
    lines = pair(Code.PLEDGES_WRITTEN_OFF, Code.PLEDGES_RECEIVABLE, restriction_id, amount_cents)
    return Posting(Move.WRITE_OFF, key, "commitment", commitment_id, lines)


def condition_met(
    *,
    commitment_id: UUID,
    occasion_id: UUID,
    restriction_id: UUID,
    advance_cents: int,
    receivable_cents: int,
    reserve_cents: int,
    standing: Standing = EMPTY,
) -> Posting:
    """This will make a part of a conditional promise due, for one occasion: a gift it matches, a proof.

    Units: `advance_cents` of it had come in early and may be promised from now on; the donor owes
    `receivable_cents`.
    """
    lines = (
        *pair(Code.REFUNDABLE_ADVANCE, Code.PLEDGED_CONTRIBUTIONS, restriction_id, advance_cents),
        *pair(Code.PLEDGES_RECEIVABLE, Code.PLEDGED_CONTRIBUTIONS, restriction_id, receivable_cents),
        *brought_in(restriction_id, advance_cents, reserve_cents=reserve_cents, standing=standing),
    )
    key = f"condition-met:{commitment_id}:{occasion_id}"
    return Posting(Move.CONDITION_MET, key, "commitment", commitment_id, merged(lines))


def condition_unmet(
    *,
    commitment_id: UUID,
    occasion_id: UUID,
    restriction_id: UUID,
    advance_cents: int,
    receivable_cents: int,
    reserve_cents: int,
    standing: Standing = EMPTY,
) -> Posting:
    """This will undo a part of a met condition: the gift that it matched went back.

    Units: of what the donor paid, `advance_cents` may have to be given back; `receivable_cents` are no
    longer owed.
    """
    lines = (
        *pair(Code.PLEDGED_CONTRIBUTIONS, Code.REFUNDABLE_ADVANCE, restriction_id, advance_cents),
        *pair(Code.PLEDGED_CONTRIBUTIONS, Code.PLEDGES_RECEIVABLE, restriction_id, receivable_cents),
        *taken_out(restriction_id, advance_cents, reserve_cents=reserve_cents, standing=standing),
    )
    key = f"condition-unmet:{commitment_id}:{occasion_id}"
    return Posting(Move.CONDITION_UNMET, key, "commitment", commitment_id, merged(lines))


def receipt(*, receipt_id: UUID, restriction_id: UUID, split: Split, standing: Standing = EMPTY) -> Posting:
    """This will book money that the bank confirmed and whose donor is known."""
    lines = (
        *cash_in(restriction_id, split.amount_cents, standing),
        *_income(restriction_id, split, sign=-1),
        *brought_in(
            restriction_id, split.promisable_cents, reserve_cents=split.reserve_cents, standing=standing
        ),
    )
    return Posting(Move.RECEIPT, f"receipt:{receipt_id}", "receipt", receipt_id, merged(lines))


def suspense(*, receipt_id: UUID, general_id: UUID, amount_cents: int, standing: Standing = EMPTY) -> Posting:
    """This will book money that the bank confirmed and nobody can tell the donor of yet."""
    lines = (
        *cash_in(general_id, amount_cents, standing),
        *line(Code.SUSPENSE, general_id, -amount_cents),
    )
    return Posting(Move.SUSPENSE, f"suspense:{receipt_id}", "receipt", receipt_id, merged(lines))


def suspense_matched(
    *, receipt_id: UUID, general_id: UUID, restriction_id: UUID, split: Split, standing: Standing = EMPTY
) -> Posting:
    """This will book unmatched money to the donor and the restriction it turned out to be for."""
    lines = (
        *pair(Code.SUSPENSE, Code.CASH, general_id, split.amount_cents),
        *line(Code.CASH, restriction_id, split.amount_cents),
        *_income(restriction_id, split, sign=-1),
        *brought_in(
            restriction_id, split.promisable_cents, reserve_cents=split.reserve_cents, standing=standing
        ),
    )
    return Posting(Move.SUSPENSE_MATCHED, f"receipt:{receipt_id}", "receipt", receipt_id, merged(lines))


def bounce(
    *,
    receipt_id: UUID,
    reverses_id: UUID,
    restriction_id: UUID,
    split: Split,
    standing: Standing = EMPTY,
) -> Posting:
    """This will undo a receipt that the bank took back, whether or not its money was promised since."""
    lines = (
        *cash_out(restriction_id, split.amount_cents, standing),
        *_income(restriction_id, split, sign=1),
        *taken_out(
            restriction_id, split.promisable_cents, reserve_cents=split.reserve_cents, standing=standing
        ),
    )
    return Posting(
        Move.BOUNCE,
        f"bounce:{receipt_id}",
        "receipt",
        receipt_id,
        merged(lines),
        reverses_id=reverses_id,
    )


def refund(*, refund_id: UUID, restriction_id: UUID, amount_cents: int, source: Code) -> Posting:
    """This will give money back to its donor out of the account it was booked to; never what is promised."""
    lines = pair(source, Code.CASH, restriction_id, amount_cents)
    if source not in {Code.REFUNDABLE_ADVANCE, Code.SUSPENSE}:
        lines += pair(Code.AVAILABLE, Code.CONTROL, restriction_id, amount_cents)
    return Posting(Move.REFUND, f"refund:{refund_id}", "refund", refund_id, lines)


def restriction_release(
    *,
    release_id: UUID,
    restriction_id: UUID,
    general_id: UUID,
    amount_cents: int,
    standing: Standing = EMPTY,
) -> Posting:
    """This will free restricted money for general use, by the donor's consent or a court's order.

    `standing` is that of the general accounts, whose hole it fills first.
    """
    lines = (
        *pair(Code.NET_ASSETS_RESTRICTED, Code.CASH, restriction_id, amount_cents),
        *pair(Code.AVAILABLE, Code.CONTROL, restriction_id, amount_cents),
        *cash_in(general_id, amount_cents, standing),
        *line(Code.NET_ASSETS_FREE, general_id, -amount_cents),
        *brought_in(general_id, amount_cents, reserve_cents=0, standing=standing),
    )
    key = f"restriction-release:{release_id}"
    return Posting(Move.RESTRICTION_RELEASE, key, "release", release_id, lines)


def reserve_use(
    *, use_id: UUID, restriction_id: UUID, amount_cents: int, uncovered_cents: Mapping[UUID, int] = NOTHING
) -> Posting:
    """This will make money of the reserve available to award; what its restriction lacks is filled first."""
    lines = given_back(Code.RESERVE, [(restriction_id, amount_cents)], uncovered_cents)
    return Posting(Move.RESERVE_USE, f"reserve-use:{use_id}", "reserve_use", use_id, lines)


def bank_fee(*, fee_id: UUID, restriction_id: UUID, amount_cents: int) -> Posting:
    """This will book what the bank charged; it comes out of what is available."""
    lines = (
        *pair(Code.BANK_FEES, Code.CASH, restriction_id, amount_cents),
        *pair(Code.AVAILABLE, Code.CONTROL, restriction_id, amount_cents),
    )
    return Posting(Move.BANK_FEE, f"bank-fee:{fee_id}", "bank_fee", fee_id, lines)


def hold(*, award_id: UUID, shares: Sequence[tuple[UUID, int]]) -> Posting:
    """This will set money aside for an award; `shares` are (restriction, cents)."""
    return Posting(
        Move.HOLD, f"hold:{award_id}", "award", award_id, pairs(Code.AVAILABLE, Code.RESERVED, shares)
    )


def award(
    *, award_id: UUID, hold_id: UUID, shares: Sequence[tuple[UUID, int]], restricted: Collection[UUID] = ()
) -> Posting:
    """This will turn a hold into an obligation to the worker, which releases its `restricted` shares."""
    lines = (
        *pairs(Code.RESERVED, Code.COMMITTED, shares),
        *pairs(Code.ASSISTANCE, Code.AWARDS_PAYABLE, shares),
        *pairs(Code.NET_ASSETS_RESTRICTED, Code.NET_ASSETS_FREE, _those(shares, restricted)),
    )
    return Posting(Move.AWARD, f"award:{award_id}", "award", award_id, lines, resolves_id=hold_id)


def hold_void(
    *,
    award_id: UUID,
    hold_id: UUID,
    shares: Sequence[tuple[UUID, int]],
    uncovered_cents: Mapping[UUID, int] = NOTHING,
) -> Posting:
    """This will give a hold's money back: to a promise that lacks its money, else to what is available."""
    lines = given_back(Code.RESERVED, shares, uncovered_cents)
    return Posting(Move.HOLD_VOID, f"hold-void:{award_id}", "award", award_id, lines, resolves_id=hold_id)


def award_rescinded(
    *,
    award_id: UUID,
    shares: Sequence[tuple[UUID, int]],
    returned: bool = False,
    restricted: Collection[UUID] = (),
    uncovered_cents: Mapping[UUID, int] = NOTHING,
) -> Posting:
    """This will undo an unpaid obligation: the worker declined, or two approvers took it back.

    `returned` says that a payment of it came back, so that it is owed on another account. The shares in
    `restricted` are bound by their restriction again.
    """
    owed = Code.RETURNED_PAYABLE if returned else Code.AWARDS_PAYABLE
    lines = (
        *given_back(Code.COMMITTED, shares, uncovered_cents),
        *pairs(owed, Code.ASSISTANCE, shares),
        *pairs(Code.NET_ASSETS_FREE, Code.NET_ASSETS_RESTRICTED, _those(shares, restricted)),
    )
    return Posting(Move.AWARD_RESCINDED, f"award-rescinded:{award_id}", "award", award_id, lines)


def release(*, payout_id: UUID, shares: Sequence[tuple[UUID, int]], reissue: bool = False) -> Posting:
    """This will send a payment on its way; a reissue comes out of what the bank sent back."""
    source = Code.RETURNED_PAYABLE if reissue else Code.AWARDS_PAYABLE
    move = Move.REISSUE if reissue else Move.RELEASE
    return Posting(move, f"release:{payout_id}", "payout", payout_id, pairs(source, Code.IN_TRANSIT, shares))


def settlement(
    *,
    payout_id: UUID,
    shares: Sequence[tuple[UUID, int]],
    standings: Mapping[UUID, Standing] = NOWHERE,
) -> Posting:
    """This will book that the bank paid: only now did the cash leave."""
    lines: list[Line] = []
    for restriction_id, cents in shares:
        lines += line(Code.IN_TRANSIT, restriction_id, cents)
        lines += paid_out(restriction_id, cents, standings.get(restriction_id, AMPLE))
    return Posting(Move.SETTLEMENT, f"settlement:{payout_id}", "payout", payout_id, merged(lines))


def settlements(
    payouts: Sequence[tuple[UUID, Sequence[tuple[UUID, int]]]], standings: Mapping[UUID, Standing]
) -> list[Posting]:
    """This will book that the bank paid these, one after the other; `payouts` are (id, shares)."""
    left = dict(standings)
    made = []
    for payout_id, shares in payouts:
        posting = settlement(payout_id=payout_id, shares=shares, standings=left)
        left = {key: standing.after(posting.lines, key) for key, standing in left.items()}
        made.append(posting)
    return made


def payment_return(*, payout_id: UUID, shares: Sequence[tuple[UUID, int]], settled: bool) -> Posting:
    """This will book money that came back: it stays owed to the worker and is not available again."""
    if settled:
        lines = pairs(Code.CASH, Code.RETURNED_PAYABLE, shares) + pairs(Code.CONTROL, Code.COMMITTED, shares)
        return Posting(Move.RETURN_SETTLED, f"return:{payout_id}", "payout", payout_id, lines)
    lines = pairs(Code.IN_TRANSIT, Code.RETURNED_PAYABLE, shares)
    return Posting(Move.RETURN_IN_TRANSIT, f"return:{payout_id}", "payout", payout_id, lines)


def uncashed(*, payout_id: UUID, shares: Sequence[tuple[UUID, int]]) -> Posting:
    """This will book that a check went stale: it stays owed, to a payee who has not claimed it."""
    lines = pairs(Code.IN_TRANSIT, Code.UNCLAIMED, shares)
    return Posting(Move.UNCASHED, f"uncashed:{payout_id}", "payout", payout_id, lines)


def escheat(*, payout_id: UUID, shares: Sequence[tuple[UUID, int]]) -> Posting:
    """This will hand unclaimed money to the state."""
    lines = pairs(Code.UNCLAIMED, Code.CASH, shares) + pairs(Code.COMMITTED, Code.CONTROL, shares)
    return Posting(Move.ESCHEAT, f"escheat:{payout_id}", "payout", payout_id, lines)


def clawback(*, clawback_id: UUID, shares: Sequence[tuple[UUID, int]]) -> Posting:
    """This will ask a payment back that was made in error or by fraud."""
    lines = pairs(Code.CLAWBACKS_RECEIVABLE, Code.ASSISTANCE, shares)
    return Posting(Move.CLAWBACK, f"clawback:{clawback_id}", "clawback", clawback_id, lines)


def clawback_received(
    *, clawback_id: UUID, restriction_id: UUID, amount_cents: int, standing: Standing = EMPTY
) -> Posting:
    """This will book a payment that was asked back and came: it may be promised again."""
    lines = (
        *cash_in(restriction_id, amount_cents, standing),
        *line(Code.CLAWBACKS_RECEIVABLE, restriction_id, -amount_cents),
        *brought_in(restriction_id, amount_cents, reserve_cents=0, standing=standing),
    )
    key = f"clawback-received:{clawback_id}"
    return Posting(Move.CLAWBACK_RECEIVED, key, "clawback", clawback_id, lines)


def reversal(*, transfer_id: UUID, cause_type: str, cause_id: UUID, lines: Sequence[Line]) -> Posting:
    """This will undo a transfer with its mirror image; the first one stays in the books."""
    mirrored = tuple(Line(line.code, line.restriction_id, -line.amount_cents) for line in lines)
    return Posting(
        Move.REVERSAL, f"reversal:{transfer_id}", cause_type, cause_id, mirrored, reverses_id=transfer_id
    )


def _income(restriction_id: UUID, split: Split, *, sign: int) -> tuple[Line, ...]:
    """What the money pays down or adds to; `sign` -1 as it comes in, 1 as it goes."""
    return (
        *line(Code.PLEDGES_RECEIVABLE, restriction_id, sign * split.receivable_cents),
        *line(Code.REFUNDABLE_ADVANCE, restriction_id, sign * split.advance_cents),
        *line(Code.CONTRIBUTIONS, restriction_id, sign * split.gift_cents),
    )


def _those(shares: Sequence[tuple[UUID, int]], restricted: Collection[UUID]) -> list[tuple[UUID, int]]:
    return [(restriction_id, cents) for restriction_id, cents in shares if restriction_id in restricted]
