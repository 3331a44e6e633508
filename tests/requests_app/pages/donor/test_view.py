"""What a donor sees: promises, gifts and letters of their own, sums of what became of them, and no worker."""

from datetime import timedelta

import pytest
from builders import NOW, TODAY, make_commitment, make_donor, make_world, put_money_in
from casework import paid_awards
from django.utils import timezone
from giving import Giver, deliver, give_address

from fundmgr.domain.permissions import Role
from fundmgr.domain.schedules import Part
from fundmgr.models import Donor
from fundmgr.services import commitments, letters, receipts
from requests_app.services import donor_links

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world(reserve_bp=0)


def opened(world, donor: Donor, **headers: str) -> Giver:
    give_address(world, donor)
    now = timezone.now()
    donor_links.send(donor_id=donor.id, by=world.actor(Role.DIRECTOR), now=now)
    giver = Giver(world, **headers)
    giver.open(deliver(now)[-1])
    return giver


def page(giver: Giver) -> str:
    return giver.get("view/").content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_a_promise_is_shown_with_its_dates_and_what_is_late(world):
    donor = make_donor(world)
    commitments.pledge(
        fund_id=world.fund.id,
        donor_id=donor.id,
        amount_cents=300_000,
        pledged_on=TODAY,
        instalments=[Part(TODAY, 100_000), Part(timezone.now().date() + timedelta(days=90), 200_000)],
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )

    shown = page(opened(world, donor))

    assert "Promised on September 18, 2023. $0 of it came in." in shown
    assert shown.count("Late") == 2
    assert "$2,000" in shown
    assert "Nothing came in yet." in shown


def test_a_gift_is_shown_with_its_letter_on_paper(world):
    receipt = put_money_in(world, 50_000)
    by = world.actor(Role.TREASURER_PREPARES)
    letters.issue(receipt_id=receipt.id, by=by, now=NOW)
    letters.issue_annual(donor_id=receipt.donor_id, year=2023, by=by, now=timezone.now())
    giver = opened(world, receipt.donor)

    shown = page(giver)
    paper = giver.get("view/letter-1.pdf")

    assert "WIRE-1" in shown
    assert "Your gifts of 2023" in shown
    assert paper.content.startswith(b"%PDF")
    assert paper["Cache-Control"] == "no-store, private"


def test_a_void_letter_and_one_of_another_donor_are_not_there(world):
    mine, other = put_money_in(world, 50_000), put_money_in(world, 60_000, bank_reference="WIRE-2")
    by = world.actor(Role.TREASURER_PREPARES)
    void = letters.issue(receipt_id=mine.id, by=by, now=NOW)
    letters.issue(receipt_id=other.id, by=by, now=NOW)
    letters.void(letter_id=void.id, reason="A mistake.", by=by, now=NOW)
    giver = opened(world, mine.donor)

    assert [giver.get(f"view/letter-{number}.pdf").status_code for number in (1, 2, 3)] == [404] * 3
    assert "WIRE-2" not in page(giver)
    assert "No letter yet" in page(giver)


def test_money_that_nobody_reconciled_is_shown_and_not_counted(world):
    donor = make_donor(world)
    row = make_commitment(world, donor, 40_000)
    receipts.record(
        commitment_id=row.id,
        amount_cents=40_000,
        bank_reference="WIRE-9",
        received_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )

    shown = page(opened(world, donor))

    assert "Being checked with the bank" in shown
    assert "How it was used" not in shown


@pytest.mark.parametrize(("people", "tells"), [(9, False), (10, True)])
def test_counts_and_purposes_are_told_from_ten_people_on(world, people, tells):
    receipt = put_money_in(world, 500_000)
    paid_awards(world, [20_000] * people)

    shown = page(opened(world, receipt.donor))

    assert f"${people * 200:,}" in shown
    assert (f"It went to {people} people." in shown) is tells
    assert ("What it was paid for" in shown) is tells


def test_nothing_of_a_worker_is_on_the_page(world):
    receipt = put_money_in(world, 500_000)
    awards = paid_awards(world, [20_000] * 10)

    shown = page(opened(world, receipt.donor))

    for award in awards:
        assert award.request.reference not in shown
        assert award.request.applicant.full_name not in shown
        assert award.request.id.hex not in shown


def test_the_page_speaks_spanish(world):
    receipt = put_money_in(world, 50_000)

    shown = page(opened(world, receipt.donor, accept_language="es"))

    assert "Cómo se usó" in shown
    assert "Prometido el 18 de septiembre de 2023." in shown
