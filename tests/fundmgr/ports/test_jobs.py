"""Long work: one live job a key, held by a lease that others may take over."""

import threading
from datetime import timedelta

import pytest
from builders import NOW, make_world
from django.db import connections, transaction

from fundmgr.domain import actors
from fundmgr.domain.lifecycle import JobState
from fundmgr.models import Job
from fundmgr.ports import jobs
from fundmgr.ports.locks import NoTransaction

SOON = NOW + timedelta(seconds=30)
SILENT = NOW + jobs.LEASE + timedelta(seconds=1)


@pytest.fixture
def fund(db):
    return make_world().fund


def enqueue(fund, key="k", now=NOW):
    return jobs.enqueue(kind="report", key=key, payload={"a": 1}, fund_id=fund.id, by=actors.SYSTEM, now=now)


def fresh(job):
    return Job.objects.get(id=job.id)


def test_two_askers_get_one_job(fund):
    first, is_first_new = enqueue(fund)
    second, is_second_new = enqueue(fund)

    assert (first.id, is_first_new, is_second_new) == (second.id, True, False)
    assert first.asked_by == "system"


def test_an_ended_job_makes_room_for_the_next(fund):
    first, _ = enqueue(fund)
    jobs.finish(jobs.take_next(now=NOW), result={}, now=NOW)

    second, is_new = enqueue(fund)

    assert is_new
    assert second.id != first.id


def test_the_oldest_waits_the_shortest(fund):
    later, _ = enqueue(fund, "later", now=SOON)
    first, _ = enqueue(fund, "first", now=NOW)

    assert [jobs.take_next(now=SOON).id for _ in range(2)] == [first.id, later.id]
    assert jobs.take_next(now=SOON) is None


def test_a_leased_job_reports_progress_and_ends(fund):
    enqueue(fund)
    job = jobs.take_next(now=NOW)

    assert jobs.beat(job, done=3, total=10, now=SOON)
    assert (fresh(job).done_count, fresh(job).lease_until) == (3, SOON + jobs.LEASE)
    assert jobs.finish(job, result={"report_id": "rep"}, now=SOON)

    row = fresh(job)
    assert (row.state, row.result, row.done_count, row.ended_at) == (
        JobState.DONE,
        {"report_id": "rep"},
        10,
        SOON,
    )


def test_a_silent_holder_loses_the_job_and_can_do_nothing_more_to_it(fund):
    enqueue(fund)
    lost = jobs.take_next(now=NOW)
    assert jobs.take_next(now=SOON) is None

    taken = jobs.take_next(now=SILENT)

    assert (taken.id, taken.attempts, taken.started_at) == (lost.id, 2, NOW)
    assert not jobs.beat(lost, done=1, total=2, now=SILENT)
    assert not jobs.finish(lost, result={"wrong": True}, now=SILENT)
    jobs.fail(lost, error="late", now=SILENT)
    assert (fresh(taken).state, fresh(taken).error) == (JobState.RUNNING, "")
    assert jobs.finish(taken, result={}, now=SILENT)


def test_a_failed_job_is_tried_again_and_ends_after_the_last_attempt(fund):
    enqueue(fund)

    for _ in range(jobs.MOST_ATTEMPTS):
        job = jobs.take_next(now=NOW)
        jobs.fail(job, error="x" * 3_000, now=NOW)

    row = fresh(job)
    assert (row.state, row.attempts, row.ended_at) == (JobState.FAILED, jobs.MOST_ATTEMPTS, NOW)
    assert len(row.error) == 2_000
    assert jobs.take_next(now=SILENT) is None


def test_a_job_that_takes_its_workers_down_ends_too(fund):
    enqueue(fund)
    moment = NOW
    for _ in range(jobs.MOST_ATTEMPTS):
        job = jobs.take_next(now=moment)
        moment += jobs.LEASE + timedelta(seconds=1)

    assert jobs.take_next(now=moment) is None
    row = fresh(job)
    assert (row.state, row.ended_at) == (JobState.FAILED, moment)
    assert "worker was lost" in row.error


def test_outside_a_transaction_nothing_is_taken(committed_db):
    with pytest.raises(NoTransaction):
        jobs.take_next(now=NOW)


def test_of_many_at_one_moment_one_makes_the_job_and_one_takes_it(committed_db):
    fund = make_world().fund
    barrier, made, taken = threading.Barrier(8), [], []

    def ask_and_take():
        barrier.wait()
        with transaction.atomic():
            made.append(enqueue(fund))
        barrier.wait()
        with transaction.atomic():
            taken.append(jobs.take_next(now=SOON))
        connections.close_all()

    threads = [threading.Thread(target=ask_and_take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({job.id for job, _ in made}) == 1
    assert [is_new for _, is_new in made].count(True) == 1
    assert len([job for job in taken if job is not None]) == 1
