"""The audit trail's door: events in canonical bytes, linked in one chain without a fork."""

import json
import threading
from uuid import uuid4

import pytest
from builders import NOW, make_world
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from fundmgr.domain import actors
from fundmgr.models import Event, EventLink, WaitingEvent
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.ports.locks import NoTransaction
from fundmgr.queries import trail


@pytest.fixture
def fund(db):
    return make_world().fund


def happening(verb="thing.done", **facts):
    return Happening(verb, "thing", uuid4(), facts)


def test_an_event_is_written_in_canonical_bytes_and_linked_at_once(fund):
    person = actors.person(uuid4())

    event_id = events.record(happening(cents=420, words=["a"]), fund_id=fund.id, by=person, now=NOW)

    body = json.loads(bytes(Event.objects.get(id=event_id).body))
    assert body["facts"] == {"cents": 420, "words": ["a"]}
    assert (body["actor"], body["verb"]) == (person.key, "thing.done")
    assert EventLink.objects.order_by("-sequence").first().event_id == event_id
    assert trail.verify_chain().problem is None


def test_events_of_one_call_are_linked_in_the_order_given(fund):
    made = events.record_many(
        [happening(f"thing.{word}") for word in ("first", "second", "third")],
        fund_id=fund.id,
        by=actors.SYSTEM,
        now=NOW,
    )

    links = EventLink.objects.filter(event__in=made).order_by("sequence").values_list("event_id", flat=True)
    assert list(links) == made


@pytest.mark.parametrize("at_once", [7, 120, 20_000])
def test_events_of_a_crowd_are_linked_in_the_order_given_as_well(fund, monkeypatch, at_once):
    monkeypatch.setattr(events, "_AT_ONCE", at_once)
    crowd = [happening(f"thing.{place}") for place in range(250)]

    made = events.record_many(iter(crowd), fund_id=fund.id, by=actors.SYSTEM, now=NOW)

    links = EventLink.objects.filter(event__in=made).order_by("sequence").values_list("event_id", flat=True)
    assert list(links) == made
    assert trail.verify_chain().problem is None


def test_intake_leaves_its_events_to_the_drain(fund):
    events.record_many([happening()] * 1, fund_id=fund.id, by=actors.SYSTEM, now=NOW, link=False)
    assert trail.verify_chain().waiting == 1
    assert trail.verify_chain().waiting_since == NOW

    assert events.link_waiting() == 1
    assert events.link_waiting() == 0
    state = trail.verify_chain()
    assert (state.waiting, state.problem) == (0, None)


def test_the_drain_takes_no_more_than_asked(fund):
    made = [happening() for _ in range(5)]
    events.record_many(made, fund_id=fund.id, by=actors.SYSTEM, now=NOW, link=False)

    assert [events.link_waiting(most=2) for _ in range(4)] == [2, 2, 1, 0]


def test_the_drain_looks_at_what_waits_and_not_at_the_whole_trail(fund):
    events.record_many([happening()] * 40, fund_id=fund.id, by=actors.SYSTEM, now=NOW)
    left = events.record_many([happening()], fund_id=fund.id, by=actors.SYSTEM, now=NOW, link=False)
    assert list(WaitingEvent.objects.values_list("event_id", flat=True)) == left

    assert events.link_waiting() == 1
    assert not WaitingEvent.objects.exists()
    with CaptureQueriesContext(connection) as asked:
        assert events.link_waiting() == 0
    read = [query["sql"] for query in asked.captured_queries if "fundmgr_event" in query["sql"]]
    assert all('FROM "fundmgr_waitingevent"' in sql and "fundmgr_eventlink" not in sql for sql in read)


def test_an_event_that_nobody_waits_for_and_nobody_linked_is_told_by_the_proof(fund):
    events.record_many([happening()], fund_id=fund.id, by=actors.SYSTEM, now=NOW, link=False)
    WaitingEvent.objects.all().delete()

    assert events.link_waiting() == 0
    assert (trail.verify_chain().waiting, trail.verify_chain().waiting_since) == (1, NOW)


def test_no_float_enters_the_trail(fund):
    with pytest.raises(TypeError):
        events.record(happening(amount=1.5), fund_id=fund.id, by=actors.SYSTEM, now=NOW)


def test_outside_a_transaction_nothing_is_recorded(committed_db):
    with pytest.raises(NoTransaction):
        events.record(happening(), fund_id=uuid4(), by=actors.SYSTEM, now=NOW)


def test_writers_at_one_moment_make_one_chain_without_fork_or_gap(committed_db):
    fund = make_world().fund
    before = EventLink.objects.count()
    barrier = threading.Barrier(8)

    def write(number):
        barrier.wait()
        for turn in range(10):
            with transaction.atomic():
                # Half of them leave the link to the drain, as intake does.
                events.record_many(
                    [happening()],
                    fund_id=fund.id,
                    by=actors.SYSTEM,
                    now=NOW,
                    link=bool((number + turn) % 2),
                )
            if turn % 3 == 0:
                with transaction.atomic():
                    events.link_waiting()
        connections.close_all()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transaction.atomic():
        events.link_waiting()

    state = trail.verify_chain()
    assert (state.problem, state.waiting, state.linked) == (None, 0, before + 80)
