"""Who reads which report, and what one says."""

import hashlib
from datetime import timedelta

import pytest
from builders import NOW, make_world
from example_report import body_of, example_inputs, stored

from fundmgr.domain import actors, errors, ids
from fundmgr.domain.lifecycle import JobState
from fundmgr.domain.permissions import Role
from fundmgr.models import Job
from requests_app.models import ShortfallReport
from requests_app.queries import reports as queries
from requests_app.services import reports


@pytest.fixture
def world(db):
    return make_world()


def keep(world, *, days_ago=0):
    content = stored(example_inputs())
    return ShortfallReport.objects.create(
        id=ids.new_id(NOW),
        fund=world.fund,
        created_at=NOW,
        as_of=NOW - timedelta(days=days_ago),
        ledger_sequence=41,
        policy=world.policy,
        body=content,
        content_hash=hashlib.sha256(content).hexdigest(),
        job_id=ids.new_id(NOW),
    )


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.INTAKE])
def test_every_staff_role_reads_reports(world, role):
    report = keep(world)

    assert list(queries.visible_reports(world.actor(role), fund_id=world.fund.id)) == [report]
    assert queries.visible_report(world.actor(role), report_id=report.id) == report


def test_intake_helpers_and_strangers_read_none(world):
    report = keep(world)

    with pytest.raises(errors.Forbidden):
        queries.visible_reports(world.actor(Role.INTAKE), fund_id=world.fund.id)
    for actor in (world.actor(Role.INTAKE), actors.person(ids.new_id(NOW))):
        with pytest.raises(errors.NotFound):
            queries.visible_report(actor, report_id=report.id)
    with pytest.raises(errors.NotFound):
        queries.visible_report(world.actor(Role.DIRECTOR), report_id=ids.new_id(NOW))


def test_the_newest_report_is_the_one_of_the_latest_moment(world):
    newest = keep(world)
    keep(world, days_ago=1)

    assert queries.latest_report(world.actor(Role.BOARD), fund_id=world.fund.id) == newest


def test_a_fund_without_a_report_has_no_newest(world):
    assert queries.latest_report(world.actor(Role.BOARD), fund_id=world.fund.id) is None


def test_a_body_is_read_back_as_it_was_written(world):
    assert queries.report_body(keep(world)) == body_of(example_inputs())


def test_the_list_turns_pages_and_reads_each_headline(world):
    for days_ago in range(25):
        keep(world, days_ago=days_ago)
    actor = world.actor(Role.DIRECTOR)

    first = queries.report_list(actor, fund_id=world.fund.id, cursor=None)
    second = queries.report_list(actor, fund_id=world.fund.id, cursor=first.page.next_cursor)

    assert (len(first.page.rows), len(second.page.rows)) == (20, 5)
    assert first.page.rows[0].as_of > second.page.rows[0].as_of
    assert first.headlines[0]["requested_cents"] == 1_000_000_000


def test_a_cursor_that_we_did_not_make_is_refused(world):
    with pytest.raises(errors.InvalidInput):
        queries.report_list(world.actor(Role.DIRECTOR), fund_id=world.fund.id, cursor="nonsense")


def test_the_list_of_reports_costs_the_same_whatever_its_length(world, django_assert_max_num_queries):
    for days_ago in range(10):
        keep(world, days_ago=days_ago)

    with django_assert_max_num_queries(6):
        queries.report_list(world.actor(Role.DIRECTOR), fund_id=world.fund.id, cursor=None)


def test_the_live_job_is_the_one_that_has_not_ended(world):
    director = world.actor(Role.DIRECTOR)
    assert queries.live_job(director, fund_id=world.fund.id) is None

    job = reports.ask(fund_id=world.fund.id, by=director, now=NOW)
    assert queries.live_job(director, fund_id=world.fund.id) == job
    assert queries.report_job(director, fund_id=world.fund.id, job_id=job.id) == job

    Job.objects.update(state=JobState.DONE)
    assert queries.live_job(director, fund_id=world.fund.id) is None


def test_a_report_or_job_is_found_in_its_own_fund_only(world):
    other = make_world(name="Another Fund")
    director = world.actor(Role.DIRECTOR)
    job = reports.ask(fund_id=other.fund.id, by=other.actor(Role.DIRECTOR), now=NOW)

    with pytest.raises(errors.NotFound):
        queries.report_page(director, fund_id=world.fund.id, report_id=keep(other).id)
    with pytest.raises(errors.NotFound):
        queries.report_job(director, fund_id=world.fund.id, job_id=job.id)


def test_a_job_of_another_kind_is_no_report_job(world):
    director = world.actor(Role.DIRECTOR)
    job = reports.ask(fund_id=world.fund.id, by=director, now=NOW)
    Job.objects.update(kind="import")

    with pytest.raises(errors.NotFound):
        queries.report_job(director, fund_id=world.fund.id, job_id=job.id)
