"""Erasures: who asked that what is personal goes, when it went, what stays and why."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from fundmgr.models.base import FundRow
from requests_app.models.people import Applicant


class Erasure(FundRow):
    """One person erased, or about to be; the row is the tombstone and holds nothing personal.

    Shapes: `kept` are codes of what stays; `counts` says how many rows of what were emptied.
    """

    applicant = models.OneToOneField(Applicant, on_delete=models.PROTECT, related_name="erasure")
    asked_by = models.CharField(max_length=60)
    kept = ArrayField(models.CharField(max_length=24), default=list)
    kept_until = models.DateField(null=True)
    counts = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["fund", "-id"], name="erasure_newest")]

    def __str__(self) -> str:
        return str(self.id)
