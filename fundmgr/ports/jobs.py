"""The door to long work: one live job per kind and key, held by a lease."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import JobState
from fundmgr.models import Job
from fundmgr.ports import locks, poke

# With the sweep that finds it, a lost worker's job is in other hands within a minute.
LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 5
_MOST_TRIES = 3
_LIVE = [JobState.QUEUED, JobState.RUNNING]


def enqueue(
    *, kind: str, key: str, payload: Mapping[str, Any], fund_id: UUID, by: Actor, now: datetime
) -> tuple[Job, bool]:
    """This will return the live job of this kind and key, and whether it is new.

    Two calls at the same moment get the same job: the database lets one be made.
    Errors: Busy where live jobs of this kind ended again and again while this was asked.
    """
    locks.assert_transaction()
    fresh = Job(
        id=ids.new_id(now),
        fund_id=fund_id,
        created_at=now,
        kind=kind,
        key=key,
        state=JobState.QUEUED,
        payload=dict(payload),
        asked_by=by.key,
    )
    for _ in range(_MOST_TRIES):
        Job.objects.bulk_create([fresh], ignore_conflicts=True)
        job = Job.objects.filter(fund_id=fund_id, kind=kind, key=key, state__in=_LIVE).first()
        # None where the job that stood in the way ended between the two statements.
        if job is not None:
            transaction.on_commit(poke.wake)
            return job, job.id == fresh.id
    raise errors.Busy


def take_next(*, now: datetime) -> Job | None:
    """This will lease the oldest job that waits, or whose holder went silent; None where there is none.

    A job that took its holder down at every attempt ends here, or it would take workers down for ever.
    """
    locks.assert_transaction()
    silent = Q(state=JobState.RUNNING, lease_until__lt=now)
    Job.objects.filter(silent, attempts__gte=MOST_ATTEMPTS).update(
        state=JobState.FAILED, error="The worker was lost at every attempt.", ended_at=now, lease_until=None
    )
    ready = Q(state=JobState.QUEUED) | silent
    job = Job.objects.filter(ready).select_for_update(skip_locked=True).order_by("created_at").first()
    if job is None:
        return None
    job.state, job.lease_token, job.lease_until = JobState.RUNNING, uuid4(), now + LEASE
    job.attempts, job.started_at = job.attempts + 1, job.started_at or now
    job.save(update_fields=["state", "lease_token", "lease_until", "attempts", "started_at"])
    return job


def beat(job: Job, *, done: int, total: int, now: datetime) -> bool:
    """This will report progress and extend the lease; False where another worker took the job over."""
    return _held(job).update(done_count=done, total_count=total, lease_until=now + LEASE) == 1


def keep(job: Job, *, now: datetime) -> bool:
    """This will extend the lease of a holder that is alive; False where another worker took the job over."""
    return _held(job).update(lease_until=now + LEASE) == 1


def finish(job: Job, *, result: Mapping[str, Any], now: datetime) -> bool:
    """This will end a job well; False where another worker took it over."""
    return (
        _held(job).update(
            state=JobState.DONE, result=dict(result), ended_at=now, done_count=F("total_count"), error=""
        )
        == 1
    )


def fail(job: Job, *, error: str, now: datetime) -> None:
    """This will put a failed job back in the queue, or end it after the last attempt."""
    over = job.attempts >= MOST_ATTEMPTS
    state = JobState.FAILED if over else JobState.QUEUED
    _held(job).update(state=state, error=error[:2000], ended_at=now if over else None, lease_until=None)


def _held(job: Job) -> "QuerySet[Job]":
    return Job.objects.filter(id=job.id, state=JobState.RUNNING, lease_token=job.lease_token)
