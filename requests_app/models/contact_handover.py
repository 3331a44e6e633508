"""A new contact for a worker who lost the old one: one of the staff proposes it, the director signs too."""

from django.db import models
from django.db.models import F, Q

from fundmgr.domain.lifecycle import ProposalState
from fundmgr.models.base import word_check
from fundmgr.models.encrypted import EncryptedTextField
from fundmgr.models.signed import Signed
from requests_app.models.request import AssistanceRequest

_OPEN = Q(state=ProposalState.PROPOSED.value)
_SIGNED = Q(state=ProposalState.PROPOSED.value, decided_at__isnull=True) | Q(
    proposed_by__isnull=False, decided_by__isnull=False, decided_at__isnull=False
)


class ContactHandover(Signed):
    """One proposal that the worker behind a request is reached another way."""

    request = models.ForeignKey(AssistanceRequest, on_delete=models.PROTECT, related_name="handovers")
    # Null once the person is erased.
    contact = EncryptedTextField(null=True)

    class Meta:
        constraints = [
            word_check("handover_state", "state", ProposalState),
            models.CheckConstraint(name="handover_four_eyes", condition=~Q(proposed_by=F("decided_by"))),
            models.CheckConstraint(name="handover_signed", condition=_SIGNED),
            models.UniqueConstraint(fields=["request"], condition=_OPEN, name="one_open_handover"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.state}"
