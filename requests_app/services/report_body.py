"""A report's body: every figure worked out from what was read in one moment, as plain values.

Nothing here reads a database or a clock, so the same inputs give the same bytes. Amounts are whole cents,
shares are basis points; no float anywhere. NumPy comes in with the sharing rules, so this is
imported where it is used.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fundmgr.domain import shortfall, shortfall_asks
from fundmgr.domain.means import Means
from fundmgr.domain.shortfall import Demand, Position
from requests_app.queries.demand import CategoryNeed, Group
from requests_app.queries.rounds import Claim
from requests_app.services import round_frozen, tried_rules
from requests_app.services.tried_rules import Tried, Way

VERSION = 3
# Fewer people than this could be known by their craft or their show.
LEAST_GROUP = 10
SMALL_GROUPS = "Groups under 10 people"
MEANS = (
    "raised_cents",
    "cash_cents",
    "receivable_cents",
    "conditional_cents",
    "unrestricted_available_cents",
    "stranded_cents",
    "usable_cents",
    "expected_cents",
)


@dataclass(frozen=True)
class FundFacts:
    """What the report says about the fund itself."""

    name: str
    slug: str
    currency: str
    time_zone: str


@dataclass(frozen=True)
class PolicyFacts:
    """The policy version that the figures stand on. Units: cents, basis points, days."""

    number: int
    adopted_on: date
    need_ceiling_cents: int
    award_cap_cents: int
    reserve_bp: int
    decision_days: int
    rule: str


@dataclass(frozen=True)
class Money:
    """Where the money stands. Units: cents; `restricted_cents` is available for a narrower purpose.

    Shapes: `pots_cents` is what a round could share, the general money first, then what is tied by a rule.
    """

    position: Position
    means: Means
    pots_cents: Sequence[int]
    restricted_cents: int
    ledger_sequence: int


@dataclass(frozen=True)
class Need:
    """All that was read of the demand in the same moment as the money.

    Shapes: `waiting` are those without an award in the order of asking, each counted up to the most that any
    way to share counts, with what each pot may pay.
    """

    layers: Demand
    asks_cents: Sequence[int]
    categories: Sequence[CategoryNeed]
    crafts: Sequence[Group]
    productions: Sequence[Group]
    days: Sequence[Group]
    state_ages: dict[str, list[int]]
    overdue_count: int
    households_eligible: int
    households_awarded: int
    waiting: Sequence[Claim]


@dataclass(frozen=True)
class Inputs:
    """Everything that a report is made of."""

    as_of: datetime
    policy_id: UUID
    fund: FundFacts
    policy: PolicyFacts
    money: Money
    need: Need


def compose(inputs: Inputs) -> dict[str, Any]:
    """This will work out the whole body.

    Shapes: plain values only, ready for canonical JSON.
    Units: cents, basis points, days.
    """
    need = inputs.need
    found = shortfall.figures(
        inputs.money.position,
        need.layers,
        households_eligible=need.households_eligible,
        households_awarded=need.households_awarded,
        state_ages=need.state_ages,
        stranded_cents=inputs.money.means.stranded_cents,
        expected_receipts_cents=inputs.money.means.expected_receipts_cents,
    )
    return {
        "version": VERSION,
        "kind": "shortfall",
        "as_of": inputs.as_of,
        "ledger_sequence": inputs.money.ledger_sequence,
        "fund": asdict(inputs.fund),
        "policy": asdict(inputs.policy),
        "position": asdict(inputs.money.position),
        "restricted_cents": inputs.money.restricted_cents,
        "means": _means(inputs.money.means),
        "books_differ_by_cents": inputs.money.position.books_differ_by_cents,
        "figures": [asdict(line) for line in found.lines],
        "headline": asdict(shortfall.headline(found)),
        "asks": _asks(need.asks_cents),
        "categories": _categories(need.categories, verified_cents=need.layers.verified.amount_cents),
        "crafts": _folded(need.crafts),
        "productions": _folded(need.productions),
        "days": [asdict(day) for day in need.days],
        "overdue_count": need.overdue_count,
        "sharing": _sharing(inputs),
    }


def _means(means: Means) -> dict[str, Any]:
    """Write the seven figures that a director must see together, and the money of each restriction."""
    named = {name: getattr(means, name) for name in MEANS}
    return {
        **named,
        "usable_bp": means.usable_bp,
        "pots": [
            {**asdict(pot), "stranded_cents": pot.stranded_cents, "usable_cents": pot.usable_cents}
            for pot in means.pots
        ],
    }


def _asks(asks_cents: Sequence[int]) -> dict[str, Any]:
    large_people_bp, large_amount_bp = shortfall_asks.large_asks(asks_cents)
    return {
        **asdict(shortfall_asks.spread(asks_cents)),
        "large_from_cents": shortfall_asks.LARGE_ASK_CENTS,
        "large_people_bp": large_people_bp,
        "large_amount_bp": large_amount_bp,
        "bins": [asdict(one) for one in shortfall_asks.ask_histogram(asks_cents)],
    }


def _categories(rows: Sequence[CategoryNeed], *, verified_cents: int) -> list[dict[str, Any]]:
    """Write whole cents that sum to the verified need: floors first, then the largest remainders."""
    floors = [int(row.verified_cents) for row in rows]
    order = sorted(
        range(len(rows)), key=lambda place: (floors[place] - rows[place].verified_cents, rows[place].category)
    )
    for place in order[: max(0, verified_cents - sum(floors))]:
        floors[place] += 1
    named = zip(rows, floors, strict=True)
    found = [{**asdict(row), "verified_cents": cents} for row, cents in named]
    return sorted(found, key=lambda row: (-row["verified_cents"], -row["asked_cents"], row["category"]))


def _folded(groups: Iterable[Group]) -> list[dict[str, Any]]:
    """Put groups too small to name into one; when that is small itself, the next smallest joins it."""
    ranked = sorted(groups, key=lambda group: (-group.people_count, group.label))
    shown = [group for group in ranked if group.people_count >= LEAST_GROUP]
    small = [group for group in ranked if group.people_count < LEAST_GROUP]
    if small and shown and sum(group.people_count for group in small) < LEAST_GROUP:
        small.append(shown.pop())
    rows = [asdict(group) for group in shown]
    return [*rows, asdict(_together(small))] if small else rows


def _together(groups: Sequence[Group]) -> Group:
    return Group(
        label=SMALL_GROUPS,
        people_count=sum(group.people_count for group in groups),
        asked_cents=sum(group.asked_cents for group in groups),
        eligible_count=sum(group.eligible_count for group in groups),
        eligible_cents=sum(group.eligible_cents for group in groups),
        verified_cents=sum(group.verified_cents for group in groups),
        capped_cents=sum(group.capped_cents for group in groups),
    )


def _sharing(inputs: Inputs) -> dict[str, Any]:
    """Share the money at hand among those who wait, once by each rule."""
    waiting, policy, pots = inputs.need.waiting, inputs.policy, inputs.money.pots_cents
    usual = {"queue": "first_come_capped", "proportional": "pro_rata", "equal_awards": "equal_awards"}
    return {
        "people_count": len(waiting),
        "to_share_cents": pots[0],
        "tied_cents": sum(pots[1:]),
        "verified_cents": sum(claim.verified_cents for claim in waiting),
        "capped_cents": sum(min(claim.capped_cents, policy.award_cap_cents) for claim in waiting),
        "usual": usual.get(policy.rule, ""),
        "scenarios": [_scenario(way, inputs) for way in usual_ways(policy)],
    }


def usual_ways(policy: PolicyFacts) -> tuple[Way, ...]:
    """This will return the ways to share that a report compares."""
    return tried_rules.usual_ways(
        need_ceiling_cents=policy.need_ceiling_cents, award_cap_cents=policy.award_cap_cents
    )


def _scenario(way: Way, inputs: Inputs) -> dict[str, Any]:
    """What the workbench shows of the same way, so that both are the same to the cent."""
    waiting = inputs.need.waiting
    tried = Tried(way.rule, way.need_up_to_cents)
    row = round_frozen.share_columns(
        tried.columns(waiting), inputs.money.pots_cents, tried.rule, drawn=tried.drawn(len(waiting))
    ).row
    return {
        "key": way.key,
        "need_up_to_cents": way.need_up_to_cents,
        "level_cents": row.level_cents,
        "leftover_cents": row.leftover_cents,
        "general_left_cents": row.general_left_cents,
        "tied_left_cents": row.tied_left_cents,
        **{name: value for name, value in asdict(row.spread).items() if name != "lorenz_bp"},
    }
