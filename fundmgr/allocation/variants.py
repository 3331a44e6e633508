"""The same problem with one thing changed, and what the change does under a policy."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from fundmgr.allocation.arrays import SUM_LIMIT, AnyArray, IntArray
from fundmgr.allocation.engine import allocate
from fundmgr.allocation.errors import FloorAboveEveryClaim
from fundmgr.allocation.policy import Policy
from fundmgr.allocation.problem import Problem

PERCENTS = (90, 110)


@dataclass(frozen=True)
class Gaming:
    """What one person would gain by asking for twice as much, or by asking twice for half. Units: cents.

    Shapes: gains are below zero where it would cost them.
    """

    position: int
    honest_cents: int
    inflating_gains_cents: int
    splitting_gains_cents: int


@dataclass(frozen=True)
class Sensitivity:
    """The outcome with more or less money. Units: cents; the median is among the people paid."""

    percent: int
    estate_cents: int
    people_paid: int
    median_award_cents: int
    total_cents: int


def gaming(problem: Problem, policy: Policy, position: int | None = None) -> Gaming:
    """This will try out both ways to bend a rule for one claimant; without a position, the median one.

    Shapes: whoever splits asks twice at the same place of the order, with the same tier, weight and cap.
    Units: cents.
    Errors: those of allocate(); ValueError where nobody asks for anything.
    """
    chosen = median_claimant(problem) if position is None else position
    honest = int(allocate(problem, policy).awards_cents[chosen])
    inflated = _tried(_inflated(problem, chosen), policy)
    split = _tried(_split(problem, chosen), policy)
    return Gaming(
        position=chosen,
        honest_cents=honest,
        inflating_gains_cents=int(inflated[chosen]) - honest,
        splitting_gains_cents=int(split[chosen] + split[-1]) - honest,
    )


def _tried(problem: Problem, policy: Policy) -> IntArray:
    """Where halves are all below the useful minimum, nobody is sure of anything."""
    try:
        return allocate(problem, policy).awards_cents
    except FloorAboveEveryClaim:
        return np.zeros(len(problem), dtype=np.int64)


def median_claimant(problem: Problem) -> int:
    """This will return who asks for the lower of the middle two amounts; the first of several.

    Errors: ValueError where nobody asks for anything.
    """
    claims = problem.claims_cents
    asking = np.flatnonzero(claims > 0)
    if not len(asking):
        raise ValueError("Nobody asks for anything.")
    ranked = asking[np.argsort(claims[asking], kind="stable")]
    return int(ranked[(len(ranked) - 1) // 2])


def sensitivity(problem: Problem, policy: Policy) -> tuple[Sensitivity, ...]:
    """This will share a tenth less and a tenth more money by the same policy, cut to whole cents.

    Shapes: one row a percentage of PERCENTS; restricted pots shrink and grow alike.
    Units: cents.
    Errors: those of allocate().
    """
    return tuple(_with_money(problem, policy, percent) for percent in PERCENTS)


def _with_money(problem: Problem, policy: Policy, percent: int) -> Sensitivity:
    if problem.pots_cents is None:
        estate = problem.require_whole_cents() * percent // 100
        changed = varied(problem, estate_cents=estate)
    else:
        pots = tuple(pot * percent // 100 for pot in problem.pots_cents)
        estate = sum(pots)
        changed = varied(problem, estate_cents=estate, pots_cents=pots)
    result = allocate(changed, policy)
    paid = np.sort(result.awards_cents[result.awards_cents > 0])
    median = int(paid[(len(paid) - 1) // 2]) if len(paid) else 0
    return Sensitivity(percent, estate, len(paid), median, result.total_cents)


def varied(problem: Problem, **changed: Any) -> Problem:
    """This will return the problem with some of its fields replaced. Errors: those of Problem."""
    kept = {field.name: getattr(problem, field.name) for field in fields(Problem)}
    return Problem(**{**kept, **changed})


def _inflated(problem: Problem, position: int) -> Problem:
    claims = problem.claims_cents.copy()
    # Twice as much, or what a sum of claims still has room for.
    others = int(claims.sum()) - int(claims[position])
    claims[position] = min(2 * int(claims[position]), SUM_LIMIT - others)
    if problem.usable_cents is None:
        return varied(problem, claims_cents=claims)
    # Asking for double is asking for double of each part.
    usable = problem.usable_cents.copy()
    usable[position] = _parts_of(
        problem, position, 2 * np.minimum(usable[position], SUM_LIMIT // 2), claims[position]
    )
    return varied(problem, claims_cents=claims, usable_cents=usable)


def _parts_of(problem: Problem, position: int, parts: IntArray, claim: int) -> IntArray:
    """A pot that may pay all that counts may pay all of the changed claim too."""
    if problem.usable_cents is None:
        raise TypeError("There is no pot that pays parts.")
    is_whole = problem.usable_cents[position] >= problem.counted_cents[position]
    return np.where(is_whole, claim, parts)


def _split(problem: Problem, position: int) -> Problem:
    """The second half stands last in every list and right behind the first in the order of serving."""
    whole = problem.claims_cents[position]
    claims = np.append(problem.claims_cents, whole // 2)
    claims[position] = whole - whole // 2
    changed: dict[str, Any] = {
        name: None if (values := getattr(problem, name)) is None else np.append(values, values[position])
        for name in ("weights", "tiers", "caps_cents", "tie_key")
    }
    if problem.eligibility is not None:
        changed["eligibility"] = np.vstack([problem.eligibility, problem.eligibility[position]])
    if problem.usable_cents is not None:
        usable, parts = problem.usable_cents.copy(), problem.usable_cents[position]
        usable[position] = _parts_of(problem, position, parts - parts // 2, claims[position])
        changed["usable_cents"] = np.vstack([usable, _parts_of(problem, position, parts // 2, claims[-1])])
    changed["order"] = _order_of_both(problem, position)
    return varied(problem, claims_cents=claims, **changed)


def _order_of_both(problem: Problem, position: int) -> AnyArray:
    order = np.arange(len(problem)) if problem.order is None else problem.order
    found = np.flatnonzero(order == position)
    return np.insert(order, found + 1, len(problem)) if len(found) else order
