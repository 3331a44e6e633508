"""Shortfall reports: who may read which, and what one says."""

import json
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import JobState
from fundmgr.domain.permissions import Action
from fundmgr.models import Job
from fundmgr.queries import access
from requests_app.models import ShortfallReport

KIND = "shortfall_report"


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
