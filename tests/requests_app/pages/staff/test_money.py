"""Donors, commitments and receipts on the pages of the console."""

import re

import pytest
from builders import NOW, TODAY, make_commitment, make_donor, make_world, put_money_in
from console import Staff, new_token, summary_of, text_of

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.models import Commitment, Donor, Receipt, Restriction
from fundmgr.queries import books
from fundmgr.services import funds

pytestmark = pytest.mark.django_db


def pledged(world):
    """A commitment of $500,000 and its page."""
    commitment = make_commitment(world, make_donor(world), 50_000_000)
    return commitment, f"commitments/{public('com', commitment.id)}/"


def receipt_of(world, *, amount: str = "500,000.00", reference: str = "WIRE-9"):
    """A receipt recorded on the page."""
    _, page = pledged(world)
    sent = {"amount": amount, "bank_reference": reference, "received_on": TODAY.isoformat()}
    answer = Staff(world, Role.TREASURER_PREPARES).post(page, sent)
    assert answer.status_code == 302, summary_of(answer)
    return Receipt.objects.get(bank_reference=reference)


def test_money_comes_in_page_by_page():
    world = make_world()
    preparer = Staff(world, Role.TREASURER_PREPARES)

    answer = preparer.post("donors/new/", {"name": "Kenji Ōta", "kind": "person", "contact": "k@example.org"})
    donor = Donor.objects.get()
    assert answer["Location"] == preparer.address(f"donors/{public('don', donor.id)}/")
    assert donor.contact == "k@example.org"

    sent = {
        "donor": public("don", donor.id),
        "amount": "$500,000",
        "pledged_on": TODAY.isoformat(),
        "conditional": "no",
        "restriction": str(Restriction.objects.get().id),
    }
    preparer.post("commitments/new/", sent)
    commitment = Commitment.objects.get()
    assert (commitment.amount_cents, commitment.is_conditional) == (50_000_000, False)

    page = f"commitments/{public('com', commitment.id)}/"
    received = {"amount": "500000", "bank_reference": "WIRE-1", "received_on": TODAY.isoformat()}
    answer = preparer.post(page, received)
    assert answer["Location"] == preparer.address(page)
    assert books.available_cents(world.fund.id) == 0

    receipt = Receipt.objects.get()
    releaser = Staff(world, Role.TREASURER_RELEASES)
    assert "Reconcile" in text_of(releaser.get("receipts/", state="waiting"))
    answer = releaser.post("receipts/reconcile/", {"receipt": public("rct", receipt.id)})
    assert answer.status_code == 302
    assert books.available_cents(world.fund.id) == 49_000_000
    assert "is reconciled" in text_of(releaser.get("receipts/"))


def test_who_recorded_a_receipt_reads_why_there_is_no_button():
    world = make_world()
    receipt_of(world)
    both = world.actor(Role.TREASURER_PREPARES)
    funds.appoint(
        fund_id=world.fund.id,
        user_id=both.person_id,
        role=Role.TREASURER_RELEASES,
        by=world.actor(Role.DIRECTOR),
        now=NOW,
    )

    words = text_of(Staff(world, both).get("receipts/"))

    assert "You recorded this. Another person must reconcile it." in words
    assert ">Reconcile<" not in words


def test_reconciling_ones_own_receipt_is_403_on_the_same_page():
    world = make_world()
    receipt = receipt_of(world)
    both = world.actor(Role.TREASURER_PREPARES)
    funds.appoint(
        fund_id=world.fund.id,
        user_id=both.person_id,
        role=Role.TREASURER_RELEASES,
        by=world.actor(Role.DIRECTOR),
        now=NOW,
    )

    answer = Staff(world, both).post("receipts/reconcile/", {"receipt": public("rct", receipt.id)})

    assert answer.status_code == 403
    assert "You recorded this receipt. Another person must reconcile it." in summary_of(answer)
    assert books.available_cents(world.fund.id) == 0


