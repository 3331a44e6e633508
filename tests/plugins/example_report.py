"""The worked example of a fund that faces $10,000,000 with $500,000, as a report's inputs and body."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from fundmgr.domain.canonical import canonical_bytes
from fundmgr.domain.lifecycle import RequestState
from fundmgr.domain.means import Means, Pot
from fundmgr.domain.shortfall import Demand, DemandLayer, Position
from requests_app.queries.demand import CategoryNeed, Group
from requests_app.queries.rounds import Claim
from requests_app.services import report_body
from requests_app.services.report_body import FundFacts, Inputs, Money, Need, PolicyFacts

AS_OF = datetime(2023, 9, 18, 16, 0, tzinfo=UTC)
PEOPLE, ELIGIBLE = 1_700, 1_205


MEANS = Means(
    cash_cents=50_000_000,
    receivable_cents=0,
    conditional_cents=0,
    reserve_cents=1_000_000,
    expected_receipts_cents=0,
    verified_need_cents=411_106_900,
    pots=[Pot(UUID(int=2), "General", True, 50_000_000, 0, 0, 49_000_000)],
)


def layer(people: int, dollars: int) -> DemandLayer:
    """A layer in whole dollars."""
    return DemandLayer(people, dollars * 100)


def spread_out(count: int, total_cents: int, *, most_cents: int) -> list[int]:
    """Amounts of many sizes, none above the most, that sum to the total."""
    shares = [1 + (place * 7_919) % 97 for place in range(count)]
    amounts = [min(most_cents, total_cents * share // sum(shares)) for share in shares]
    place, missing = 0, total_cents - sum(amounts)
    while missing:
        step = min(missing, most_cents - amounts[place])
        amounts[place], missing, place = amounts[place] + step, missing - step, place + 1
    return amounts


def group(label: str, people: int, cents: int) -> Group:
    """A group in which everybody is eligible for half of what they ask."""
    return Group(label, people, cents, people, cents, cents // 2, cents // 4)


def claim(place: int, cents: int, *, pots: tuple[int, ...] = ()) -> Claim:
    """One who waits, of whom pots beside the general one may pay so much."""
    usable = (cents, *pots) if pots else ()
    return Claim(UUID(int=place), 1, RequestState.ELIGIBLE, cents, cents, usable, 2)


def example_inputs() -> Inputs:
    """What the report of the example is made of."""
    money = dict.fromkeys(Position.__dataclass_fields__, 0) | {
        "committed_cents": 50_000_000,
        "received_cents": 50_000_000,
        "reserve_cents": 1_000_000,
        "available_cents": 49_000_000,
    }
    verified = spread_out(ELIGIBLE, 411_106_900, most_cents=750_000)
    days = (
        ("2023-09-08", 884),
        ("2023-09-09", 357),
        ("2023-09-10", 187),
        ("2023-09-11", 153),
        ("2023-09-12", 119),
    )
    need = Need(
        layers=Demand(
            requested=layer(PEOPLE, 10_000_000),
            withdrawn=layer(31, 201_962),
            duplicates=layer(62, 410_248),
            ineligible=layer(147, 796_090),
            incomplete=layer(255, 1_615_006),
            eligible=layer(ELIGIBLE, 6_976_694),
            verified=layer(ELIGIBLE, 4_111_069),
            capped=layer(ELIGIBLE, 1_621_058),
        ),
        asks_cents=sorted(spread_out(PEOPLE, 1_000_000_000, most_cents=5_000_000)),
        categories=[
            CategoryNeed("RENT", 1_100, 460_000_000, 320_000_000, Decimal("189109174.4")),
            CategoryNeed("FOOD", 900, 540_000_000, 377_669_400, Decimal("221997725.6")),
        ],
        crafts=[
            group("Grip", 900, 600_000_000), group("Sound", 794, 390_000_000), group("Wigs", 6, 10_000_000),
        ],
        productions=[group("Badge 27", 900, 600_000_000), group("=SUM(A1)", 800, 400_000_000)],
        days=[group(day, people, people * 1_000) for day, people in days],
        state_ages={"ELIGIBLE": [1] * 600 + [4] * 605},
        overdue_count=7,
        households_eligible=ELIGIBLE,
        households_awarded=0,
        waiting=[claim(place, cents) for place, cents in enumerate(verified)],
    )  # fmt: skip
    return Inputs(
        as_of=AS_OF,
        policy_id=UUID(int=1),
        fund=FundFacts("Lanternlight Crew Fund", "lanternlight", "USD", "America/Los_Angeles"),
        policy=PolicyFacts(3, date(2023, 9, 7), 750_000, 150_000, 200, 14, "equal_awards"),
        money=Money(Position(**money), MEANS, [49_000_000], 0, 41),
        need=need,
    )


def empty_inputs() -> Inputs:
    """A fund on its first day: no money, no request."""
    full = example_inputs()
    nobody = layer(0, 0)
    need = Need(
        layers=Demand(*[nobody] * 8), asks_cents=[], categories=[], crafts=[], productions=[], days=[],
        state_ages={}, overdue_count=0, households_eligible=0, households_awarded=0, waiting=[],
    )  # fmt: skip
    none = Position(**dict.fromkeys(Position.__dataclass_fields__, 0))
    return replace(full, need=need, money=Money(none, Means(0, 0, 0, 0, 0, 0, []), [0], 0, 0))


def stored(inputs: Inputs) -> bytes:
    """The bytes that a report of these inputs keeps."""
    return canonical_bytes(report_body.compose(inputs))


def body_of(inputs: Inputs) -> dict:
    """The body as a reader gets it back."""
    return json.loads(stored(inputs))
