"""A second round: new money for the same requests, as if all the money had been there at once."""

from dataclasses import dataclass

import numpy as np

from fundmgr.allocation.arrays import IntArray, sealed
from fundmgr.allocation.engine import allocate
from fundmgr.allocation.errors import DifferentProblem, NegativeEstate, RuleDoesNotCompose, RuleRefusesPots
from fundmgr.allocation.policy import Policy
from fundmgr.allocation.problem import Problem
from fundmgr.allocation.properties import RuleProperties, rule_properties
from fundmgr.allocation.result import Allocation


@dataclass(frozen=True, eq=False)
class TopUp:
    """What the second round adds, and where everybody stands after it.

    Shapes: one amount a claim, never negative.
    Units: cents.
    """

    awards_cents: IntArray
    after: Allocation


def topup(previous: Allocation, new_money_cents: int, policy: Policy | None = None) -> TopUp:
    """This will share new money among the requests of an earlier round.

    The sum of both rounds is what one big round would have given. Rounding can make a big round give a cent
    less than was already given; then the cent stays, and the last of those who gained most goes without.

    Units: cents.
    Errors: RuleDoesNotCompose where one big round and two small ones differ, DifferentProblem for another
    policy than the first round's, RuleRefusesPots, NegativeEstate.
    """
    problem = previous.problem
    _check(previous, new_money_cents, policy)
    estate_cents = problem.require_whole_cents() + new_money_cents
    after = allocate(_with_estate(problem, estate_cents), previous.policy)
    extra = after.awards_cents - previous.awards_cents
    short = extra < 0
    if short.any():
        given_back = -int(extra[short].sum())
        extra[short] = 0
        _take_back(extra, given_back, problem.tie_key)
        after = _adjusted(after, previous.awards_cents + extra)
    return TopUp(sealed(extra), after)


def _check(previous: Allocation, new_money_cents: int, policy: Policy | None) -> None:
    if policy is not None and policy != previous.policy:
        raise DifferentProblem(
            "A second round follows the policy of the first; for another, make a new round."
        )
    if new_money_cents < 0:
        raise NegativeEstate(f"There is no sharing of {new_money_cents} cents.")
    if previous.problem.pots_cents is not None:
        raise RuleRefusesPots("A second round over restricted pots must name the pot; make a new round.")
    promises = rule_properties(previous.policy, weighted=previous.problem.weights is not None)
    if not promises.composes:
        raise RuleDoesNotCompose(
            f"{promises.name} in two rounds would not give what one big round gives"
            f"{_why(promises)}; make a new round instead."
        )


def _why(promises: RuleProperties) -> str:
    if promises.floor_cents:
        return ", because of the useful minimum"
    return ", because each tier has a fixed part" if promises.tier_shares_bp else ""


def _take_back(extra: IntArray, cents: int, ties: IntArray | None) -> None:
    """The largest gains give one cent each, the last in line first; gains are larger than a cent by far."""
    ranks = np.arange(len(extra)) if ties is None else ties
    order = np.lexsort((-ranks, -extra))
    while cents > 0:
        giving = order[extra[order] > 0][:cents]
        extra[giving] -= 1
        cents -= len(giving)


def _with_estate(problem: Problem, estate_cents: int) -> Problem:
    return Problem(
        estate_cents,
        problem.claims_cents,
        weights=problem.weights,
        tiers=problem.tiers,
        caps_cents=problem.caps_cents,
        order=problem.order,
        tie_key=problem.tie_key,
    )


def _adjusted(after: Allocation, awards: IntArray) -> Allocation:
    return Allocation(
        after.problem,
        after.policy,
        sealed(awards),
        after.leftover_cents,
        after.held_cents,
        after.pots_used_cents,
        after.trace,
    )
