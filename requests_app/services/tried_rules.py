"""A rule as it is tried out on the workbench: its document, and up to what each need counts.

A round counts each need up to the policy's cap. A trial may count it up to another amount, to show what first
come with the whole need would do, or the same grant for everybody who is drawn; such a trial is not proposed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from requests_app.queries.rounds import Claim
from requests_app.services.round_frozen import Column

NEED = "need_up_to_cents"
FLAT_GRANT_CENTS = 100_000
# Anybody can work the order of a trial out: the seed is here, and the entries are the places 1, 2, 3, ...
EXAMPLE_SEED = "an example of a draw, not a draw"


@dataclass(frozen=True)
class Tried:
    """One rule to try. Units: cents; each need counts up to `need_up_to_cents`."""

    rule: Mapping[str, Any]
    need_up_to_cents: int

    @property
    def is_draw(self) -> bool:
        """Whether the order is drawn, so that a trial shows an example of one."""
        return self.rule.get("rule") == "draw"

    def columns(self, waiting: Sequence[Claim]) -> list[Column]:
        """This will return what counts of each claim: capped, verified, what each pot may pay, tier.

        Shapes: the claims were read with a cap of at least `need_up_to_cents`.
        """
        most = self.need_up_to_cents
        return [
            Column(
                min(claim.capped_cents, most),
                claim.verified_cents,
                tuple(min(cents, most) for cents in claim.usable_cents),
                claim.tier,
            )
            for claim in waiting
        ]

    def drawn(self, people_count: int) -> list[int] | None:
        """This will return an example of a drawn order, the same for as many people; None for no draw."""
        return example_order(people_count) if self.is_draw else None


@dataclass(frozen=True)
class Way:
    """One of the five usual ways to share, which a report shows and a link on the workbench loads."""

    key: str
    rule: Mapping[str, Any]
    need_up_to_cents: int


def read(document: Mapping[str, Any], *, cap_cents: int) -> Tried:
    """This will split a tried rule into what a round would carry and what counts; `cap_cents` unless said."""
    rule = {name: value for name, value in document.items() if name != NEED}
    return Tried(rule, int(document.get(NEED, cap_cents)))


def example_order(people_count: int) -> list[int]:
    """This will return the positions 0, 1, ... in the order of the example."""
    from fundmgr.allocation import draw  # noqa: PLC0415  # NumPy: not at the web's start

    entries = [str(place) for place in range(1, people_count + 1)]
    return draw.order(EXAMPLE_SEED, entries, [1] * people_count)


def usual_ways(*, need_ceiling_cents: int, award_cap_cents: int) -> tuple[Way, ...]:
    """This will return the ways that every board asks for: by the hour, by lot, by need, alike."""
    first_come = {"version": 1, "rule": "queue", "last": "stop"}
    return (
        Way("first_come_verified", first_come, need_ceiling_cents),
        Way("first_come_capped", first_come, award_cap_cents),
        Way(
            "flat_by_draw",
            {"version": 1, "rule": "draw", "last": "stop"},
            min(FLAT_GRANT_CENTS, award_cap_cents),
        ),
        Way("pro_rata", {"version": 1, "rule": "proportional"}, need_ceiling_cents),
        Way("equal_awards", {"version": 1, "rule": "equal_awards"}, award_cap_cents),
    )
