"""How many people a useful minimum leaves without anything, minimum by minimum."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fundmgr.allocation.arrays import BoolArray, IntArray
from fundmgr.allocation.engine import allocate
from fundmgr.allocation.policy import Policy
from fundmgr.allocation.problem import Problem
from fundmgr.allocation.stages import Stage, check_fit, stages
from fundmgr.allocation.tiers import Purse


@dataclass(frozen=True)
class BreakEven:
    """One useful minimum: who is paid with it, and who loses everything against no minimum. Units: cents."""

    floor_cents: int
    people_paid: int
    people_losing_all: int


def break_even(problem: Problem, policy: Policy, floors_cents: Sequence[int]) -> tuple[BreakEven, ...]:
    """This will count who still gets something as the useful minimum rises; the policy's own is left out.

    Shapes: one row a minimum, same order; one above every claim pays nobody.
    Units: cents; whoever is sure of a minimum is paid, so no award has to be worked out.
    Errors: those of allocate(), RuleRefusesPots for restricted money.
    """
    without = replace(policy, floor_cents=0)
    paid_before: BoolArray = allocate(problem, without).awards_cents > 0
    most = int(problem.counted_cents.max()) if len(problem) else 0
    found = []
    paid: BoolArray
    for floor in floors_cents:
        if floor > most:
            paid = np.zeros_like(paid_before)
        else:
            paid = _paid(problem, replace(policy, floor_cents=floor)) if floor else paid_before
        found.append(BreakEven(floor, int(paid.sum()), int((paid_before & ~paid).sum())))
    return tuple(found)


def _paid(problem: Problem, policy: Policy) -> BoolArray:
    """Only the stage that its money does not cover keeps some of its members; none after it is paid."""
    check_fit(problem, policy)
    estate, served = problem.require_whole_cents(), stages(problem, policy)
    paid: BoolArray = np.zeros(len(problem), dtype=np.bool_)
    purse = Purse(estate, ((stage.tier, int(stage.claims.sum())) for stage in served), policy)
    for stage in served:
        total, left = int(stage.claims.sum()), purse.open(stage.tier)
        inside = np.arange(len(stage.claims)) if total <= left else _sure(stage, left)
        paid[stage.picked(inside[stage.claims[inside] > 0])] = True
        purse.take(stage.tier, min(total, left), is_full=total <= left)
    return paid


def _sure(stage: Stage, left: int) -> IntArray:
    order = stage.order()
    floors = np.minimum(stage.claims, stage.policy.floor_cents)
    sure: IntArray = order[: int(np.searchsorted(np.cumsum(floors[order]), left, side="right"))]
    return sure
