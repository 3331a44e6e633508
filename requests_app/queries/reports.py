"""Shortfall reports: who may read which, and what one says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import JobState
from fundmgr.domain.permissions import Action
from fundmgr.models import Job
from fundmgr.queries import access, work
from requests_app.models import ShortfallReport
from requests_app.queries.paging import Page, keyset

KIND = "shortfall_report"
_A_PAGE = 20


def visible_reports(actor: Actor, *, fund_id: UUID) -> QuerySet[ShortfallReport]:
    """This will return the fund's reports without their bodies, newest first. Errors: NotFound, Forbidden."""
    access.require(actor, Action.REPORT_READ, fund_id=fund_id)
    rows = ShortfallReport.objects.filter(fund_id=fund_id).select_related("policy").defer("body")
    return rows.order_by("-as_of", "-id")


def visible_report(actor: Actor, *, report_id: UUID) -> ShortfallReport:
    """This will return one report. Errors: NotFound also where the actor may not see it."""
    row = ShortfallReport.objects.select_related("policy", "fund").filter(id=report_id).first()
    if row is None or not access.may(actor, Action.REPORT_READ, fund_id=row.fund_id):
        raise errors.NotFound
    return row


def latest_report(actor: Actor, *, fund_id: UUID) -> ShortfallReport | None:
    """This will return the newest report, or None. Errors: NotFound, Forbidden."""
    return visible_reports(actor, fund_id=fund_id).select_related("fund").first()


def live_job(actor: Actor, *, fund_id: UUID) -> Job | None:
    """This will return the job that builds a report of the fund now, or None. Errors: NotFound, Forbidden."""
    access.require(actor, Action.REPORT_READ, fund_id=fund_id)
    live = [JobState.QUEUED, JobState.RUNNING]
    return Job.objects.filter(fund_id=fund_id, kind=KIND, state__in=live).order_by("created_at").first()


def report_body(report: ShortfallReport) -> dict[str, Any]:
    """This will read a report's body.

    Units: integer cents, basis points and days, as they were stored.
    """
    body: dict[str, Any] = json.loads(bytes(report.body))
    return body


@dataclass(frozen=True)
class ReportList:
    """One page of a fund's reports with the headline figures of each, and the job that builds another now."""

    page: Page[ShortfallReport]
    headlines: list[Mapping[str, Any]]
    job: Job | None


@dataclass(frozen=True)
class ReportPage:
    """One report with its body."""

    row: ShortfallReport
    body: dict[str, Any]


def report_list(actor: Actor, *, fund_id: UUID, cursor: str | None) -> ReportList:
    """This will return one page of reports, newest first. Errors: NotFound, Forbidden, InvalidInput."""
    rows = visible_reports(actor, fund_id=fund_id).defer(None)
    page = keyset(rows, ("-as_of", "-id"), cursor, _A_PAGE)
    headlines = [report_body(row)["headline"] for row in page.rows]
    return ReportList(page, headlines, live_job(actor, fund_id=fund_id))


def report_page(actor: Actor, *, fund_id: UUID, report_id: UUID) -> ReportPage:
    """This will return one report of the fund. Errors: NotFound, also for a report of another fund."""
    row = visible_report(actor, report_id=report_id)
    if row.fund_id != fund_id:
        raise errors.NotFound
    return ReportPage(row, report_body(row))


def report_job(actor: Actor, *, fund_id: UUID, job_id: UUID) -> Job:
    """This will return a job that builds a report of the fund. Errors: NotFound."""
    job = work.visible_job(actor, job_id=job_id)
    if job.fund_id != fund_id or job.kind != KIND:
        raise errors.NotFound
    return job
