"""Letters: numbered without a gap, void with a reason, replaced but never changed."""

from datetime import timedelta

import pytest
from builders import NOW, make_donor, make_world, put_money_in

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, Letter, Receipt
from fundmgr.services import donors, funds, letters

pytestmark = pytest.mark.django_db
NEXT_YEAR = NOW + timedelta(days=200)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def receipt(world):
    return put_money_in(world, 25_000)


def issue(world, receipt, now=NOW):
    return letters.issue(receipt_id=receipt.id, by=world.actor(Role.TREASURER_PREPARES), now=now)


def test_a_reconciled_receipt_is_acknowledged_under_the_next_number(world, receipt):
    other = put_money_in(world, 1_000, bank_reference="WIRE-2")

    first, second = issue(world, receipt), issue(world, other)

    assert (first.number, second.number) == (1, 2)
    assert first.content["total_cents"] == 25_000
    assert first.state == "ISSUED"
    assert Event.objects.filter(verb="letter.issued").count() == 2


def test_one_letter_stands_for_a_receipt(world, receipt):
    issue(world, receipt)

    with pytest.raises(errors.Duplicate):
        issue(world, receipt)


def test_money_that_is_not_in_the_bank_is_not_acknowledged(world, receipt):
    Receipt.objects.filter(id=receipt.id).update(state="RECEIVED")

    with pytest.raises(errors.WrongState):
        issue(world, receipt)


def test_a_letter_is_replaced_by_one_that_says_what_is_known_now(world, receipt):
    first = issue(world, receipt)
    donor = receipt.commitment.donor
    treasurer = world.actor(Role.TREASURER_PREPARES)
    donors.change(donor_id=donor.id, version=donor.version, name="The Founder", by=treasurer, now=NOW)

    second = letters.reissue(letter_id=first.id, reason="The name was wrong.", by=treasurer, now=NOW)

    first.refresh_from_db()
    assert (first.state, first.void_reason) == ("VOID", "The name was wrong.")
    assert (second.number, second.replaces_id, second.content["donor"]) == (2, first.id, "The Founder")
    assert first.content["donor"] == "The founder"


def test_a_void_letter_stays_void(world, receipt):
    letter = issue(world, receipt)
    by = world.actor(Role.DIRECTOR)
    letters.void(letter_id=letter.id, reason="Mistake.", by=by, now=NOW)

    with pytest.raises(errors.WrongState):
        letters.void(letter_id=letter.id, reason="Again.", by=by, now=NOW)
    assert issue(world, receipt).number == 2


def test_a_year_is_stated_once_it_has_ended(world, receipt):
    by = world.actor(Role.DIRECTOR)
    donor_id = receipt.donor_id
    put_money_in(world, 1_000, bank_reference="WIRE-2")

    with pytest.raises(errors.InvalidInput):
        letters.issue_annual(donor_id=donor_id, year=2023, by=by, now=NOW)
    stated = letters.issue_annual(donor_id=donor_id, year=2023, by=by, now=NEXT_YEAR)
    with pytest.raises(errors.Duplicate):
        letters.issue_annual(donor_id=donor_id, year=2023, by=by, now=NEXT_YEAR)
    with pytest.raises(errors.InvalidInput):
        letters.issue_annual(donor_id=donor_id, year=2022, by=by, now=NEXT_YEAR)

    assert (stated.year, stated.content["total_cents"]) == (2023, 25_000)


def test_letters_carry_the_charity_that_holds_the_fund(world, receipt):
    director = world.actor(Role.DIRECTOR)
    funds.describe(
        fund_id=world.fund.id, sponsor="Riverside Charities", ein="12-3456789", by=director, now=NOW
    )

    letter = issue(world, receipt)

    assert (letter.content["organisation"], letter.content["ein"]) == ("Riverside Charities", "12-3456789")


def test_who_records_no_money_writes_no_letter(world, receipt):
    with pytest.raises(errors.Forbidden):
        letters.issue(receipt_id=receipt.id, by=world.actor(Role.AUDITOR), now=NOW)
    assert not Letter.objects.exists()


def test_what_is_not_there_is_not_found(world):
    by = world.actor(Role.DIRECTOR)
    for call, name in ((letters.void, "letter_id"), (letters.reissue, "letter_id")):
        with pytest.raises(errors.NotFound):
            call(**{name: world.fund.id}, reason="x", by=by, now=NOW)
    with pytest.raises(errors.NotFound):
        letters.issue(receipt_id=world.fund.id, by=by, now=NOW)
    assert make_donor(world)
