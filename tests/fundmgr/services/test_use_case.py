"""What every use case has in common: one durable transaction, replays, retries where the database asks."""

import threading
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
import pytest
from builders import NOW, make_world
from django.db import OperationalError, connection, connections, transaction

from fundmgr.domain import errors
from fundmgr.models import Fund, RememberedCall
from fundmgr.ports.idempotency import Once, Replay
from fundmgr.services import use_case as module
from fundmgr.services.use_case import one_statement, use_case

ONCE = Once("user:1", "key", "route", "body")


@dataclass
class Row:
    """Anything with an id."""

    id: UUID


def refused_by_database(sqlstate):
    """A Django error with the cause that psycopg gives it."""
    kind = psycopg.errors.lookup(sqlstate) if sqlstate else psycopg.OperationalError
    cause = kind("told by the test")
    error = OperationalError("told by the test")
    error.__cause__ = cause
    return error


@use_case
def note(*, name, now, once=None):
    """Write one fund's purpose and return something with an id."""
    Fund.objects.filter(slug="lanternlight-crew-fund").update(purpose=name)
    if name == "fail":
        raise errors.WrongState
    return Row(uuid4())


@use_case
def note_and_refuse(*, name, now, once=None):
    """Write one fund's purpose and return a refusal, as a wrong code that is counted does."""
    Fund.objects.filter(slug="lanternlight-crew-fund").update(purpose=name)
    return errors.WrongState()


@use_case
def note_many(*, names, now, once=None):
    """Return something with an id for each name."""
    return [Row(uuid4()) for _ in names]


def purpose():
    return Fund.objects.get().purpose


def test_a_refusal_that_is_returned_keeps_what_was_written_and_its_key_stays_free(db):
    make_world()

    for word in ("counted", "counted again"):
        assert isinstance(note_and_refuse(name=word, now=NOW, once=ONCE), errors.WrongState)
        assert purpose() == word

    assert not RememberedCall.objects.exists()


def test_a_use_case_writes_all_or_nothing(db):
    make_world()
    note(name="kept", now=NOW)

    with pytest.raises(errors.WrongState):
        note(name="fail", now=NOW)

    assert purpose() == "kept"


def test_a_call_with_a_key_is_remembered_and_replayed(db):
    make_world()
    row = note(name="first", now=NOW, once=ONCE)

    with pytest.raises(Replay) as replayed:
        note(name="second", now=NOW, once=ONCE)

    assert replayed.value.result_id == row.id
    assert purpose() == "first"


def test_a_call_over_many_rows_is_remembered_by_the_first_of_them(db):
    make_world()
    first, _second = note_many(names=["one", "two"], now=NOW, once=ONCE)

    with pytest.raises(Replay) as replayed:
        note_many(names=["one", "two"], now=NOW, once=ONCE)

    assert replayed.value.result_id == first.id


def test_a_call_over_no_rows_leaves_its_key_free(db):
    make_world()

    assert note_many(names=[], now=NOW, once=ONCE) == []
    assert not RememberedCall.objects.exists()


def test_a_refused_call_may_come_again_with_its_key(db):
    make_world()
    with pytest.raises(errors.WrongState):
        note(name="fail", now=NOW, once=ONCE)

    assert not RememberedCall.objects.exists()
    note(name="now", now=NOW, once=ONCE)
    assert purpose() == "now"


def test_a_use_case_never_calls_another(committed_db):
    make_world()

    @use_case
    def outer():
        note(name="inner", now=NOW)

    with pytest.raises(RuntimeError, match="durable"):
        outer()


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_what_the_database_asks_to_try_again_is_tried_again(db, sqlstate):
    turns = []

    @use_case
    def stumble():
        turns.append(1)
        if len(turns) < 3:
            raise refused_by_database(sqlstate)
        return "done"

    assert stumble() == "done"
    assert len(turns) == 3


@pytest.mark.parametrize(("sqlstate", "tries"), [("40P01", module.MOST_TRIES), ("55P03", 1)])
def test_when_it_goes_on_the_caller_is_told_that_nothing_changed(db, sqlstate, tries):
    turns = []

    @use_case
    def stumble():
        turns.append(1)
        raise refused_by_database(sqlstate)

    with pytest.raises(errors.Busy):
        stumble()
    assert len(turns) == tries


def test_other_database_errors_are_not_hidden(db):
    @use_case
    def stumble():
        raise refused_by_database("57014")

    with pytest.raises(OperationalError):
        stumble()


@pytest.mark.parametrize("sqlstate", [None, "57P01", "08006"])
def test_where_the_line_broke_nobody_says_that_nothing_was_changed(db, sqlstate):
    turns = []

    @use_case
    def stumble():
        turns.append(1)
        raise refused_by_database(sqlstate)

    with pytest.raises(errors.OutcomeUnknown, match="cannot say whether"):
        stumble()
    assert len(turns) == 1


def test_two_that_wait_for_each_other_both_end(committed_db):
    """A real deadlock: PostgreSQL ends one of the two, and it is tried again."""
    first, second = make_world().fund, make_world(name="Another fund").fund
    barrier, ended = threading.Barrier(2), []

    def lock_both(one, other):
        waited = []

        @use_case
        def work():
            with connection.cursor() as cursor:
                cursor.execute("UPDATE fundmgr_fund SET version = version + 1 WHERE id = %s", [one.id])
                if not waited:
                    waited.append(True)
                    barrier.wait()
                cursor.execute("UPDATE fundmgr_fund SET version = version + 1 WHERE id = %s", [other.id])

        work()
        ended.append(True)
        connections.close_all()

    threads = [threading.Thread(target=lock_both, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ended) == 2
    versions = {fund.slug: fund.version for fund in Fund.objects.all()}
    assert set(versions.values()) == {first.version + 2}


def test_outside_of_a_call_no_transaction_stays_open(committed_db):
    make_world()
    note(name="kept", now=NOW)

    assert not transaction.get_connection().in_atomic_block


@pytest.mark.parametrize(("sqlstate", "tries"), [("40001", 2), ("40P01", 2), ("55P03", 1), ("57014", 1)])
def test_a_single_statement_is_tried_again_as_a_use_case_is(sqlstate, tries):
    seen = []

    @one_statement
    def send():
        seen.append("sent")
        if len(seen) == 1:
            raise refused_by_database(sqlstate)
        return "done"

    if tries == 2:
        assert send() == "done"
    else:
        with pytest.raises(errors.Busy if sqlstate == "55P03" else OperationalError):
            send()
    assert len(seen) == tries


def test_a_single_statement_stands_without_a_transaction_around_it(committed_db):
    make_world()

    @one_statement
    def send():
        Fund.objects.update(purpose="kept")
        return connection.in_atomic_block

    assert send() is False
    connection.close()
    assert purpose() == "kept"
