"""Awards: a decided amount, the restrictions its cents come from, and where the worker wants it."""

from django.db import models
from django.db.models import Q

from fundmgr.domain.lifecycle import AwardState
from fundmgr.models import Restriction
from fundmgr.models.base import FundRow, word_check, word_field
from fundmgr.models.encrypted import EncryptedTextField
from requests_app.models.people import Applicant
from requests_app.models.request import AssistanceRequest
from requests_app.models.round import AllocationRound


class Award(FundRow):
    """What one request gets from one round."""

    request = models.ForeignKey(AssistanceRequest, on_delete=models.PROTECT, related_name="awards")
    round = models.ForeignKey(AllocationRound, on_delete=models.PROTECT, related_name="awards")
    amount_cents = models.BigIntegerField()
    state = word_field(AwardState)
    hold_transfer_id = models.UUIDField(null=True)
    accept_by = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            word_check("award_state", "state", AwardState),
            models.UniqueConstraint(fields=["round", "request"], name="one_award_a_round"),
            models.CheckConstraint(name="award_amount", condition=Q(amount_cents__gt=0)),
        ]
        indexes = [models.Index(fields=["fund", "state", "id"], name="award_by_state")]

    def __str__(self) -> str:
        return f"{self.request} {self.amount_cents}"


class AwardShare(FundRow):
    """The part of an award that one restriction pays; the shares sum to the award."""

    append_only = True

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="shares")
    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["award", "restriction"], name="award_share_once"),
            models.CheckConstraint(name="award_share_amount", condition=Q(amount_cents__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.award}: {self.amount_cents}"


class PayMethod(models.TextChoices):
    """How a worker can be paid."""

    BANK = "BANK"
    CARD = "CARD"
    CHECK = "CHECK"
    PICK_UP = "PICK_UP"


class PayeeAccount(FundRow):
    """Where a worker wants the money; a change is a new row, and the newest one counts."""

    append_only = True
    erasable = ("name_on_account", "routing_number", "account_number", "account_hash", "address")

    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, related_name="payee_accounts")
    method = models.CharField(max_length=12, choices=PayMethod.choices)
    name_on_account = EncryptedTextField(null=True)
    routing_number = EncryptedTextField(null=True)
    account_number = EncryptedTextField(null=True)
    account_hash = models.CharField(max_length=64, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    address = EncryptedTextField(null=True)
    changed_by = models.CharField(max_length=60)
    usable_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["applicant", "-id"], name="payee_by_applicant"),
            models.Index(fields=["fund", "account_hash"], name="payee_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.last4}"
