"""Messages to people, written once per effect and then sent."""

from django.db import models

from fundmgr.models.base import FundRow
from fundmgr.models.encrypted import EncryptedTextField
from requests_app.models.people import Applicant


class Notice(FundRow):
    """One message to one contact; the effect key keeps a second copy from being sent."""

    applicant = models.ForeignKey(Applicant, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    effect_key = models.CharField(max_length=160)
    contact = EncryptedTextField()
    subject = EncryptedTextField()
    text = EncryptedTextField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["effect_key"], name="notice_effect_key")]
        indexes = [models.Index(fields=["fund", "-id"], name="notice_newest")]

    def __str__(self) -> str:
        return self.effect_key
