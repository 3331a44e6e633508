"""What the workers do: deliver the outbox, run jobs, link the chain. Each is safe to run twice."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from fundmgr.models import Job, OutboxMessage, WorkerBeat
from fundmgr.ports import disk, events, jobs
from fundmgr.services.use_case import use_case

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
_FIRST_RETRY = timedelta(seconds=15)
_LONGEST_RETRY = timedelta(hours=1)
# Effects that one wait for the disk is for; another relay takes the others meanwhile.
_AT_ONCE = 50


def sweep(*, clock: Clock) -> Mapping[str, int]:
    """This will do all work that waits and return how much of each kind was done."""
    # Said first: a worker with much to do is no silent one.
    WorkerBeat.objects.update_or_create(id=1, defaults={"at": clock()})
    return {"linked": link_events(), "delivered": deliver(clock=clock), "jobs": run_jobs(clock=clock)}


@use_case
def link_events() -> int:
    """This will link the events that intake left to the drain."""
    return events.link_waiting()


def deliver(*, clock: Clock, most: int = 500) -> int:
    """This will deliver owed effects one by one, each in a transaction of its own, and return how many."""
    count = 0
    while count < most and (waiting := _waiting(now=clock(), most=most - count)):
        # An effect cannot be taken back, so its cause must not be either.
        disk.flush()
        made = sum(_deliver_one(key, now=clock()) for key in waiting)
        if not made:
            break
        count += made
    return count


def run_jobs(*, clock: Clock, most: int = 20) -> int:
    """This will run the jobs that wait, oldest first, and return how many were taken."""
    count = 0
    while count < most:
        job = _lease(now=clock())
        if job is None:
            break
        _run(job, clock=clock)
        count += 1
    return count


def _waiting(*, now: datetime, most: int) -> list[UUID]:
    due = OutboxMessage.objects.filter(done_at__isnull=True, due_at__lte=now)
    return list(due.order_by("due_at", "id").values_list("id", flat=True)[: min(most, _AT_ONCE)])


def _deliver_one(key: UUID, *, now: datetime) -> bool:
    """Hold one row while its effect is made; a crash lets go of the row and the effect is made again.

    A handler that returns a time keeps what it wrote and is called again after that time.
    """
    with transaction.atomic(durable=True):
        due = OutboxMessage.objects.filter(id=key, done_at__isnull=True, due_at__lte=now)
        message = due.select_for_update(skip_locked=True).first()
        if message is None:
            return False
        message.attempts += 1
        try:
            with transaction.atomic():
                wait = import_string(settings.OUTBOX_HANDLERS[message.kind])(message=message, now=now)
            message.last_error = ""
            if wait is None:
                message.done_at = now
            else:
                message.due_at = now + wait
        except Exception as error:
            log.exception("effect %s was not made", message.effect_key)
            message.last_error = f"{type(error).__name__}: {error}"[:500]
            message.due_at = now + min(_FIRST_RETRY * 2 ** min(message.attempts, 10), _LONGEST_RETRY)
        message.save(update_fields=["attempts", "done_at", "last_error", "due_at"])
    return True


@use_case
def _lease(*, now: datetime) -> Job | None:
    return jobs.take_next(now=now)


def _run(job: Job, *, clock: Clock) -> None:
    try:
        with _held(job, clock=clock):
            result: Mapping[str, Any] = import_string(settings.JOB_HANDLERS[job.kind])(job=job, clock=clock)
    except Exception as error:
        log.exception("job %s failed", job.id)
        _fail(job, error=f"{type(error).__name__}: {error}", now=clock())
        return
    _finish(job, result=result, now=clock())


@use_case
def _fail(job: Job, *, error: str, now: datetime) -> None:
    jobs.fail(job, error=error, now=now)


@use_case
def _finish(job: Job, *, result: Mapping[str, Any], now: datetime) -> None:
    jobs.finish(job, result=result, now=now)


@contextmanager
def _held(job: Job, *, clock: Clock) -> Iterator[None]:
    """Keep the lease while long work runs: it may be short, for only a lost worker falls silent."""
    is_over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(job, is_over, clock), name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        is_over.set()
        keeper.join()


def _keep(job: Job, is_over: threading.Event, clock: Clock) -> None:
    try:
        while not is_over.wait(jobs.LEASE.total_seconds() / 3):
            try:
                jobs.keep(job, now=clock())
            except Exception:  # the line may be back at the next beat; the lease outlasts two of them
                log.exception("the lease of job %s was not extended", job.id)
                connection.close()
    finally:
        connection.close()
