"""What the books say, now and at an earlier moment."""

import pytest
from builders import NOW, make_commitment, make_donor, make_world, put_money_in
from casework import accepted_awards, build, release

from fundmgr.domain import actors
from fundmgr.domain.chart import Code
from fundmgr.domain.permissions import Role
from fundmgr.queries import books
from fundmgr.services import commitments, funds
from requests_app.services import payouts

pytestmark = pytest.mark.django_db


def test_the_position_follows_the_money_from_promise_to_bank():
    world = make_world(reserve_bp=1_000)
    make_commitment(world, make_donor(world), 50_000)
    put_money_in(world, 400_000)
    accepted_awards(world, [100_000, 60_000])
    released = release(world, build(world))
    first, second = released.payouts.order_by("amount_cents")
    treasurer = world.actor(Role.TREASURER_PREPARES)
    payouts.settle(payout_ids=[first.id], by=treasurer, now=NOW)
    payouts.record_return(payout_id=second.id, code="R03", by=treasurer, now=NOW)

    found = books.position(world.fund.id)

    assert (found.committed_cents, found.received_cents, found.outstanding_cents) == (
        450_000,
        400_000,
        50_000,
    )
    assert (found.reserve_cents, found.available_cents) == (40_000, 200_000)
    assert (found.paid_cents, found.returned_cents, found.in_transit_cents) == (60_000, 100_000, 0)
    assert (found.reserved_cents, found.committed_unpaid_cents) == (0, 0)
    assert found.books_differ_by_cents == 0
    assert books.held_cents(world.fund.id) == 100_000


def test_an_earlier_position_stays_what_it_was():
    world = make_world(reserve_bp=0)
    put_money_in(world, 100_000)
    sequence, before = books.last_sequence(world.fund.id), books.position(world.fund.id)

    accepted_awards(world, [100_000])

    assert books.position(world.fund.id, upto_sequence=sequence) == before
    assert books.position(world.fund.id).available_cents == 0


def test_money_that_came_back_after_settling_is_not_paid():
    world = make_world(reserve_bp=0)
    put_money_in(world, 100_000)
    accepted_awards(world, [100_000])
    (payout,) = release(world, build(world)).payouts.all()
    treasurer = world.actor(Role.TREASURER_PREPARES)
    payouts.settle(payout_ids=[payout.id], by=treasurer, now=NOW)
    assert books.position(world.fund.id).paid_cents == 100_000

    payouts.record_return(payout_id=payout.id, code="R03", by=treasurer, now=NOW)

    found = books.position(world.fund.id)
    assert (found.paid_cents, found.returned_cents, found.books_differ_by_cents) == (0, 100_000, 0)


def test_conditional_and_cancelled_promises_are_told_apart():
    world = make_world(reserve_bp=0)
    donor, treasurer = make_donor(world), world.actor(Role.TREASURER_PREPARES)
    cancelled = make_commitment(world, donor, 7_000)
    commitments.cancel(commitment_id=cancelled.id, reason="The donor asked.", by=treasurer, now=NOW)
    commitments.pledge(
        fund_id=world.fund.id,
        donor_id=donor.id,
        amount_cents=9_000,
        pledged_on=NOW.date(),
        is_conditional=True,
        condition="The strike lasts into October.",
        by=treasurer,
        now=NOW,
    )

    found = books.position(world.fund.id)

    assert (found.committed_cents, found.committed_conditional_cents, found.outstanding_cents) == (
        0,
        9_000,
        0,
    )


def test_available_is_told_by_restriction():
    world = make_world(reserve_bp=0)
    grips = funds.add_restriction(fund_id=world.fund.id, name="Grips", wording="", by=actors.SYSTEM, now=NOW)
    put_money_in(world, 1_000)
    put_money_in(world, 500, bank_reference="B", restriction_id=grips.id)

    by_restriction = books.available_by_restriction(world.fund.id)

    assert by_restriction[grips.id] == 500
    assert sum(by_restriction.values()) == books.available_cents(world.fund.id) == 1_500


def test_empty_books_read_zero():
    world = make_world()

    assert books.last_sequence(world.fund.id) == 0
    assert books.available_cents(world.fund.id) == books.held_cents(world.fund.id) == 0
    assert set(vars(books.position(world.fund.id)).values()) == {0}
    assert {cents for _, _, cents in books.balances(world.fund.id)} == {0}
    assert {code for code, _, _ in books.balances(world.fund.id)} == set(Code)
