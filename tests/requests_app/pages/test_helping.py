"""A steward fills in the form with a worker: the code is the worker's, the helper's name is kept."""

import json
from datetime import timedelta

import pytest
from builders import World, make_world
from console import Staff
from django.utils import timezone
from walking import AFTER_CODE, BEFORE_CODE, Walk, errors_of, heading_of

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from requests_app.models import AssistanceRequest, Draft, RequestRevision

HELPER = {"helper_name": "Dana Steward", "agreed": "on"}


@pytest.fixture
def world(db: None) -> World:
    return make_world(now=timezone.now() - timedelta(days=1))


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


def text_of(response) -> str:
    return response.content.decode()


def help_to_the_end(walk: Walk) -> AssistanceRequest:
    assert walk.post("apply/helping/", HELPER).url.endswith("/apply/show/")
    walk.answer(*BEFORE_CODE)
    walk.prove()
    walk.answer(*AFTER_CODE)
    assert walk.send().url.endswith("/request/receipt/")
    return AssistanceRequest.objects.get()


def test_the_start_leads_to_helping_and_says_the_odds_to_read_out(walk: Walk) -> None:
    assert "I am helping someone" in text_of(walk.get("apply/"))

    page = walk.get("apply/helping/")

    assert heading_of(page) == "Help someone ask"
    assert "It is too early to say" in text_of(page)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"helper_name": "", "agreed": "on"}, "Enter your full name"),
        ({"helper_name": "🙂", "agreed": "on"}, "Enter your full name"),
        ({"helper_name": "Dana"}, "Tick the box to say they agree"),
        ({"helper_name": "a\0b", "agreed": "on"}, "Remove the hidden characters, or type this again by hand"),
    ],
)
def test_without_a_name_and_a_yes_nothing_begins(walk: Walk, typed: dict, said: str) -> None:
    response = walk.post("apply/helping/", typed)

    assert response.status_code == 422
    assert said in errors_of(response)
    assert not Draft.objects.exists()


def test_each_page_tells_the_helper_whose_answers_they_are(walk: Walk) -> None:
    walk.post("apply/helping/", HELPER)

    for page in ("show", "job", "name"):
        assert "You fill this in for someone else." in text_of(walk.get(f"apply/{page}/"))
        walk.answer(page)
    assert "not yours. Let them type the code in." in text_of(walk.get("apply/contact/"))
    walk.prove()
    walk.answer(*AFTER_CODE)
    check = text_of(walk.get("apply/check/"))
    assert "Dana Steward helps with this form." in check
    assert "They heard these answers and say they are true" in check


def test_the_helpers_name_is_kept_where_few_can_read_it(world: World, walk: Walk) -> None:
    row = help_to_the_end(walk)

    assert row.helper_name == "Dana Steward"
    assert json.loads(RequestRevision.objects.get().answers)["helper_name"] == "Dana Steward"
    body = bytes(Event.objects.get(verb="request.submitted").body)
    assert b'"helped":true' in body
    assert b"Dana" not in body
    address = f"requests/{ids.public('req', row.id)}/"
    assert "Dana Steward" in text_of(Staff(world, Role.REVIEWER).get(address))
    redacted = text_of(Staff(world, Role.APPROVER).get(address))
    assert "A helper" in redacted
    assert "Dana Steward" not in redacted


def test_a_worker_alone_leaves_no_helper(walk: Walk) -> None:
    walk.fill()
    walk.send()

    assert AssistanceRequest.objects.get().helper_name is None
    assert b"helped" not in bytes(Event.objects.get(verb="request.submitted").body)
    assert "Do you help someone else next?" not in text_of(walk.get("request/receipt/"))


def test_the_receipt_lets_the_helper_sign_out_before_the_next_person(walk: Walk) -> None:
    help_to_the_end(walk)
    assert "Do you help someone else next?" in text_of(walk.get("request/receipt/"))
    assert walk.get("apply/helping/").url.endswith("/apply/")

    walk.client.post(f"{walk.root}sign-out/")

    assert walk.get("request/").url.endswith("/sign-in/")
    assert walk.get("apply/helping/").status_code == 200


def test_the_paper_form_asks_the_same_in_both_languages_and_names_nobody(walk: Walk) -> None:
    page = text_of(walk.get("paper/"))

    for words in (
        "Which show did you work on?", "¿En qué programa trabajó?", "Rent or mortgage", "Alquiler o hipoteca",
        "Is any other help coming?", "Signature", "Firma",
    ):  # fmt: skip
        assert words in page
    assert page.count('class="blank"') > 15
