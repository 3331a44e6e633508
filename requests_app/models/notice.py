"""Messages to people, written once per effect and then sent; and what people said about texts."""

from django.db import models
from django.db.models import Q

from fundmgr.domain.texting import Consent, DeliveryState, Way
from fundmgr.models.base import FundRow, word_check, word_field
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
    way = word_field(Way, default=Way.MAIL)
    state = word_field(DeliveryState, default=DeliveryState.SENT)
    # Of texts alone: whose, the gateway's own name of it, and why it did not go.
    contact_hash = models.CharField(max_length=64, blank=True)
    gateway_key = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["effect_key"], name="notice_effect_key"),
            word_check("notice_way", "way", Way),
            word_check("notice_state", "state", DeliveryState),
        ]
        indexes = [
            models.Index(fields=["fund", "-id"], name="notice_newest"),
            models.Index(
                fields=["contact_hash", "-created_at"], condition=~Q(contact_hash=""), name="notice_texts"
            ),
            models.Index(fields=["gateway_key"], condition=~Q(gateway_key=""), name="notice_of_gateway"),
        ]

    def __str__(self) -> str:
        return self.effect_key


class InboundText(models.Model):
    """A text that somebody sent us, kept as it came; the gateway's own name of it keeps it single."""

    append_only = True
    erasable = ("contact", "text")

    id = models.UUIDField(primary_key=True)
    # None where the number is nobody's and there are several funds.
    fund = models.ForeignKey(
        "fundmgr.Fund", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    gateway_key = models.CharField(max_length=120, unique=True)
    contact_hash = models.CharField(max_length=64)
    # Null once the person is erased.
    contact = EncryptedTextField(null=True)
    text = EncryptedTextField(null=True)
    keyword = models.CharField(max_length=12, blank=True)

    def __str__(self) -> str:
        return self.gateway_key


class TextConsent(FundRow):
    """What one person said about texts, kept word after word; the newest one holds."""

    append_only = True

    contact_hash = models.CharField(max_length=64)
    word = word_field(Consent)
    # Where it was said: the form, the worker's page, a text, a program.
    source = models.CharField(max_length=12)
    # Which sentence the person agreed to.
    told = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [word_check("text_consent_word", "word", Consent)]
        indexes = [models.Index(fields=["contact_hash", "-created_at"], name="text_consent_newest")]

    def __str__(self) -> str:
        return f"{self.word} {self.created_at}"
