"""Files kept for the books: a donor's letter, a court's order, a signed pledge."""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from fundmgr.models.base import FundRow, word_check, word_field
from fundmgr.models.people import User


class Subject(StrEnum):
    """What a file proves something about."""

    COMMITMENT = "COMMITMENT"
    RESTRICTION = "RESTRICTION"


class StoredFile(FundRow):
    """One file on disk, encrypted; `subject_id` is the row it proves something about.

    Shapes: `place` is its random name in the store (ports/files.py); `sha256` is of the bytes as they were.
    """

    append_only = True

    subject_type = word_field(Subject)
    subject_id = models.UUIDField()
    place = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=80)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["subject_id", "-id"], name="stored_file_by_subject")]
        constraints = [
            word_check("stored_file_subject", "subject_type", Subject),
            models.CheckConstraint(name="stored_file_size", condition=Q(size_bytes__gt=0)),
            models.UniqueConstraint(fields=["subject_id", "sha256"], name="stored_file_once"),
        ]

    def __str__(self) -> str:
        return self.name
