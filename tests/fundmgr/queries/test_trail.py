"""The chain of events: whatever is changed, removed, added or swapped is found, and the first place named."""

import os
from uuid import uuid4

import psycopg
import pytest
from builders import NOW, make_world

from fundmgr.domain import actors
from fundmgr.models import Event, EventLink
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.queries import trail
from fundmgr.services.use_case import use_case

# Each bends the row at place 5 of the chain in another way; the number is where the walk must stop.
BENDS = {
    "body": (
        "UPDATE fundmgr_event SET body = convert_to(replace(convert_from(body, 'UTF8'), 'member', 'memmer'), "
        "'UTF8') WHERE id = (SELECT event_id FROM fundmgr_eventlink WHERE sequence = 5)",
        5,
    ),
    "verb": (
        "UPDATE fundmgr_event SET verb = 'nothing.happened' "
        "WHERE id = (SELECT event_id FROM fundmgr_eventlink WHERE sequence = 5)",
        5,
    ),
    "actor": (
        "UPDATE fundmgr_event SET actor = 'user:somebody else' "
        "WHERE id = (SELECT event_id FROM fundmgr_eventlink WHERE sequence = 5)",
        5,
    ),
    "time": (
        "UPDATE fundmgr_event SET created_at = created_at - interval '1 second' "
        "WHERE id = (SELECT event_id FROM fundmgr_eventlink WHERE sequence = 5)",
        5,
    ),
    "object": (
        "UPDATE fundmgr_event SET object_id = fund_id "
        "WHERE id = (SELECT event_id FROM fundmgr_eventlink WHERE sequence = 5)",
        5,
    ),
    "hash": (
        "UPDATE fundmgr_eventlink SET hash = sha256('other') WHERE sequence = 5",
        5,
    ),
    "previous hash": (
        "UPDATE fundmgr_eventlink SET previous_hash = sha256('other') WHERE sequence = 5",
        5,
    ),
    "version": ("UPDATE fundmgr_eventlink SET version = 2 WHERE sequence = 5", 5),
    "removed link": ("DELETE FROM fundmgr_eventlink WHERE sequence = 5", 5),
    "swapped events": (
        "UPDATE fundmgr_eventlink SET event_id = CASE sequence WHEN 5 THEN "
        "(SELECT event_id FROM fundmgr_eventlink WHERE sequence = 6) ELSE "
        "(SELECT event_id FROM fundmgr_eventlink WHERE sequence = 5) END WHERE sequence IN (5, 6)",
        5,
    ),
    "shifted number": (
        "UPDATE fundmgr_eventlink SET sequence = sequence + 100 WHERE sequence = 5",
        5,
    ),
    "first link": ("DELETE FROM fundmgr_eventlink WHERE sequence = 1", 1),
}


def bend(statement):
    """Change rows as a database owner could who first takes the guards away."""
    with psycopg.connect(os.environ["FUNDMGR_OWNER_DATABASE_URL"]) as owner:
        for table in ("fundmgr_event", "fundmgr_eventlink"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        # One statement that swaps would meet the uniqueness of the event half-way.
        owner.execute(
            "ALTER TABLE fundmgr_eventlink DROP CONSTRAINT IF EXISTS fundmgr_eventlink_event_id_key"
        )
        owner.execute(statement)


def test_a_sound_chain_has_no_problem(db):
    make_world()

    state = trail.verify_chain()

    assert (state.problem, state.problem_sequence, state.waiting) == (None, None, 0)
    assert state.linked == EventLink.objects.count() == trail.head_sequence()
    assert state.head_hash == bytes(EventLink.objects.order_by("-sequence").first().hash).hex()


def test_an_empty_chain_is_sound(db):
    state = trail.verify_chain()

    assert (state.linked, state.problem, state.head_hash) == (0, None, "00" * 32)
    assert trail.head_sequence() == 0


@pytest.mark.parametrize("name", BENDS)
def test_a_bent_chain_is_found_at_its_first_bad_row(committed_db, name):
    make_world()
    statement, sequence = BENDS[name]
    bend(statement)

    state = trail.verify_chain()

    assert state.problem is not None
    assert state.problem_sequence == sequence


def test_a_forged_event_between_two_is_found(committed_db):
    make_world()
    bend("UPDATE fundmgr_eventlink SET sequence = sequence + 1000 WHERE sequence >= 5")
    forge()
    bend(
        "UPDATE fundmgr_eventlink SET sequence = 5 "
        "WHERE sequence = (SELECT MAX(sequence) FROM fundmgr_eventlink)"
    )
    bend("UPDATE fundmgr_eventlink SET sequence = sequence - 999 WHERE sequence > 1000")

    state = trail.verify_chain()

    assert state.problem_sequence == 5


@use_case
def forge():
    """Record an event by the usual door."""
    fund_id = Event.objects.order_by("id").values_list("fund_id", flat=True).first()
    happening = Happening("batch.released", "batch", uuid4())
    events.record(happening, fund_id=fund_id, by=actors.SYSTEM, now=NOW)


def test_what_happened_to_a_thing_and_lately(db):
    world = make_world()

    told = trail.events_of(world.fund.id)
    latest = trail.latest_events(world.fund.id, most=3)

    assert {event.verb for event in told} == {"fund.founded", "policy.adopted", "fund.open"}
    assert len(latest) == 3
    assert all(event.link.sequence for event in latest)
