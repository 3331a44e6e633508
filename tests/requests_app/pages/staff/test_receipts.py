"""Money in on the pages of the console: gifts, unmatched money, what bounced, what went back."""

from uuid import uuid4

import pytest
from builders import NOW, TODAY, make_commitment, make_donor, make_world
from console import Staff, new_token, summary_of, text_of

from fundmgr.domain import actors, postings
from fundmgr.domain.ids import public
from fundmgr.domain.lifecycle import ProposalState, ReceiptState
from fundmgr.domain.permissions import Role
from fundmgr.models import Receipt, Refund, Restriction
from fundmgr.ports import ledger
from fundmgr.queries import books, funds
from fundmgr.services import receipts

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world(reserve_bp=0)


@pytest.fixture
def preparer(world):
    return Staff(world, Role.TREASURER_PREPARES)


@pytest.fixture
def releaser(world):
    return Staff(world, Role.TREASURER_RELEASES)


def receive(world, amount_cents=1_000, *, reference="A", reconciled=True, **shape):
    row = receipts.record(
        fund_id=world.fund.id,
        amount_cents=amount_cents,
        bank_reference=reference,
        received_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
        **shape,
    )
    if reconciled:
        row = receipts.reconcile(receipt_id=row.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)
    return row


def page_of(row):
    return f"receipts/{public('rct', row.id)}/"


def test_a_gift_is_recorded_and_reconciled_page_by_page(world, preparer, releaser):
    donor = make_donor(world, name="Kenji Ōta")
    sent = {
        "amount": "250",
        "bank_reference": "WIRE-1",
        "received_on": TODAY.isoformat(),
        "method": "CHECK",
        "donor": public("don", donor.id),
        "restriction": "",
    }

    answer = preparer.post("receipts/new/", sent)

    row = Receipt.objects.get()
    assert answer["Location"] == preparer.address(page_of(row))
    assert "You recorded this. Another person must reconcile it." in text_of(preparer.get(page_of(row)))
    assert ">Reconcile<" in text_of(releaser.get(page_of(row)))
    assert releaser.post(f"{page_of(row)}reconcile/").status_code == 302
    words = text_of(releaser.get(page_of(row)))
    assert "may be awarded, less the reserve" in words
    assert "Booked as money in" in words
    assert books.available_cents(world.fund.id) == 25_000


def test_unmatched_money_shows_whose_it_could_be_and_is_matched(world, releaser):
    commitment = make_commitment(world, make_donor(world, name="Ardsley Foundation"), 1_000)
    make_donor(world, name="Kenji Ōta")
    row = receive(world, payer="ARDSLEY FOUNDATION")
    other = receive(world, 300, reference="B", payer="Ota Kenji")

    words = text_of(releaser.get("receipts/unmatched/"))
    assert "Ardsley Foundation owes just this much, and has the payer&#x27;s name" in words
    assert "Kenji Ōta has the payer&#x27;s name; as a gift" in words
    assert "2 receipts of $13.00 whose donor nobody knows." in words
    assert "It is Ardsley Foundation’s" in text_of(releaser.get(page_of(row)))

    assert releaser.post(f"{page_of(row)}match/", {"to": public("com", commitment.id)}).status_code == 302
    assert Receipt.objects.get(id=row.id).state == ReceiptState.RECONCILED
    assert "Kenji" in text_of(releaser.get(page_of(other)))


def test_a_match_that_does_not_fit_is_said_at_the_box(world, releaser):
    commitment = make_commitment(world, make_donor(world), 600)
    row = receive(world)

    too_much = releaser.post(f"{page_of(row)}match/", {"to": public("com", commitment.id)})
    nobody = releaser.post(f"{page_of(row)}match/", {"to": ""})

    assert too_much.status_code == 422
    assert "more than the commitment still owes, which is $6.00" in summary_of(too_much)
    assert (nobody.status_code, "Choose the commitment or the donor." in summary_of(nobody)) == (422, True)


def test_a_bounce_after_the_money_was_promised_is_told_on_the_page_and_at_home(world, preparer):
    row = receive(world, donor_id=make_donor(world).id)
    restriction_id = funds.general_restriction(world.fund.id).id
    hold = postings.hold(award_id=uuid4(), shares=[(restriction_id, 700)])
    ledger.post(hold, fund_id=world.fund.id, by=actors.SYSTEM, now=NOW)

    assert preparer.post(f"{page_of(row)}bounce/", {"reason": ""}).status_code == 422
    assert preparer.post(f"{page_of(row)}bounce/", {"reason": "Unpaid."}).status_code == 302

    words = "$7.00 is promised to workers and lacks its money"
    assert words in text_of(preparer.get(page_of(row)))
    assert "Taken back by the bank" in text_of(preparer.get(page_of(row)))
    home = text_of(Staff(world, Role.DIRECTOR).get())
    assert "Money is missing: a gift bounced" in home
    assert words in home
    assert words not in text_of(Staff(world, Role.REVIEWER).get())


