"""Rules side by side on the demo's own people, worked out without a database."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fundmgr.domain import populations
from fundmgr.domain.lifecycle import RequestState
from fundmgr.domain.restrictions import Rule
from requests_app.demo import asks, numbers, words
from requests_app.queries.pots import PotMoney
from requests_app.queries.rounds import Claim
from requests_app.services import tried_rules, workbench, workbench_digests
from requests_app.services.workbench import Comparison, Ground

AS_OF = datetime(2023, 9, 18, 16, 0, tzinfo=UTC)
CAP_CENTS, CEILING_CENTS, ESTATE_CENTS = 150_000, 750_000, 49_000_000


def demo_needs() -> list[int]:
    """The verified need of each eligible person of the demo, first asked first. Units: cents."""
    people = numbers.figures(asks.SEED, category_weights=words.CATEGORY_WEIGHTS)
    return [person.verified_cents for person in people if person.outcome == "ELIGIBLE"]


def usual_documents() -> list[dict[str, Any]]:
    """The five ways of the report, as the workbench and the API take them."""
    ways = tried_rules.usual_ways(need_ceiling_cents=CEILING_CENTS, award_cap_cents=CAP_CENTS)
    return [{**way.rule, "need_up_to_cents": way.need_up_to_cents} for way in ways]


def compare(
    needs: Sequence[int],
    documents: Sequence[Mapping[str, Any]],
    *,
    estate_cents: int = ESTATE_CENTS,
    chosen: int | None = None,
    pots: Sequence[int] = (),
    urgent: int = 0,
) -> Comparison:
    """Compare rules on people of these needs, in the order of asking.

    With `pots`, the general one first, each of the others may pay a third of each need; the first few may be
    urgent.
    """
    cents_of = list(pots) or [estate_cents]
    found_pots = [
        PotMoney(UUID(int=1 + place), f"Pot {place}" if place else "General", cents, Rule(), not place)
        for place, cents in enumerate(cents_of)
    ]
    waiting = [
        Claim(
            UUID(int=place),
            1,
            RequestState.ELIGIBLE,
            cents,
            min(cents, CEILING_CENTS),
            (min(cents, CEILING_CENTS), *(cents // 3 for _ in pots[1:])) if len(pots) > 1 else (),
            1 if place < urgent else 2,
        )
        for place, cents in enumerate(needs)
    ]
    tried = [tried_rules.read(document, cap_cents=CAP_CENTS) for document in documents]
    found = [workbench._share(one, one.columns(waiting), found_pots) for one in tried]
    sharings = [sharing for _, sharing in found]
    snapshot = workbench_digests.of_snapshot(found_pots, waiting)
    people = len(waiting)
    return Comparison(
        ground=Ground(
            AS_OF, tuple(found_pots), people, sum(needs), CAP_CENTS, 3, 41, populations.EVERYBODY, people
        ),
        rules=tuple(one for one, _ in found),
        changes=None,
        shifts=() if chosen is None else tuple(workbench._shift(sharings[chosen], one) for one in sharings),
        snapshot_digest=snapshot,
        digest=workbench_digests.of_comparison(snapshot, tried, sharings),
    )
