"""Scenarios: rules as they were saved from the workbench, and what they were worked out on."""

from django.db import models
from django.db.models import Q

from fundmgr.models import PolicyVersion, User
from fundmgr.models.base import FundRow

MOST_NAME, MOST_NOTE = 80, 500


class Scenario(FundRow):
    """Rules side by side under a name.

    Shapes: `rules` are whole documents with what counts of each need; `chosen` is the place of the one to
    look at first; `population` holds the words that narrow whom they are tried on, none for everybody. The
    figures and digests are those of the moment of saving and never change; `removed_at` hides it.
    Units: cents.
    """

    name = models.CharField(max_length=MOST_NAME)
    note = models.CharField(max_length=MOST_NOTE, blank=True)
    rules = models.JSONField()
    chosen = models.IntegerField()
    population = models.JSONField(default=dict)
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    people_count = models.IntegerField()
    verified_cents = models.BigIntegerField()
    shared_cents = models.BigIntegerField()
    snapshot_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "name"], condition=Q(removed_at__isnull=True), name="scenario_name"
            ),
            models.CheckConstraint(name="scenario_chosen", condition=Q(chosen__gte=0)),
        ]

    def __str__(self) -> str:
        return self.name
