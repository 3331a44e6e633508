"""Money of the reserve put to use by two people."""

from django.db import models

from fundmgr.domain.reserve import ReserveGround
from fundmgr.models.base import Signed, signed_checks, word_check, word_field
from fundmgr.models.fund import Restriction


class ReserveUse(Signed):
    """Money of the reserve that may be awarded from now on: proposed for a reason, decided by another."""

    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="reserve_uses")
    amount_cents = models.BigIntegerField()
    ground = word_field(ReserveGround)

    class Meta:
        constraints = [
            word_check("reserve_use_ground", "ground", ReserveGround),
            *signed_checks("reserve_use"),
            models.CheckConstraint(name="reserve_use_amount", condition=models.Q(amount_cents__gt=0)),
        ]
        indexes = [models.Index(fields=["restriction", "-id"], name="reserve_use_by_restriction")]

    def __str__(self) -> str:
        return f"{self.restriction_id}: {self.amount_cents}"
