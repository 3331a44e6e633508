"""Sharing restricted money: several pots, and for each request the pots that may pay it.

First as much is paid as the pots allow. Among all ways to do that, the awards are as equal by weight as can
be: the lowest level is raised as far as it goes, then the next. A level stops rising where some requests
together use up all pots that may pay them; those are settled then, and the others go on without them. Last,
pots are drawn upon in their order, narrow ones first, so that flexible money stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from fundmgr.allocation.arrays import AnyArray, BoolArray, IntArray, sealed
from fundmgr.allocation.flows import PotFlow
from fundmgr.allocation.ladders import Ladder, common_level
from fundmgr.allocation.levels import filled_at, level_of, wanted_at
from fundmgr.allocation.policy import Policy
from fundmgr.allocation.pot_cents import Candidates, add_where_pots_allow
from fundmgr.allocation.problem import Problem
from fundmgr.allocation.result import Allocation, Step
from fundmgr.allocation.rules import products
from fundmgr.allocation.stages import Stage, stages


@dataclass(frozen=True)
class _Group:
    """The members of a stage who may be paid from the same pots, as positions in the problem.

    Shapes: the ladder stands where all weigh the same.
    """

    number: int
    members: IntArray
    claims: IntArray
    weights: AnyArray | None
    ladder: Ladder | None
    total: int

    def wanted(self, level: tuple[int, int] | None) -> int:
        """What the group takes at a level, in parts of a cent; None is above all claims, in whole cents."""
        if level is None:
            return self.total
        return self.ladder.wanted(*level) if self.ladder else wanted_at(self.claims, self.weights, *level)


class _Sharing:
    """One problem in the making: what each group holds for good, and the awards.

    Shapes: groups are numbered by their set of pots; `settled_cents` has one entry a group.
    """

    def __init__(self, problem: Problem, pots: tuple[int, ...], eligibility: BoolArray) -> None:
        self.problem = problem
        self.pots = pots
        self.group_of, self.allowed = signatures(eligibility)
        self.awards = np.zeros(len(problem), dtype=np.int64)
        self.settled_cents = [0] * len(self.allowed)
        self.ranks = np.arange(len(problem)) if problem.tie_key is None else problem.tie_key

    def serve(self, stage: Stage) -> list[Step]:
        """Raise the level of a stage step by step; whoever cannot rise further is settled."""
        rising = self._groups(stage)
        _, factor = stage.whole_weights()
        steps = []
        while rising:
            level, tight = self._highest(rising)
            settled = rising if level is None else [group for group in rising if group.number in tight]
            steps.append(self._settle(stage, settled, level, factor))
            rising = [] if level is None else [group for group in rising if group.number not in tight]
        return steps

    def _groups(self, stage: Stage) -> list[_Group]:
        members = np.arange(len(self.problem)) if stage.members is None else stage.members
        weights, _ = stage.whole_weights()
        if stage.policy.rule == "proportional":
            total = int(stage.claims.sum())
            weights = stage.claims if weights is None else products(stage.claims, weights, total)
        numbers = self.group_of[members]
        order = np.argsort(numbers, kind="stable")
        starts = np.searchsorted(numbers[order], np.arange(len(self.allowed) + 1))
        found = []
        for number in range(len(self.allowed)):
            inside = order[starts[number] : starts[number + 1]]
            claims = stage.claims[inside]
            if claims.any():
                weighing = None if weights is None else weights[inside]
                ladder = Ladder(claims) if weights is None else None
                found.append(_Group(number, members[inside], claims, weighing, ladder, int(claims.sum())))
        return found

    def _highest(self, rising: Sequence[_Group]) -> tuple[tuple[int, int] | None, set[int]]:
        """The highest common level that the pots allow, and the groups that stop there.

        Each level that is too high names requests that want more than their pots hold; the level at which
        just these are content is lower, so the search ends.
        """
        level, tight = None, set[int]()
        while True:
            starved = self._starved(rising, level)
            if not starved:
                return level, tight
            tight = starved
            level = self._level_of([group for group in rising if group.number in tight], tight)

    def _starved(self, rising: Sequence[_Group], level: tuple[int, int] | None) -> set[int]:
        parts = 1 if level is None else level[1]
        wanted = [cents * parts for cents in self.settled_cents]
        for group in rising:
            wanted[group.number] += group.wanted(level)
        flow = PotFlow([pot * parts for pot in self.pots], wanted, self.allowed)
        flow.fill()
        return set(flow.starved())

    def _level_of(self, groups: Sequence[_Group], tight: set[int]) -> tuple[int, int]:
        reachable = {pot for number in tight for pot, may in enumerate(self.allowed[number]) if may}
        money = sum(self.pots[pot] for pot in reachable) - sum(self.settled_cents[number] for number in tight)
        ladders = [group.ladder for group in groups if group.ladder]
        if ladders:
            return common_level(ladders, money)
        claims = np.concatenate([group.claims for group in groups])
        return level_of(claims, _joined([group.weights for group in groups]), money)

    def _settle(
        self, stage: Stage, groups: Sequence[_Group], level: tuple[int, int] | None, factor: Fraction
    ) -> Step:
        members = np.concatenate([group.members for group in groups])
        if level is None:
            self.awards[members] = np.concatenate([group.claims for group in groups])
            for group in groups:
                self.settled_cents[group.number] += group.total
        else:
            self._round(groups, members, level)
        return Step(
            tier=stage.tier,
            people=len(members),
            claims_cents=sum(group.total for group in groups),
            estate_cents=int(self.awards[members].sum()),
            paid_cents=int(self.awards[members].sum()),
            level=None if level is None else Fraction(*level) * factor,
            outcome="full" if level is None else "shared",
            weightless=stage.weightless,
            members=members,
        )

    def _round(self, groups: Sequence[_Group], members: IntArray, level: tuple[int, int]) -> None:
        """Whole cents first; the spare cents go to the largest remainders that the pots still allow."""
        parts = [filled_at(group.claims, group.weights, *level) for group in groups]
        cents = np.concatenate([whole for whole, _ in parts])
        remainders = np.concatenate([remainder for _, remainder in parts])
        spare = sum(group.wanted(level) for group in groups) // level[1] - int(cents.sum())
        numbers = np.concatenate([np.full(len(group.claims), group.number) for group in groups])
        for group, (whole, _) in zip(groups, parts, strict=True):
            self.settled_cents[group.number] += int(whole.sum())
        candidates = Candidates(numbers, remainders, self.ranks[members])
        chosen = add_where_pots_allow(candidates, spare, self.pots, self.settled_cents, self.allowed)
        cents[chosen] += 1
        self.awards[members] = cents


def share_pots(problem: Problem, policy: Policy) -> Allocation:
    """This will share the pots by the policy, which is one of POT_RULES without a useful minimum.

    Units: cents.
    """
    pots, eligibility = problem.pots_cents, problem.eligibility
    if pots is None or eligibility is None:
        raise TypeError("There are no pots.")
    sharing = _Sharing(problem, pots, eligibility)
    trace = tuple(step for stage in stages(problem, policy) for step in sharing.serve(stage))
    flow = drawn(problem, sharing.settled_cents, sharing.allowed, sharing.group_of)
    used = flow.used()
    left = sum(pots) - sum(used)
    return Allocation(problem, policy, sealed(sharing.awards), left, 0, used, trace)


def drawn(
    problem: Problem, group_cents: Sequence[int], allowed: Sequence[Sequence[bool]], group_of: IntArray
) -> PotFlow:
    """This will pay the groups from the pots, each pot as much as can be before the next."""
    pots = problem.pots_cents or ()
    flow = PotFlow(list(pots), list(group_cents), allowed)
    flow.fill(_draw_order(problem.draw_order or (), allowed, group_of, len(pots)))
    return flow


def _draw_order(
    declared: Sequence[int], allowed: Sequence[Sequence[bool]], group_of: IntArray, pots: int
) -> list[int]:
    """Pots that the order does not name follow it, those that fewest requests may use first."""
    people = np.bincount(group_of, minlength=len(allowed)).tolist()
    reach = [
        sum(count for count, row in zip(people, allowed, strict=True) if row[pot]) for pot in range(pots)
    ]
    return [*declared, *sorted(set(range(pots)) - set(declared), key=lambda pot: (reach[pot], pot))]


def signatures(eligibility: BoolArray) -> tuple[IntArray, list[list[bool]]]:
    """This will put requests with the same pots into one group.

    Shapes: the number of each request's group, and for each group whether it may use each pot.
    """
    pots = eligibility.shape[1]
    if pots > _FEW_POTS:
        rows, groups = np.unique(eligibility, axis=0, return_inverse=True)
        return groups.reshape(-1), rows.tolist()
    # With few pots the numbers are looked up, not sorted.
    codes = _packed(eligibility)
    present = np.flatnonzero(np.bincount(codes, minlength=1))
    numbers = np.zeros(1 << pots, dtype=np.int16)
    numbers[present] = np.arange(len(present))
    return numbers[codes], ((present[:, None] >> np.arange(pots)) & 1).astype(np.bool_).tolist()


_FEW_POTS, _BITS = 14, 8


def _packed(eligibility: BoolArray) -> AnyArray:
    """Each row as one number of as many bits as there are pots; in whole bytes they are packed at one go."""
    count, pots = eligibility.shape
    width = _BITS if pots <= _BITS else 2 * _BITS
    if pots < width:
        eligibility = np.concatenate([eligibility, np.zeros((count, width - pots), dtype=np.bool_)], axis=1)
    packed = np.packbits(np.ascontiguousarray(eligibility).ravel(), bitorder="little")
    return packed.view("<u2") if width > _BITS else packed


def _joined(weights: Sequence[AnyArray | None]) -> AnyArray | None:
    known = [one for one in weights if one is not None]
    return np.concatenate(known) if known else None
