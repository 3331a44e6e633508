"""Steps that several use cases take with batches."""

from uuid import uuid4

import pytest
from builders import make_world, put_money_in
from casework import accepted_awards, build, release

from fundmgr.domain import errors
from fundmgr.domain.lifecycle import BatchState, PayoutState
from requests_app.models import Payout
from requests_app.services import batches


@pytest.fixture
def world(db):
    made = make_world(reserve_bp=0)
    put_money_in(made, 500_000)
    return made


def test_the_shares_of_an_award_are_its_cents(world):
    first, second = accepted_awards(world, [100_000, 50_000])

    found = batches.shares_by_award([first.id, second.id])

    assert [sum(cents for _, cents in found[row.id]) for row in (first, second)] == [100_000, 50_000]
    assert batches.shares_of(first) == found[first.id]


def test_a_batch_that_is_not_there_is_not_locked(db):
    with pytest.raises(errors.NotFound):
        batches.lock(uuid4())


def test_what_is_taken_out_is_counted_and_told(world):
    first, _ = accepted_awards(world, [100_000, 50_000])
    batch = build(world)

    (happening,) = batches.take_out(first.payouts.all())

    assert happening.facts == {"payouts_removed": 1, "total_cents": 50_000}
    row = batches.lock(batch.id)
    assert (row.state, row.payouts_count, row.total_cents) == (BatchState.BUILT, 1, 50_000)
    assert batches.take_out(first.payouts.all()) == []


def test_what_was_released_stays_released(world):
    accepted_awards(world, [100_000])
    batch = release(world, build(world))

    assert batches.take_out(Payout.objects.all()) == []
    assert batch.payouts.get().state == PayoutState.RELEASED


def test_a_batch_ends_with_its_last_payment(world):
    accepted_awards(world, [100_000])
    built = build(world)
    assert not batches.finish(batches.lock(built.id))
    batch = release(world, built)
    assert not batches.finish(batch)

    batch.payouts.update(state=PayoutState.SETTLED)

    assert batches.finish(batch)
    assert batches.lock(batch.id).state == BatchState.SETTLED
    assert not batches.finish(batch)
