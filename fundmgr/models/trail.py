"""The audit trail: what happened, append-only, chained so that no row can be lost or changed unseen."""

from typing import ClassVar

from django.db import models

from fundmgr.models.base import FundRow


class Event(FundRow):
    """One thing that happened; `body` is the canonical bytes that the chain covers, without personal data."""

    append_only = True

    verb = models.CharField(max_length=60)
    actor = models.CharField(max_length=60)
    object_type = models.CharField(max_length=30)
    object_id = models.UUIDField()
    body = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["object_id", "id"], name="event_by_object"),
            models.Index(fields=["fund", "-id"], name="event_by_fund"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_id}"


class EventLink(models.Model):
    """An event's place in the chain: each hash covers the one before it."""

    append_only: ClassVar[bool] = True

    sequence = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="link")
    version = models.SmallIntegerField(default=1)
    previous_hash = models.BinaryField()
    hash = models.BinaryField()

    def __str__(self) -> str:
        return str(self.sequence)


class WaitingEvent(models.Model):
    """An event that the drain has still to link; among a million events the few that wait are found here."""

    # No database constraint: an event is never removed, and a rush would pay for each check.
    event = models.OneToOneField(
        Event, primary_key=True, on_delete=models.PROTECT, related_name="waiting", db_constraint=False
    )

    def __str__(self) -> str:
        return str(self.event_id)
