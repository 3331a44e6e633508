"""Files kept for the books: a donor's letter, a court's order, a signed pledge."""

from django.db import models
from django.db.models import Q

from fundmgr.models.base import FundRow
from fundmgr.models.people import User


class StoredFile(FundRow):
    """One file on disk, encrypted; `subject_id` is the row it proves something about."""

    append_only = True

    subject_type = models.CharField(max_length=24)
    subject_id = models.UUIDField()
    name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=80)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["subject_id", "-id"], name="stored_file_by_subject")]
        constraints = [models.CheckConstraint(name="stored_file_size", condition=Q(size_bytes__gt=0))]

    def __str__(self) -> str:
        return self.name
