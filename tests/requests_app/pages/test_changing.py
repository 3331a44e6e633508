"""Change my request: through the real pages as a browser without scripts sends them."""

from datetime import timedelta

import pytest
from builders import World, make_world
from django.utils import timezone
from walking import Walk, errors_of

from fundmgr.domain.permissions import Role
from requests_app.models import AssistanceRequest
from requests_app.services import productions, reviews

PAGES = ("show", "job", "household", "need", "other-help", "anything-else")
CHANGE = "request/change/"


@pytest.fixture
def world(db: None) -> World:
    return make_world(now=timezone.now() - timedelta(days=1))


@pytest.fixture
def walk(world: World) -> Walk:
    productions.add(
        fund_id=world.fund.id, names=["Badge 27"], by=world.actor(Role.DIRECTOR), now=timezone.now()
    )
    walk = Walk(world)
    walk.fill()
    walk.send()
    return walk


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def sent() -> AssistanceRequest:
    return AssistanceRequest.objects.get()


def test_from_my_request_to_a_changed_answer(walk: Walk):
    assert "Change my request" in text_of(walk.get("request/"))
    page = text_of(walk.get(CHANGE))
    assert all(f"{CHANGE}{name}/" in page for name in PAGES)
    assert 'value="2400"' in text_of(walk.get(f"{CHANGE}need/"))

    typed = {"need": ["RENT"], "amount_RENT": "1,950.50", "losing": "yes"}
    day = timezone.now() + timedelta(days=9)
    date = {"losing_month": day.month, "losing_day": day.day, "losing_year": day.year}
    assert walk.post(f"{CHANGE}need/", {**typed, **date}).status_code == 302

    row = sent()
    assert (row.asked_cents, row.loss_on, row.urgency) == (195_050, day.date(), ["EVICTION"])
    page = text_of(walk.get(CHANGE))
    assert "We changed your answer." in page
    assert "$1,950" in page


def test_each_page_shows_what_was_sent_and_sends_it_again_unchanged(walk: Walk):
    typed = {
        "show": {"show": "Badge 27"},
        "job": {
            "department": "Lighting",
            "job_title": "Set lighting technician",
            "last_month": "5",
            "last_year": "2023",
        },
        "household": {"adults": "1", "children": "2"},
        "need": {"need": ["RENT", "FOOD"], "amount_RENT": "2400", "amount_FOOD": "600", "losing": "no"},
        "other-help": {"other_help": "no"},
        "anything-else": {"statement": ""},
    }
    for name in PAGES:
        answer = walk.post(f"{CHANGE}{name}/", typed[name])
        assert answer.status_code == 302, (name, errors_of(answer))

    assert (sent().version, sent().revisions.count()) == (1, 1)


@pytest.mark.parametrize(
    ("page", "typed", "words"),
    [
        ("need", {"losing": "no"}, "Choose at least one thing you need help with"),
        ("household", {"adults": "", "children": "1"}, "Enter how many adults, like 1"),
        ("show", {"show": "A Show Of Others"}, "This fund does not help the crew of that show."),
        ("show", {"show": " "}, "Enter the show you worked on"),
    ],
)
def test_what_cannot_be_used_is_said_and_kept_on_the_page(walk: Walk, page, typed, words):
    answer = walk.post(f"{CHANGE}{page}/", typed)

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert sent().version == 1


def test_two_tabs_the_older_one_is_told(walk: Walk):
    older = walk.hidden(f"{CHANGE}household/")
    walk.post(f"{CHANGE}household/", {"adults": "3", "children": "0"})

    late = walk.client.post(f"{walk.root}{CHANGE}household/", {**older, "adults": "5", "children": "0"})

    assert late.status_code == 409
    assert sent().adults_count == 3
    # Both are on the page, to be read side by side without a script or a second window.
    page = text_of(late)
    assert 'value="5"' in page
    assert "<dt>Adults</dt><dd>3</dd>" in page
    assert "What was saved there" not in text_of(walk.get(f"{CHANGE}household/"))


def test_a_form_sent_twice_is_one_change(walk: Walk):
    form = {**walk.hidden(f"{CHANGE}household/"), "adults": "3", "children": "0"}
    for _tap in range(2):
        assert walk.client.post(f"{walk.root}{CHANGE}household/", form).status_code == 302

    assert (sent().version, sent().revisions.count()) == (2, 2)


def test_once_a_person_reads_it_there_is_nothing_to_change(walk: Walk, world: World):
    form = {**walk.hidden(f"{CHANGE}household/"), "adults": "3", "children": "0"}
    reviews.start(request_id=sent().id, by=world.actor(Role.REVIEWER), now=timezone.now())

    assert "Change my request" not in text_of(walk.get("request/"))
    assert walk.get(CHANGE).url == f"{walk.root}request/"
    late = walk.client.post(f"{walk.root}{CHANGE}household/", form)
    # What was typed stays on the page, for the message that can be written instead.
    assert (late.status_code, 'value="3"' in text_of(late)) == (409, True)
    assert "This has moved on since you looked" in errors_of(late)[0]
    assert sent().adults_count == 1


def test_nobody_else_has_these_pages(walk: Walk, world: World):
    stranger = Walk(world)
    for page in (CHANGE, f"{CHANGE}need/"):
        assert stranger.get(page).url == f"{stranger.root}sign-in/"
    assert walk.get(f"{CHANGE}name/").status_code == 404
