"""Donors on the pages of the console."""

import re

import pytest
from builders import NOW, TODAY, make_commitment, make_donor, make_world
from calling import Caller, give_token, make_client
from console import Staff, summary_of, text_of
from django.test import Client
from django.utils import timezone
from giving import deliver, give_address

from fundmgr.domain import ids
from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.models import Donor, Event
from fundmgr.queries import books
from fundmgr.services import commitments, donors, receipts, refunds

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def donor(world):
    return make_donor(world)


def page_of(donor):
    return f"donors/{public('don', donor.id)}/"


def typed(donor, **said):
    start = {"name": donor.name, "kind": "person", "relation": "NONE", "language": "en", "version": "1"}
    return {**start, **said}


def test_everything_known_of_a_donor_changes_on_one_page(world, donor):
    desk = Staff(world, Role.DIRECTOR)
    assert f"{page_of(donor)}change/" in text_of(desk.get(page_of(donor)))
    said = {
        "name": "Rigging Co",
        "kind": "organisation",
        "is_anonymous": "on",
        "contact": "gifts@example.org",
        "relation": "SUPPLIER",
        "relation_note": "rents us lights",
        "language": "es",
    }

    done = desk.post(f"{page_of(donor)}change/", typed(donor, **said))

    assert done.status_code == 302
    changed = Donor.objects.get(id=donor.id)
    assert (changed.name, changed.is_organisation, changed.is_anonymous) == ("Rigging Co", True, True)
    assert (changed.contact, changed.language) == ("gifts@example.org", "es")
    assert (changed.relation, changed.relation_note) == ("SUPPLIER", "rents us lights")
    body = bytes(Event.objects.get(verb="donor.changed").body).decode()
    assert "gifts" not in body


def test_an_address_is_never_shown_and_stays_where_its_box_is_empty(world, donor):
    donors.change(
        donor_id=donor.id,
        version=1,
        contact="gifts@example.org",
        address="1 Main St",
        by=world.actor(Role.DIRECTOR),
        now=NOW,
    )
    desk = Staff(world, Role.TREASURER_PREPARES)

    shown = text_of(desk.get(f"{page_of(donor)}change/"))
    desk.post(f"{page_of(donor)}change/", typed(donor, version="2", forget_address="on"))

    assert not any(word in shown for word in ("gifts@", "Main St"))
    changed = Donor.objects.get(id=donor.id)
    assert (changed.contact, changed.address) == ("gifts@example.org", None)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": " "}, "Enter the donor's name."),
        ({"kind": ""}, "Choose who gives."),
        ({"contact": "gifts@example"}, "Enter a mail address like name@example.org."),
        ({"contact": "a@b.org", "forget_contact": "on"}, "Type a new one or have it forgotten, not both."),
        ({"relation": "OTHER"}, "Write how the donor is related to the fund."),
        ({"version": "7"}, "This changed since you read it."),
        ({"version": "x"}, "Enter a whole number"),
    ],
)
def test_a_refused_change_says_why_and_keeps_what_was_typed(world, donor, said, sentence):
    refused = Staff(world, Role.DIRECTOR).post(f"{page_of(donor)}change/", typed(donor, **said))

    assert refused.status_code in {409, 422}
    assert sentence in summary_of(refused).replace("&#x27;", "'")
    assert Donor.objects.get(id=donor.id).version == 1


def test_who_may_not_record_commitments_changes_no_donor(world, donor):
    desk = Staff(world, Role.AUDITOR)

    assert desk.get(f"{page_of(donor)}change/").status_code == 403
    assert "change/" not in text_of(desk.get(page_of(donor)))


def test_a_donor_of_another_fund_is_not_there(world):
    other = make_donor(make_world(name="Other fund"))

    assert Staff(world, Role.DIRECTOR).get(f"{page_of(other)}change/").status_code == 404


def test_a_link_to_the_donors_own_view_is_sent_from_the_donors_page(world, donor):
    desk = Staff(world, Role.DIRECTOR)
    assert "A link needs a mail address" in text_of(desk.get(page_of(donor)))
    give_address(world, donor)

    done = desk.post(f"{page_of(donor)}link/")

    assert done.status_code == 302
    assert len(deliver(timezone.now())) == 1
    assert "0 of 10" in text_of(desk.get(page_of(donor)))
    give_address(world, donor, "other@example.org")
    assert "Over" in text_of(desk.get(page_of(donor)))


