"""Restricted pots in exact fractions, by trying every set of pots: slow, short, and without any flow.

A set of pots binds those requests that no other pot may pay. The lowest level at which some set is used up is
final for the requests it binds; the others rise on.
"""

from fractions import Fraction
from itertools import chain, combinations

from fundmgr.allocation.errors import TooManyClaims
from fundmgr.allocation.exact_rules import equal_awards
from fundmgr.allocation.policy import Policy
from fundmgr.allocation.problem import Problem

POTS_LIMIT = 12


def exact_pots(problem: Problem, policy: Policy) -> list[Fraction]:
    """This will share restricted pots without any rounding.

    Shapes: one award a claim.
    Errors: TooManyClaims for more than 12 pots.
    """
    pots = problem.pots_cents or ()
    if len(pots) > POTS_LIMIT:
        raise TooManyClaims(f"The reference tries every set of pots, so it takes at most {POTS_LIMIT}.")
    sharing = _Sharing(problem, policy, pots)
    for stage in stages_of(problem):
        sharing.serve(stage)
    return [sharing.given.get(place, Fraction(0)) for place in range(len(problem))]


class _Sharing:
    """What each set of pots holds and binds, and what is given so far."""

    def __init__(self, problem: Problem, policy: Policy, pots: tuple[int, ...]) -> None:
        sets = [frozenset(one) for one in subsets(len(pots))]
        self.claims = [Fraction(claim) for claim in problem.counted_cents.tolist()]
        self.weights = weights_of(problem, policy)
        self.binding = [(sum(pots[pot] for pot in one), _bound(problem, one)) for one in sets]
        self.given: dict[int, Fraction] = {}

    def serve(self, rising: set[int]) -> None:
        """Settle those who stop at the lowest level, then the next, until nobody rises."""
        while rising:
            level, stopped = self._lowest(rising)
            for place in stopped:
                claim = self.claims[place]
                self.given[place] = claim if level is None else min(claim, level * self.weights[place])
            rising = rising - stopped

    def _lowest(self, rising: set[int]) -> tuple[Fraction | None, set[int]]:
        """The lowest level at which a set of pots is used up, and whom it stops; None where none is."""
        level, stopped = None, rising
        for money, places in self.binding:
            members = sorted(places & rising)
            left = money - sum((self.given.get(place, Fraction(0)) for place in places), Fraction(0))
            reached = self._level(members, left)
            if reached is not None and (level is None or reached < level):
                level, stopped = reached, set(members)
        return level, stopped

    def _level(self, members: list[int], left: Fraction) -> Fraction | None:
        asked, weights = [self.claims[at] for at in members], [self.weights[at] for at in members]
        if sum(asked) <= left:
            return None
        shares = equal_awards(asked, left, weights)
        return max(share / weight for share, weight in zip(shares, weights, strict=True))


def stages_of(problem: Problem) -> list[set[int]]:
    """This will return who is served together, in turn: by tier, those without weight after the others."""
    tiers = [0] * len(problem) if problem.tiers is None else problem.tiers.tolist()
    without = [False] * len(problem) if problem.weights is None else (problem.weights == 0).tolist()
    places = [place for place, claim in enumerate(problem.counted_cents.tolist()) if claim]
    keys = sorted({(tiers[place], without[place]) for place in places})
    return [{place for place in places if (tiers[place], without[place]) == key} for key in keys]


def weights_of(problem: Problem, policy: Policy) -> list[Fraction]:
    """This will return what each weighs: by proportion the claim itself, and one for who has no points."""
    declared = [1] * len(problem) if problem.weights is None else problem.weights.tolist()
    points = [Fraction(weight) or Fraction(1) for weight in declared]
    if policy.rule != "proportional":
        return points
    return [point * claim for point, claim in zip(points, problem.counted_cents.tolist(), strict=True)]


def _bound(problem: Problem, pots: frozenset[int]) -> set[int]:
    matrix = problem.eligibility
    rows = [] if matrix is None else matrix.tolist()
    return {place for place, row in enumerate(rows) if {pot for pot, may in enumerate(row) if may} <= pots}


def subsets(count: int) -> chain[tuple[int, ...]]:
    """This will return every set of pots."""
    return chain.from_iterable(combinations(range(count), size) for size in range(count + 1))
