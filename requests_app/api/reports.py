"""Shortfall reports: asked for, listed, and read as JSON, CSV or PDF with the same numbers."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.queries import work
from requests_app.api import fields
from requests_app.api.answers import JSON, PDF, Body, json_answer, stamp
from requests_app.api.doors import Door, address
from requests_app.api.jobs import QUEUED_SAMPLE, Job, job_body
from requests_app.api.paging import FundPageQuery, FundQuery
from requests_app.api.schema import KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.queries import reports as queries
from requests_app.services import reports

CSV = "text/csv"


class ReportBrief(fields.Shown):
    """A report in a list."""

    id = fields.Id("rep")
    as_of = fields.MomentOut()
    ledger_sequence = serializers.IntegerField(help_text="The newest transfer that it counts.")
    policy_number = serializers.IntegerField()
    content_hash = serializers.CharField(help_text="SHA-256 of the body's canonical bytes.")
    created_at = fields.MomentOut()


class Report(ReportBrief):
    """A report with its figures."""

    body = serializers.DictField(help_text="Figures in whole cents (_cents), basis points (_bp) and days.")


BRIEF_SAMPLE: Body = {
    "id": "rep_018aa9d5e0007c3a9d0f6b1c2e4a5dd1",
    "as_of": "2023-09-22T16:00:02Z",
    "ledger_sequence": 2,
    "policy_number": 1,
    "content_hash": "7c1f" * 16,
    "created_at": "2023-09-22T16:00:03Z",
}
SAMPLE: Body = {**BRIEF_SAMPLE, "body": {"version": 1}}


def brief_body(row: Any) -> Body:
    """This will write a report without its figures."""
    return {
        "id": ids.public("rep", row.id),
        "as_of": stamp(row.as_of),
        "ledger_sequence": row.ledger_sequence,
        "policy_number": row.policy.number,
        "content_hash": row.content_hash,
        "created_at": stamp(row.created_at),
    }


class Reports(Door):
    """The fund's reports."""

    @Operation(
        "list_reports",
        "List reports, newest first",
        tag="reports",
        scope="reports:read",
        query=FundPageQuery,
        gives=page_shape(ReportBrief),
        sample=page_sample(BRIEF_SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        rows = queries.visible_reports(self.actor, fund_id=fund_id)
        return self.page(rows, ("-as_of", "-id"), brief_body)

    @Operation(
        "ask_for_report",
        "Ask for a report of this moment",
        tag="reports",
        scope="reports:write",
        query=FundQuery,
        gives=Job,
        sample=QUEUED_SAMPLE,
        status=202,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
        description="Two who ask at the same moment get the same job; Location is where to see it.",
    )
    def post(self, request: Request) -> HttpResponse:
        """This will ask."""
        fund_id, _ = self.fund()
        self.read_nothing()
        return self.act(
            lambda once: reports.ask(fund_id=fund_id, by=self.actor, now=self.now, once=once),
            again=lambda job_id: work.visible_job(self.actor, job_id=job_id),
            body_of=job_body,
            status=202,
            location=lambda row: address("jobs", "job", row.id),
        )


class OneReport(Door):
    """One report."""

    @Operation(
        "get_report",
        "Read a report",
        tag="reports",
        scope="reports:read",
        gives=Report,
        sample=SAMPLE,
        formats=(JSON, CSV, PDF),
        description="Accept chooses the format; the numbers are the same in each.",
    )
    def get(self, request: Request, report_id: UUID) -> HttpResponse:
        """This will show it."""
        row = queries.visible_report(self.actor, report_id=report_id)
        body = queries.report_body(row)
        if self.wanted == JSON:
            return json_answer({**brief_body(row), "body": body})
        name = f"shortfall-{row.as_of:%Y%m%dT%H%M%SZ}"
        from requests_app.exports import csv_file, pdf_file, report_rows  # noqa: PLC0415  # loaded when wanted

        if self.wanted == CSV:
            return _file(csv_file.whole_report(report_rows.tables(body)), CSV, f"{name}.csv")
        return _file(pdf_file.whole_report(body, content_hash=row.content_hash), PDF, f"{name}.pdf")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
