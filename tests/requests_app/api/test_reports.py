"""Reports and jobs over the API."""

import builders
import pytest
from calling import Caller, code_of, give_token, make_client, make_things
from django.test import Client
from django.utils import timezone

from fundmgr.domain.permissions import Role
from fundmgr.models import Job
from fundmgr.services import background
from requests_app.api import jobs


def test_a_report_is_asked_for_once(program):
    director = program(Role.DIRECTOR)

    first = director.post("reports", key="a")
    again = director.post("reports", key="a")
    other = program(Role.AUDITOR).post("reports")

    assert first.status_code == 202, first.content
    assert first["Location"] == f"/api/v1/jobs/{first.json()['id']}"
    assert (again.status_code, again["Idempotent-Replayed"]) == (202, "true")
    assert other.json()["id"] == first.json()["id"]
    assert director.get(first["Location"].removeprefix("/api/v1/")).json()["state"] == "QUEUED"
    assert Job.objects.count() == 1


def test_who_may_not_build_reports_asks_in_vain(program):
    answer = program(Role.REVIEWER).post("reports")

    assert (answer.status_code, code_of(answer)) == (403, "forbidden")


def test_a_report_reads_the_same_in_each_format(committed_db):
    world = builders.make_world()
    make_things(world)
    _, application = make_client(world, Role.AUDITOR)
    caller = Caller(Client(), {"Authorization": f"Bearer {give_token(application)}"})
    asked = caller.post("reports").json()
    background.run_jobs(clock=timezone.now)

    job = caller.get(f"jobs/{asked['id']}").json()
    path = job["result"]["href"].removeprefix("/api/v1/")
    as_json, as_csv, as_pdf = (
        caller.get(path, Accept=kind) for kind in ("application/json", "text/csv", "application/pdf")
    )

    assert (job["state"], job["progress"]["done"]) == ("DONE", job["progress"]["total"])
    assert as_json.json()["id"] == job["result"]["report_id"]
    assert as_json.json()["body"]["fund"]["name"] == world.fund.name
    assert as_csv["Content-Type"] == "text/csv"
    assert "8299.00" in as_csv.content.decode()
    assert as_pdf.content.startswith(b"%PDF")
    assert as_pdf["Content-Disposition"].endswith('.pdf"')
    assert caller.get("reports").json()["data"][0]["id"] == job["result"]["report_id"]


@pytest.mark.parametrize(
    ("state", "result", "shown"),
    [
        ("QUEUED", None, (None, "")),
        ("FAILED", None, (None, jobs.FAILED)),
        ("DONE", {}, (None, "")),
    ],
)
def test_a_job_keeps_what_went_wrong_inside(world, state, result, shown):
    row = make_things(world).rows["job"]
    row.state, row.result, row.error = state, result, "psycopg.Error: password=hunter2"

    body = jobs.job_body(row)

    assert (body["result"], body["error"]) == shown
