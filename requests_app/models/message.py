"""What a worker and the fund write to each other about one request."""

from django.db import models
from django.db.models import Q

from fundmgr.domain.texting import Side
from fundmgr.models import User
from fundmgr.models.base import FundRow, word_check, word_field
from fundmgr.models.encrypted import EncryptedTextField
from requests_app.models.notice import InboundText
from requests_app.models.request import AssistanceRequest


class Message(FundRow):
    """One message; its words stay as they were sent, or are erased."""

    request = models.ForeignKey(
        AssistanceRequest, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    side = word_field(Side)
    # The person of the fund who wrote it.
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    sent_by = models.CharField(max_length=60)
    # PAGE, TEXT or API.
    came_by = models.CharField(max_length=12)
    text = EncryptedTextField(null=True)
    # Of a worker's: until somebody of the fund writes back, or says that nothing need be said.
    needs_answer = models.BooleanField(default=False)
    inbound = models.OneToOneField(InboundText, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [word_check("message_side", "side", Side)]
        indexes = [
            models.Index(fields=["request", "created_at", "id"], name="message_thread"),
            models.Index(
                fields=["fund", "created_at", "id"], condition=Q(needs_answer=True), name="message_waiting"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
