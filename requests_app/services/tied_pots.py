"""What each rule does with money that donors tied to something, and what that would be worth if it were free.

NumPy comes in with this module, so use cases import it where they need it and not at the web's start.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fundmgr.allocation import Allocation, added, freed
from requests_app.queries.pots import PotMoney


@dataclass(frozen=True)
class TiedPot:
    """One pot under one rule. Units: cents.

    Shapes: what is freed is all that the rule leaves unused, or a dollar of a pot that is used up; then
    `freed_pays_cents` more would be paid in all, `freed_people_count` requests would get more, and one freed
    dollar alone would pay `freed_dollar_pays_cents`.
    """

    restriction_id: UUID
    name: str
    available_cents: int
    used_cents: int
    freed_cents: int
    freed_pays_cents: int
    freed_people_count: int
    freed_dollar_pays_cents: int

    @property
    def unused_cents(self) -> int:
        """This will return what the rule leaves."""
        return self.available_cents - self.used_cents


def tied_pots(
    allocation: Allocation, pots: Sequence[PotMoney], used_cents: Sequence[int]
) -> tuple[TiedPot, ...]:
    """This will look at each pot but the general one, which is free.

    Shapes: `pots` and `used_cents` have the general one first; one row a tied pot, in the same order.
    """
    return tuple(
        _tied(allocation, place, pot, used)
        for place, (pot, used) in enumerate(zip(pots, used_cents, strict=True))
        if place
    )


def _tied(allocation: Allocation, place: int, pot: PotMoney, used_cents: int) -> TiedPot:
    """A rule without a form over pots shares the general money alone; there freed money is more of it."""
    over_pots = allocation.problem.pots_cents is not None
    found = freed(allocation, place) if over_pots else added(allocation, pot.cents)
    return TiedPot(
        restriction_id=pot.restriction_id,
        name=pot.name,
        available_cents=pot.cents,
        used_cents=used_cents,
        freed_cents=found.cents,
        freed_pays_cents=found.gained_cents,
        freed_people_count=found.people,
        freed_dollar_pays_cents=found.dollar_gains_cents,
    )
