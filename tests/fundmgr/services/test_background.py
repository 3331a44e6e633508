"""What the workers do: deliver what is owed, run jobs, link the chain; each safe to run twice."""

import threading
from datetime import timedelta
from uuid import uuid4

import handlers
import pytest
from builders import NOW, make_world
from django.db import connections, transaction
from django.utils import timezone
from launching import wait_until

from fundmgr.domain import actors
from fundmgr.domain.lifecycle import JobState
from fundmgr.models import Job, OutboxMessage
from fundmgr.ports import events, jobs, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.outbox import Effect
from fundmgr.queries import trail
from fundmgr.services import background


@pytest.fixture(autouse=True)
def own_handlers(settings):
    settings.OUTBOX_HANDLERS = {"good": "handlers.deliver", "bad": "handlers.stumble"}
    settings.JOB_HANDLERS = {"good": "handlers.work", "bad": "handlers.break_down"}
    handlers.delivered.clear()
    handlers.ran.clear()


@pytest.fixture
def fund(db):
    return make_world().fund


def clock():
    return NOW


def later(**span):
    return lambda: NOW + timedelta(**span)


def owe(fund, *keys, kind="good"):
    with transaction.atomic():
        outbox.owe_many([Effect(kind, key, {}) for key in keys], fund_id=fund.id, now=NOW)


def enqueue(fund, key="k", kind="good"):
    with transaction.atomic():
        job, _ = jobs.enqueue(kind=kind, key=key, payload={}, fund_id=fund.id, by=actors.SYSTEM, now=NOW)
    return job


def test_what_is_owed_is_delivered_once(fund):
    owe(fund, "k1", "k2")

    assert background.deliver(clock=clock) == 2
    assert background.deliver(clock=clock) == 0

    assert sorted(handlers.delivered) == ["k1", "k2"]
    assert set(OutboxMessage.objects.values_list("done_at", "attempts")) == {(NOW, 1)}


def test_a_failed_effect_leaves_nothing_and_is_tried_later(fund):
    owe(fund, "k1", kind="bad")

    background.deliver(clock=clock)

    row = OutboxMessage.objects.get()
    assert (row.kind, row.done_at, row.attempts) == ("bad", None, 1)
    assert row.last_error == "RuntimeError: The post office is closed."
    assert row.due_at == NOW + timedelta(seconds=30)
    assert background.deliver(clock=clock) == 0
    assert background.deliver(clock=later(seconds=31)) == 1


def test_one_that_fails_does_not_hold_up_the_others(fund):
    owe(fund, "a", kind="bad")
    owe(fund, "b", "c")
    owe(fund, "d", kind="nobody makes this")

    background.deliver(clock=clock)

    assert sorted(handlers.delivered) == ["b", "c"]
    assert OutboxMessage.objects.get(effect_key="d").last_error.startswith("KeyError")


def test_the_wait_grows_to_an_hour_and_no_more(fund):
    owe(fund, "k", kind="bad")
    moment = NOW
    for _ in range(20):
        background.deliver(clock=lambda moment=moment: moment)
        due = OutboxMessage.objects.get().due_at
        assert due - moment <= timedelta(hours=1)
        moment = due

    assert OutboxMessage.objects.get().attempts == 20


def test_a_mended_effect_is_delivered(fund, settings):
    owe(fund, "k", kind="bad")
    background.deliver(clock=clock)
    settings.OUTBOX_HANDLERS = {"bad": "handlers.deliver"}

    background.deliver(clock=later(hours=2))

    assert handlers.delivered == ["k"]
    assert OutboxMessage.objects.get().last_error == ""


def test_no_more_is_delivered_than_asked(fund):
    owe(fund, "k1", "k2", "k3")

    assert background.deliver(clock=clock, most=2) == 2


def test_jobs_run_and_leave_their_result(fund):
    job = enqueue(fund)

    assert background.run_jobs(clock=clock) == 1

    row = Job.objects.get(id=job.id)
    assert (row.state, row.result) == (JobState.DONE, {"key": "k"})


def test_a_job_that_fails_is_tried_again_and_then_given_up(fund):
    job = enqueue(fund, kind="bad")

    assert background.run_jobs(clock=clock) == jobs.MOST_ATTEMPTS

    row = Job.objects.get(id=job.id)
    assert (row.state, row.error) == (JobState.FAILED, "ValueError: No data.")


def test_a_sweep_does_all_work_that_waits(fund):
    owe(fund, "k1")
    enqueue(fund)
    with transaction.atomic():
        happening = Happening("thing.done", "thing", uuid4())
        events.record_many([happening], fund_id=fund.id, by=actors.SYSTEM, now=NOW, link=False)

    done = background.sweep(clock=clock)

    assert (done["linked"], done["delivered"], done["jobs"]) == (1, 1, 1)
    assert dict(background.sweep(clock=clock)) == {"linked": 0, "delivered": 0, "jobs": 0}
    assert trail.verify_chain().waiting == 0


def test_relays_at_one_moment_deliver_each_effect_once(committed_db):
    fund = make_world().fund
    owe(fund, *(f"k{number}" for number in range(60)))
    enqueue(fund)
    barrier = threading.Barrier(4)

    def sweep():
        barrier.wait()
        background.sweep(clock=clock)
        connections.close_all()

    threads = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(handlers.delivered) == sorted(f"k{number}" for number in range(60))
    assert handlers.ran == ["k"]


def test_long_work_keeps_its_lease_however_short(committed_db, settings, monkeypatch):
    """The lease is short, for only a lost worker falls silent: one that works says so from a thread."""
    settings.JOB_HANDLERS = {"good": "handlers.work_until_told"}
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.3))
    job = enqueue(make_world().fund)
    handlers.may_end.clear()

    def work():
        background.run_jobs(clock=timezone.now)
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    assert wait_until(lambda: Job.objects.filter(id=job.id, state=JobState.RUNNING).exists())
    first = Job.objects.get(id=job.id).lease_until

    kept = wait_until(lambda: Job.objects.get(id=job.id).lease_until > first + timedelta(seconds=0.3))
    taken_over = background.run_jobs(clock=timezone.now)
    handlers.may_end.set()
    worker.join()

    assert (kept, taken_over) == (True, 0)
    row = Job.objects.get(id=job.id)
    assert (row.state, row.attempts) == (JobState.DONE, 1)
