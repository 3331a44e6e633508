"""Donors on the pages of the console."""

import pytest
from builders import NOW, make_donor, make_world
from console import Staff, summary_of, text_of
from django.utils import timezone
from giving import deliver, give_address

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.models import Donor, Event
from fundmgr.services import donors

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
