"""Shortfall reports: frozen figures with the moment, the ledger sequence and a hash of their content."""

from django.db import models

from fundmgr.models import PolicyVersion
from fundmgr.models.base import FundRow


class ShortfallReport(FundRow):
    """One immutable report; `body` is canonical JSON, so the same inputs give the same bytes."""

    append_only = True

    as_of = models.DateTimeField()
    ledger_sequence = models.BigIntegerField()
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    body = models.BinaryField()
    content_hash = models.CharField(max_length=64)
    job_id = models.UUIDField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["fund", "-as_of", "-id"], name="report_newest")]

    def __str__(self) -> str:
        return f"shortfall at {self.as_of.isoformat()}"
