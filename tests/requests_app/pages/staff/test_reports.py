"""The report's pages: ask, watch, read, download; the same numbers on the page as in every file."""

import csv
import hashlib
import html
import io
import json

import pytest
from builders import NOW, add_staff, make_world, put_money_in
from console import Staff, new_token, text_of
from example_report import AS_OF, body_of, example_inputs, stored
from pypdf import PdfReader
from waiting import make_requests

from fundmgr.domain import ids, money
from fundmgr.domain.lifecycle import JobState
from fundmgr.domain.permissions import Role
from fundmgr.models import Job
from fundmgr.services import background
from requests_app.exports import report_rows
from requests_app.exports.report_rows import Kind
from requests_app.models import ShortfallReport


@pytest.fixture
def world(db):
    return make_world()


def keep_report(world, body=None):
    """Keep the worked example as a report of the fund."""
    content = body or stored(example_inputs())
    return ShortfallReport.objects.create(
        id=ids.new_id(NOW), fund=world.fund, created_at=NOW, as_of=AS_OF, ledger_sequence=41,
        policy=world.policy, body=content, content_hash=hashlib.sha256(content).hexdigest(),
        job_id=ids.new_id(NOW),
    )  # fmt: skip


def address(report, ending=""):
    return f"reports/rep_{report.id.hex}/{ending}"


def amounts():
    return [
        cell
        for table in report_rows.tables(body_of(example_inputs()))
        for row in table.rows
        for cell, column in zip(row, table.columns, strict=True)
        if column.kind is Kind.CENTS and isinstance(cell, int)
    ]


def test_asking_leads_to_the_job_and_the_job_to_the_report(committed_db):
    world = make_world()
    put_money_in(world, 100_000)
    make_requests(world, [300_000, 400_000], asked_cents=[1_000_000, 1_000_000])
    director = Staff(world, Role.DIRECTOR)

    asked = director.post("reports/ask/")
    watching = director.get(asked["Location"])

    assert asked.status_code == 302
    assert watching["Refresh"] == "2"
    assert "Waiting for its turn" in text_of(watching)

    background.run_jobs(clock=lambda: NOW)
    done = director.get(asked["Location"])
    page = director.get(done["Location"])
    assert page.status_code == 200
    assert "The fund has 5 cents for each dollar people asked for." in text_of(page)
    assert "$980" in text_of(page)


def test_a_form_sent_twice_asks_once(world):
    director, token = Staff(world, Role.DIRECTOR), new_token()

    first = director.post("reports/ask/", token=token)
    second = director.post("reports/ask/", token=token)

    assert first["Location"] == second["Location"]
    assert Job.objects.count() == 1


def test_two_people_who_ask_watch_the_same_job(world):
    first = Staff(world, Role.DIRECTOR).post("reports/ask/")
    second = Staff(world, add_staff(world.fund, Role.AUDITOR, name="Second Auditor")).post("reports/ask/")

    assert first["Location"] == second["Location"]


def test_the_page_shows_every_amount_that_the_tables_hold(world):
    page = html.unescape(text_of(Staff(world, Role.BOARD).get(address(keep_report(world)))))

    missing = [money.dollars(cents) for cents in amounts() if money.dollars(cents) not in page]
    assert missing == []


def test_page_csv_json_and_pdf_agree_on_the_headline_figures(world):
    report, staff = keep_report(world), Staff(world, Role.AUDITOR)
    page = html.unescape(text_of(staff.get(address(report))))
    rows = list(csv.reader(io.StringIO(text_of(staff.get(address(report, "report.csv"))))))
    body = json.loads(staff.get(address(report, "report.json")).content)
    paper = PdfReader(io.BytesIO(staff.get(address(report, "report.pdf")).content))
    words = " ".join(" ".join(one.extract_text() for one in paper.pages).split())

    in_csv = {row[1]: row[4] for row in rows if row[0] == "figures" and row[3] == "cents"}
    for figure in body["figures"]:
        if figure["amount_cents"] is not None:
            assert in_csv[figure["id"]] == money.wire(figure["amount_cents"])
            assert money.dollars(figure["amount_cents"]) in page
            assert money.dollars(figure["amount_cents"]) in words


