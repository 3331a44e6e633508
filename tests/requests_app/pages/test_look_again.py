"""Ask us to look again, through the real pages as a browser without scripts sends them."""

from datetime import timedelta

import builders
import pytest
from builders import World, make_world
from django.utils import timezone
from walking import Walk, errors_of, heading_of

from fundmgr.domain.eligibility import Reason
from fundmgr.domain.permissions import Role
from fundmgr.services import background
from requests_app.models import Appeal, AssistanceRequest, Decision, Notice
from requests_app.services import appeals, reviews

PAGE = "request/look-again/"
SAID = {"ground": "MISSED", "text": "My pay stub shows it."}


@pytest.fixture
def world(db: None) -> World:
    return make_world(now=timezone.now() - timedelta(days=60))


@pytest.fixture
def walk(world: World) -> Walk:
    """A worker whose request was refused a moment ago."""
    walk = Walk(world)
    walk.fill()
    walk.send()
    refuse(world)
    return walk


def refuse(world: World, reason: Reason = Reason.NO_LOSS_LINK, *, ago: timedelta = timedelta(0)) -> None:
    now = timezone.now() - ago
    request = AssistanceRequest.objects.get()
    row = reviews.propose(
        request_id=request.id, is_eligible=False, reasons=[reason], by=world.actor(Role.REVIEWER), now=now
    )
    reviews.decide(decision_id=row.id, approve=True, by=world.actor(Role.APPROVER), now=now)


def answer(world: World, *, overturn: bool) -> None:
    reader = builders.add_staff(world.fund, Role.APPROVER, name="Second Reader")
    appeals.decide(
        appeal_id=Appeal.objects.get().id,
        overturn=overturn,
        answer="The stub is from another year.",
        by=reader,
        now=timezone.now(),
    )


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_refused_worker_is_told_until_when_to_ask_on_the_page_and_by_mail(walk: Walk):
    background.deliver(clock=timezone.now)

    page = text_of(walk.get("request/"))
    form = text_of(walk.get(PAGE))

    assert "Do you think we missed something?" in page
    assert "A different person reads your request" in page
    assert "You can ask until the end of" in form
    mail = Notice.objects.get(kind="ineligible").text
    assert "ask us to look again until" in mail


def test_the_worker_asks_once_and_follows_it(walk: Walk):
    sent = walk.post(PAGE, SAID)
    assert sent.status_code == 302
    page = walk.get("request/")
    assert heading_of(page) == "A different person reads your request"
    assert "You get an answer by" in text_of(page)

    again = walk.get(PAGE)
    assert (again.status_code, again.url) == (302, f"{walk.root}request/")
    # From another phone, in other words: they stay on its page.
    late = walk.client.post(walk.root + PAGE, {**SAID, "text": "Other words"})
    assert (late.status_code, "Other words</textarea>" in text_of(late)) == (409, True)
    assert Appeal.objects.get().text == SAID["text"]
    background.deliver(clock=timezone.now)
    assert Notice.objects.filter(kind="appeal_received").count() == 1


def test_two_taps_are_one_ask(walk: Walk):
    form = walk.hidden(PAGE)
    answers = [walk.client.post(walk.root + PAGE, {**form, **SAID}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Appeal.objects.count() == 1


def test_what_is_missing_is_named_and_nothing_typed_is_lost(walk: Walk):
    page = walk.post(PAGE, {"text": "Kept words"})
    assert page.status_code == 422
    assert errors_of(page) == ["Choose why we should look again"]
    assert "Kept words" in text_of(page)
    page = walk.post(PAGE, {"ground": "OTHER", "text": " "})
    assert errors_of(page) == ["Write what we should look at"]


def test_after_the_last_day_the_page_says_so_and_what_can_still_be_done(world: World):
    walk = Walk(world)
    walk.fill()
    walk.send()
    refuse(world, ago=timedelta(days=40))

    page = walk.get(PAGE)

    assert heading_of(page) == "The time to ask is over"
    assert "You can still call or text us" in text_of(page)
    assert f'<a class="hit" href="{walk.root}request/messages/">Write to us</a>' in text_of(page)
    assert "The last day to ask us to look again was" in text_of(walk.get("request/"))
    late = walk.client.post(walk.root + PAGE, SAID)
    assert (late.status_code, errors_of(late)) == (409, ["The time to ask is over"])
    assert f"{SAID['text']}</textarea>" in text_of(late)
    assert not Appeal.objects.exists()


def test_where_the_money_was_short_a_page_says_why_and_what_stays(walk: Walk):
    AssistanceRequest.objects.update(state="WAITLISTED")

    page = walk.get(PAGE)

    assert heading_of(page) == "A second look would not help here"
    assert "You stay on the waiting list" in text_of(page)
    assert "Ask us to look again" in text_of(walk.get("request/"))


def test_the_answer_is_told_and_final(world: World, walk: Walk):
    walk.post(PAGE, SAID)
    answer(world, overturn=False)

    page = text_of(walk.get("request/"))
    assert "The answer stays the same, and it is final" in page
    assert "The stub is from another year." in page
    assert heading_of(walk.get(PAGE)) == "There is one second look"
    background.deliver(clock=timezone.now)
    assert Notice.objects.get(kind="appeal_upheld").text


def test_overturned_it_is_read_anew_with_a_new_promise_and_is_not_late(world: World, walk: Walk):
    walk.post(PAGE, SAID)
    AssistanceRequest.objects.update(submitted_at=timezone.now() - timedelta(days=50))
    answer(world, overturn=True)

    page = text_of(walk.get("request/"))
    assert "They found that the first answer was wrong" in page
    assert "We are late" not in page
    background.deliver(clock=timezone.now)
    assert "It is not a yes yet" in Notice.objects.get(kind="appeal_overturned").text
    refuse(world, Reason.LATE)
    assert Decision.objects.filter(state="FINAL").count() == 2
    assert "We decided twice. This answer is final." in text_of(walk.get("request/"))


def test_a_late_answer_is_owned_up_to(walk: Walk):
    walk.post(PAGE, SAID)
    row = Appeal.objects.get()
    assert "We are late" not in text_of(walk.get("request/"))
    page = walk.get("request/")
    assert page.status_code == 200
    assert row.answer_by > timezone.localdate()


def test_nobody_else_sees_or_sends_it(world: World, walk: Walk):
    stranger = Walk(world)
    stranger.prove("stranger@example.com", path="sign-in/")

    assert stranger.get(PAGE).status_code == 404
    assert stranger.client.post(stranger.root + PAGE, SAID).status_code == 404
    assert Walk(world).get(PAGE).url == f"{stranger.root}sign-in/"


def test_the_page_speaks_spanish(walk: Walk):
    walk.client.cookies["django_language"] = "es"

    assert heading_of(walk.get(PAGE)) == "Pedir otra revisión"
