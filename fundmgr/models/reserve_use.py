"""Money of the reserve put to use by two people."""

from django.db import models

from fundmgr.domain.lifecycle import ProposalState
from fundmgr.domain.reserve import ReserveGround
from fundmgr.models.base import FundRow, word_check, word_field
from fundmgr.models.fund import Restriction


class ReserveUse(FundRow):
    """Money of the reserve that may be awarded from now on: proposed for a reason, decided by another."""

    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="reserve_uses")
    amount_cents = models.BigIntegerField()
    ground = word_field(ReserveGround)
    reason = models.CharField(max_length=300)
    state = word_field(ProposalState)
    proposed_by = models.ForeignKey("fundmgr.User", on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey("fundmgr.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            word_check("reserve_use_ground", "ground", ReserveGround),
            word_check("reserve_use_state", "state", ProposalState),
            models.CheckConstraint(name="reserve_use_amount", condition=models.Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="reserve_use_four_eyes", condition=~models.Q(proposed_by=models.F("decided_by"))
            ),
            models.CheckConstraint(
                name="reserve_use_decided",
                condition=models.Q(state=ProposalState.PROPOSED.value, decided_at__isnull=True)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["restriction", "-id"], name="reserve_use_by_restriction")]

    def __str__(self) -> str:
        return f"{self.restriction_id}: {self.amount_cents}"