def test_json_has_the_hash_that_the_page_shows(world):
    report, staff = keep_report(world), Staff(world, Role.DIRECTOR)

    answer = staff.get(address(report, "report.json"))

    assert hashlib.sha256(answer.content).hexdigest() == report.content_hash
    assert report.content_hash in text_of(staff.get(address(report)))
    assert answer["Content-Disposition"] == 'attachment; filename="shortfall-2023-09-18.json"'


@pytest.mark.parametrize("table", report_rows.tables(body_of(example_inputs())), ids=lambda table: table.key)
def test_each_table_has_its_own_csv(world, table):
    answer = Staff(world, Role.DIRECTOR).get(address(keep_report(world), f"{table.key}.csv"))

    rows = list(csv.reader(io.StringIO(text_of(answer))))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert len(rows) == len(table.rows) + 1


def test_every_link_on_the_page_leads_somewhere(world):
    import re

    report, staff = keep_report(world), Staff(world, Role.DIRECTOR)
    page = text_of(staff.get(address(report)))

    links = set(re.findall(r'href="(/staff/[^"]+/reports/[^"]*)"', page))
    assert len(links) > 10
    assert {staff.get(link).status_code for link in links} == {200}


def test_an_unknown_table_is_not_there(world):
    assert Staff(world, Role.DIRECTOR).get(address(keep_report(world), "secrets.csv")).status_code == 404


def test_the_list_shows_the_newest_first_with_its_figures(world):
    keep_report(world)
    answer = Staff(world, Role.REVIEWER).get("reports/")

    assert answer.status_code == 200
    assert "$10,000,000" in text_of(answer)
    assert "1,700" in text_of(answer)


def test_the_list_of_a_fund_without_a_report_says_so(world):
    assert "No report yet" in text_of(Staff(world, Role.BOARD).get("reports/"))


def test_only_those_who_may_build_get_the_button_and_the_door(world):
    keep_report(world)
    reviewer = Staff(world, Role.REVIEWER)

    assert "reports/ask/" not in text_of(reviewer.get("reports/"))
    assert reviewer.post("reports/ask/").status_code == 403
    assert "reports/ask/" in text_of(Staff(world, Role.TREASURER_PREPARES).get("reports/"))
    assert Job.objects.count() == 0


def test_reports_of_another_fund_are_not_there(world):
    other = make_world(name="Another Fund")
    report = keep_report(other)
    director = Staff(world, Role.DIRECTOR)

    for ending in ("", "report.pdf", "report.csv", "report.json", "days.csv"):
        assert director.get(address(report, ending)).status_code == 404
    both = Staff(other, Role.DIRECTOR)
    assert both.get(f"/staff/{world.fund.slug}/{address(report)}").status_code == 404


def test_a_job_of_another_kind_or_fund_is_not_there(world):
    other = make_world(name="Another Fund")
    director = Staff(world, Role.DIRECTOR)
    foreign = Staff(other, Role.DIRECTOR).post("reports/ask/")["Location"]
    job_part = foreign.rstrip("/").rpartition("/")[2]

    assert director.get(f"reports/{job_part}/").status_code == 404


def test_a_failed_job_says_so_in_words_and_stops_renewing(world):
    director = Staff(world, Role.DIRECTOR)
    location = director.post("reports/ask/")["Location"]
    Job.objects.update(state=JobState.FAILED, error="ZeroDivisionError: division by zero")

    answer = director.get(location)

    assert "could not be built" in text_of(answer)
    assert "ZeroDivisionError" not in text_of(answer)
    assert "Refresh" not in answer


def test_a_running_job_shows_how_far_it_is(world):
    director = Staff(world, Role.DIRECTOR)
    location = director.post("reports/ask/")["Location"]
    Job.objects.update(state=JobState.RUNNING, done_count=1, total_count=3)

    assert "1 of 3 done" in text_of(director.get(location))
    assert director.get("reports/")["Refresh"] == "5"


def test_words_from_the_body_are_escaped_on_the_page(world):
    body = body_of(example_inputs())
    body["productions"][0]["label"] = "<script>alert(1)</script>"
    report = keep_report(world, json.dumps(body).encode())

    page = text_of(Staff(world, Role.DIRECTOR).get(address(report)))

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_stranger_is_sent_to_sign_in(world, client):
    answer = client.get(f"/staff/{world.fund.slug}/reports/")

    assert answer.status_code == 302
    assert "sign-in" in answer["Location"] or "account" in answer["Location"]
