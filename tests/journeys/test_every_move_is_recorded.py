"""Every change of a state is told to the trail by the very transaction that made it."""

import os

import casework
import psycopg
import pytest
from builders import NOW, TODAY, make_commitment, make_donor, make_world, put_money_in
from django.apps import apps
from django.db import ProgrammingError, connection, transaction

from fundmgr.domain.permissions import Role
from fundmgr.models import Event, Receipt
from fundmgr.ports import events
from fundmgr.queries import trail
from fundmgr.services import commitments, funds, receipts
from requests_app.models import Batch
from requests_app.services import payouts

STATEFUL = sorted(
    model._meta.db_table
    for model in apps.get_models()
    if model.__module__.startswith(("fundmgr.", "requests_app."))
    and {"id", "state"} <= {field.name for field in model._meta.fields}
)
# What no person moves: the queue of effects and the jobs tell of themselves in their own rows.
MACHINERY = {"fundmgr_job", "fundmgr_outboxmessage"}


def silent_moves():
    """The rows whose last writer told the trail nothing in the same transaction, as table and state."""
    found = []
    with connection.cursor() as cursor:
        for table in sorted(set(STATEFUL) - MACHINERY):
            cursor.execute(
                f"SELECT state FROM {table} AS t "  # noqa: S608  # our own tables' names
                "WHERE t.xmin::text NOT IN (SELECT xmin::text FROM fundmgr_event)"
            )
            found += [(table, state) for (state,) in cursor.fetchall()]
    return found


def story(world):
    """Money promised, taken in and taken back; requests filed, decided, awarded, paid and returned."""
    preparer = world.actor(Role.TREASURER_PREPARES)
    promise = make_commitment(world, make_donor(world), 10_000)
    yield
    commitments.cancel(commitment_id=promise.id, reason="Moved away.", by=preparer, now=NOW)
    yield
    receipt = put_money_in(world, 500_000)
    yield
    (kept, returned) = casework.accepted_awards(world, [100_000, 50_000])
    yield
    payouts.cancel_batch(batch_id=casework.build(world).id, by=preparer, now=NOW)
    yield
    casework.release(world, casework.build(world))
    yield
    payouts.settle(payout_ids=[kept.payouts.get(state="RELEASED").id], by=preparer, now=NOW)
    yield
    payouts.record_return(
        payout_id=returned.payouts.get(state="RELEASED").id, code="R03", by=preparer, now=NOW
    )
    yield
    receipts.bounce(receipt_id=receipt.id, reason="R01", by=preparer, now=NOW)
    yield
    funds.close_intake(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=NOW)
    yield


def test_invariant_21_each_change_of_state_tells_the_trail_in_its_own_transaction(committed_db):
    told = 0
    for _ in story(make_world(reserve_bp=0)):
        assert silent_moves() == []
        assert Event.objects.count() > told
        told = Event.objects.count()
    with transaction.atomic():
        events.link_waiting()

    state = trail.verify_chain()
    assert (state.problem, state.waiting, state.linked) == (None, 0, told)


def test_a_move_behind_the_services_is_seen_as_silent(committed_db):
    """The control: the search above does find a move that nobody told of."""
    put_money_in(make_world(), 1_000)

    Receipt.objects.update(received_on=TODAY)

    assert [table for table, _ in silent_moves()] == ["fundmgr_receipt"]


def test_invariant_21_what_cannot_be_recorded_does_not_happen(committed_db):
    world = make_world(reserve_bp=0)
    put_money_in(world, 500_000)
    casework.accepted_awards(world, [100_000])
    batch = casework.build(world)
    with psycopg.connect(os.environ["FUNDMGR_OWNER_DATABASE_URL"]) as owner:
        owner.execute(f'REVOKE INSERT ON fundmgr_event FROM "{connection.settings_dict["USER"]}"')

    with pytest.raises(ProgrammingError, match="permission denied"):
        casework.release(world, batch)

    row = Batch.objects.get(id=batch.id)
    assert (row.state, row.payment_list, row.payouts.get().state) == ("BUILT", None, "BATCHED")
