"""What the bank charged."""

from django.db import models
from django.db.models import Q

from fundmgr.models.base import FundRow
from fundmgr.models.fund import Restriction
from fundmgr.models.people import User


class BankFee(FundRow):
    """One charge of the bank; the treasurer who releases payments enters it from the bank's statement."""

    append_only = True

    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()
    bank_reference = models.CharField(max_length=80)
    charged_on = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["fund", "-id"], name="bank_fee_by_fund")]
        constraints = [
            models.CheckConstraint(name="bank_fee_amount", condition=Q(amount_cents__gt=0)),
            models.UniqueConstraint(fields=["fund", "bank_reference"], name="bank_fee_bank_reference"),
        ]

    def __str__(self) -> str:
        return self.bank_reference
