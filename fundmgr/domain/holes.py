"""Money that comes in, and money that the bank takes back although it was promised or paid already.

What bounces is taken first from what nobody was promised. Where that is not enough, the rest is a hole:
UNCOVERED says how much of the promises lacks its money, DEFICIT how much was paid and lacks it. While there
is a hole nothing is available, so no new promise can be made; the next money that comes in fills it first.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from fundmgr.domain.chart import DEBIT_NORMAL, Code
from fundmgr.domain.lines import Line, line, merged, pair


@dataclass(frozen=True)
class Standing:
    """What a restriction's accounts hold before a move. Units: cents, each in its normal direction."""

    cash_cents: int = 0
    overdraft_cents: int = 0
    control_cents: int = 0
    deficit_cents: int = 0
    available_cents: int = 0
    reserve_cents: int = 0
    uncovered_cents: int = 0

    def after(self, lines: Iterable[Line], restriction_id: UUID) -> "Standing":
        """This will return what the accounts hold once these lines are entered."""
        changes: defaultdict[str, int] = defaultdict(int)
        for side in lines:
            if side.restriction_id == restriction_id and side.code in FIELDS:
                sign = 1 if side.code in DEBIT_NORMAL else -1
                changes[FIELDS[side.code]] += sign * side.amount_cents
        return replace(self, **{field: getattr(self, field) + cents for field, cents in changes.items()})


EMPTY = Standing()
# Books without a hole: whatever leaves is there.
AMPLE = Standing(cash_cents=2**62, control_cents=2**62)
# The field of a standing that each account's balance stands in.
FIELDS = {
    Code.CASH: "cash_cents",
    Code.BANK_OVERDRAFT: "overdraft_cents",
    Code.CONTROL: "control_cents",
    Code.DEFICIT: "deficit_cents",
    Code.AVAILABLE: "available_cents",
    Code.RESERVE: "reserve_cents",
    Code.UNCOVERED: "uncovered_cents",
}


def cash_in(restriction_id: UUID, amount_cents: int, standing: Standing) -> tuple[Line, ...]:
    """This will return the bank's side of money that came in: an overdraft is paid back first."""
    repaid = min(amount_cents, standing.overdraft_cents)
    return line(Code.CASH, restriction_id, amount_cents - repaid) + line(
        Code.BANK_OVERDRAFT, restriction_id, repaid
    )


def cash_out(restriction_id: UUID, amount_cents: int, standing: Standing) -> tuple[Line, ...]:
    """This will return the bank's side of money that the bank took: what is not there is an overdraft."""
    there = min(amount_cents, standing.cash_cents)
    return line(Code.CASH, restriction_id, -there) + line(
        Code.BANK_OVERDRAFT, restriction_id, there - amount_cents
    )


def paid_out(restriction_id: UUID, amount_cents: int, standing: Standing) -> tuple[Line, ...]:
    """This will return the lines of an award's money that left the bank, there or not."""
    there = min(amount_cents, standing.control_cents)
    return (
        *cash_out(restriction_id, amount_cents, standing),
        *line(Code.COMMITTED, restriction_id, amount_cents),
        *line(Code.CONTROL, restriction_id, -there),
        *line(Code.DEFICIT, restriction_id, there - amount_cents),
    )


def brought_in(
    restriction_id: UUID, amount_cents: int, *, reserve_cents: int, standing: Standing
) -> tuple[Line, ...]:
    """This will return the memo lines of money that may now be promised: a hole is filled first.

    Units: `reserve_cents` of what is left after the hole is kept back by policy.
    """
    deficit = min(amount_cents, standing.deficit_cents)
    uncovered = min(amount_cents, standing.uncovered_cents)
    left = amount_cents - uncovered
    reserve = min(reserve_cents, left)
    return (
        *line(Code.DEFICIT, restriction_id, deficit),
        *line(Code.CONTROL, restriction_id, amount_cents - deficit),
        *line(Code.UNCOVERED, restriction_id, -uncovered),
        *line(Code.RESERVE, restriction_id, -reserve),
        *line(Code.AVAILABLE, restriction_id, reserve - left),
    )


def given_back(
    source: Code, shares: Sequence[tuple[UUID, int]], uncovered_cents: Mapping[UUID, int]
) -> tuple[Line, ...]:
    """This will return the memo lines of a promise that ends: its money fills a hole, or is available again.

    Shapes: `shares` are (restriction, cents) taken from the memo account `source`; `uncovered_cents` is
    what each restriction lacks.
    """
    lines: list[Line] = []
    for restriction_id, cents in shares:
        fills = min(cents, uncovered_cents.get(restriction_id, 0))
        lines += pair(source, Code.UNCOVERED, restriction_id, fills)
        lines += pair(source, Code.AVAILABLE, restriction_id, cents - fills)
    return merged(lines)


def taken_out(
    restriction_id: UUID, amount_cents: int, *, reserve_cents: int, standing: Standing
) -> tuple[Line, ...]:
    """This will return the memo lines of money that may no longer be promised, promised already or not.

    Units: `reserve_cents` of it had been kept back; more of the reserve is used where it must be.
    """
    control = min(amount_cents, standing.control_cents)
    own_reserve = min(reserve_cents, amount_cents, standing.reserve_cents)
    available = min(amount_cents - own_reserve, standing.available_cents)
    reserve = own_reserve + min(amount_cents - own_reserve - available, standing.reserve_cents - own_reserve)
    return (
        *line(Code.RESERVE, restriction_id, reserve),
        *line(Code.AVAILABLE, restriction_id, available),
        *line(Code.UNCOVERED, restriction_id, amount_cents - reserve - available),
        *line(Code.CONTROL, restriction_id, -control),
        *line(Code.DEFICIT, restriction_id, control - amount_cents),
    )
