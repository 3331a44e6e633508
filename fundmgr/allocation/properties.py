"""What each rule promises, declared once, so that no text about a rule can say what it does not do."""

from dataclasses import dataclass
from enum import StrEnum

from fundmgr.allocation.policy import COMPARISON_RULES, ORDERED_RULES, POT_RULES, Policy


class Asking(StrEnum):
    """What a person gains who asks for more than they need."""

    UP_TO_LEVEL = "up_to_level"  # nothing, once the request is above the common amount
    MORE = "more"  # a larger award
    MORE_OR_NOTHING = "more_or_nothing"  # a larger award, or none because the request does not fit


@dataclass(frozen=True)
class RuleProperties:
    """The declared properties of a policy; tests hold the engine to them, to one cent of rounding.

    Shapes: `sentences` follow from the flags alone. `tiered` is one tier before the next; with fixed parts
    for tiers it is not, and `tier_shares_bp` are the parts.
    """

    rule: str
    name: str
    summary: str
    asking: Asking
    monotone_in_ask: bool
    splitting_pays: bool
    order_sensitive: bool
    by_lot: bool
    need_weighted: bool
    tiered: bool
    restricted: bool
    tier_shares_bp: tuple[int, ...]
    everybody_gets_a_part: bool
    more_money_never_hurts: bool
    composes: bool
    takes_pots: bool
    comparison_only: bool
    floor_cents: int
    holds_remainder: bool

    @property
    def sentences(self) -> tuple[str, ...]:
        """This will return the promises in plain words, for the public page and the board."""
        said = [*_how(self), _ASKING[self.asking], _order_sentence(self)]
        if self.need_weighted:
            said.append("More points never mean a smaller award.")
        if self.everybody_gets_a_part:
            said.append("Everybody who asks gets a part, rounded to whole cents.")
        if not self.restricted:
            said.append(_MONEY[self.more_money_never_hurts])
        return tuple(said)


_ASKING = {
    Asking.UP_TO_LEVEL: "Asking for more than the common amount does not get you more.",
    Asking.MORE: "Asking for more can get you more, so what is asked must be checked.",
    Asking.MORE_OR_NOTHING: "Asking for more can get you more, or nothing where it no longer fits.",
}
_MONEY = {
    True: "More money in the fund never lowers an award, except for a cent of rounding.",
    False: "More money in the fund can lower some awards, because it lets others in.",
}


def _how(properties: RuleProperties) -> list[str]:
    """The rule's own sentence is true of those among whom it shares, so they are named first."""
    said = []
    if properties.tier_shares_bp:
        parts = ", ".join(f"{share / 100:g} %" for share in properties.tier_shares_bp)
        said.append(f"Each tier has a fixed part of the money, the most urgent first: {parts}.")
        said.append("What one tier does not need goes to the others.")
    elif properties.tiered:
        said.append(
            "Need that counts in a more urgent tier is paid in full before any other tier gets anything."
        )
    if properties.restricted:
        said.append("Money that donors tied to something goes only to those whom it may pay.")
    if not properties.floor_cents:
        is_apart = properties.tiered or properties.tier_shares_bp
        return [*said, f"Inside a tier: {properties.summary}" if is_apart else properties.summary]
    said.append("In order, requests are sure of the useful minimum until the money no longer reaches.")
    said.append("The others get nothing.")
    if properties.holds_remainder:
        return [*said, "What is left is held back."]
    return [*said, f"What is left is shared among those who are sure of it: {properties.summary}"]


def _order_sentence(properties: RuleProperties) -> str:
    if properties.by_lot:
        return "Sending early does not help: the order is drawn by lot, and anybody can check the draw."
    if properties.order_sensitive:
        return "The place in the list matters: those who come first in it are served first."
    return "Sending early does not help."


@dataclass(frozen=True)
class _Facts:
    name: str
    summary: str
    by_points: str = ""
    by_pots: str = ""
    asking: Asking = Asking.MORE
    splitting_pays: bool = True
    everybody: bool = True
    weights: bool = True


