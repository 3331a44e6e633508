"""Reports: asked for once, built once from one moment, the same bytes for the same inputs."""

import hashlib
import json
import threading
from datetime import timedelta

import pytest
from builders import NOW, close_fund, make_world, put_money_in
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from waiting import make_requests

from fundmgr.domain import actors, errors, ids
from fundmgr.domain.lifecycle import JobState, RequestState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, Job
from fundmgr.ports import jobs
from fundmgr.ports.idempotency import Once, Replay
from fundmgr.services import background
from requests_app.models import ShortfallReport
from requests_app.queries import reports as queries
from requests_app.services import reports, rounds


def clock():
    return NOW


def world_of_the_example(**options):
    """A twentieth of what is asked is there: $1,000 for $20,000."""
    world = make_world(**options)
    put_money_in(world, 100_000)
    make_requests(world, [300_000, 400_000, 800_000], asked_cents=[500_000, 500_000, 1_000_000])
    return world


def ask(world, *, role=Role.DIRECTOR, **options):
    return reports.ask(fund_id=world.fund.id, by=world.actor(role), now=NOW, **options)


def body_of_newest(world):
    report = queries.latest_report(world.actor(Role.BOARD), fund_id=world.fund.id)
    return report, queries.report_body(report)


def amount(body, figure_id):
    return next(row for row in body["figures"] if row["id"] == figure_id)["amount_cents"]


def test_a_worker_builds_what_was_asked_for(committed_db):
    world = world_of_the_example()
    job = ask(world)

    assert background.run_jobs(clock=clock) == 1

    job.refresh_from_db()
    report, body = body_of_newest(world)
    assert job.state == JobState.DONE
    assert job.result == {"report_id": str(report.id)}
    assert (job.done_count, job.total_count) == (3, 3)
    assert {key: amount(body, key) for key in ("F1", "F3", "F4", "F6", "F8", "F9", "F10")} == {
        "F1": 2_000_000,
        "F3": 1_500_000,
        "F4": 450_000,
        "F6": 100_000,
        "F8": 2_000,
        "F9": 98_000,
        "F10": 1_900_000,
    }
    assert amount(body, "F12.50") == 1_500_000 // 2 - 98_000
    assert body["headline"]["cents_per_dollar"] == 5
    assert body["books_differ_by_cents"] == 0


def test_a_report_names_its_moment_its_ledger_its_policy_and_its_hash(committed_db):
    world = world_of_the_example()
    ask(world)
    background.run_jobs(clock=clock)

    report, body = body_of_newest(world)
    assert report.as_of == NOW
    assert report.ledger_sequence == body["ledger_sequence"] == 2
    assert report.policy_id == world.policy.id
    assert report.content_hash == hashlib.sha256(bytes(report.body)).hexdigest()
    assert Event.objects.filter(verb="report.built", object_id=report.id).count() == 1


def test_the_same_inputs_give_identical_bytes(committed_db):
    world = world_of_the_example()
    for _ in range(2):
        ask(world)
        background.run_jobs(clock=clock)

    first, second = ShortfallReport.objects.order_by("id")
    assert bytes(first.body) == bytes(second.body)
    assert first.content_hash == second.content_hash


def test_held_money_shows_as_obligated_and_those_awarded_no_longer_wait(committed_db):
    world = world_of_the_example()
    rule = {"version": 1, "rule": "equal_awards"}
    row = rounds.propose_rule(fund_id=world.fund.id, rule=rule, by=world.actor(Role.DIRECTOR), now=NOW)
    rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)
    ask(world)
    background.run_jobs(clock=clock)

    _, body = body_of_newest(world)
    assert (amount(body, "F7.reserved"), amount(body, "F9")) == (98_000, 0)
    assert body["sharing"]["people_count"] == 0
    assert next(row for row in body["figures"] if row["id"] == "F14")["people"] == 3


