"""Letters that acknowledge gifts: numbered without a gap, kept as sent, replaced but never edited."""

from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from fundmgr.domain.lifecycle import LetterState
from fundmgr.models.base import FundRow, word_check, word_field
from fundmgr.models.donor import Donor
from fundmgr.models.people import User
from fundmgr.models.receipt import Receipt


class LetterKind(StrEnum):
    """What a letter acknowledges: one receipt, or a year's."""

    RECEIPT = "RECEIPT"
    ANNUAL = "ANNUAL"


class Letter(FundRow):
    """One letter; `content` is what it says, frozen, and the PDF is made from it alone."""

    number = models.IntegerField()
    kind = word_field(LetterKind)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="letters")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, related_name="letters")
    year = models.IntegerField(null=True)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    state = word_field(LetterState)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    void_reason = models.CharField(max_length=300, blank=True)
    voided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            word_check("letter_state", "state", LetterState),
            word_check("letter_kind", "kind", LetterKind),
            models.UniqueConstraint(fields=["fund", "number"], name="letter_number"),
            models.UniqueConstraint(
                fields=["receipt"], condition=Q(state=LetterState.ISSUED.value), name="one_standing_letter"
            ),
            models.UniqueConstraint(
                fields=["donor", "year"],
                condition=Q(state=LetterState.ISSUED.value, kind=LetterKind.ANNUAL.value),
                name="one_standing_annual_letter",
            ),
            models.CheckConstraint(
                name="letter_subject",
                condition=Q(kind=LetterKind.RECEIPT.value, receipt__isnull=False, year__isnull=True)
                | Q(kind=LetterKind.ANNUAL.value, receipt__isnull=True, year__isnull=False),
            ),
            models.CheckConstraint(name="letter_replaces_other", condition=~Q(id=F("replaces"))),
        ]
        indexes = [models.Index(fields=["donor", "-number"], name="letter_by_donor")]

    def __str__(self) -> str:
        return str(self.number)
