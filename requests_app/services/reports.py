"""Shortfall reports: asked for by people and every night, built once by a worker from one frozen moment."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from fundmgr.domain import actors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.canonical import canonical_bytes
from fundmgr.domain.lifecycle import FundState
from fundmgr.domain.permissions import Action
from fundmgr.models import Fund, Job, PolicyVersion
from fundmgr.ports import events, jobs
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access, funds
from fundmgr.services.use_case import use_case
from requests_app.models import ShortfallReport
from requests_app.queries.reports import KIND

if TYPE_CHECKING:
    from requests_app.services.report_body import Inputs

_KEY = "shortfall"
_STEPS = 3
_NO_REPORT = (FundState.DRAFT, FundState.CLOSED)


@use_case
def ask(*, fund_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Job:
    """This will ask for a report; two who ask at the same moment get the same job.

    Errors: NotFound, Forbidden, WrongState where the fund has no policy yet.
    """
    access.require(by, Action.REPORT_BUILD, fund_id=fund_id)
    funds.policy_in_force(fund_id)
    return _enqueue(fund_id, key=_KEY, by=by, now=now)


@use_case
def ask_nightly(*, now: datetime) -> list[Job]:
    """This will ask for the report of each fund once a day, in the hour that the settings name."""
    if now.hour != settings.NIGHTLY_REPORT_HOUR_UTC:
        return []
    key = f"nightly:{now.date().isoformat()}"
    done = Job.objects.filter(kind=KIND, key=key).values_list("fund_id", flat=True)
    has_policy = PolicyVersion.objects.values("fund_id")
    rows = Fund.objects.filter(id__in=has_policy).exclude(state__in=_NO_REPORT).exclude(id__in=done)
    return [_enqueue(fund.id, key=key, by=actors.SYSTEM, now=now) for fund in rows.order_by("id")]


def build(*, job: Job, clock: Callable[[], datetime]) -> Mapping[str, Any]:
    """This will build the job's report, or find the one that an earlier attempt built.

    Shapes: returns {"report_id"}.
    Errors: NotFound where the fund is gone.
    """
    # Only a worker builds, and the web imports this module to ask.
    from requests_app.services import report_body, report_reading  # noqa: PLC0415  # loads NumPy

    built = ShortfallReport.objects.filter(job_id=job.id).only("id").first()
    if built is not None:
        return {"report_id": str(built.id)}
    _beat(job, done=0, clock=clock)
    inputs = report_reading.read(job.fund_id, clock=clock)
    _beat(job, done=1, clock=clock)
    body = canonical_bytes(report_body.compose(inputs))
    _beat(job, done=2, clock=clock)
    row = _keep(job_id=job.id, fund_id=job.fund_id, inputs=inputs, body=body, now=clock())
    return {"report_id": str(row.id)}


def _enqueue(fund_id: UUID, *, key: str, by: Actor, now: datetime) -> Job:
    job, is_new = jobs.enqueue(kind=KIND, key=key, payload={}, fund_id=fund_id, by=by, now=now)
    if is_new:
        events.record(Happening("report.asked", "job", job.id), fund_id=fund_id, by=by, now=now)
    return job


def _beat(job: Job, *, done: int, clock: Callable[[], datetime]) -> None:
    jobs.beat(job, done=done, total=_STEPS, now=clock())


@use_case
def _keep(*, job_id: UUID, fund_id: UUID, inputs: "Inputs", body: bytes, now: datetime) -> ShortfallReport:
    """Write the report once: of two workers with the same job, the second finds the first one's row."""
    fresh = ShortfallReport(
        id=ids.new_id(now),
        fund_id=fund_id,
        created_at=now,
        as_of=inputs.as_of,
        ledger_sequence=inputs.money.ledger_sequence,
        policy_id=inputs.policy_id,
        body=body,
        content_hash=hashlib.sha256(body).hexdigest(),
        job_id=job_id,
    )
    ShortfallReport.objects.bulk_create([fresh], ignore_conflicts=True)
    row = ShortfallReport.objects.only("id", "content_hash").get(job_id=job_id)
    if row.id == fresh.id:
        facts = {"content_hash": fresh.content_hash, "ledger_sequence": fresh.ledger_sequence, "job": job_id}
        happening = Happening("report.built", "report", fresh.id, facts)
        events.record(happening, fund_id=fund_id, by=actors.SYSTEM, now=now)
    return row
