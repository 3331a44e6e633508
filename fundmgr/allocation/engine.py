"""From a problem and a policy to awards in whole cents.

The claims are served in stages: lower tiers first, and inside a tier those with weight before those without.
A stage that its money covers is paid in full and the rest goes on; the first that is not covered is shared by
the rule, and nothing goes past it.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from fundmgr.allocation.arrays import AnyArray, BoolArray, IntArray, scaled_to_whole, sealed
from fundmgr.allocation.cents import Ties, whole_cents
from fundmgr.allocation.errors import FloorAboveEveryClaim, OrderMissing, RuleRefusesPots, RuleRefusesWeights
from fundmgr.allocation.exact_rules import EXACT
from fundmgr.allocation.policy import ORDERED_RULES, UNWEIGHTED_RULES, Policy
from fundmgr.allocation.problem import Problem
from fundmgr.allocation.queues import serve_in_order
from fundmgr.allocation.result import Allocation, Step
from fundmgr.allocation.rules import PRODUCTION, Group, Shared


@dataclass(frozen=True)
class Stage:
    """Claims served together, as positions in the problem; None means all of them.

    Shapes: one claim a member.
    """

    problem: Problem
    policy: Policy
    tier: int | None
    weightless: bool
    members: IntArray | None
    claims: IntArray

    def narrowed(self, inside: IntArray, claims: IntArray) -> "Stage":
        """This will return the stage of some of its members, asking for other amounts."""
        return replace(self, members=self.picked(inside), claims=claims)

    def picked(self, inside: IntArray) -> IntArray:
        """This will turn positions inside the stage into positions in the problem."""
        return inside if self.members is None else self.members[inside]

    def of_members(self, values: AnyArray) -> AnyArray:
        """This will return the members' entries of a list that has one a claim of the problem."""
        return values if self.members is None else values[self.members]

    def order(self) -> IntArray:
        """This will return the order of serving, as positions inside the stage."""
        order = np.arange(len(self.problem)) if self.problem.order is None else self.problem.order
        if self.members is None:
            return order
        places = np.full(len(self.problem), -1, dtype=np.int64)
        places[self.members] = np.arange(len(self.members))
        local: IntArray = places[order]
        return local[local >= 0]


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
    left = problem.require_whole_cents()
    check_fit(problem, policy)
    awards = np.zeros(len(problem), dtype=np.int64)
    trace: list[Step] = []
    held = 0
    for stage in stages(problem, policy):
        reached = all(step.outcome == "full" for step in trace)
        available = left if reached else 0
        given = _serve(stage, available)
        if stage.members is None:
            awards = given.shared.cents
        else:
            awards[stage.members] = given.shared.cents
        trace.append(_step(stage, given, available))
        left -= trace[-1].paid_cents + given.held
        held += given.held
    return Allocation(problem, policy, sealed(awards), left, held, None, tuple(trace))


def check_fit(problem: Problem, policy: Policy) -> None:
    """This will refuse by name a policy that cannot be applied to the problem."""
    claims = problem.counted_cents
    if policy.floor_cents and len(claims) and policy.floor_cents > claims.max():
        raise FloorAboveEveryClaim(f"Nobody asks for as much as {policy.floor_cents} cents.")
    if policy.rule == "draw" and problem.order is None:
        raise OrderMissing("A draw needs the drawn order; draw.order(seed, ids, tickets) makes it.")
    if (
        policy.rule in UNWEIGHTED_RULES
        and problem.weights is not None
        and len(set(problem.weights.tolist())) > 1
    ):
        raise RuleRefusesWeights(f"{policy.rule} has no form with weights.")
    if problem.pots_cents is not None:
        raise RuleRefusesPots(f"{policy.rule} does not share restricted pots.")


def stages(problem: Problem, policy: Policy) -> list[Stage]:
    """This will return the groups in the order of serving.

    Shapes: a request that a needed order leaves out is in none of them.
    """
    served = _served(problem, policy)
    by_weight = problem.weights is not None and policy.rule not in ORDERED_RULES
    if problem.tiers is None and not by_weight:
        members = None if served is None else np.flatnonzero(served)
        return [_stage(problem, policy, None, False, members)]
    found = []
    tiers = np.zeros(len(problem), dtype=np.int64) if problem.tiers is None else problem.tiers
    weightless = problem.weights == 0 if by_weight else np.zeros(len(problem), dtype=np.bool_)
    for tier in np.unique(tiers).tolist():
        for without in (False, True):
            marked = (tiers == tier) & (weightless == without)
            members = np.flatnonzero(marked if served is None else marked & served)
            if len(members):
                named = None if problem.tiers is None else tier
                found.append(_stage(problem, policy, named, without, members))
    return found


def _stage(
    problem: Problem, policy: Policy, tier: int | None, weightless: bool, members: IntArray | None
) -> Stage:
    claims = problem.counted_cents
    return Stage(problem, policy, tier, weightless, members, claims if members is None else claims[members])


def _served(problem: Problem, policy: Policy) -> BoolArray | None:
    """Only rules that walk the order mind whom it leaves out."""
    if problem.order is None or len(problem.order) == len(problem):
        return None
    if policy.rule not in ORDERED_RULES and not policy.floor_cents:
        return None
    served = np.zeros(len(problem), dtype=np.bool_)
    served[problem.order] = True
    return served


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
    enough = rest >= int(wanted.sum())
    shared = Shared(wanted, None) if enough else _by_rule(stage.narrowed(inside, wanted), rest)
    cents[inside] += shared.cents
    return _Outcome(Shared(cents, shared.level), "shared", 0, len(reserved))


def _by_rule(stage: Stage, left: int) -> Shared:
    if stage.policy.rule in ORDERED_RULES:
        return Shared(serve_in_order(stage.claims, stage.order(), left, stage.policy.last), None)
    if stage.policy.rule not in PRODUCTION:
        return Shared(_by_exact_rule(stage, left), None)
    weights, factor = _weights(stage)
    group = Group(
        claims=stage.claims,
        estate=left,
        total=int(stage.claims.sum()),
        weights=weights,
        factor=factor,
        ties=_ties(stage),
    )
    return PRODUCTION[stage.policy.rule](group)


def _by_exact_rule(stage: Stage, left: int) -> IntArray:
    """The rules for comparison are shared in fractions and rounded like the others."""
    claims = [Fraction(claim) for claim in stage.claims.tolist()]
    weights = [Fraction(1)] * len(claims)
    if stage.problem.weights is not None and not stage.weightless:
        weights = [Fraction(weight) for weight in stage.of_members(stage.problem.weights).tolist()]
    return whole_cents(EXACT[stage.policy.rule](claims, Fraction(left), weights), _ties(stage))


def _ties(stage: Stage) -> Ties:
    ties = Ties(stage.problem.tie_key)
    return ties if stage.members is None else ties.among(stage.members)


def _weights(stage: Stage) -> tuple[AnyArray | None, Fraction]:
    """Equal weights weigh nothing: the plain form of the rule gives the same, faster."""
    if stage.problem.weights is None or stage.weightless:
        return None, Fraction(1)
    weights = stage.of_members(stage.problem.weights)
    if weights.min() == weights.max():
        return None, 1 / Fraction(weights.tolist()[0])
    return scaled_to_whole(weights)
