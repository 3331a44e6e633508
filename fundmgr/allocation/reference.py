"""The whole allocation in exact fractions: what the engine is held to, and the arithmetic to show."""

from collections.abc import Sequence
from fractions import Fraction

from fundmgr.allocation.arrays import AnyArray
from fundmgr.allocation.exact_parts import exact_parts
from fundmgr.allocation.exact_pots import exact_pots
from fundmgr.allocation.exact_rules import EXACT
from fundmgr.allocation.policy import ORDERED_RULES, Policy
from fundmgr.allocation.problem import Problem
from fundmgr.allocation.stages import check_fit
from fundmgr.allocation.tiers import parts


def exact(problem: Problem, policy: Policy) -> list[Fraction]:
    """This will share the estate by the policy without any rounding.

    Shapes: one award a claim. Meant for small numbers of claims.
    Units: cents and fractions of them; claims, caps and estate may be fractions.
    Errors: those of allocate(), but for whole cents.
    """
    check_fit(problem, policy)
    if problem.usable_cents is not None:
        return exact_parts(problem, policy)
    if problem.pots_cents is not None:
        return exact_pots(problem, policy)
    return _Reference(problem, policy).awards()


class _Reference:
    """One problem, written out as plain lists."""

    def __init__(self, problem: Problem, policy: Policy) -> None:
        self.policy = policy
        self.claims = [Fraction(claim) for claim in problem.counted_cents.tolist()]
        count = len(self.claims)
        self.weights = [Fraction(weight) for weight in _listed(problem.weights, [1] * count)]
        self.tiers = _listed(problem.tiers, [0] * count)
        self.order = _listed(problem.order, list(range(count)))
        self.estate = problem.estate_cents

    def awards(self) -> list[Fraction]:
        """This will serve the groups in turn until the money does not cover one."""
        given = [Fraction(0)] * len(self.claims)
        money = self._money()
        for members in self._groups():
            purse = self._purse(members)
            total = sum((self.claims[place] for place in members), Fraction(0))
            covered = money[purse] >= total
            if covered:
                shared = {place: self.claims[place] for place in members}
            else:
                shared = self._shared(members, money[purse])
            for place, award in shared.items():
                given[place] = award
            # After a group that is not covered nobody else is served out of this money.
            money[purse] = money[purse] - total if covered else Fraction(0)
        return given

    def _money(self) -> dict[int, Fraction]:
        if not self.policy.tier_shares_bp:
            return {0: Fraction(self.estate)}
        claims: dict[int, Fraction] = {}
        for members in self._groups():
            total = sum((self.claims[place] for place in members), Fraction(0))
            claims[self._purse(members)] = claims.get(self._purse(members), Fraction(0)) + total
        return {tier: Fraction(cents) for tier, cents in parts(self.estate, claims, self.policy).items()}

    def _purse(self, members: list[int]) -> int:
        return self.tiers[members[0]] if self.policy.tier_shares_bp else 0

    def _groups(self) -> list[list[int]]:
        walks = self.policy.rule in ORDERED_RULES or self.policy.floor_cents
        places = sorted(self.order) if walks else list(range(len(self.claims)))
        weightless = [self.policy.rule not in ORDERED_RULES and not weight for weight in self.weights]
        keys = sorted({(self.tiers[place], weightless[place]) for place in places})
        return [[place for place in places if (self.tiers[place], weightless[place]) == key] for key in keys]

    def _shared(self, members: list[int], money: Fraction) -> dict[int, Fraction]:
        if not self.policy.floor_cents:
            return self._by_rule({place: self.claims[place] for place in members}, money)
        floors: dict[int, Fraction] = {}
        for place in (place for place in self.order if place in members):
            floor = min(self.claims[place], Fraction(self.policy.floor_cents))
            if sum(floors.values(), floor) > money:
                break
            floors[place] = floor
        if self.policy.remainder == "hold":
            return floors
        rest = money - sum(floors.values(), Fraction(0))
        wanted = {place: self.claims[place] - floor for place, floor in sorted(floors.items())}
        above = wanted if rest >= sum(wanted.values()) else self._by_rule(wanted, rest)
        return {place: floors[place] + above[place] for place in floors}

    def _by_rule(self, wanted: dict[int, Fraction], money: Fraction) -> dict[int, Fraction]:
        if self.policy.rule in ORDERED_RULES:
            return self._in_order(wanted, money)
        if not money:
            return dict.fromkeys(wanted, Fraction(0))
        weights = [self.weights[place] or Fraction(1) for place in wanted]
        return dict(zip(wanted, EXACT[self.policy.rule](list(wanted.values()), money, weights), strict=True))

    def _in_order(self, wanted: dict[int, Fraction], money: Fraction) -> dict[int, Fraction]:
        given = dict.fromkeys(wanted, Fraction(0))
        for place in (place for place in self.order if place in wanted):
            fits = wanted[place] <= money
            if not fits and self.policy.last == "stop":
                break
            if fits or self.policy.last == "partial":
                given[place] = min(wanted[place], money)
                money -= given[place]
        return given


def _listed(values: AnyArray | None, default: Sequence[int]) -> list[int]:
    return list(default) if values is None else list(values.tolist())
