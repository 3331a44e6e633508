"""Who is served together, and in which turn: lower tiers first, and inside a tier those with weight."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from fundmgr.allocation.arrays import AnyArray, BoolArray, IntArray, scaled_to_whole
from fundmgr.allocation.cents import Ties
from fundmgr.allocation.errors import FloorAboveEveryClaim, OrderMissing, RuleRefusesPots, RuleRefusesWeights
from fundmgr.allocation.policy import ORDERED_RULES, POT_RULES, UNWEIGHTED_RULES, Policy
from fundmgr.allocation.problem import Problem
from fundmgr.allocation.tiers import check_tiers


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

    def ties(self) -> Ties:
        """This will return who gets a spare cent first among the members."""
        ties = Ties(self.problem.tie_key)
        return ties if self.members is None else ties.among(self.members)

    def whole_weights(self) -> tuple[AnyArray | None, Fraction]:
        """This will return the members' weights as whole numbers, and the factor that made them whole.

        Equal weights weigh nothing: the plain form of a rule gives the same, faster, so None stands for them.
        """
        if self.problem.weights is None or self.weightless:
            return None, Fraction(1)
        weights = self.of_members(self.problem.weights)
        if weights.min() == weights.max():
            return None, 1 / Fraction(weights.tolist()[0])
        return scaled_to_whole(weights)


def check_fit(problem: Problem, policy: Policy) -> None:
    """This will refuse by name a policy that cannot be applied to the problem."""
    check_tiers(problem, policy)
    claims = problem.counted_cents
    if policy.floor_cents and len(claims) and policy.floor_cents > claims.max():
        dollars, cents = divmod(policy.floor_cents, 100)
        raise FloorAboveEveryClaim(
            f"No need counts for as much as the smallest grant of {dollars:,}.{cents:02d}."
        )
    if policy.rule == "draw" and problem.order is None:
        raise OrderMissing("A draw needs the drawn order; draw.order(seed, ids, tickets) makes it.")
    if (
        policy.rule in UNWEIGHTED_RULES
        and problem.weights is not None
        and len(set(problem.weights.tolist())) > 1
    ):
        raise RuleRefusesWeights(f"{policy.rule} has no form with weights.")
    if problem.pots_cents is not None and (policy.rule not in POT_RULES or policy.floor_cents):
        what = "a useful minimum" if policy.rule in POT_RULES else policy.rule
        raise RuleRefusesPots(f"Restricted pots are shared by {' or '.join(POT_RULES)}, not with {what}.")


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
    for tier in [0] if problem.tiers is None else np.unique(tiers).tolist():
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
