"""A rule that a director told everybody: how the next money will be shared."""

from django.db import models

from fundmgr.models import User
from fundmgr.models.base import FundRow


class RulePublication(FundRow):
    """One rule as it was published; the next one takes its place, and this row stays.

    Shapes: `rule` is the whole policy document as the engine reads it.
    """

    append_only = True

    rule = models.JSONField()
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["fund", "-created_at"], name="rule_publication_newest")]

    def __str__(self) -> str:
        return f"rule published {self.created_at}"
