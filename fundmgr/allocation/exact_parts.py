"""Pots that may pay only parts, in exact fractions, by trying every set of pots: slow, short, without a flow.

A set of pots bears what all requests get beyond that which the other pots may pay of them. The lowest level
at which some set is used up is final for whoever would need more of it; the others rise on. The empty set
bears nothing, so nobody gets more than all pots may pay.
"""

from dataclasses import dataclass
from fractions import Fraction

from fundmgr.allocation.errors import TooManyClaims
from fundmgr.allocation.exact_pots import POTS_LIMIT, stages_of, subsets, weights_of
from fundmgr.allocation.policy import Policy
from fundmgr.allocation.problem import Problem


@dataclass(frozen=True)
class _Set:
    """Some pots: what they hold, and what all others may pay of each request."""

    money: int
    elsewhere: list[int]


def exact_parts(problem: Problem, policy: Policy) -> list[Fraction]:
    """This will share pots that may pay parts without any rounding.

    Shapes: one award a claim.
    Errors: TooManyClaims for more than 12 pots.
    """
    pots = problem.pots_cents or ()
    if len(pots) > POTS_LIMIT:
        raise TooManyClaims(f"The reference tries every set of pots, so it takes at most {POTS_LIMIT}.")
    sharing = _Sharing(problem, policy, pots)
    for stage in stages_of(problem):
        sharing.serve(stage)
    return sharing.given


class _Sharing:
    """What each set of pots bears, and what is given so far."""

    def __init__(self, problem: Problem, policy: Policy, pots: tuple[int, ...]) -> None:
        usable = [] if problem.usable_cents is None else problem.usable_cents.tolist()
        self.claims = problem.counted_cents.tolist()
        self.weights = weights_of(problem, policy)
        self.given = [Fraction(0)] * len(self.claims)
        self.sets = [
            _Set(
                sum(pots[pot] for pot in one),
                [sum(cents for pot, cents in enumerate(row) if pot not in one) for row in usable],
            )
            for one in map(frozenset, subsets(len(pots)))
        ]

    def serve(self, rising: set[int]) -> None:
        """Settle those who stop at the lowest level, then the next, until nobody rises."""
        while rising:
            levels = [(self._level(one, rising), one) for one in self.sets]
            known = [level for level, _ in levels if level is not None]
            if not known:
                self._settle(rising, None)
                return
            lowest = min(known)
            stopped = {
                place
                for level, one in levels
                if level == lowest
                for place in rising
                if min(self.claims[place], lowest * self.weights[place]) >= one.elsewhere[place]
                and one.elsewhere[place] < self.claims[place]
            }
            self._settle(stopped, lowest)
            rising = rising - stopped

    def _settle(self, places: set[int], level: Fraction | None) -> None:
        for place in places:
            claim = Fraction(self.claims[place])
            self.given[place] = claim if level is None else min(claim, level * self.weights[place])

    def _borne(self, one: _Set, rising: set[int], level: Fraction | None) -> Fraction:
        total = Fraction(0)
        for place, claim in enumerate(self.claims):
            award = self.given[place]
            if place in rising:
                award = Fraction(claim) if level is None else min(claim, level * self.weights[place])
            total += max(award - one.elsewhere[place], Fraction(0))
        return total

    def _level(self, one: _Set, rising: set[int]) -> Fraction | None:
        """The highest level that the set bears: on the line between two where somebody starts or ends."""
        if self._borne(one, rising, None) <= one.money:
            return None
        ends = {
            cents / self.weights[place]
            for place in rising
            for cents in (one.elsewhere[place], self.claims[place])
        }
        points = sorted({Fraction(0), *ends})
        low = max(point for point in points if self._borne(one, rising, point) <= one.money)
        high = min(point for point in points if point > low)
        below, above = (self._borne(one, rising, point) for point in (low, high))
        return low + (one.money - below) * (high - low) / (above - below)
