"""Transfers undone by two people, also after their fund was closed."""

import pytest
from builders import NOW, TODAY, close_fund, make_world, put_money_in

from fundmgr.domain import actors, errors
from fundmgr.domain.chart import Code
from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from fundmgr.models.ledger import Transfer
from fundmgr.ports import ledger
from fundmgr.queries import books
from fundmgr.services import bank_fees, funds, proof, reversals
from fundmgr.services.use_case import use_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = make_world(reserve_bp=0)
    put_money_in(world, 10_000)
    return world


@pytest.fixture
def fee(world):
    """The transfer of a bank fee."""
    row = bank_fees.record(
        fund_id=world.fund.id,
        amount_cents=300,
        bank_reference="FEE-1",
        charged_on=TODAY,
        by=world.actor(Role.TREASURER_RELEASES),
        now=NOW,
    )
    return Transfer.objects.get(cause_id=row.id)


def propose(world, transfer, *, reason="The bank took it back.", role=Role.TREASURER_RELEASES):
    return reversals.propose(transfer_id=transfer.id, reason=reason, by=world.actor(role), now=NOW)


def make(world, row, *, by=None):
    return reversals.make(reversal_id=row.id, by=by or world.actor(Role.DIRECTOR), now=NOW)


def balances(world):
    return {code: cents for code, _, cents in books.balances(world.fund.id) if cents}


def test_a_fee_is_undone_by_two_people_and_stays_in_the_books(world, fee):
    assert balances(world)[Code.BANK_FEES] == 300
    row = propose(world, fee)
    assert balances(world)[Code.BANK_FEES] == 300

    made = make(world, row)

    assert (made.state, made.decided_at) == ("MADE", NOW)
    assert Code.BANK_FEES not in balances(world)
    assert books.available_cents(world.fund.id) == 10_000
    assert Transfer.objects.get(reverses_id=fee.id).move == "REVERSAL"
    assert list(
        Event.objects.filter(object_id=row.id).order_by("link__sequence").values_list("verb", flat=True)
    ) == ["reversal.proposed", "reversal.made"]
    assert proof.check_books() == []


def test_invariant_24_a_closed_fund_takes_a_correction_with_two_signatures_and_no_other(world, fee):
    close_fund(world)
    with pytest.raises(errors.WrongState):
        undo_alone(world, fee)
    row = propose(world, fee)
    with pytest.raises(errors.WrongState):
        undo_alone(world, fee)

    make(world, row)

    assert Transfer.objects.get(reverses_id=fee.id).move == "REVERSAL"
    assert books.available_cents(world.fund.id) == 10_000
    assert proof.check_books() == []


@use_case
def undo_alone(world, transfer):
    """Reverse a transfer as a program could that asks nobody."""
    ledger.reverse(transfer.id, fund_id=world.fund.id, by=actors.SYSTEM, now=NOW)


def test_who_proposed_it_does_not_sign_it_too(world, fee):
    row = propose(world, fee)
    proposer = world.actor(Role.TREASURER_RELEASES)
    with pytest.raises(errors.Forbidden):
        make(world, row, by=proposer)
    # Also not where the same person is given the other role.
    funds.appoint(
        fund_id=world.fund.id,
        user_id=proposer.person_id,
        role=Role.DIRECTOR,
        by=world.actor(Role.DIRECTOR),
        now=NOW,
    )

    with pytest.raises(errors.SelfApproval):
        make(world, row, by=proposer)
    assert Transfer.objects.filter(reverses_id=fee.id).count() == 0


def test_a_refused_reversal_leaves_the_transfer_and_may_be_proposed_again(world, fee):
    row = propose(world, fee)
    with pytest.raises(errors.Duplicate):
        propose(world, fee)
    reversals.refuse(reversal_id=row.id, by=world.actor(Role.DIRECTOR), now=NOW)

    with pytest.raises(errors.AlreadyDecided):
        make(world, row)
    again = propose(world, fee)
    make(world, again)

    with pytest.raises(errors.WrongState):
        propose(world, fee)
    assert Transfer.objects.filter(reverses_id=fee.id).count() == 1


def test_what_is_undone_elsewhere_is_not_undone_here(world):
    receipt = Transfer.objects.get(move="RECEIPT")

    with pytest.raises(errors.WrongState):
        propose(world, receipt)


def test_a_reversal_needs_a_reason_a_role_and_a_transfer(world, fee):
    with pytest.raises(errors.InvalidInput):
        propose(world, fee, reason=" ")
    with pytest.raises(errors.Forbidden):
        propose(world, fee, role=Role.DIRECTOR)
    with pytest.raises(errors.PersonRequired):
        reversals.propose(transfer_id=fee.id, reason="x", by=actors.SYSTEM, now=NOW)
    with pytest.raises(errors.NotFound):
        reversals.make(reversal_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=NOW)
    with pytest.raises(errors.NotFound):
        reversals.propose(
            transfer_id=world.fund.id, reason="x", by=world.actor(Role.TREASURER_RELEASES), now=NOW
        )
