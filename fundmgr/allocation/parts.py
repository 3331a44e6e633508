"""Sharing restricted money where a pot may pay only a part of some requests.

The goals are those of pots that pay all or nothing: first as much as can be paid, then the lowest level as
high as it goes, then the next, then narrow pots before flexible ones. A level stops where some pots are used
up by what requests need beyond that which the other pots may pay of them. Whoever needs these pots is settled
then; for everybody else they are closed.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from fundmgr.allocation.arrays import SUM_LIMIT, AnyArray, BoolArray, IntArray, sealed
from fundmgr.allocation.cents import product_divided
from fundmgr.allocation.part_flows import PartFlow, up_to
from fundmgr.allocation.part_levels import Beyond, Level
from fundmgr.allocation.part_rows import Rows
from fundmgr.allocation.policy import Policy
from fundmgr.allocation.pot_cents import Candidates
from fundmgr.allocation.problem import Problem
from fundmgr.allocation.result import Allocation, Step
from fundmgr.allocation.rules import products
from fundmgr.allocation.stages import Stage, stages


class _Sharing:
    """One problem in the making.

    Shapes: `limits` is what pots may still pay of each request, `reach` what all of them may together.
    """

    def __init__(self, problem: Problem, pots: tuple[int, ...], usable: IntArray) -> None:
        self.problem = problem
        self.pots = pots
        self.usable = usable
        self.limits = np.array(usable, order="F")
        self.reach = up_to(self.limits, range(len(pots)), problem.counted_cents)
        self.awards = np.zeros(len(problem), dtype=np.int64)
        self.ranks = np.arange(len(problem)) if problem.tie_key is None else problem.tie_key
        self.rows = self.all_rows = Rows.of(self.limits, self.reach)
        self._known: dict[tuple[int, ...], IntArray] = {}

    def used(self) -> tuple[int, ...]:
        """What each pot pays, as much as can be before the next; the limits of before any was closed hold."""
        flow = self.all_rows.flow(self.pots, self.awards, 1)
        flow.fill(_turns(self.problem, self.usable))
        return tuple(int(cents) for cents in flow.paid.sum(axis=0))

    def serve(self, stage: Stage) -> list[Step]:
        """Raise the level of a stage step by step; whoever cannot rise further is settled."""
        rising, weights, factor = self._members(stage)
        steps = []
        while len(rising):
            level, cut = self._highest(rising, weights)
            if level is None:
                stops = np.ones(len(rising), dtype=np.bool_)
                self.awards[rising] = self.reach[rising]
            else:
                stops = self._stopped(rising, weights, level, cut)
                self._round(rising[stops], weights[stops], level)
                self._close(cut)
            steps.append(self._step(stage, rising[stops], level, factor))
            rising, weights = rising[~stops], weights[~stops]
        return steps

    def _members(self, stage: Stage) -> tuple[IntArray, AnyArray, Fraction]:
        members = np.arange(len(self.problem)) if stage.members is None else stage.members
        weights, factor = stage.whole_weights()
        if stage.policy.rule == "proportional":
            claims = stage.claims
            weights = claims if weights is None else products(claims, weights, int(claims.sum()))
        if weights is None:
            weights = np.ones(len(members), dtype=np.int64)
        can_rise = self.reach[members] > 0
        return members[can_rise], weights[can_rise], factor

    def _highest(self, rising: IntArray, weights: AnyArray) -> tuple[Level | None, list[int]]:
        """The highest common level that the pots allow, and the pots that stop it.

        Each level that is too high names pots that cannot bear it; the level that just these can bear is
        lower, so the search ends.
        """
        level: Level | None = None
        cut: list[int] = []
        while True:
            flow = self._flow(rising, weights, level)
            flow.fill()
            starved = flow.starved()
            if not starved:
                return level, cut
            cut = starved
            level = self._level_of(rising, weights, cut)

    def _flow(self, rising: IntArray, weights: AnyArray, level: Level | None) -> PartFlow:
        cents, parts = level or (0, 1)
        wanted, reach = self.awards, self.reach[rising]
        total = int(wanted.sum()) + int(reach.sum()) + len(wanted)
        if (
            max(total, int(self.limits.max(initial=0))) * parts >= SUM_LIMIT
            or int(weights.max()) * cents >= SUM_LIMIT
        ):
            # Unbounded integers do the work, slower.
            wanted, reach, weights = (one.astype(object) for one in (wanted, reach, weights))
        wanted = wanted * parts
        wanted[rising] = reach if level is None else np.minimum(reach * parts, weights * cents)
        return self.rows.flow(self.pots, wanted, parts)

    def _level_of(self, rising: IntArray, weights: AnyArray, cut: Sequence[int]) -> Level:
        elsewhere = self._elsewhere(cut)
        taken = int(np.maximum(self.awards - elsewhere, 0).sum())
        money = sum(self.pots[pot] for pot in cut) - taken
        needs = elsewhere[rising] < self.reach[rising]
        inside = rising[needs]
        return Beyond(self.reach[inside], elsewhere[inside], weights[needs]).level(money)

    def _elsewhere(self, cut: Sequence[int]) -> IntArray:
        """What all other pots may pay of each request; asked several times of the same pots."""
        key = tuple(cut)
        if key not in self._known:
            others = [pot for pot in range(len(self.pots)) if pot not in cut]
            self._known[key] = up_to(self.limits, others, self.problem.counted_cents)
        return self._known[key]

    def _stopped(self, rising: IntArray, weights: AnyArray, level: Level, cut: Sequence[int]) -> BoolArray:
        elsewhere, floors = self._elsewhere(cut)[rising], product_divided(weights, *level)[0]
        stopped: BoolArray = (elsewhere < self.reach[rising]) & (elsewhere <= floors)
        return stopped

    def _round(self, members: IntArray, weights: AnyArray, level: Level) -> None:
        """Whole cents first; the spare cents go to the largest remainders that the pots still allow."""
        floors, remainders = product_divided(weights, *level)
        is_open = self.reach[members] > floors
        cents = np.where(is_open, floors, self.reach[members])
        spare = int(remainders[is_open].sum()) // level[1]
        self.awards[members] = cents
        if spare:
            turns = Candidates(members, remainders * is_open, self.ranks[members]).in_turn()
            self._add_cents(members[turns], spare)

    def _add_cents(self, waiting: IntArray, spare: int) -> None:
        """Whoever is refused a cent takes out all who need the pots that are used up then."""
        flow = self.rows.flow(self.pots, self.awards, 1)
        flow.fill()
        while spare and len(waiting):
            count, flow = self._longest(flow, waiting[:spare])
            self.awards[waiting[:count]] += 1
            spare, waiting = spare - count, waiting[count:]
            if spare and len(waiting):
                refused = self.rows.with_cents(flow, waiting[:1], self.awards).starved()
                waiting = waiting[self.awards[waiting] < self._elsewhere(refused)[waiting]]

    def _longest(self, flow: PartFlow, turns: IntArray) -> tuple[int, PartFlow]:
        """How many of the turns in a row the pots allow; all are tried first, which mostly is right."""
        everybody = self.rows.with_cents(flow, turns, self.awards)
        if not everybody.missing.any():
            return len(turns), everybody
        low, high = 0, len(turns)
        while high - low > 1:
            middle = (low + high) // 2
            tried = self.rows.with_cents(flow, turns[low:middle], self.awards)
            if tried.missing.any():
                high = middle
            else:
                low, flow = middle, tried
        return low, flow

    def _close(self, cut: Sequence[int]) -> None:
        """What the pots hold is spoken for, so they pay nobody else."""
        closed = np.flatnonzero(self.awards <= self._elsewhere(cut))
        for pot in cut:
            self.limits[closed, pot] = 0
        self.reach = np.minimum(
            self.reach, up_to(self.limits, range(len(self.pots)), self.problem.counted_cents)
        )
        self.rows = Rows.of(self.limits, self.reach)
        self._known.clear()

    def _step(self, stage: Stage, members: IntArray, level: Level | None, factor: Fraction) -> Step:
        paid = int(self.awards[members].sum())
        return Step(
            tier=stage.tier,
            people=len(members),
            claims_cents=int(self.problem.counted_cents[members].sum()),
            estate_cents=paid,
            paid_cents=paid,
            level=None if level is None else Fraction(*level) * factor,
            outcome="full" if level is None else "shared",
            weightless=stage.weightless,
            members=members,
        )


def share_parts(problem: Problem, policy: Policy) -> Allocation:
    """This will share pots that may pay some requests in part, by one of POT_RULES without a useful minimum.

    Units: cents.
    """
    pots, usable = problem.pots_cents, problem.usable_cents
    if pots is None or usable is None:
        raise TypeError("There is no pot that pays parts.")
    sharing = _Sharing(problem, pots, usable)
    trace = tuple(step for stage in stages(problem, policy) for step in sharing.serve(stage))
    used = sharing.used()
    left = sum(pots) - sum(used)
    return Allocation(problem, policy, sealed(sharing.awards), left, 0, used, trace)


def drawn_parts(problem: Problem, awards: IntArray) -> PartFlow:
    """This will pay the awards from the pots, each pot as much as can be before the next."""
    pots, usable = problem.pots_cents, problem.usable_cents
    if pots is None or usable is None:
        raise TypeError("There is no pot that pays parts.")
    flow = PartFlow(pots, awards, usable)
    flow.fill(_turns(problem, usable))
    return flow


def _turns(problem: Problem, usable: IntArray) -> list[int]:
    """Pots that the draw order does not name follow it, those that fewest requests may use first."""
    reach, declared = np.count_nonzero(usable, axis=0).tolist(), problem.draw_order or ()
    rest = sorted(set(range(len(reach))) - set(declared), key=lambda pot: (reach[pot], pot))
    return [*declared, *rest]
