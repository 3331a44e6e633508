"""What several policies would do with the same problem, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from fundmgr.allocation.arrays import IntArray
from fundmgr.allocation.arrivals import Sampled
from fundmgr.allocation.engine import allocate
from fundmgr.allocation.fairness import Coverage, coverage, lorenz_bp, poorest_tenth_bp
from fundmgr.allocation.freeing import Freed, freed
from fundmgr.allocation.policy import Policy
from fundmgr.allocation.problem import Problem
from fundmgr.allocation.result import Allocation

_BILLION = 10**9
_INT64_MAX = 2**63 - 1


@dataclass(frozen=True)
class ComparisonRow:
    """One policy's outcome in a line.

    Units: cents; `_bp` are basis points (hundredths of a percent), rounded half to even. The smallest, median
    and largest award are among the people paid; the median of an even number is the lower of the middle two.
    The mean share of the claim is over everybody who asks for something, and so is the Gini index; the
    poorest tenth are those who get the least share of their claim. `tiers` is empty where there are none;
    `sampled` says what a result rests on that is not exact; `freed` has one entry a pot, none without pots.
    """

    rule: str
    policy: Policy
    people_asking: int
    people_paid: int
    people_with_nothing: int
    min_award_cents: int
    median_award_cents: int
    max_award_cents: int
    total_cents: int
    mean_share_bp: int
    gini_bp: int
    lorenz_bp: tuple[int, ...]
    poorest_tenth_bp: int
    tiers: tuple[Coverage, ...]
    leftover_cents: int
    held_cents: int
    sampled: Sampled | None
    freed: tuple[Freed, ...]


def compare(problem: Problem, policies: Sequence[Policy]) -> list[ComparisonRow]:
    """This will apply each policy to the problem and sum up each outcome.

    Shapes: one row a policy, in the same order.
    Errors: those of allocate().
    """
    return [summarized(allocate(problem, policy)) for policy in policies]


def summarized(allocation: Allocation) -> ComparisonRow:
    """This will sum up one allocation."""
    problem = allocation.problem
    asking = problem.claims_cents > 0
    awards, claims = allocation.awards_cents[asking], problem.claims_cents[asking]
    paid = np.sort(awards[awards > 0])
    return ComparisonRow(
        rule=allocation.policy.rule,
        policy=allocation.policy,
        people_asking=len(awards),
        people_paid=len(paid),
        people_with_nothing=len(awards) - len(paid),
        min_award_cents=int(paid[0]) if len(paid) else 0,
        median_award_cents=int(paid[(len(paid) - 1) // 2]) if len(paid) else 0,
        max_award_cents=int(paid[-1]) if len(paid) else 0,
        total_cents=allocation.total_cents,
        mean_share_bp=_mean_share_bp(awards, claims),
        gini_bp=gini_bp(awards),
        lorenz_bp=lorenz_bp(awards),
        poorest_tenth_bp=poorest_tenth_bp(awards, claims),
        tiers=() if problem.tiers is None else coverage(awards, claims, problem.tiers[asking]),
        leftover_cents=allocation.leftover_cents,
        held_cents=allocation.held_cents,
        sampled=allocation.sampled,
        freed=tuple(freed(allocation, pot) for pot in range(len(problem.pots_cents or ()))),
    )


def gini_bp(awards: IntArray) -> int:
    """This will return the Gini index: 0 where all get the same, near 10,000 where one gets everything.

    Units: basis points, exact then rounded half to even; 0 where nothing is awarded.
    """
    total = int(awards.sum())
    if not total:
        return 0
    count = len(awards)
    places = np.arange(1, count + 1)
    # Python's own integers where 64 bits might not hold the sum.
    fits = int(awards.max()) * count * count <= _INT64_MAX
    ranked = int((np.sort(awards) * (places if fits else places.astype(object))).sum())
    return round(10_000 * (Fraction(2 * ranked, count * total) - Fraction(count + 1, count)))


def _mean_share_bp(awards: IntArray, claims: IntArray) -> int:
    """Each share is rounded to a billionth, so that the sum does not depend on the order of adding."""
    if not len(awards):
        return 0
    shares = np.rint(awards / claims * _BILLION).astype(np.int64)
    return round(Fraction(10_000 * int(shares.sum()), len(awards) * _BILLION))
