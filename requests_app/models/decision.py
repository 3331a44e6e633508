"""Eligibility decisions: proposed by one person, made final by another."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from fundmgr.domain.lifecycle import DecisionState
from fundmgr.models import PolicyVersion, User
from fundmgr.models.base import FundRow, word_check, word_field
from fundmgr.models.encrypted import EncryptedTextField
from requests_app.models.request import AssistanceRequest


class Decision(FundRow):
    """Eligible or not, how much need was verified, and by whom; never edited, only superseded."""

    request = models.ForeignKey(AssistanceRequest, on_delete=models.PROTECT, related_name="decisions")
    request_version = models.IntegerField()
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    is_eligible = models.BooleanField()
    verified_cents = models.BigIntegerField()
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    note = EncryptedTextField(null=True)
    state = word_field(DecisionState)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_note = EncryptedTextField(null=True)

    class Meta:
        constraints = [
            word_check("decision_state", "state", DecisionState),
            models.CheckConstraint(
                name="decision_four_eyes",
                condition=~Q(state=DecisionState.FINAL.value)
                | (Q(decided_by__isnull=False) & ~Q(proposed_by=F("decided_by"))),
            ),
            models.CheckConstraint(name="decision_verified", condition=Q(verified_cents__gte=0)),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state=DecisionState.PROPOSED.value),
                name="one_open_proposal",
            ),
        ]
        indexes = [
            models.Index(fields=["fund", "state", "-id"], name="decision_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.request} {'eligible' if self.is_eligible else 'not eligible'}"
