"""A worker lost their number: the page on which it is proposed, and signed."""

import pytest
from builders import World, make_world
from casework import file_request
from console import Staff, text_of

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from requests_app.models import Applicant, ContactHandover

SENT = {"contact": "new@example.org", "reason": "Called back."}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_one_proposes_and_the_director_signs(world: World) -> None:
    place = f"requests/{ids.public('req', file_request(world).id)}/"
    reviewer, director = Staff(world, Role.REVIEWER), Staff(world, Role.DIRECTOR)
    assert "They lost their number or address" in text_of(reviewer.get(place))
    assert "How do you know that it is the worker?" in text_of(reviewer.get(f"{place}lost/"))

    assert reviewer.post(f"{place}lost/propose/", {"contact": "", "reason": ""}).status_code == 422
    assert reviewer.post(f"{place}lost/propose/", SENT).status_code == 302

    page = text_of(reviewer.get(f"{place}lost/"))
    assert "The director must sign it too." in page
    assert "Change the contact" not in page
    row = ContactHandover.objects.get()
    at = f"{place}lost/{ids.public('hov', row.id)}"
    assert reviewer.post(f"{at}-make/").status_code == 403
    assert "proposed new@example.org: Called back." in text_of(director.get(f"{place}lost/"))
    assert director.post(f"{at}-make/").status_code == 302
    assert Applicant.objects.get().contact == "new@example.org"
    assert "n***@example.org" in text_of(reviewer.get(f"{place}lost/"))


def test_a_refused_one_changes_nothing_and_approvers_see_none(world: World) -> None:
    place = f"requests/{ids.public('req', file_request(world).id)}/"
    Staff(world, Role.REVIEWER).post(f"{place}lost/propose/", SENT)
    at = f"{place}lost/{ids.public('hov', ContactHandover.objects.get().id)}"

    assert Staff(world, Role.DIRECTOR).post(f"{at}-refuse/").status_code == 302

    assert Applicant.objects.get().contact == "river@example.org"
    assert "Refused" in text_of(Staff(world, Role.DIRECTOR).get(f"{place}lost/"))
    assert Staff(world, Role.APPROVER).get(f"{place}lost/").status_code == 403
