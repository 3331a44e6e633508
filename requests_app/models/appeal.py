"""Appeals: a worker asks for a second look at a decision, and a different person answers."""

from django.db import models
from django.db.models import Q

from fundmgr.domain.appeals import AppealGround
from fundmgr.domain.lifecycle import OPEN_APPEAL_STATES, AppealState
from fundmgr.models import User
from fundmgr.models.base import FundRow, word_check, word_field
from fundmgr.models.encrypted import EncryptedTextField
from requests_app.models.decision import Decision
from requests_app.models.request import AssistanceRequest

_OPEN = Q(state__in=sorted(state.value for state in OPEN_APPEAL_STATES))


class Appeal(FundRow):
    """One ask to look again; the database keeps the first deciders from reading it, and a second one out.

    Shapes: `answer_by` is the day that was promised, on the fund's calendar; `text` is the worker's,
    `answer` what the worker is told.
    """

    request = models.OneToOneField(AssistanceRequest, on_delete=models.PROTECT, related_name="appeal")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+", db_index=False)
    ground = word_field(AppealGround)
    text = EncryptedTextField(null=True)
    filed_by = models.CharField(max_length=60)
    answer_by = models.DateField()
    state = word_field(AppealState)
    reader = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    answer = EncryptedTextField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            word_check("appeal_ground", "ground", AppealGround),
            word_check("appeal_state", "state", AppealState),
            models.CheckConstraint(
                name="appeal_decided",
                condition=(_OPEN & Q(decided_at__isnull=True))
                | (~_OPEN & Q(decided_at__isnull=False, reader__isnull=False)),
            ),
            models.CheckConstraint(
                name="appeal_read_by_somebody",
                condition=Q(state=AppealState.FILED.value) | Q(reader__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["fund", "state", "id"], name="appeal_by_state")]

    def __str__(self) -> str:
        return f"appeal on {self.request}"