def test_a_receipt_is_reconciled_once():
    world = make_world()
    sent = {"receipt": public("rct", receipt_of(world).id)}
    releaser, token = Staff(world, Role.TREASURER_RELEASES), new_token()

    assert releaser.post("receipts/reconcile/", sent, token=token).status_code == 302
    assert releaser.post("receipts/reconcile/", sent, token=token).status_code == 302
    assert releaser.post("receipts/reconcile/", sent).status_code == 409
    assert books.available_cents(world.fund.id) == 49_000_000


def test_a_bank_reference_counts_once():
    world = make_world()
    put_money_in(world, 100, bank_reference="WIRE-9")
    _, page = pledged(world)
    sent = {"amount": "5", "bank_reference": "WIRE-9", "received_on": TODAY.isoformat()}

    answer = Staff(world, Role.TREASURER_PREPARES).post(page, sent)

    assert answer.status_code == 409
    assert "This bank reference was recorded already." in summary_of(answer)
    assert 'value="WIRE-9"' in text_of(answer)


def test_more_than_was_promised_is_told_at_the_amount():
    world = make_world()
    _, page = pledged(world)
    sent = {"amount": "500000.01", "bank_reference": "W", "received_on": TODAY.isoformat()}

    answer = Staff(world, Role.TREASURER_PREPARES).post(page, sent)

    assert answer.status_code == 422
    assert 'href="#id_amount"' in text_of(answer)
    assert "more than the commitment still owes" in summary_of(answer)


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("", "Enter an amount, like 1200."),
        ("0", "Enter an amount above 0."),
        ("-5", "Write the amount in dollars and cents"),
        ("1e9", "Write the amount in dollars and cents"),
        ("NaN", "Write the amount in dollars and cents"),
        ("1,2,3", "Write the amount in dollars and cents"),
        ("12.345", "Write the amount in dollars and cents"),
        ("1" * 400, "Write the amount in dollars and cents"),
        ("٤٥", "Write the amount with the digits 0 to 9"),
        ("1\x002", "Write the amount in dollars and cents"),
    ],
)
def test_an_amount_that_is_none_is_told_and_kept(amount, said):
    world = make_world()
    _, page = pledged(world)
    sent = {"amount": amount, "bank_reference": "W", "received_on": TODAY.isoformat()}

    answer = Staff(world, Role.TREASURER_PREPARES).post(page, sent)

    assert answer.status_code == 422
    assert said in summary_of(answer)
    assert 'value="W"' in text_of(answer)
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("day", ["", "0001-01-01", "9999-12-31", "2023-02-30", "today", "1e9", "\x00"])
def test_a_day_that_is_none_is_told(day):
    world = make_world()
    _, page = pledged(world)

    answer = Staff(world, Role.TREASURER_PREPARES).post(
        page, {"amount": "5", "bank_reference": "W", "received_on": day}
    )

    assert answer.status_code == 422
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("1900-01-01", "Choose a day from 1990 to 2099."),
        (
            "2013-09-18",
            "Check the year: this is more than 3 years before the fund began, on September 18, 2023.",
        ),
        ("2098-09-18", "This day has not come yet."),
    ],
)
def test_a_slip_in_the_year_is_told_beside_its_box(day, sentence):
    world = make_world()
    row, page = pledged(world)
    preparer = Staff(world, Role.TREASURER_PREPARES)
    donor = public("don", row.donor_id)

    on_promise = preparer.post(page, {"amount": "5", "bank_reference": "W", "received_on": day})
    gift = preparer.post(
        "receipts/new/", {"amount": "5", "bank_reference": "W", "received_on": day, "method": "CHECK"}
    )
    promise = preparer.post(
        "commitments/new/", {"donor": donor, "amount": "5", "pledged_on": day, "conditional": "no"}
    )

    for answer, box in ((on_promise, "received_on"), (gift, "received_on"), (promise, "pledged_on")):
        assert answer.status_code == 422
        assert sentence in summary_of(answer)
        assert re.search(rf'href="#[^"]*{box}"', text_of(answer))
    assert not Receipt.objects.exists()
    assert Commitment.objects.count() == 1


