"""Every process of PostgreSQL is killed while money comes in: what was acknowledged is there, and once.

The web server is not started again: its connections heal by themselves.
"""

import contextlib
import random
import threading
import time

import pytest
import tally
from builders import make_world
from django.db import connections
from fault_ground import breaks, ground_of, until_answered
from fault_moves import USD, Callers
from lasting import FORGETS, KEEPS, database_on

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.models import Receipt
from fundmgr.models.ledger import Transfer

WRITERS = 4
# After the server takes connections again, the first call is answered within this time.
MOST_SECONDS = 10


@contextlib.contextmanager
def product_on(settings, folder, blocker):
    """A product on a PostgreSQL of its own; the test itself sees the same rows."""
    with (
        database_on(settings, blocker) as servers,
        ground_of(servers, servers.shared, folder, "web") as ground,
    ):
        yield ground
        connections.close_all()


class Writers:
    """Threads that record and confirm receipts, and remember what they were answered."""

    def __init__(self, ground, callers):
        self.ground, self.callers, self.is_over = ground, callers, threading.Event()
        self.recorded, self.reconciled, self.answered_at = [], [], 0.0
        self.cut, self.failures = 0, []
        self.threads = [threading.Thread(target=self._write, args=(number,)) for number in range(WRITERS)]
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def _write(self, number):
        count = 0
        try:
            while not self.is_over.is_set():
                count += 1
                self._receive(f"W-{number}-{count}")
        except AssertionError as error:
            self.failures.append(error)

    def _receive(self, reference):
        body = {"amount": USD, "bank_reference": reference, "received_on": "2023-09-18"}
        body["donor_id"] = ids.public("don", self.callers.donor.id)
        key = self._sent(self.callers.call(Role.TREASURER_PREPARES, "receipts", body), 201)
        self.recorded.append(key)
        self._sent(self.callers.call(Role.TREASURER_RELEASES, f"receipts/{key}/reconciliation"), 200)
        self.reconciled.append(key)

    def _sent(self, call, status):
        answer = until_answered(self.ground.port, call)
        assert answer.status == status, answer
        self.cut += bool(answer.before)
        self.answered_at = time.monotonic()
        return answer.body["id"]


def kill_once(ground, writers, chance):
    """Let them write for a moment, then kill; return whether calls were cut, and how long healing took."""
    time.sleep(chance.uniform(0.15, 0.5))
    cut, killed = writers.cut, time.monotonic()
    ground.servers.kill_postgres()
    ground.servers.start_again()
    start = time.monotonic()
    while writers.answered_at < start and time.monotonic() < start + MOST_SECONDS:
        time.sleep(0.02)
    assert writers.answered_at >= start, writers.failures
    return writers.cut > cut, writers.answered_at - killed


def kill(ground, times, seed):
    callers, counted = Callers(make_world(reserve_bp=0)), tally.row("PostgreSQL killed")
    connections.close_all()
    writers = Writers(ground, callers)
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    for _ in range(times):
        hit, seconds = kill_once(ground, writers, chance)
        counted.point(hit=hit, seconds=seconds)
    writers.stop()
    assert writers.failures == []
    lost, doubled = missing(writers)
    found = breaks()
    counted.lost, counted.doubled = counted.lost + lost, counted.doubled + doubled
    counted.breaks += len(found)
    assert (lost, doubled, found) == (0, 0, [])


def missing(writers):
    """How many acknowledged receipts or postings are gone, and how many are there that nobody was told of."""
    written = Receipt.objects.filter(bank_reference__startswith="W-").values_list("id", flat=True)
    posted = Transfer.objects.filter(cause_id__in=written).values_list("cause_id", flat=True)
    there, booked = [{ids.public("rct", key) for key in keys} for keys in (written, posted)]
    lost = len(set(writers.recorded) - there) + len(set(writers.reconciled) - booked)
    return lost, len(there - set(writers.recorded)) + len(posted) - len(booked)


def test_what_was_acknowledged_outlives_a_killed_database(tmp_path, django_db_blocker):
    with product_on(KEEPS, tmp_path, django_db_blocker) as ground:
        kill(ground, times=2, seed=1)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_what_was_acknowledged_outlives_many_killed_databases(tmp_path, django_db_blocker):
    with product_on(KEEPS, tmp_path, django_db_blocker) as ground:
        kill(ground, times=40, seed=2)


@pytest.mark.slow
def test_the_control_that_does_not_wait_for_the_log_loses_what_it_acknowledged(tmp_path, django_db_blocker):
    with product_on(FORGETS, tmp_path, django_db_blocker) as ground:
        callers = Callers(make_world(reserve_bp=0))
        connections.close_all()
        # What the writers build on must be in the log before they begin: its writer comes by in seconds.
        time.sleep(7)
        writers = Writers(ground, callers)
        time.sleep(1)
        ground.servers.kill_postgres()
        writers.is_over.set()
        ground.servers.start_again()
        writers.stop()

        assert missing(writers)[0] > 0
