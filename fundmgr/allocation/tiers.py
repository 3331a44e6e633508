"""Money for each tier: what the tiers before leave over, or a fixed part of all of it.

With fixed parts no tier waits for another. What a tier does not need is offered to the others, the lower
numbers first, so that no money lies idle while somebody asks.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from fundmgr.allocation.errors import BadTier, RuleRefusesPots, TiersMissing
from fundmgr.allocation.policy import WHOLE_BP, Policy
from fundmgr.allocation.problem import Problem

Cents = int | Fraction


def check_tiers(problem: Problem, policy: Policy) -> None:
    """This will refuse by name tiers that do not fit. Errors: TiersMissing, BadTier, RuleRefusesPots."""
    if policy.tiers and problem.tiers is None:
        raise TiersMissing(f"The rule goes by tiers of {policy.tiers}, and the requests are in none.")
    if not policy.tier_shares_bp:
        return
    if problem.pots_cents is not None:
        raise RuleRefusesPots("Restricted pots are not shared by fixed parts for tiers.")
    count = len(policy.tier_shares_bp)
    found = [] if problem.tiers is None else problem.tiers.tolist()
    if found and not 1 <= min(found) <= max(found) <= count:
        raise BadTier(f"The policy has parts for the tiers 1 to {count}; a request is in another.")


def parts(estate_cents: Cents, claims_cents: Mapping[int, Cents], policy: Policy) -> dict[int, Cents]:
    """This will return the money of each tier under fixed parts, never more than the tier asks for.

    Shapes: `claims_cents` has what each tier asks for together.
    Units: cents; whole amounts are cut to cents, and the cents that are left are offered like the rest.
    """
    shares = dict(enumerate(policy.tier_shares_bp, start=1))
    money = {
        tier: min(claims, _part(estate_cents, shares.get(tier, 0)))
        for tier, claims in sorted(claims_cents.items())
    }
    spare = estate_cents - sum(money.values())
    for tier, cents in list(money.items()):
        more = min(spare, claims_cents[tier] - cents)
        money[tier] = cents + more
        spare -= more
    return money


def _part(cents: Cents, share_bp: int) -> Cents:
    return cents * share_bp // WHOLE_BP if isinstance(cents, int) else cents * share_bp / WHOLE_BP


class Purse:
    """The money that is left for whoever is served next."""

    def __init__(self, estate_cents: int, tiers: Iterable[tuple[int | None, int]], policy: Policy) -> None:
        """Begin with all of it; `tiers` are the groups to be served: their tier and what they ask for."""
        self._left: dict[int | None, int] = {None: estate_cents}
        self._stopped: set[int | None] = set()
        self._by_tier = bool(policy.tier_shares_bp)
        if self._by_tier:
            claims: dict[int, int] = {}
            for tier, cents in tiers:
                if tier is not None:
                    claims[tier] = claims.get(tier, 0) + cents
            self._left.update(
                (tier, int(cents)) for tier, cents in parts(estate_cents, claims, policy).items()
            )

    def open(self, tier: int | None) -> int:
        """This will return what there is for the next group of a tier, in cents."""
        key = tier if self._by_tier else None
        return 0 if key in self._stopped else self._left[key]

    def take(self, tier: int | None, cents: int, *, is_full: bool) -> None:
        """This will take out what a group gets or holds; after one that is not full nobody else is served."""
        key = tier if self._by_tier else None
        self._left[key] -= cents
        if not is_full:
            self._stopped.add(key)
