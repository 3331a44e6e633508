"""The queue is emptied, or dies and comes back empty, with work in it: the database still knows all of it.

The same message comes two to five times, together and in turn: its effect is made once.
"""

import contextlib
import threading

import psycopg
import pytest
import tally
from builders import make_world
from celery import Celery
from django.db import connection
from fault_ground import Ground, breaks, ground_of
from fault_moves import Callers
from launching import wait_until
from own_servers import Servers

from fundmgr.launcher import valkey
from fundmgr.models import OutboxMessage
from fundmgr.models.ledger import Transfer
from requests_app.models import Notice


@pytest.fixture
def ground(servers, committed_db, tmp_path):
    with ground_of(servers, committed_db, tmp_path) as one:
        yield one


def all_told():
    return not OutboxMessage.objects.filter(done_at__isnull=True).exists()


def send_many(ground: Ground, count: int) -> None:
    """Put the same message on the queue several times, together."""
    senders = [threading.Thread(target=ground.sweep) for _ in range(count)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()


def count(counted: tally.Row) -> None:
    owed = set(OutboxMessage.objects.values_list("effect_key", flat=True))
    told = list(Notice.objects.values_list("effect_key", flat=True))
    found = breaks()
    counted.lost += len(owed - set(told))
    counted.doubled += len(told) - len(set(told))
    counted.breaks += len(found)
    assert (owed, len(told), found) == (set(told), len(set(told)), [])


def lose(ground: Ground, callers: Callers, number: int) -> None:
    """Owe something, queue the message for it, and lose the queue in one of two ways."""
    callers.request()
    ground.sweep()
    if number % 2:
        with contextlib.closing(ground.queue()) as queue:
            queue.flushall()
    else:
        (child,) = [child for child in ground.supervisor.children if child.name == "valkey"]
        child.process.kill()
        child.process.wait()
        ground.supervisor.children.remove(child)
        ground.start_queue()


def lose_the_queue(ground: Ground, times: int) -> None:
    callers, counted = Callers(make_world(reserve_bp=0)), tally.row("queue emptied or killed")
    ground.start("worker")
    for number in range(1, times + 1):
        lose(ground, callers, number)
        counted.point(hit=True, seconds=ground.sweep_until(all_told))
    count(counted)


def deliver_again(ground: Ground, times: int) -> None:
    """Deliver each message anew as if it had never been marked, two to five times, together and in turn."""
    callers, counted = Callers(make_world(reserve_bp=0)), tally.row("delivered 2 to 5 times")
    ground.start("worker")
    for number in range(times):
        callers.request()
        for _turn in range(2 + number % 4):
            OutboxMessage.objects.update(done_at=None)
            send_many(ground, 2 + number % 4)
            seconds = ground.sweep_until(all_told)
        counted.point(hit=True, seconds=seconds)
    count(counted)
    assert OutboxMessage.objects.order_by("-attempts").first().attempts >= min(times, 5)
    assert Transfer.objects.count() == Transfer.objects.values("key").distinct().count()


def test_a_queue_that_loses_everything_loses_nothing(ground):
    lose_the_queue(ground, times=4)


def test_what_is_delivered_many_times_is_done_once(ground):
    deliver_again(ground, times=2)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_queue_that_loses_everything_again_and_again_loses_nothing(ground):
    lose_the_queue(ground, times=20)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_is_delivered_very_many_times_is_done_once(ground):
    deliver_again(ground, times=20)


def owner_says(servers: Servers, database: str, *statements: str) -> None:
    """Change the tables as only their owner can."""
    with psycopg.connect(servers.environment(database)["FUNDMGR_OWNER_DATABASE_URL"]) as owner:
        for statement in statements:
            owner.execute(statement)


def test_the_control_without_an_outbox_loses_what_was_queued(ground, servers, committed_db):
    """Work that only the queue knows of is gone with the queue."""
    role = servers.environment()["FUNDMGR_APP_ROLE"]
    owner_says(
        servers,
        committed_db,
        "CREATE TABLE naive_effect (number int)",
        f"GRANT SELECT, INSERT ON naive_effect TO {role}",
    )
    callers = Callers(make_world(reserve_bp=0))
    app = Celery("naive", broker=valkey.url(ground.sockets))
    for number in range(3):
        callers.request()
        app.send_task("faulty.naive_effect", args=[number], ignore_result=True)
    with contextlib.closing(ground.queue()) as queue:
        assert queue.llen("celery") >= 3
        queue.flushall()
    ground.start("worker")
    ground.sweep_until(all_told)
    app.send_task("faulty.naive_effect", args=[99], ignore_result=True)
    assert wait_until(lambda: naive_effects() != [], 20)
    app.close()

    assert naive_effects() == [99]
    assert Notice.objects.count() == OutboxMessage.objects.count() == 3


def naive_effects():
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM naive_effect ORDER BY 1")
        return [number for (number,) in cursor.fetchall()]


def test_the_control_without_the_unique_key_tells_twice(ground, servers, committed_db):
    """With keys that are never the same, each delivery is an effect."""
    owner_says(
        servers,
        committed_db,
        "CREATE FUNCTION other_key() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NEW.effect_key := gen_random_uuid(); RETURN NEW; END $$",
        "CREATE TRIGGER other_key BEFORE INSERT ON requests_app_notice"
        " FOR EACH ROW EXECUTE FUNCTION other_key()",
    )
    Callers(make_world(reserve_bp=0)).request()
    ground.start("worker")
    for _turn in range(2):
        OutboxMessage.objects.update(done_at=None)
        ground.sweep_until(all_told)

    assert (OutboxMessage.objects.count(), Notice.objects.count()) == (1, 2)
