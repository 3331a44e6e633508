"""What the last nightly proof of a fund found."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fundmgr.domain.lifecycle import JobState
from fundmgr.models import Job

KIND = "proof"


@dataclass(frozen=True)
class Alarm:
    """What the newest proof found wrong, in sentences, and when."""

    at: datetime
    findings: list[str]


def alarm(fund_id: UUID) -> Alarm | None:
    """This will return what the newest proof found; None where it found nothing, or none was made yet."""
    done = Job.objects.filter(fund_id=fund_id, kind=KIND, state__in=[JobState.DONE, JobState.FAILED])
    newest = done.order_by("-id").first()
    if newest is None:
        return None
    if newest.state == JobState.FAILED:
        return Alarm(newest.created_at, [f"The proof itself failed: {newest.error}"])
    found = list((newest.result or {}).get("findings", []))
    return Alarm(newest.created_at, found) if found else None
