"""What the bank charges."""

from datetime import timedelta

import pytest
from builders import NOW, TODAY, make_world, put_money_in

from fundmgr.domain import errors
from fundmgr.domain.chart import Code
from fundmgr.domain.permissions import Role
from fundmgr.queries import books
from fundmgr.services import bank_fees, proof

pytestmark = pytest.mark.django_db


def charge(world, amount_cents=2_500, *, reference="FEE-1", charged_on=TODAY, role=Role.TREASURER_RELEASES):
    return bank_fees.record(
        fund_id=world.fund.id,
        amount_cents=amount_cents,
        bank_reference=reference,
        charged_on=charged_on,
        by=world.actor(role),
        now=NOW,
    )


def test_a_fee_comes_out_of_what_is_available():
    world = make_world(reserve_bp=0)
    put_money_in(world, 10_000)

    charge(world)

    assert books.available_cents(world.fund.id) == 7_500
    found = {code: cents for code, _, cents in books.balances(world.fund.id)}
    assert (found[Code.BANK_FEES], found[Code.CASH]) == (2_500, 7_500)
    assert books.position(world.fund.id).fees_cents == 2_500
    assert proof.check_books() == []


def test_a_fee_does_not_take_promised_money():
    world = make_world()

    with pytest.raises(errors.InsufficientFunds, match="does not fit"):
        charge(world)


def test_a_fee_is_entered_once():
    world = make_world()
    put_money_in(world, 10_000)
    charge(world)

    with pytest.raises(errors.Duplicate):
        charge(world)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount_cents": 0}, "amount"),
        ({"reference": " "}, "bank_reference"),
        ({"charged_on": TODAY + timedelta(days=1)}, "charged_on"),
    ],
)
def test_what_cannot_be_is_refused(changes, field):
    world = make_world()

    with pytest.raises(errors.InvalidInput) as refused:
        charge(world, **changes)

    assert [problem.field for problem in refused.value.problems] == [field]


def test_only_the_releasing_treasurer_enters_fees():
    world = make_world()

    with pytest.raises(errors.Forbidden):
        charge(world, role=Role.TREASURER_PREPARES)
