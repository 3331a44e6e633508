"""Remembered calls: same key and body, same row; never a second effect."""

import threading
from uuid import uuid4

import pytest
from builders import NOW
from django.db import connection, connections, transaction

from fundmgr.domain import errors
from fundmgr.models import RememberedCall
from fundmgr.ports import idempotency
from fundmgr.ports.idempotency import Once, Replay
from fundmgr.ports.locks import NoTransaction

CALL = Once("client:1", "key-1", "POST requests", "hash-1")


def call(once, result_id):
    with transaction.atomic():
        idempotency.begin(once)
        idempotency.remember(once, result_id=result_id, now=NOW)


def test_the_same_call_again_names_the_row_of_the_first(db):
    result_id = uuid4()
    call(CALL, result_id)

    with pytest.raises(Replay) as replayed:
        call(CALL, uuid4())

    assert replayed.value.result_id == result_id


def test_another_body_under_the_same_key_is_refused(db):
    call(CALL, uuid4())

    with pytest.raises(errors.KeyReused):
        call(Once(CALL.owner, CALL.key, CALL.route, "hash-2"), uuid4())


@pytest.mark.parametrize(
    "other",
    [
        Once("client:2", "key-1", "POST requests", "hash-1"),
        Once("client:1", "key-2", "POST requests", "hash-1"),
        Once("client:1", "key-1", "POST rounds", "hash-1"),
    ],
)
def test_another_owner_key_or_route_is_another_call(db, other):
    call(CALL, uuid4())
    call(other, uuid4())

    assert RememberedCall.objects.count() == 2


def test_a_call_that_failed_is_not_remembered(db):
    class Failed(Exception):
        pass

    def fail():
        with transaction.atomic():
            idempotency.begin(CALL)
            idempotency.remember(CALL, result_id=uuid4(), now=NOW)
            raise Failed

    with pytest.raises(Failed):
        fail()
    call(CALL, uuid4())


def test_outside_a_transaction_no_key_is_held(committed_db):
    with pytest.raises(NoTransaction):
        idempotency.begin(CALL)


def test_the_key_is_held_while_the_first_call_runs(committed_db):
    outcome = []

    def second():
        try:
            call(CALL, uuid4())
        except errors.KeyInFlight as error:
            outcome.append(error)
        finally:
            connections.close_all()

    with transaction.atomic():
        idempotency.begin(CALL)
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()

    assert len(outcome) == 1
    call(CALL, uuid4())


def test_of_many_at_one_moment_exactly_one_has_the_effect(committed_db):
    barrier, effects, told = threading.Barrier(8), [], []

    def attempt():
        barrier.wait()
        for _ in range(20):
            try:
                with transaction.atomic():
                    idempotency.begin(CALL)
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_sleep(0.001)")
                    result_id = uuid4()
                    idempotency.remember(CALL, result_id=result_id, now=NOW)
                effects.append(result_id)
            except errors.KeyInFlight:
                continue
            except Replay as replayed:
                told.append(replayed.result_id)
        connections.close_all()

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(effects) == 1
    assert set(told) == set(effects)
