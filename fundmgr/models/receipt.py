"""Money in: receipts, what goes back to a donor, and the bank files that told of them."""

from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from fundmgr.domain.lifecycle import ProposalState, ReceiptState
from fundmgr.models.base import FundRow, word_check, word_field
from fundmgr.models.commitment import Commitment
from fundmgr.models.donor import Donor
from fundmgr.models.encrypted import EncryptedTextField
from fundmgr.models.fund import Restriction
from fundmgr.models.people import User


class ReceiptMethod(StrEnum):
    """How money came."""

    BANK_TRANSFER = "BANK_TRANSFER"
    CHECK = "CHECK"
    CARD = "CARD"
    CASH = "CASH"
    OTHER = "OTHER"


class BankImport(FundRow):
    """One bank file that was read: which columns meant what, and how many rows were new."""

    append_only = True

    file_name = models.CharField(max_length=160)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField()
    rows_count = models.IntegerField()
    new_count = models.IntegerField()
    known_count = models.IntegerField()
    imported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["fund", "-id"], name="bank_import_by_fund")]

    def __str__(self) -> str:
        return self.file_name


class Receipt(FundRow):
    """Money that came in; it counts only when another person reconciled it with the bank.

    Shapes: on a commitment it pays a promise; with a donor alone it is a gift; with neither it is unmatched.
    Units: `receivable_cents`, `advance_cents` and `reserve_cents` say what its money did when it was
    reconciled, so that a bounce undoes just that; `refunded_cents` went back to the donor.
    """

    donor = models.ForeignKey(
        Donor, on_delete=models.PROTECT, null=True, related_name="receipts", db_index=False
    )
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, null=True, related_name="receipts", db_index=False
    )
    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()
    receivable_cents = models.BigIntegerField(default=0)
    advance_cents = models.BigIntegerField(default=0)
    reserve_cents = models.BigIntegerField(default=0)
    refunded_cents = models.BigIntegerField(default=0)
    method = models.CharField(
        max_length=24,
        choices=[(word.value, word.value) for word in ReceiptMethod],
        default=ReceiptMethod.BANK_TRANSFER.value,
    )
    bank_reference = models.CharField(max_length=80)
    payer = EncryptedTextField(null=True)
    received_on = models.DateField()
    state = word_field(ReceiptState)
    bank_import = models.ForeignKey(BankImport, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    matched_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    matched_at = models.DateTimeField(null=True)
    reconciled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reconciled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["commitment", "-id"], name="receipt_by_commitment"),
            models.Index(fields=["donor", "-id"], name="receipt_by_donor"),
            models.Index(fields=["fund", "state", "-id"], name="receipt_by_state"),
        ]
        constraints = [
            word_check("receipt_state", "state", ReceiptState),
            word_check("receipt_method", "method", ReceiptMethod),
            models.UniqueConstraint(fields=["fund", "bank_reference"], name="receipt_bank_reference"),
            models.CheckConstraint(name="receipt_amount", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="receipt_parts",
                condition=Q(receivable_cents__gte=0, advance_cents__gte=0, reserve_cents__gte=0)
                & Q(amount_cents__gte=F("receivable_cents") + F("advance_cents"))
                & Q(refunded_cents__range=(0, F("amount_cents"))),
            ),
            models.CheckConstraint(
                name="receipt_donor", condition=Q(commitment__isnull=True) | Q(donor__isnull=False)
            ),
            models.CheckConstraint(name="receipt_four_eyes", condition=~Q(recorded_by=F("reconciled_by"))),
            models.CheckConstraint(name="receipt_matched_by", condition=~Q(recorded_by=F("matched_by"))),
        ]

    def __str__(self) -> str:
        return self.bank_reference


class Refund(FundRow):
    """Money that goes back to a donor: one person proposes it, another makes it."""

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="refunds")
    amount_cents = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    state = word_field(ProposalState)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            word_check("refund_state", "state", ProposalState),
            models.CheckConstraint(name="refund_amount", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(name="refund_four_eyes", condition=~Q(proposed_by=F("decided_by"))),
            models.UniqueConstraint(
                fields=["receipt"], condition=Q(state=ProposalState.PROPOSED.value), name="one_open_refund"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id}: {self.amount_cents}"
