"""Money promised and money in: donors, their commitments, the receipts that the bank confirmed."""

from django.db import models
from django.db.models import F, Q

from fundmgr.domain.lifecycle import CommitmentState, ReceiptState
from fundmgr.models.base import FundRow, word_check, word_field
from fundmgr.models.encrypted import EncryptedTextField
from fundmgr.models.fund import Restriction
from fundmgr.models.people import User


class Donor(FundRow):
    """A person or an organisation that gives."""

    name = models.CharField(max_length=160)
    is_organisation = models.BooleanField(default=False)
    is_anonymous = models.BooleanField(default=False)
    contact = EncryptedTextField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["fund", "-id"], name="donor_by_fund")]

    def __str__(self) -> str:
        return self.name


class Commitment(FundRow):
    """A donor's promise: unconditional, or with a barrier and a right of return."""

    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="commitments")
    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()
    received_cents = models.BigIntegerField(default=0)
    is_conditional = models.BooleanField(default=False)
    condition = models.TextField(blank=True)
    pledged_on = models.DateField()
    due_on = models.DateField(null=True)
    state = word_field(CommitmentState)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["fund", "-id"], name="commitment_by_fund")]
        constraints = [
            word_check("commitment_state", "state", CommitmentState),
            models.CheckConstraint(name="commitment_amount", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="commitment_received", condition=Q(received_cents__range=(0, F("amount_cents")))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.donor} {self.amount_cents}"


class Receipt(FundRow):
    """Money that came in; it counts only when another person reconciled it with the bank."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="receipts")
    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()
    bank_reference = models.CharField(max_length=80)
    received_on = models.DateField()
    state = word_field(ReceiptState)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reconciled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reconciled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["commitment", "-id"], name="receipt_by_commitment")]
        constraints = [
            word_check("receipt_state", "state", ReceiptState),
            models.UniqueConstraint(fields=["fund", "bank_reference"], name="receipt_bank_reference"),
            models.CheckConstraint(name="receipt_amount", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(name="receipt_four_eyes", condition=~Q(recorded_by=F("reconciled_by"))),
        ]

    def __str__(self) -> str:
        return self.bank_reference
