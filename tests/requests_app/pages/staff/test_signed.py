"""What two people sign on the pages: a transfer reversed, a fund closed."""

import pytest
from builders import NOW, TODAY, make_world, put_money_in
from console import Staff, summary_of, text_of

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.models import Fund, FundClosing, TransferReversal
from fundmgr.models.ledger import Transfer
from fundmgr.services import bank_fees

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def page(world):
    """The page of a bank fee's transfer."""
    put_money_in(world, 10_000)
    fee = bank_fees.record(
        fund_id=world.fund.id,
        amount_cents=300,
        bank_reference="FEE-1",
        charged_on=TODAY,
        by=world.actor(Role.TREASURER_RELEASES),
        now=NOW,
    )
    return f"ledger/transfers/{public('trf', Transfer.objects.get(cause_id=fee.id).id)}/"


def test_a_fee_is_reversed_by_two_people_on_its_page(world, page):
    releaser, director = Staff(world, Role.TREASURER_RELEASES), Staff(world, Role.DIRECTOR)
    assert "Write why." in summary_of(releaser.post(f"{page}reverse/", {"reason": ""}))
    releaser.post(f"{page}reverse/", {"reason": "The bank took it back."})
    row = TransferReversal.objects.get()
    assert "You proposed to reverse this transfer." in text_of(releaser.get(page))
    assert "proposed it: The bank took it back." in text_of(director.get(page))
    assert "A transfer to undo" in text_of(director.get("approvals/"))
    assert "The director must sign it too." in text_of(releaser.get("approvals/"))

    refused = releaser.post(f"{page}{public('rev', row.id)}-make/", {})
    director.post(f"{page}{public('rev', row.id)}-make/", {})

    assert refused.status_code == 403
    shown = text_of(director.get(page))
    assert "Is resolved or reversed by transfer" in shown
    assert "signed the reversal of a transfer too" in shown
    assert "Propose to reverse it" not in text_of(releaser.get(page))


def test_a_refused_reversal_may_be_proposed_again(world, page):
    releaser, director = Staff(world, Role.TREASURER_RELEASES), Staff(world, Role.DIRECTOR)
    releaser.post(f"{page}reverse/", {"reason": "The bank took it back."})
    row = TransferReversal.objects.get()

    director.post(f"{page}{public('rev', row.id)}-refuse/", {})
    late = director.post(f"{page}{public('rev', row.id)}-make/", {})

    assert late.status_code == 409
    assert "Propose to reverse it" in text_of(releaser.get(page))


def test_a_fund_ends_by_director_and_board_on_its_page(world):
    director, board = Staff(world, Role.DIRECTOR), Staff(world, Role.BOARD)
    assert "settings/closing/" in text_of(director.get("settings/"))
    director.post("settings/state/", {"state": "close"})
    assert "Wind the fund down" in text_of(director.get("settings/closing/"))
    director.post("settings/closing/wind-down/", {})
    assert "Write why." in summary_of(director.post("settings/closing/propose/", {"reason": ""}))
    director.post("settings/closing/propose/", {"reason": "All is paid."})
    row = FundClosing.objects.get()
    place = f"settings/closing/{public('cls', row.id)}"
    assert "The end of the fund" in text_of(board.get("approvals/"))

    refused = director.post(f"{place}-make/", {})
    board.post(f"{place}-make/", {})

    assert refused.status_code == 403
    assert Fund.objects.get(id=world.fund.id).state == "CLOSED"
    shown = text_of(director.get("settings/closing/"))
    assert "Signed by two" in shown
    assert "Nothing is left to settle." in shown
    assert director.post("settings/closing/wind-down/", {}).status_code == 409


def test_what_is_left_is_named_and_stands_in_the_way(world):
    put_money_in(world, 10_000)
    director = Staff(world, Role.DIRECTOR)
    assert "Available to award: $98.00 is left." in text_of(director.get("settings/closing/"))
    director.post("settings/state/", {"state": "close"})
    director.post("settings/closing/wind-down/", {})

    refused = director.post("settings/closing/propose/", {"reason": "All is paid."})

    assert refused.status_code == 409
    assert "is left." in summary_of(refused)
    assert not FundClosing.objects.exists()


def test_the_board_may_refuse_to_close(world):
    director, board = Staff(world, Role.DIRECTOR), Staff(world, Role.BOARD)
    director.post("settings/state/", {"state": "close"})
    director.post("settings/closing/wind-down/", {})
    director.post("settings/closing/propose/", {"reason": "All is paid."})
    row = FundClosing.objects.get()

    board.post(f"settings/closing/{public('cls', row.id)}-refuse/", {})

    assert "Refused" in text_of(director.get("settings/closing/"))
    assert Fund.objects.get(id=world.fund.id).state == "WINDING_DOWN"