def test_a_refund_is_proposed_by_one_and_made_by_another(world, releaser):
    row = receive(world, donor_id=make_donor(world).id)
    director = Staff(world, Role.DIRECTOR)

    assert director.post(f"{page_of(row)}refund/", {"amount": "11", "reason": "x"}).status_code == 422
    sent = {"amount": "4", "reason": "Sent twice."}
    assert director.post(f"{page_of(row)}refund/", sent).status_code == 302
    refund = Refund.objects.get()
    assert "Give $4.00 back" not in text_of(director.get(page_of(row)))
    assert "1 refund, $4" in text_of(releaser.get("approvals/"))
    assert "You proposed this. A treasurer must decide it." in text_of(director.get("approvals/"))
    assert "Give $4.00 back" in text_of(releaser.get(page_of(row)))

    answer = releaser.post(f"{page_of(row)}{public('rfd', refund.id)}-make/")

    assert answer.status_code == 302
    assert Refund.objects.get().state == ProposalState.MADE
    assert "Given back to the donor" in text_of(releaser.get(page_of(row)))
    late = releaser.post(f"{page_of(row)}{public('rfd', refund.id)}-refuse/")
    assert late.status_code == 409


def test_ticked_receipts_are_reconciled_together(world, releaser):
    rows = [receive(world, reference=name, reconciled=False, donor_id=make_donor(world).id) for name in "AB"]
    assert "Reconcile the ticked ones" in text_of(releaser.get("receipts/", state="waiting"))
    ticked = {"receipt": [public("rct", row.id) for row in rows]}

    assert releaser.post("receipts/reconcile-many/", ticked).status_code == 302
    assert releaser.post("receipts/reconcile-many/", ticked).status_code == 409
    assert releaser.post("receipts/reconcile-many/", {}).status_code == 422

    assert books.available_cents(world.fund.id) == 2_000


def test_ticked_receipts_sent_twice_are_reconciled_once(world, releaser):
    rows = [receive(world, reference=name, reconciled=False, donor_id=make_donor(world).id) for name in "AB"]
    ticked, token = {"receipt": [public("rct", row.id) for row in rows]}, new_token()

    answers = [releaser.post("receipts/reconcile-many/", ticked, token=token) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [releaser.address("receipts/")] * 2
    assert books.available_cents(world.fund.id) == 2_000


def test_the_list_is_filtered_by_state(world, releaser):
    receive(world, reference="GIFT-1", donor_id=make_donor(world).id)
    receive(world, reference="LOST-1")

    assert "LOST-1" not in text_of(releaser.get("receipts/", state="reconciled"))
    assert "GIFT-1" not in text_of(releaser.get("receipts/", state="unmatched"))
    assert "GIFT-1" in text_of(releaser.get("receipts/", state="nonsense"))


def test_a_bank_fee_is_booked_by_the_releasing_treasurer(world, preparer, releaser):
    receive(world, donor_id=make_donor(world).id)
    sent = {"amount": "2.50", "bank_reference": "FEE-1", "charged_on": TODAY.isoformat()}

    assert preparer.post("receipts/fee/", sent).status_code == 403
    assert releaser.get("receipts/fee/").status_code == 200
    assert releaser.post("receipts/fee/", sent).status_code == 302
    assert releaser.post("receipts/fee/", sent).status_code == 409
    assert books.available_cents(world.fund.id) == 750


def test_readers_see_and_change_nothing(world):
    row = receive(world, reconciled=False)
    auditor = Staff(world, Role.AUDITOR)

    assert auditor.get(page_of(row)).status_code == 200
    assert "<button" not in text_of(auditor.get(page_of(row))).split("<main")[1].split("</main>")[0]
    for act in ("reconcile", "match", "bounce", "refund"):
        assert auditor.post(f"{page_of(row)}{act}/").status_code == 403
    assert Staff(world, Role.REVIEWER).get(page_of(row)).status_code == 403
    assert auditor.get(f"receipts/rct_{'0' * 32}/").status_code == 404


def test_a_receipt_of_another_fund_is_not_there(world):
    row = receive(world)
    stranger = Staff(make_world(name="Another fund"), Role.TREASURER_RELEASES)

    assert stranger.get(page_of(row)).status_code == 404
    assert Restriction.objects.filter(fund=world.fund).exists()
