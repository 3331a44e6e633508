"""A new contact for a worker who lost the old one: one of the staff proposes it, the director signs too."""

from django.db import models
from django.db.models import Q

from fundmgr.domain.lifecycle import ProposalState
from fundmgr.models.base import Signed, signed_checks
from fundmgr.models.encrypted import EncryptedTextField
from requests_app.models.request import AssistanceRequest

_OPEN = Q(state=ProposalState.PROPOSED.value)


class ContactHandover(Signed):
    """One proposal that the worker behind a request is reached another way."""

    request = models.ForeignKey(AssistanceRequest, on_delete=models.PROTECT, related_name="handovers")
    # Null once the person is erased.
    contact = EncryptedTextField(null=True)

    class Meta:
        constraints = [
            *signed_checks("handover"),
            models.UniqueConstraint(fields=["request"], condition=_OPEN, name="one_open_handover"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.state}"
