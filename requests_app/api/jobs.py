"""Jobs: long work, how far it is, and where its result can be read."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import JobState
from fundmgr.queries import work
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer, stamp, stamp_or_null
from requests_app.api.doors import Door, address
from requests_app.api.schema import Operation


class Progress(fields.Shown):
    """Steps done of all steps; a total of 0 means that it has not begun."""

    done = serializers.IntegerField()
    total = serializers.IntegerField()


class JobResult(fields.Shown):
    """What came of it."""

    report_id = fields.Id("rep")
    href = serializers.CharField()


class Job(fields.Shown):
    """Long work."""

    id = fields.Id("job")
    kind = serializers.CharField()
    state = fields.Word(JobState)
    progress = Progress()
    result = JobResult(allow_null=True, help_text="Null until it is done.")
    error = serializers.CharField(help_text="Empty unless it failed.")
    created_at = fields.MomentOut()
    started_at = fields.MomentOut(allow_null=True)
    ended_at = fields.MomentOut(allow_null=True)


_REPORT = "rep_018aa9d5e0007c3a9d0f6b1c2e4a5dd1"
QUEUED_SAMPLE: Body = {
    "id": "job_018aa9d5e0007c3a9d0f6b1c2e4a5de1",
    "kind": "shortfall_report",
    "state": "QUEUED",
    "progress": {"done": 0, "total": 0},
    "result": None,
    "error": "",
    "created_at": "2023-09-22T16:00:00Z",
    "started_at": None,
    "ended_at": None,
}
DONE_SAMPLE: Body = {
    **QUEUED_SAMPLE,
    "state": "DONE",
    "progress": {"done": 3, "total": 3},
    "result": {"report_id": _REPORT, "href": f"/api/v1/reports/{_REPORT}"},
    "started_at": "2023-09-22T16:00:01Z",
    "ended_at": "2023-09-22T16:00:03Z",
}
FAILED = "It failed on our side; the operator's log says why."


def job_body(row: Any) -> Body:
    """This will write a job; what went wrong inside is for the log alone."""
    return {
        "id": ids.public("job", row.id),
        "kind": row.kind,
        "state": row.state,
        "progress": {"done": row.done_count, "total": row.total_count},
        "result": _result(row.result),
        "error": FAILED if row.state == JobState.FAILED else "",
        "created_at": stamp(row.created_at),
        "started_at": stamp_or_null(row.started_at),
        "ended_at": stamp_or_null(row.ended_at),
    }


class OneJob(Door):
    """One job."""

    @Operation(
        "get_job",
        "See how far a job is",
        tag="reports",
        scope="reports:read",
        gives=Job,
        sample=DONE_SAMPLE,
    )
    def get(self, request: Request, job_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(job_body(work.visible_job(self.actor, job_id=job_id)))


def _result(stored: dict[str, str] | None) -> Body | None:
    if not stored or "report_id" not in stored:
        return None
    key = UUID(stored["report_id"])
    return {"report_id": ids.public("rep", key), "href": address("reports", "rep", key)}
