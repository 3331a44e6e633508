"""What the rule that everybody is told would do now: the ground of the range that workers read."""

from django.db import models

from fundmgr.models.base import FundRow


class OddsRun(FundRow):
    """The newest dry run of a fund's rule over those who wait; one row a fund, written anew each time.

    `groups` has a list for each tier: tier, people, paid, low and high in cents. `gifts` has one for each
    gift that was tried beside the money there is: its cents, who gets more, who gets something for the first
    time, and the middle of what they get more, in cents.
    """

    rule = models.JSONField()
    people_count = models.IntegerField()
    paid_count = models.IntegerField()
    low_cents = models.BigIntegerField()
    high_cents = models.BigIntegerField()
    groups = models.JSONField(default=list)
    gifts = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fund"], name="odds_run_of_fund")]

    def __str__(self) -> str:
        return f"{self.people_count} people, {self.low_cents} to {self.high_cents}"
