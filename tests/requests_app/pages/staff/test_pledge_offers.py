"""Staff take what was promised on the public page as a commitment, or turn it down."""

import re
from datetime import timedelta

import pytest
from builders import make_donor, make_world
from console import Staff, new_token, text_of
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from giving import give_address
from offering import make_offer, prove_offer

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.models import Commitment, Donor, Event, PledgeOffer
from fundmgr.queries import books, funds
from fundmgr.queries.pledge_offers import token_of
from requests_app.services import pledge_offers

pytestmark = pytest.mark.django_db
LIST = "commitments/offers/"


@pytest.fixture
def world():
    return make_world(now=timezone.now() - timedelta(days=1))


@pytest.fixture
def offer(world):
    due_on = timezone.now().date() + timedelta(days=30)
    return prove_offer(world, now=timezone.now(), meant_on=due_on, wish="Rent for crew", shows_name=True)


def path_of(offer):
    return f"{LIST}{public('ofr', offer.id)}/"


def test_a_proved_promise_is_listed_and_its_address_is_not_shown(world, offer):
    staff = Staff(world, Role.AUDITOR)

    listed, shown = text_of(staff.get(LIST)), text_of(staff.get(path_of(offer)))

    assert "Ana Rivera" in listed
    assert "Rent for crew" in shown
    assert "a***@example.org" in shown
    assert "ana@example.org" not in shown
    assert "Take it as a commitment" not in shown
    assert "1 to decide" in text_of(staff.get("commitments/"))


def promised(home):
    """What the tile of the home page counts."""
    return re.search(r"Promises to decide</a><b>(\d+)</b>", home.content.decode()).group(1)


def test_home_counts_what_waits_for_those_who_may_decide_it(world, offer):
    make_offer(world, now=timezone.now(), amount_cents=700)
    prove_offer(world, now=timezone.now(), amount_cents=800)
    other = make_world(name="Other fund", now=timezone.now())
    director = Staff(world, Role.DIRECTOR)

    with CaptureQueriesContext(connection) as asked:
        home = director.get("")
    assert sum("pledgeoffer" in query["sql"] for query in asked) == 1
    assert promised(home) == "2"
    assert f"/staff/{world.fund.slug}/{LIST}" in home.content.decode()
    # An auditor reads promises, a reviewer none of the money: neither decides any.
    for role in (Role.AUDITOR, Role.REVIEWER):
        assert "Promises to decide" not in text_of(Staff(world, role).get(""))
    assert promised(Staff(other, Role.DIRECTOR).get("")) == "0"

    pledge_offers.take(offer_id=offer.id, by=world.actor(Role.DIRECTOR), now=timezone.now())
    assert promised(director.get("")) == "1"


def test_an_unproved_promise_is_shown_to_nobody(world):
    waiting = make_offer(world, now=timezone.now())
    staff = Staff(world, Role.DIRECTOR)

    assert "Ana Rivera" not in text_of(staff.get(LIST))
    assert staff.get(path_of(waiting)).status_code == 404
    assert staff.post(path_of(waiting)).status_code == 404
    assert staff.post(f"{path_of(waiting)}turn-down/", {"reason": "No."}).status_code == 404


def test_taking_it_makes_one_commitment_and_one_donor(world, offer):
    staff, token = Staff(world, Role.TREASURER_PREPARES), new_token()
    before = books.position(world.fund.id).committed_cents

    answers = [staff.post(path_of(offer), {"donor": ""}, token=token) for _tap in range(2)]
    late = staff.post(path_of(offer), {"donor": ""})

    assert [answer.status_code for answer in answers] == [302, 302]
    assert (late.status_code, "This was decided already." in text_of(late)) == (409, True)
    row, donor = Commitment.objects.get(), Donor.objects.get()
    assert (row.amount_cents, row.due_on, row.state, row.donor_id) == (
        5_000,
        offer.meant_on,
        "PLEDGED",
        donor.id,
    )
    assert (donor.name, donor.contact, donor.language, donor.is_anonymous) == (
        "Ana Rivera",
        "ana@example.org",
        "es",
        False,
    )
    assert PledgeOffer.objects.get().commitment_id == row.id
    assert books.position(world.fund.id).committed_cents == before + 5_000
    assert Event.objects.filter(verb="pledge_offer.taken").count() == 1
    assert "The commitment" in text_of(staff.get(path_of(offer)))


def test_a_known_donor_is_offered_by_the_address_and_taken(world, offer):
    donor = give_address(world, make_donor(world), "ANA@example.org")
    staff = Staff(world, Role.DIRECTOR)
    due_on = timezone.now().date() + timedelta(days=3)
    general = funds.general_restriction(world.fund.id)

    shown = staff.get(path_of(offer)).content.decode()
    assert f'<option value="{public("don", donor.id)}" selected>' in shown
    sent = {"donor": public("don", donor.id), "due_on": due_on.isoformat()}
    assert staff.post(path_of(offer), sent).status_code == 302

    row = Commitment.objects.get()
    assert (row.donor_id, row.due_on, row.restriction_id) == (donor.id, due_on, general.id)
    assert Donor.objects.count() == 1


def test_turned_down_its_link_opens_nothing_and_no_money_is_promised(world, offer):
    staff = Staff(world, Role.DIRECTOR)
    link = f"/f/{world.fund.slug}/pledge/confirm/{token_of(offer.id)}/"
    assert staff.browser.get(link).status_code == 200

    unsaid = staff.post(f"{path_of(offer)}turn-down/", {"reason": ""})
    long = staff.post(f"{path_of(offer)}turn-down/", {"reason": "No.", "reply": "x" * 301})
    done = staff.post(
        f"{path_of(offer)}turn-down/", {"reason": "It was a joke.", "reply": "No es un monto real."}
    )

    assert (unsaid.status_code, long.status_code, done.status_code) == (422, 422, 302)
    shown = text_of(staff.get(path_of(offer)))
    assert "Turned down: It was a joke." in shown
    assert "Written to the giver: No es un monto real." in shown
    assert staff.browser.get(link).status_code == 410
    assert not Commitment.objects.exists()
    assert staff.post(path_of(offer), {"donor": ""}).status_code == 409


def test_who_decides_reads_in_which_language_the_giver_is_written_to(world, offer):
    shown = text_of(Staff(world, Role.DIRECTOR).get(path_of(offer)))

    assert "the giver gets a letter about it in Spanish" in shown
    assert "gets a letter" not in text_of(Staff(world, Role.AUDITOR).get(path_of(offer)))


def test_only_who_records_commitments_decides(world, offer):
    auditor = Staff(world, Role.AUDITOR)

    assert auditor.post(path_of(offer), {"donor": ""}).status_code == 403
    assert auditor.post(f"{path_of(offer)}turn-down/", {"reason": "No."}).status_code == 403
    assert Staff(world, Role.REVIEWER).get(LIST).status_code == 403
    assert PledgeOffer.objects.get().state == "PROVED"


def test_a_promise_of_another_fund_is_not_there(world, offer):
    staff = Staff(make_world(name="Other fund", now=timezone.now()), Role.DIRECTOR)

    assert staff.get(path_of(offer)).status_code == 404
    assert staff.post(path_of(offer), {"donor": ""}).status_code == 404
    assert staff.post(f"{path_of(offer)}turn-down/", {"reason": "No."}).status_code == 404