@pytest.mark.parametrize("name", ["李", "Q", "محمد", "O'Brien-Nuñez", "Null", "'; DROP TABLE fund;--"])
def test_names_of_every_kind_are_taken(name):
    world = make_world()

    assert (
        Staff(world, Role.DIRECTOR).post("donors/new/", {"name": name, "kind": "person"}).status_code == 302
    )
    assert Donor.objects.get().name == name


@pytest.mark.parametrize("name", ["", "   ", "a\x00b", "a\u202eb", "x" * 161])
def test_names_that_cannot_be_stored_are_told(name):
    world = make_world()

    answer = Staff(world, Role.DIRECTOR).post("donors/new/", {"name": name, "kind": "person"})

    assert answer.status_code == 422
    assert not Donor.objects.exists()


def test_a_donors_relation_is_shown_and_asked_for_in_words():
    world = make_world()
    preparer = Staff(world, Role.TREASURER_PREPARES)
    sent = {"name": "Kenji", "kind": "person", "relation": "OTHER", "address": "1 Main St"}

    refused = preparer.post("donors/new/", sent)
    assert refused.status_code == 422
    assert b"Write how the donor is related to the fund." in refused.content
    assert not Donor.objects.exists()

    preparer.post("donors/new/", {**sent, "relation_note": "lends us a hall"})
    page = preparer.get(f"donors/{public('don', Donor.objects.get().id)}/").content
    assert b"lends us a hall" in page
    assert b"Main St" not in page


def test_a_condition_is_asked_for_where_there_is_one():
    world = make_world()
    donor = make_donor(world)
    sent = {
        "donor": public("don", donor.id),
        "amount": "100",
        "pledged_on": TODAY.isoformat(),
        "conditional": "yes",
    }
    desk = Staff(world, Role.DIRECTOR)

    refused = desk.post("commitments/new/", sent)
    made = desk.post("commitments/new/", {**sent, "condition": "The strike lasts until May."})

    assert refused.status_code == 422
    assert "Write what must happen before the money is owed." in summary_of(refused)
    assert made.status_code == 302
    assert Commitment.objects.get().is_conditional


def test_another_funds_donor_cannot_be_chosen():
    world, other = make_world(), make_world(name="Another fund")
    donor = make_donor(other)
    sent = {
        "donor": public("don", donor.id),
        "amount": "100",
        "pledged_on": TODAY.isoformat(),
        "conditional": "no",
    }

    assert Staff(world, Role.DIRECTOR).post("commitments/new/", sent).status_code == 404
    assert not Commitment.objects.exists()


def test_the_rest_of_a_commitment_is_given_up_with_a_reason():
    world = make_world()
    commitment, page = pledged(world)
    desk = Staff(world, Role.DIRECTOR)

    refused = desk.post(f"{page}cancel/", {"reason": ""})
    done = desk.post(f"{page}cancel/", {"reason": "The donor moved away."})

    assert refused.status_code == 422
    assert "Write why." in summary_of(refused)
    assert done.status_code == 302
    commitment.refresh_from_db()
    assert commitment.state == "CANCELLED"


def test_a_restriction_is_opened_and_chosen():
    world = make_world()
    desk = Staff(world, Role.DIRECTOR)

    desk.post("money/restriction/", {"name": "Crew of Badge 27", "wording": "For those who drove."})

    assert "Crew of Badge 27" in text_of(desk.get("commitments/new/"))
    again = desk.post("money/restriction/", {"name": "Crew of Badge 27", "wording": "Again."})
    assert again.status_code == 409


def test_a_preparing_treasurer_may_not_reconcile():
    world = make_world()
    receipt = receipt_of(world)

    answer = Staff(world, Role.TREASURER_PREPARES).post(
        "receipts/reconcile/", {"receipt": public("rct", receipt.id)}
    )

    assert answer.status_code == 403
    assert "Your role does not include this" in text_of(answer)
