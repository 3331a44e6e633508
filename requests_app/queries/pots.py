"""The pots that a round can share: each restriction's money with the rule that says whom it may pay.

Money that is tied by words alone is no pot: no program can tell whom it may pay, so a person gives it a rule
that can be checked, or sees to its release.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from fundmgr.domain.restrictions import Rule
from fundmgr.models import Fund, Restriction
from fundmgr.queries import books


@dataclass(frozen=True)
class PotMoney:
    """What one restriction has to share now. Units: cents."""

    restriction_id: UUID
    name: str
    cents: int
    rule: Rule
    is_general: bool


@dataclass(frozen=True)
class Estate:
    """What a round can share. Units: cents.

    Shapes: `pots` are those with a rule that can be checked and money in them, the general one always first;
    `unruled_cents` is tied by words alone or past its last day, so no rule shares it.
    """

    pots: tuple[PotMoney, ...]
    unruled_cents: int

    @property
    def general_id(self) -> UUID:
        """The restriction that means none."""
        return self.pots[0].restriction_id

    @property
    def to_share_cents(self) -> int:
        """What may go to anybody."""
        return self.pots[0].cents

    @property
    def restricted_cents(self) -> int:
        """What donors tied to something narrower, shared by a rule or not."""
        return sum(pot.cents for pot in self.pots[1:]) + self.unruled_cents


def estate(fund_id: UUID, *, now: datetime) -> Estate:
    """This will return what a round can share now, in cents; narrow pots stand by name."""
    zone = Fund.objects.values_list("time_zone", flat=True).get(id=fund_id)
    today = now.astimezone(ZoneInfo(zone)).date()
    available = books.available_by_restriction(fund_id)
    rows = Restriction.objects.filter(fund_id=fund_id).order_by("-is_general", "name")
    pots, unruled_cents = [], 0
    for row in rows:
        rule, cents = Rule.from_json(row.rule), available.get(row.id, 0)
        is_over = row.expires_on is not None and row.expires_on < today
        if row.is_general or (cents and rule.binds and not is_over):
            pots.append(PotMoney(row.id, row.name, cents, rule, row.is_general))
        else:
            unruled_cents += cents
    return Estate(tuple(pots), unruled_cents)
