"""The end of a fund: wound down, then closed by its director and its board, with nothing left."""

import pytest
from builders import NOW, TODAY, file_request, make_world, put_money_in

from fundmgr.domain import errors
from fundmgr.domain.lifecycle import FundState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, Fund, FundClosing
from fundmgr.services import funds, proof, receipts, refunds
from requests_app.queries import closing as found
from requests_app.services import closing

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world(reserve_bp=200)


def state(world):
    return Fund.objects.get(id=world.fund.id).state


def wind_down(world):
    funds.close_intake(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=NOW)
    return closing.wind_down(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=NOW)


def propose(world, role=Role.DIRECTOR):
    return closing.propose(fund_id=world.fund.id, reason="All is paid.", by=world.actor(role), now=NOW)


def give_all_back(world, receipt):
    row = refunds.propose(
        receipt_id=receipt.id,
        amount_cents=receipt.amount_cents,
        reason="The fund ends.",
        by=world.actor(Role.DIRECTOR),
        now=NOW,
    )
    refunds.make(refund_id=row.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)


def test_a_fund_is_closed_by_director_and_board_once_nothing_is_left(world):
    receipt = put_money_in(world, 50_000)
    wind_down(world)
    with pytest.raises(errors.WrongState, match="Available to award: "):
        propose(world)
    give_all_back(world, receipt)

    row = propose(world)
    with pytest.raises(errors.Duplicate):
        propose(world)
    with pytest.raises(errors.Forbidden):
        closing.close(closing_id=row.id, by=world.actor(Role.DIRECTOR), now=NOW)
    assert state(world) == FundState.WINDING_DOWN
    made = closing.close(closing_id=row.id, by=world.actor(Role.BOARD), now=NOW)

    assert (made.state, state(world)) == ("MADE", FundState.CLOSED)
    with pytest.raises(errors.AlreadyDecided):
        closing.refuse(closing_id=row.id, by=world.actor(Role.BOARD), now=NOW)
    verbs = Event.objects.filter(object_id=row.id).order_by("link__sequence").values_list("verb", flat=True)
    assert list(verbs) == ["closing.proposed", "closing.made"]
    assert proof.check_books() == []


def test_money_that_comes_after_the_proposal_stands_in_the_way(world):
    wind_down(world)
    row = propose(world)
    receipt = put_money_in(world, 1_000)

    with pytest.raises(errors.WrongState, match=r"Reserve: \$0.20 is left"):
        closing.close(closing_id=row.id, by=world.actor(Role.BOARD), now=NOW)
    give_all_back(world, receipt)
    assert closing.close(closing_id=row.id, by=world.actor(Role.BOARD), now=NOW).state == "MADE"


def test_a_closed_fund_takes_no_promise_and_no_gift(world):
    wind_down(world)
    closing.close(closing_id=propose(world).id, by=world.actor(Role.BOARD), now=NOW)

    with pytest.raises(errors.WrongState):
        put_money_in(world, 1_000)
    row = arrive(world)
    with pytest.raises(errors.WrongState):
        receipts.reconcile(receipt_id=row.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)
    assert proof.check_books() == []


def arrive(world):
    """Money that nobody knows the donor of, and that the bank has not confirmed."""
    return receipts.record(
        fund_id=world.fund.id,
        amount_cents=100,
        bank_reference="W",
        received_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )


def test_a_refused_closing_leaves_the_fund_as_it_was(world):
    wind_down(world)
    row = propose(world)

    closing.refuse(closing_id=row.id, by=world.actor(Role.BOARD), now=NOW)

    assert state(world) == FundState.WINDING_DOWN
    assert propose(world).state == "PROPOSED"


def test_what_nobody_decided_stands_in_the_way_of_winding_down(world):
    with pytest.raises(errors.WrongState):
        closing.wind_down(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=NOW)
    file_request(world)
    with pytest.raises(errors.WrongState, match="1 request waits"):
        wind_down(world)
    with pytest.raises(errors.WrongState, match="winds down"):
        propose(world)
    with pytest.raises(errors.Forbidden):
        closing.wind_down(fund_id=world.fund.id, by=world.actor(Role.BOARD), now=NOW)


def test_a_receipt_that_waits_is_an_obstacle(world):
    arrive(world)

    assert found.obstacles(world.fund.id) == ["1 receipt waits for the bank."]
    with pytest.raises(errors.NotFound):
        found.visible_closing(world.actor(Role.BOARD), closing_id=world.fund.id)
    assert not FundClosing.objects.exists()
