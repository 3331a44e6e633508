"""What is looked at anew whenever a person is to approve a round: do the stored awards hold?"""

from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce, Least

from requests_app.models import AllocationRound


@dataclass(frozen=True)
class RoundChecks:
    """The stored rows of a round, counted. Units: cents.

    Shapes: `over_need_count` are awards above what counts of the need by the round's policy now, and
    `pots_over_count` pots that give more than was frozen in them. Rounds of old have no pots. `unpaid_count`
    leaves out who withdrew before the proposal.
    """

    awards_count: int
    unpaid_count: int
    awards_cents: int
    over_need_count: int
    pots_count: int
    pots_cents: int
    pots_over_count: int

    def fit(self, row: AllocationRound) -> bool:
        """This will say whether the awards add up to the round's total, and stay within each pot."""
        is_paid_by_pots = not self.pots_count or self.pots_cents == self.awards_cents
        return (
            self.awards_cents == row.awarded_cents <= row.estate_cents
            and is_paid_by_pots
            and not self.pots_over_count
        )


def of_round(row: AllocationRound) -> RoundChecks:
    """This will count a round's stored awards and pots anew."""
    counts = Least(Coalesce("request__verified_cents", 0), "capped_cents", row.policy.award_cap_cents)
    members = row.members.aggregate(
        awards_count=Count("id", filter=Q(award_cents__gt=0)),
        unpaid_count=Count("id", filter=Q(award_cents=0, is_withdrawn=False)),
        awards_cents=Coalesce(Sum("award_cents"), 0),
        over_need_count=Count("id", filter=Q(award_cents__gt=counts)),
    )
    pots = row.pots.aggregate(
        pots_count=Count("id"),
        pots_cents=Coalesce(Sum("used_cents"), 0),
        pots_over_count=Count("id", filter=Q(used_cents__gt=F("available_cents"))),
    )
    return RoundChecks(**{name: int(value) for name, value in {**members, **pots}.items()})