def test_running_a_job_twice_makes_one_report(committed_db):
    world = world_of_the_example()
    ask(world)
    with transaction.atomic():
        job = jobs.take_next(now=NOW)

    first = reports.build(job=job, clock=clock)
    make_requests(world, [1_000])
    second = reports.build(job=job, clock=clock)

    assert first == second
    assert ShortfallReport.objects.count() == 1


def test_two_asks_at_the_same_moment_make_one_report(committed_db):
    world = world_of_the_example()
    found, barrier = [], threading.Barrier(4)

    def run():
        barrier.wait()
        found.append(ask(world).id)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    background.run_jobs(clock=clock)

    assert len(found) == 4
    assert len(set(found)) == 1
    assert ShortfallReport.objects.count() == 1


def test_two_workers_with_the_same_job_make_one_report(committed_db):
    world = world_of_the_example()
    ask(world)
    with transaction.atomic():
        job = jobs.take_next(now=NOW)
    found, barrier = [], threading.Barrier(2)

    def run():
        barrier.wait()
        found.append(reports.build(job=job, clock=clock)["report_id"])
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(found)) == 1
    assert ShortfallReport.objects.count() == 1


def test_a_report_reads_one_moment_although_money_moves_meanwhile(committed_db):
    world = world_of_the_example()
    ask(world)
    with transaction.atomic():
        job = jobs.take_next(now=NOW)

    def busy_clock():
        # The clock is read inside the snapshot: another connection changes the fund at that moment.
        def change():
            make_requests(world, [50_000], asked_cents=[50_000])
            connection.close()

        thread = threading.Thread(target=change)
        thread.start()
        thread.join()
        return NOW

    reports.build(job=job, clock=busy_clock)

    _, body = body_of_newest(world)
    # The clock ran once before the snapshot, for the first sign of life: that request counts, no other.
    assert body["headline"]["requests"] == 4
    assert body["asks"]["people"] == 4
    assert sum(day["people_count"] for day in body["days"]) == 4


def test_a_kept_report_cannot_be_changed(committed_db):
    world = world_of_the_example()
    ask(world)
    background.run_jobs(clock=clock)

    with pytest.raises(DatabaseError):
        ShortfallReport.objects.update(content_hash="0" * 64)


def test_a_report_of_requests_without_needs_is_built(committed_db):
    world = make_world()
    make_requests(world, [0], state=RequestState.SUBMITTED)
    ask(world)
    background.run_jobs(clock=clock)

    _, body = body_of_newest(world)
    assert json.dumps(body)
    assert amount(body, "F9") == 0


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.BOARD, Role.INTAKE])
def test_only_some_roles_ask_for_a_report(db, role):
    world = make_world()

    with pytest.raises(errors.Forbidden):
        ask(world, role=role)


def test_a_stranger_finds_no_fund_to_ask_about(db):
    world = make_world()

    with pytest.raises(errors.NotFound):
        reports.ask(fund_id=world.fund.id, by=actors.person(ids.new_id(NOW)), now=NOW)


def test_the_same_call_again_is_a_replay_of_its_job(db):
    world = make_world()
    once = Once("user:1", "key-1", "reports", "hash")
    job = ask(world, once=once)

    with pytest.raises(Replay) as replay:
        ask(world, once=once)
    assert replay.value.result_id == job.id


def test_nightly_asks_once_a_day_in_its_hour_for_each_fund_in_use(db):
    at = NOW.replace(hour=settings.NIGHTLY_REPORT_HOUR_UTC)
    world, closed = make_world(), make_world(name="Closed Fund")
    close_fund(closed)

    assert reports.ask_nightly(now=at - timedelta(hours=1)) == []
    (job,) = reports.ask_nightly(now=at)
    assert job.fund_id == world.fund.id
    Job.objects.update(state=JobState.DONE)
    assert reports.ask_nightly(now=at + timedelta(minutes=30)) == []
    assert len(reports.ask_nightly(now=at + timedelta(days=1))) == 1