def test_the_sixth_link_is_refused_in_words_and_an_auditor_sends_none(world, donor):
    give_address(world, donor)
    desk = Staff(world, Role.TREASURER_PREPARES)

    answers = [desk.post(f"{page_of(donor)}link/") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Five links went to this donor in one hour." in summary_of(answers[-1])
    assert Staff(world, Role.AUDITOR).post(f"{page_of(donor)}link/").status_code == 403
    assert "Send a link" not in text_of(Staff(world, Role.AUDITOR).get(page_of(donor)))


def arrive(world, amount_cents, reference, *, is_reconciled=True, **whose):
    """Money of one receipt, confirmed by a second person unless it waits."""
    row = receipts.record(
        amount_cents=amount_cents,
        bank_reference=reference,
        received_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
        **whose,
    )
    if is_reconciled:
        receipts.reconcile(receipt_id=row.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)
    return row


def give_back(world, receipt, amount_cents):
    by = world.actor(Role.DIRECTOR)
    row = refunds.propose(
        receipt_id=receipt.id, amount_cents=amount_cents, reason="Asked for.", by=by, now=NOW
    )
    refunds.make(refund_id=row.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)


@pytest.fixture
def given(world, donor):
    """A donor with a promise paid in part, gifts, one of them gone back in part, one bounced, one waiting."""
    own = {"fund_id": world.fund.id, "donor_id": donor.id}
    arrive(world, 40_000, "ON-PROMISE", commitment_id=make_commitment(world, donor, 100_000).id)
    give_back(world, arrive(world, 25_000, "GIFT", **own), 5_000)
    give_back(world, arrive(world, 9_000, "ALL-BACK", **own), 9_000)
    bounced = arrive(world, 7_000, "BOUNCED", **own)
    by = world.actor(Role.TREASURER_RELEASES)
    receipts.bounce(receipt_id=bounced.id, reason="No money there.", by=by, now=NOW)
    arrive(world, 3_000, "WAITS", is_reconciled=False, **own)
    arrive(world, 1_100, "NOBODY", fund_id=world.fund.id)
    return donor


def figures_of(page):
    found = re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", page.partition("<h1>")[2])
    return {name: re.sub(r"<[^>]+>", "", value) for name, value in found}


def test_gifts_without_a_promise_count_as_received(world, given):
    page = text_of(Staff(world, Role.AUDITOR).get("donors/"))

    # 400 on the promise and 200 of the gift that went back in part.
    assert re.search(r"The founder</a>.*?Promised\">1,000<.*?Received\">600<", page, re.S)
    assert figures_of(page) == {
        "Promised": "$1,000",
        "Received": "$611",
        "Of it, donor unknown": "$11",
        "Still owed": "$600",
    }


def test_received_is_the_same_on_each_page_over_the_api_and_in_the_report(world, given):
    _, application = make_client(world, Role.AUDITOR)
    token = {"Authorization": f"Bearer {give_token(application)}"}
    fund = ids.public("fund", world.fund.id)

    told = Caller(Client(), token).get(f"funds/{fund}/position").json()

    assert told["received"] == {"amount": "611.00", "currency": "USD"}
    assert books.position(world.fund.id).cash_cents == 61_100
    assert figures_of(text_of(Staff(world, Role.DIRECTOR).get("donors/")))["Received"] == "$611"
    assert "$611" in text_of(Client().get(f"/f/{world.fund.slug}/"))


def test_every_receipt_of_a_donor_is_listed_with_its_state_and_its_transfers(world, given):
    desk = Staff(world, Role.AUDITOR)
    page = text_of(desk.get(page_of(given)))

    assert figures_of(page)["Received"] == "$600.00"
    rows = re.findall(r"<tr><th scope=\"row\"><a href=\"[^\"]*/receipts/[^\"]+\">.*?</tr>", page, re.S)
    told = {re.search(r">([A-Z-]+)</a>", row).group(1): row for row in rows}
    assert set(told) == {"WAITS", "BOUNCED", "ALL-BACK", "GIFT", "ON-PROMISE"}
    assert "Taken back by the bank" in told["BOUNCED"]
    assert "Given back" in told["ALL-BACK"]
    assert "$50.00 given back" in told["GIFT"]
    assert "On a promise" in told["ON-PROMISE"]
    assert all("As a gift" in told[name] for name in ("GIFT", "BOUNCED", "WAITS"))
    links = {name: re.findall(r'href="([^"]+/transfers/[^"]+)"', row) for name, row in told.items()}
    assert {name: len(found) for name, found in links.items()} == {
        "WAITS": 0,
        "BOUNCED": 2,
        "ALL-BACK": 2,
        "GIFT": 2,
        "ON-PROMISE": 1,
    }
    assert all(desk.browser.get(link).status_code == 200 for found in links.values() for link in found)
    assert all(
        desk.browser.get(re.search(r'href="([^"]+)"', row).group(1)).status_code == 200 for row in rows
    )


def test_many_receipts_of_a_donor_run_over_several_pages(world, donor):
    for number in range(52):
        arrive(world, 100, f"G-{number}", is_reconciled=False, fund_id=world.fund.id, donor_id=donor.id)
    desk = Staff(world, Role.AUDITOR)
    first = text_of(desk.get(page_of(donor)))
    older = re.search(r'href="([^"]+cursor=[^"]+)"', first).group(1).replace("&amp;", "&")
    second = text_of(desk.browser.get(older))

    seen = [name for page in (first, second) for name in re.findall(r">(G-\d+)</a>", page)]
    assert len(seen) == len(set(seen)) == 52


def test_promised_counts_the_same_for_each_donor_and_for_the_fund(world, donor):
    by = world.actor(Role.DIRECTOR)
    row = make_commitment(world, donor, 50_000)
    arrive(world, 20_000, "PART", commitment_id=row.id)
    commitments.cancel(commitment_id=row.id, reason="Asked for.", by=by, now=NOW)
    early = commitments.pledge(
        fund_id=world.fund.id,
        donor_id=donor.id,
        amount_cents=30_000,
        pledged_on=TODAY,
        is_conditional=True,
        condition="The show opens.",
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )
    arrive(world, 10_000, "EARLY", commitment_id=early.id)
    commitments.cancel(commitment_id=early.id, reason="It never opened.", by=by, now=NOW)
    desk = Staff(world, Role.AUDITOR)

    # What came before its condition may have to go back, so of that promise nothing counts.
    assert figures_of(text_of(desk.get("donors/")))["Promised"] == "$200"
    assert figures_of(text_of(desk.get(page_of(donor))))["Promised"] == "$200.00"
