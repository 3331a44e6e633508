"""A worker is killed between any two statements of its work: nothing is lost, nothing is done twice.

Its work is in the database, so the next sweep finds it: what is owed at once, a job as soon as the lease of
the dead holder ran out.
"""

import time
from datetime import timedelta
from uuid import UUID

import failpoints
import pytest
import tally
from builders import NOW, make_world, put_money_in
from django.db import transaction
from django.utils import timezone
from failpoints import Order
from fault_ground import Ground, breaks, ground_of
from fault_moves import Callers

from fundmgr.domain import actors
from fundmgr.domain.lifecycle import AwardState, JobState
from fundmgr.models import Event, Job, OutboxMessage
from fundmgr.models.ledger import Transfer
from fundmgr.ports import jobs
from requests_app.models import Award, Notice, ShortfallReport

LEASE_SECONDS = jobs.LEASE.total_seconds()
# The contract: whatever happens to a worker, its job is done within a minute.
MOST_SECONDS = 60


@pytest.fixture
def ground(servers, committed_db, tmp_path):
    with ground_of(servers, committed_db, tmp_path, "worker") as one:
        yield one


def all_told():
    return not OutboxMessage.objects.filter(done_at__isnull=True).exists()


def sums():
    """Each message is told by exactly one notice, each notice belongs to a message."""
    owed = set(OutboxMessage.objects.values_list("effect_key", flat=True))
    told = list(Notice.objects.values_list("effect_key", flat=True))
    return len(owed - set(told)), len(told) - len(set(told))


def letters(ground: Ground) -> tuple[int, int]:
    """How many letters were mailed, and how many of them are not copies of another."""
    found = [path.read_text() for path in (ground.folder / "data" / "mail").glob("*")]
    ids = [line for text in found for line in text.splitlines() if line.startswith("Message-ID:")]
    return len(ids), len(set(ids))


def hold_to(ground: Ground, counted: tally.Row, *, lost: int, doubled: int) -> None:
    found = breaks()
    counted.lost, counted.doubled = counted.lost + lost, counted.doubled + doubled
    counted.breaks += len(found)
    assert (lost, doubled, found) == (0, 0, [])
    assert counted.hits == counted.points


def deliveries(ground: Ground, fault: str, title: str, every: int = 1) -> None:
    callers, counted = Callers(make_world(reserve_bp=0)), tally.row(title)
    callers.request()
    inside = "background._deliver_one"
    steps = len(ground.points.trace(inside, lambda: ground.sweep_until(all_told)))
    for order in steps_of(inside, steps, fault)[::every]:
        callers.request()
        disturb(ground, counted, order, all_told)
    mailed, kinds = letters(ground)
    lost, doubled = sums()
    assert kinds == Notice.objects.count() <= mailed
    hold_to(ground, counted, lost=lost, doubled=doubled)


def steps_of(inside: str, steps: int, fault: str) -> list[Order]:
    return [
        *(Order(inside, step, fault) for step in range(1, steps + 1)),
        Order(inside, steps, fault, after=True),
    ]


def disturb(ground: Ground, counted: tally.Row, order: Order, done, task: str = "fundmgr.sweep") -> None:
    """Let the worker meet one fault, and wait until its work is done all the same."""
    hit = len(ground.points.hits())
    ground.points.order(order)
    seconds = ground.sweep_until(lambda: len(ground.points.hits()) > hit and done(), task=task)
    counted.point(hit=True, seconds=seconds)


def enqueue(world, kind: str, key: str) -> Job:
    with transaction.atomic(durable=True):
        job, _ = jobs.enqueue(
            kind=kind, key=key, payload={}, fund_id=world.fund.id, by=actors.SYSTEM, now=timezone.now()
        )
    return job


