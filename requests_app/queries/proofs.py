"""What the nightly proofs of a fund found."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import JobState
from fundmgr.domain.permissions import Action
from fundmgr.models import Job
from fundmgr.queries import access

KIND = "proof"


@dataclass(frozen=True)
class Alarm:
    """What the newest proof found wrong, in sentences, and when."""

    at: datetime
    findings: list[str]


def alarm(fund_id: UUID) -> Alarm | None:
    """This will return what the newest proof found; None where it found nothing, or none was made yet."""
    newest = _ended().filter(fund_id=fund_id).order_by("-id").first()
    if newest is None:
        return None
    found = findings(newest)
    return Alarm(newest.created_at, found) if found else None


def findings(row: Job) -> list[str]:
    """This will return what one proof found wrong, in sentences; one that failed itself says so."""
    if row.state == JobState.FAILED:
        return [f"The proof itself failed: {row.error}"]
    return list((row.result or {}).get("findings", []))


def visible_proofs(actor: Actor, *, fund_id: UUID) -> QuerySet[Job]:
    """This will return the proofs that ended, for one who may read the trail. Errors: NotFound, Forbidden."""
    access.require(actor, Action.AUDIT_READ, fund_id=fund_id)
    return _ended().filter(fund_id=fund_id)


def visible_proof(actor: Actor, *, job_id: UUID) -> Job:
    """This will return one proof that ended. Errors: NotFound, Forbidden."""
    row = _ended().filter(id=job_id).first()
    if row is None or row.fund_id is None:
        raise errors.NotFound
    access.require(actor, Action.AUDIT_READ, fund_id=row.fund_id)
    return row


def _ended() -> QuerySet[Job]:
    return Job.objects.filter(kind=KIND, state__in=[JobState.DONE, JobState.FAILED])
