"""From a problem and a policy to awards in whole cents.

The claims are served in stages: lower tiers first, and inside a tier those with weight before those without.
A stage that its money covers is paid in full and the rest goes on; the first that is not covered is shared by
the rule, and nothing goes past it. Where each tier has a fixed part of the money, this is so in each tier.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from fundmgr.allocation.arrays import sealed
from fundmgr.allocation.cents import whole_cents
from fundmgr.allocation.exact_averages import arrival
from fundmgr.allocation.exact_rules import EXACT
from fundmgr.allocation.parts import share_parts
from fundmgr.allocation.policy import ORDERED_RULES, Policy
from fundmgr.allocation.pots import share_pots
from fundmgr.allocation.problem import Problem
from fundmgr.allocation.queues import serve_in_order
from fundmgr.allocation.result import Allocation, Step
from fundmgr.allocation.rules import PRODUCTION, Group, Shared
from fundmgr.allocation.stages import Stage, check_fit, stages
from fundmgr.allocation.tiers import Purse


@dataclass(frozen=True)
class _Outcome:
    shared: Shared
    outcome: str
    held: int = 0
    reserved: int | None = None


def allocate(problem: Problem, policy: Policy) -> Allocation:
    """This will share the estate by the policy, exact to the cent.

    Shapes: one award a claim.
    Units: cents; awards + leftover + held = estate.
    Errors: a subclass of AllocationError: NotWholeCents, OrderMissing, FloorAboveEveryClaim, RuleRefusesPots.
    """
    estate = problem.require_whole_cents()
    check_fit(problem, policy)
    if problem.usable_cents is not None:
        return share_parts(problem, policy)
    if problem.pots_cents is not None:
        return share_pots(problem, policy)
    awards = np.zeros(len(problem), dtype=np.int64)
    trace: list[Step] = []
    held = 0
    served = stages(problem, policy)
    purse = Purse(estate, ((stage.tier, int(stage.claims.sum())) for stage in served), policy)
    for stage in served:
        available = purse.open(stage.tier)
        given = _serve(stage, available)
        if stage.members is None:
            awards = given.shared.cents
        else:
            awards[stage.members] = given.shared.cents
        trace.append(_step(stage, given, available))
        purse.take(stage.tier, trace[-1].paid_cents + given.held, is_full=given.outcome == "full")
        held += given.held
    left = estate - int(awards.sum()) - held
    return Allocation(problem, policy, sealed(awards), left, held, None, tuple(trace))


def _step(stage: Stage, given: _Outcome, left: int) -> Step:
    return Step(
        tier=stage.tier,
        people=len(stage.claims),
        claims_cents=int(stage.claims.sum()),
        estate_cents=left,
        paid_cents=int(given.shared.cents.sum()),
        level=given.shared.level,
        outcome=given.outcome,
        weightless=stage.weightless,
        reserved=given.reserved,
        sampled=given.shared.sampled,
    )


def _serve(stage: Stage, left: int) -> _Outcome:
    if left >= int(stage.claims.sum()):
        return _Outcome(Shared(stage.claims.copy(), None), "full")
    if not left:
        return _Outcome(Shared(np.zeros_like(stage.claims), None), "nothing")
    if stage.policy.floor_cents:
        return _above_floor(stage, left)
    return _Outcome(_by_rule(stage, left), "shared")


def _above_floor(stage: Stage, left: int) -> _Outcome:
    """First in the order, first sure of the useful minimum; the first whom it does not fit ends the walk."""
    order = stage.order()
    floors = np.minimum(stage.claims, stage.policy.floor_cents)
    reserved = order[: int(np.searchsorted(np.cumsum(floors[order]), left, side="right"))]
    cents = np.zeros_like(stage.claims)
    cents[reserved] = floors[reserved]
    rest = left - int(cents.sum())
    if stage.policy.remainder == "hold":
        return _Outcome(Shared(cents, None), "held", rest, len(reserved))
    inside = np.sort(reserved)
    wanted = stage.claims[inside] - cents[inside]
    if 0 < rest < int(wanted.sum()):
        shared = _by_rule(stage.narrowed(inside, wanted), rest)
    else:
        shared = Shared(wanted if rest else np.zeros_like(wanted), None)
    cents[inside] += shared.cents
    return _Outcome(replace(shared, cents=cents), "shared", 0, len(reserved))


def _by_rule(stage: Stage, left: int) -> Shared:
    if stage.policy.rule in ORDERED_RULES:
        return Shared(serve_in_order(stage.claims, stage.order(), left, stage.policy.last), None)
    if stage.policy.rule not in PRODUCTION:
        return _by_exact_rule(stage, left)
    weights, factor = stage.whole_weights()
    group = Group(
        claims=stage.claims,
        estate=left,
        total=int(stage.claims.sum()),
        weights=weights,
        factor=factor,
        ties=stage.ties(),
    )
    return PRODUCTION[stage.policy.rule](group)


def _by_exact_rule(stage: Stage, left: int) -> Shared:
    """The rules for comparison are shared in fractions and rounded like the others."""
    claims = [Fraction(claim) for claim in stage.claims.tolist()]
    if stage.policy.rule == "random_arrival":
        shares, sampled = arrival(claims, Fraction(left))
        return Shared(whole_cents(shares, stage.ties()), None, sampled)
    weights = [Fraction(1)] * len(claims)
    if stage.problem.weights is not None and not stage.weightless:
        weights = [Fraction(weight) for weight in stage.of_members(stage.problem.weights).tolist()]
    return Shared(whole_cents(EXACT[stage.policy.rule](claims, Fraction(left), weights), stage.ties()), None)
