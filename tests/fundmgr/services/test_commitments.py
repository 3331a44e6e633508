"""Money promised and money in."""

import pytest
from builders import NOW, make_commitment, make_donor, make_world, put_money_in

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from fundmgr.domain.postings import Code
from fundmgr.queries import books, trail
from fundmgr.services import background, commitments, proof

pytestmark = pytest.mark.django_db


def test_reconciled_money_may_be_awarded_less_the_reserve():
    world = make_world()

    put_money_in(world, 50_000_000)

    assert books.available_cents(world.fund.id) == 49_000_000
    position = books.position(world.fund.id)
    assert (position.received_cents, position.reserve_cents, position.available_cents) == (
        50_000_000,
        1_000_000,
        49_000_000,
    )
    assert proof.check_books() == []
    background.link_events()
    assert trail.verify_chain().problem is None


def test_a_promise_is_a_receivable_and_not_available():
    world = make_world()

    make_commitment(world, make_donor(world), 50_000_000)

    found = {(code, name): cents for code, name, cents in books.balances(world.fund.id)}
    assert found[Code.PLEDGES_RECEIVABLE, "General"] == 50_000_000
    assert books.available_cents(world.fund.id) == 0


def test_the_recorder_cannot_reconcile():
    world = make_world()
    commitment = make_commitment(world, make_donor(world), 1_000)
    treasurer = world.actor(Role.TREASURER_PREPARES)
    receipt = commitments.record_receipt(
        commitment_id=commitment.id,
        amount_cents=1_000,
        bank_reference="A",
        received_on=NOW.date(),
        by=treasurer,
        now=NOW,
    )

    with pytest.raises(errors.Forbidden):
        commitments.reconcile_receipt(receipt_id=receipt.id, by=treasurer, now=NOW)
