"""Handlers for tests of the workers: settings name them by dotted path, as they name the real ones."""

import threading
from datetime import datetime
from typing import Any

from fundmgr.models import Job, OutboxMessage

delivered: list[str] = []
ran: list[str] = []


def deliver(*, message: OutboxMessage, now: datetime) -> None:
    """Make the effect: remember its key."""
    delivered.append(message.effect_key)


def stumble(*, message: OutboxMessage, now: datetime) -> None:
    """Write something, then fail: what was written must not stay."""
    OutboxMessage.objects.filter(id=message.id).update(kind="spoiled")
    raise RuntimeError("The post office is closed.")


def work(*, job: Job, clock: Any) -> dict[str, Any]:
    """Do a job that ends well."""
    ran.append(job.key)
    return {"key": job.key}


def break_down(*, job: Job, clock: Any) -> dict[str, Any]:
    """Do a job that fails."""
    raise ValueError("No data.")


may_end = threading.Event()


def work_until_told(*, job: Job, clock: Any) -> dict[str, Any]:
    """Do a job that takes its time."""
    may_end.wait(20)
    return {}
