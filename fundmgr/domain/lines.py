"""The lines of a posting: one side of a move on one account, and the ways they come in pairs."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from fundmgr.domain.chart import Code


@dataclass(frozen=True)
class Line:
    """One side of a posting. Units: cents, debit positive."""

    code: Code
    restriction_id: UUID
    amount_cents: int


def line(code: Code, restriction_id: UUID, amount_cents: int) -> tuple[Line, ...]:
    """This will return one line, or none for an amount of zero."""
    return (Line(code, restriction_id, amount_cents),) if amount_cents else ()


def pair(debit: Code, credit: Code, restriction_id: UUID, amount_cents: int) -> tuple[Line, ...]:
    """This will return a debit and its credit, or nothing for an amount of zero."""
    return line(debit, restriction_id, amount_cents) + line(credit, restriction_id, -amount_cents)


def pairs(debit: Code, credit: Code, shares: Sequence[tuple[UUID, int]]) -> tuple[Line, ...]:
    """This will return a pair for each (restriction, cents)."""
    return tuple(side for restriction, cents in shares for side in pair(debit, credit, restriction, cents))


def merged(lines: Iterable[Line]) -> tuple[Line, ...]:
    """This will net the lines of one account into one, and leave out those that come to zero."""
    sums: defaultdict[tuple[Code, UUID], int] = defaultdict(int)
    for side in lines:
        sums[side.code, side.restriction_id] += side.amount_cents
    return tuple(Line(code, restriction, cents) for (code, restriction), cents in sums.items() if cents)
