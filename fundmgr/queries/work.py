"""Jobs and the outbox, as seen from outside."""

from datetime import datetime
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.models import Job, OutboxMessage
from fundmgr.queries import access


def visible_job(actor: Actor, *, job_id: UUID) -> Job:
    """This will return one job of a fund where the actor may read reports. Errors: NotFound."""
    job = Job.objects.filter(id=job_id).first()
    if job is None or not access.may(actor, Action.REPORT_READ, fund_id=job.fund_id):
        raise errors.NotFound
    return job


def oldest_owed_at() -> datetime | None:
    """This will return since when the oldest undelivered effect is due; None where none is."""
    return (
        OutboxMessage.objects.filter(done_at__isnull=True)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