_FACTS = {
    "equal_awards": _Facts(
        "Equal awards",
        "Everybody gets the same amount, and nobody more than the need that counts.",
        "Everybody gets the same amount for each point, and nobody more than the need that counts.",
        "As far as that allows, everybody gets the same amount, and nobody more than the need that counts.",
        asking=Asking.UP_TO_LEVEL,
    ),
    "proportional": _Facts(
        "Proportional",
        "Everybody gets the same share of the need that counts.",
        "Everybody gets the same share of the need that counts, times their points, and at most all of it.",
        "As far as that allows, everybody gets the same share of the need that counts.",
        splitting_pays=False,
    ),
    "equal_losses": _Facts(
        "Equal losses",
        "Every need that counts is cut by the same amount; one smaller than the cut gets nothing.",
        "The need that counts is cut by less the more points it has; one smaller than its cut gets nothing.",
        splitting_pays=False,
        everybody=False,
    ),
    "talmud": _Facts(
        "Talmud",
        "Up to half of each need that counts is shared in equal awards; past half of everything, "
        "all lose the same.",
    ),
    "queue": _Facts(
        "First come, first served",
        "Each need that counts is paid in full in the order of the list until the money is gone.",
        everybody=False,
        weights=False,
    ),
    "draw": _Facts(
        "Draw",
        "Each need that counts is paid in full in an order drawn by lot until the money is gone.",
        everybody=False,
        weights=False,
    ),
    "piniles": _Facts("Piniles", "Half of each request is shared in equal awards, then the other half."),
    "constrained_egalitarian": _Facts(
        "Constrained egalitarian",
        "Half of each request is shared in equal awards; then whoever has least catches up.",
    ),
    "adjusted_proportional": _Facts(
        "Adjusted proportional", "What nobody else asks for goes out first, the rest in proportion."
    ),
    "random_arrival": _Facts(
        "Random arrival",
        "The average over every order in which people could have come; above 20 requests, over a sample.",
        weights=False,
    ),
    "minimal_overlap": _Facts(
        "Minimal overlap", "Each part of the money is shared among those who ask for it.", weights=False
    ),
    "average_of_awards": _Facts(
        "Average of awards", "The average over every possible division.", weights=False
    ),
    "dominguez_thomson": _Facts(
        "Dominguez-Thomson",
        "Everybody gets an equal fraction of what they could get at most, again and again.",
        weights=False,
    ),
    "reverse_talmud": _Facts(
        "Reverse Talmud",
        "Half of each request is cut by equal losses first; the other halves are shared in equal awards.",
        everybody=False,
    ),
    "average_cea_cel": _Facts(
        "Average of equal awards and equal losses", "Half of what each of the two rules would give."
    ),
}
_COMPOSING = ("equal_awards", "proportional", "equal_losses")


def rule_properties(
    policy: Policy, *, weighted: bool = False, tiered: bool = False, restricted: bool = False
) -> RuleProperties:
    """This will return what the policy promises, for requests with or without points, tiers and pots.

    Shapes: points, tiers and restricted pots belong to the problem, so the caller says whether it has them.
    """
    facts, ordered = _FACTS[policy.rule], policy.rule in ORDERED_RULES
    floor, by_parts = policy.floor_cents > 0, bool(policy.tier_shares_bp)
    monotone = not floor and not (ordered and policy.last != "partial")
    holds = floor and policy.remainder == "hold"
    # Where the rest is held back nothing is left to skip for.
    lets_in = not holds and (floor or (ordered and policy.last == "skip"))
    by_weight = weighted and facts.weights
    tiered = (tiered or bool(policy.tiers)) and not by_parts
    takes_pots = policy.rule in POT_RULES and not (floor or by_parts)
    by_pots = restricted and takes_pots
    return RuleProperties(
        rule=policy.rule,
        name=facts.name,
        summary=_summary(facts, by_weight=by_weight, by_pots=by_pots),
        # Another need may open another pot, so under pots no amount ends what asking can get.
        asking=Asking.MORE_OR_NOTHING if not monotone else _asking(facts, by_pots=by_pots),
        monotone_in_ask=monotone,
        # Each half is sure of a useful minimum of its own.
        splitting_pays=facts.splitting_pays or floor,
        order_sensitive=ordered or floor,
        by_lot=policy.rule == "draw",
        need_weighted=by_weight,
        tiered=tiered,
        tier_shares_bp=policy.tier_shares_bp,
        restricted=by_pots,
        everybody_gets_a_part=facts.everybody and not (floor or tiered or by_parts or by_weight or by_pots),
        more_money_never_hurts=not lets_in,
        composes=_composes(policy.rule, by_weight=by_weight) and not floor and not by_parts,
        takes_pots=takes_pots,
        comparison_only=policy.rule in COMPARISON_RULES,
        floor_cents=policy.floor_cents,
        holds_remainder=holds,
    )


def _composes(rule: str, *, by_weight: bool) -> bool:
    return rule in _COMPOSING and not (by_weight and rule == "proportional")


def _summary(facts: _Facts, *, by_weight: bool, by_pots: bool) -> str:
    if by_weight:
        return facts.by_points or facts.summary
    return facts.by_pots if by_pots else facts.summary


def _asking(facts: _Facts, *, by_pots: bool) -> Asking:
    return Asking.MORE if by_pots else facts.asking
