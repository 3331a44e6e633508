"""Shortfall reports: the list, asking for one, watching it grow, reading it as page, PDF, CSV and JSON."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect

from fundmgr.domain import errors, money
from fundmgr.domain.lifecycle import JobState
from fundmgr.domain.permissions import Action
from requests_app.exports import csv_file, json_file, report_rows
from requests_app.pages.staff import doors, lists, report_context
from requests_app.pages.staff.doors import Door
from requests_app.queries import reports as queries
from requests_app.queries.paging import Page
from requests_app.services import reports
from requests_app.templatetags.fund_ui import when

_RENEW_SECONDS = "2"
_FAILED = "The report could not be built. Ask for it again; if it fails again, tell who runs this server."
_COLUMNS = [
    {"label": "As of"},
    {"label": "Asked", "number": True},
    {"label": "Received", "number": True},
    {"label": "Available", "number": True},
    {"label": "Requests", "number": True},
    {"label": "Policy"},
    {"label": "Files"},
]


@doors.page
def report_list(door: Door) -> HttpResponse:
    """The reports, newest first."""
    return _listed(door)


@doors.act
def ask(door: Door) -> HttpResponse:
    """Ask for a report; two who ask at once watch the same one."""
    door.require(Action.REPORT_BUILD)
    done = door.attempt(
        None, lambda once: reports.ask(fund_id=door.fund_id, by=door.actor, now=door.now, once=once)
    )
    return door.to("report_job", job_id=done.row_id) if done else _listed(door)


@doors.page
def report_job(door: Door, job_id: UUID) -> HttpResponse:
    """How far the report is; once it is there, the report itself."""
    job = queries.report_job(door.actor, fund_id=door.fund_id, job_id=job_id)
    if job.state == JobState.DONE and job.result:
        return HttpResponseRedirect(door.url("report", report_id=UUID(job.result["report_id"])))
    context = {"job": _progress(job), "reports_url": door.url("reports")}
    answer = door.page("staff/report_job.html", context, current="reports")
    if job.state in {JobState.QUEUED, JobState.RUNNING}:
        answer["Refresh"] = _RENEW_SECONDS
    return answer


@doors.page
def report(door: Door, report_id: UUID) -> HttpResponse:
    """One report as a page."""
    found = queries.report_page(door.actor, fund_id=door.fund_id, report_id=report_id)
    context = report_context.context(door, found)
    return door.page("staff/shortfall.html", context, current="reports")


@doors.page
def report_pdf(door: Door, report_id: UUID) -> HttpResponse:
    """One report as PDF."""
    from requests_app.exports import pdf_file  # noqa: PLC0415  # the typesetter is large and rarely needed

    found = queries.report_page(door.actor, fund_id=door.fund_id, report_id=report_id)
    content = pdf_file.whole_report(found.body, content_hash=found.row.content_hash)
    return _file(found, content, pdf_file.MEDIA_TYPE, "pdf")


@doors.page
def report_csv(door: Door, report_id: UUID) -> HttpResponse:
    """One report as CSV: every table, a line a cell."""
    found = queries.report_page(door.actor, fund_id=door.fund_id, report_id=report_id)
    content = csv_file.whole_report(report_rows.tables(found.body))
    return _file(found, content, csv_file.MEDIA_TYPE, "csv")


@doors.page
def report_table(door: Door, report_id: UUID, key: str) -> HttpResponse:
    """One table of a report as CSV."""
    found = queries.report_page(door.actor, fund_id=door.fund_id, report_id=report_id)
    table = report_rows.table(found.body, key)
    if table is None:
        raise errors.NotFound
    return _file(found, csv_file.one_table(table), csv_file.MEDIA_TYPE, "csv", part=f"-{key}")


@doors.page
def report_json(door: Door, report_id: UUID) -> HttpResponse:
    """One report as JSON: the stored bytes, whose hash the report shows."""
    found = queries.report_page(door.actor, fund_id=door.fund_id, report_id=report_id)
    return _file(found, json_file.whole_report(bytes(found.row.body)), json_file.MEDIA_TYPE, "json")


def _listed(door: Door) -> HttpResponse:
    found = queries.report_list(door.actor, fund_id=door.fund_id, cursor=door.asked.get("cursor"))
    may_build = door.may(Action.REPORT_BUILD)
    context: dict[str, Any] = {
        "note": "Each report is a moment that no longer changes: money, requests and policy as they stood.",
        "columns": _COLUMNS,
        "rows": [_line(door, row, head) for row, head in zip(found.page.rows, found.headlines, strict=True)],
        "caption": "Shortfall reports, newest first",
        "pager": lists.pager(door, found.page) if _has_sides(found.page) else None,
        "empty": {
            "title": "No report yet",
            "text": "One is built every night." + " Or build one now." * may_build,
        },
        "build_url": door.url("report_ask") if may_build else "",
        "job": _progress(found.job) if found.job else None,
    }
    answer = door.page("staff/reports.html", context, current="reports")
    if found.job is not None:
        answer["Refresh"] = "5"
    return answer


def _has_sides(page: Page[Any]) -> bool:
    return page.has_more or page.previous_cursor is not None


def _line(door: Door, row: Any, head: Any) -> dict[str, Any]:
    amounts = (head["requested_cents"], head["cash_cents"], head["available_cents"])
    return {
        "cells": [
            {"text": when(row.as_of, "stamp"), "url": door.url("report", report_id=row.id)},
            *({"text": money.dollars(cents, whole=True)} for cents in amounts),
            {"text": f"{head['requests']:,}"},
            {"text": f"Version {row.policy.number}"},
            {"text": "PDF", "url": door.url("report_pdf", report_id=row.id)},
        ]
    }


def _progress(job: Any) -> dict[str, Any]:
    failed = job.state in {JobState.FAILED, JobState.CANCELLED}
    return {
        "label": "Shortfall report",
        "done": job.done_count,
        "total": job.total_count,
        "state": JobState.FAILED if failed else job.state,
        "error": _FAILED if failed else "",
    }


def _file(found: Any, content: bytes, media_type: str, ending: str, *, part: str = "") -> HttpResponse:
    name = f"shortfall-{found.row.as_of:%Y-%m-%d}{part}.{ending}"
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
