"""Work to be done after a commit: the outbox, long jobs with a lease, and remembered calls."""

from django.db import models
from django.db.models import Q

from fundmgr.domain.lifecycle import JobState
from fundmgr.models.base import FundRow, word_check, word_field


class OutboxMessage(FundRow):
    """An effect owed to the outside, written with its cause; the effect key keeps it single."""

    kind = models.CharField(max_length=40)
    effect_key = models.CharField(max_length=160)
    payload = models.JSONField()
    due_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["effect_key"], name="outbox_effect_key")]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(done_at__isnull=True), name="outbox_due")
        ]

    def __str__(self) -> str:
        return self.effect_key


class Job(FundRow):
    """Long work: who holds it until when, how far it is, what came of it."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=160)
    state = word_field(JobState)
    payload = models.JSONField(default=dict)
    done_count = models.IntegerField(default=0)
    total_count = models.IntegerField(default=0)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)
    attempts = models.IntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    asked_by = models.CharField(max_length=60)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            word_check("job_state", "state", JobState),
            models.UniqueConstraint(
                fields=["fund", "kind", "key"],
                condition=Q(state__in=[JobState.QUEUED.value, JobState.RUNNING.value]),
                name="one_live_job",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=[JobState.QUEUED.value, JobState.RUNNING.value]),
                name="job_live",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class RememberedCall(models.Model):
    """An idempotency key that was used: the body it came with and the row that it made."""

    id = models.BigAutoField(primary_key=True)
    owner = models.CharField(max_length=60)
    key = models.CharField(max_length=255)
    route = models.CharField(max_length=120)
    body_hash = models.CharField(max_length=64)
    result_id = models.UUIDField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key", "route"], name="remembered_call_key")]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"


class WorkerBeat(models.Model):
    """When a worker last swept: one row, so that readiness can tell a silent worker."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.at.isoformat()