def run_jobs(ground: Ground, kind: str, fault: str, title: str, every: int = 1) -> None:
    """Kill the worker once in each job; then the leases of the dead run out and the sweep finds them all."""
    world, counted = make_world(reserve_bp=0), tally.row(title)
    put_money_in(world, 1_000_000)
    inside = "background._run"
    first = enqueue(world, kind, "undisturbed")
    steps = len(ground.points.trace(inside, lambda: ground.sweep_until(lambda: is_done(first))))
    killed: dict[UUID, float] = {}
    for order in steps_of(inside, steps, fault)[::every]:
        hit = len(ground.points.hits())
        ground.points.order(order)
        job = enqueue(world, kind, order.name)
        ground.sweep_until(lambda hit=hit: len(ground.points.hits()) > hit)
        killed[job.id] = time.monotonic()
        # Before the first of them is taken over, or it would meet the fault that is meant for another.
        if time.monotonic() - min(killed.values()) > LEASE_SECONDS / 2:
            await_jobs(ground, killed, counted)
    await_jobs(ground, killed, counted)
    reports = ShortfallReport.objects.values_list("job_id", flat=True)
    undone = Job.objects.exclude(state=JobState.DONE).count()
    missing = Job.objects.filter(kind="shortfall_report").exclude(id__in=reports).count()
    built = Event.objects.filter(verb="report.built").count()
    hold_to(ground, counted, lost=undone + missing, doubled=built - len(reports))
    # The test ticks each second, beat each fifteen.
    assert counted.slowest_seconds + 15 < MOST_SECONDS


def await_jobs(ground: Ground, killed: dict[UUID, float], counted: tally.Row) -> None:
    """Wait until each job is done whose holder was killed, and count how long it took."""
    while killed:
        done = Job.objects.filter(id__in=list(killed), state=JobState.DONE)
        ground.sweep_until(done.exists)
        for key in list(done.values_list("id", flat=True)):
            counted.point(hit=True, seconds=time.monotonic() - killed.pop(key))


def is_done(job: Job) -> bool:
    return Job.objects.filter(id=job.id, state=JobState.DONE).exists()


def expiries(ground: Ground, fault: str, title: str, every: int = 1) -> None:
    callers, counted = Callers(make_world(reserve_bp=0)), tally.row(title)
    inside, task = "award_days.expire", "fundmgr.award_days"

    def late() -> None:
        award = callers.award()
        Award.objects.filter(id=award.id).update(accept_by=NOW + timedelta(days=1))

    def over():
        return not Award.objects.filter(state=AwardState.RESERVED).exists()

    late()
    steps = len(ground.points.trace(inside, lambda: ground.sweep_until(over, task=task)))
    for order in steps_of(inside, steps, fault)[::every]:
        late()
        disturb(ground, counted, order, over, task)
    ground.sweep_until(all_told)
    voids = Transfer.objects.filter(move="HOLD_VOID").count()
    awards = Award.objects.count()
    lost, doubled = sums()
    hold_to(ground, counted, lost=lost + max(0, awards - voids), doubled=doubled + max(0, voids - awards))


def test_a_worker_killed_while_it_delivers_tells_everybody_once(ground):
    deliveries(ground, failpoints.KILL, "worker killed: outbox", every=2)


@pytest.mark.slow
@pytest.mark.timeout(1200)
class TestEveryStep:
    def test_of_a_delivery(self, ground):
        deliveries(ground, failpoints.KILL, "worker killed: outbox")

    def test_of_a_delivery_with_the_whole_worker(self, ground):
        deliveries(ground, failpoints.KILL_ALL, "worker killed: outbox")

    def test_of_a_report(self, ground):
        run_jobs(ground, "shortfall_report", failpoints.KILL, "worker killed: report")

    def test_of_the_nightly_proof(self, ground):
        run_jobs(ground, "proof", failpoints.KILL_ALL, "worker killed: proof", every=3)

    def test_of_an_expiry(self, ground):
        expiries(ground, failpoints.KILL, "worker killed: expiry")
