"""Payouts and the batches that release them with four eyes."""

from django.db import models
from django.db.models import F, Q

from fundmgr.domain.lifecycle import BatchState, PayoutState
from fundmgr.models import User
from fundmgr.models.base import FundRow, word_check, word_field
from fundmgr.models.encrypted import EncryptedTextField
from requests_app.models.award import Award, PayeeAccount


class Batch(FundRow):
    """Payouts that leave together in one list, written once."""

    number = models.IntegerField()
    state = word_field(BatchState)
    payouts_count = models.IntegerField(default=0)
    total_cents = models.BigIntegerField(default=0)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    payment_list = EncryptedTextField(null=True)
    payment_list_sha256 = models.CharField(max_length=64, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            word_check("batch_state", "state", BatchState),
            models.UniqueConstraint(fields=["fund", "number"], name="batch_number"),
            models.CheckConstraint(
                name="batch_four_eyes",
                condition=Q(released_by__isnull=True) | ~Q(prepared_by=F("released_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.number}"


class Payout(FundRow):
    """One attempt to pay one award."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="payouts")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="payouts")
    payee = models.ForeignKey(PayeeAccount, on_delete=models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()
    attempt = models.SmallIntegerField(default=1)
    state = word_field(PayoutState)
    return_code = models.CharField(max_length=8, blank=True)
    released_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            word_check("payout_state", "state", PayoutState),
            models.CheckConstraint(name="payout_amount", condition=Q(amount_cents__gt=0)),
            models.UniqueConstraint(fields=["award", "attempt"], name="payout_attempt"),
            models.UniqueConstraint(
                fields=["award"],
                condition=Q(
                    state__in=[
                        PayoutState.BATCHED.value,
                        PayoutState.RELEASED.value,
                        PayoutState.SETTLED.value,
                    ]
                ),
                name="one_live_payout",
            ),
        ]
        indexes = [models.Index(fields=["fund", "-id"], name="payout_by_fund")]

    def __str__(self) -> str:
        return f"{self.award} attempt {self.attempt}"
