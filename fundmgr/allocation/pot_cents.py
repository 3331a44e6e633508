"""Spare cents over restricted pots: to the largest remainders, as far as the pots allow."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fundmgr.allocation.arrays import AnyArray, IntArray
from fundmgr.allocation.flows import PotFlow


@dataclass(frozen=True)
class Candidates:
    """Those who may get one cent more.

    Shapes: one entry each: the number of the group, the remainder, the rank among equals.
    """

    groups: IntArray
    remainders: AnyArray
    ranks: IntArray

    def in_turn(self) -> IntArray:
        """This will return the places of those with a remainder, the largest first, then the lowest rank."""
        open_places = np.flatnonzero(self.remainders > 0)
        remainders, ranks = self.remainders[open_places], self.ranks[open_places]
        if len(open_places) and remainders.min() == remainders.max():
            return open_places[np.argsort(ranks, kind="stable")]
        by_rank = np.argsort(ranks, kind="stable")
        return open_places[by_rank[np.argsort(-remainders[by_rank], kind="stable")]]


def add_where_pots_allow(
    candidates: Candidates,
    spare: int,
    pots: Sequence[int],
    group_cents: list[int],
    allowed: Sequence[Sequence[bool]],
) -> IntArray:
    """This will choose who gets one of the spare cents, and add the cents to their groups in `group_cents`.

    Whoever is first in turn gets one if the pots allow it together with what is given already. A group that
    was refused once stays refused, so the turns between two refusals are taken at once.

    Shapes: returns places among the candidates, at most `spare` of them.
    """
    waiting = candidates.in_turn() if spare else np.zeros(0, dtype=np.int64)
    chosen: list[IntArray] = []
    while spare and len(waiting):
        numbers = candidates.groups[waiting]
        count = _longest(numbers[:spare], pots, group_cents, allowed)
        for number, more in enumerate(np.bincount(numbers[:count], minlength=len(group_cents)).tolist()):
            group_cents[number] += more
        chosen.append(waiting[:count])
        spare -= count
        refused = numbers[count] if count < len(numbers) else -1
        waiting = waiting[count:][numbers[count:] != refused]
    return np.concatenate(chosen) if chosen else np.zeros(0, dtype=np.int64)


def _longest(
    numbers: IntArray, pots: Sequence[int], group_cents: Sequence[int], allowed: Sequence[Sequence[bool]]
) -> int:
    """How many of the turns in a row the pots allow; tried with all of them first, which mostly is right."""

    def fits(count: int) -> bool:
        more = np.bincount(numbers[:count], minlength=len(group_cents)).tolist()
        flow = PotFlow(
            list(pots), [cents + one for cents, one in zip(group_cents, more, strict=True)], allowed
        )
        flow.fill()
        return not any(flow.missing)

    if fits(len(numbers)):
        return len(numbers)
    low, high = 0, len(numbers)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
