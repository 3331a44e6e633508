"""Workers and their households; everything personal is encrypted, found again by keyed hashes."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from fundmgr.models import User
from fundmgr.models.base import FundRow
from fundmgr.models.encrypted import EncryptedTextField


class Household(FundRow):
    """People who share their bills; one live request each."""

    def __str__(self) -> str:
        return str(self.id)


class Applicant(FundRow):
    """One worker in one fund."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    full_name = EncryptedTextField()
    preferred_name = EncryptedTextField(null=True)
    contact = EncryptedTextField()
    contact_hash = models.CharField(max_length=64)
    # One keyed hash per word of the name, so that staff can search names that the database cannot read.
    name_hashes = ArrayField(models.CharField(max_length=64), default=list)
    language = models.CharField(max_length=8, default="en")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "contact_hash"], name="applicant_contact"),
            # Of those who signed in alone: else a plan made while the table is empty may look a contact up
            # by the fund, through this index, and read every worker of it.
            models.UniqueConstraint(
                fields=["fund", "user"], name="applicant_user", condition=models.Q(user__isnull=False)
            ),
        ]
        indexes = [GinIndex(fields=["name_hashes"], name="applicant_names")]

    def __str__(self) -> str:
        return str(self.id)


class ContactCode(models.Model):
    """One 6-digit code sent to one contact; only its keyed hash is kept."""

    id = models.UUIDField(primary_key=True)
    fund = models.ForeignKey("fundmgr.Fund", on_delete=models.PROTECT, related_name="+")
    contact_hash = models.CharField(max_length=64)
    contact = EncryptedTextField()
    code_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=8, default="en")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    # When the last try that it allows was wrong.
    burnt_at = models.DateTimeField(null=True)
    # Which browser asked for it, as a keyed hash; never an address that many people share.
    sender_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["contact_hash", "-created_at"], name="code_by_contact"),
            models.Index(fields=["sender_hash", "-created_at"], name="code_by_sender"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Draft(FundRow):
    """Answers not sent yet, page by page; it may exist before the person does."""

    applicant = models.ForeignKey(
        Applicant, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    answers = EncryptedTextField()
    language = models.CharField(max_length=8, default="en")
    updated_at = models.DateTimeField()
    submitted_request_id = models.UUIDField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["applicant", "-updated_at"], name="draft_by_applicant")]

    def __str__(self) -> str:
        return str(self.id)
