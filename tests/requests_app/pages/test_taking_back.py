"""Taking back and undoing, through the real pages as a browser without scripts sends them."""

from datetime import timedelta

import casework
import pytest
from builders import World, make_world, put_money_in
from django.utils import timezone
from walking import Walk, heading_of

from fundmgr.domain.permissions import Role
from requests_app.models import AssistanceRequest, Award, RequestTransition

TAKE_BACK, UNDO, GIVE_UP = "request/take-back/", "request/take-back/undo/", "request/give-up/"


@pytest.fixture
def world(db: None) -> World:
    return make_world(now=timezone.now() - timedelta(days=1))


@pytest.fixture
def walk(world: World) -> Walk:
    """A worker whose request waits to be read."""
    walk = Walk(world)
    walk.fill()
    walk.send()
    return walk


@pytest.fixture
def awarded(world: World, walk: Walk) -> Walk:
    """A worker with an award."""
    put_money_in(world, 50_000_000, now=timezone.now())
    casework.make_eligible(world, list(AssistanceRequest.objects.all()))
    row = casework.rounds.propose_rule(
        fund_id=world.fund.id, rule=casework.EQUAL, by=world.actor(Role.DIRECTOR), now=timezone.now()
    )
    casework.rounds.approve(
        round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=timezone.now()
    )
    return walk


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_taken_back_and_undone(walk: Walk):
    page = text_of(walk.get(TAKE_BACK))
    assert "Your place" in page
    assert "You can undo this until" in page
    assert walk.post(TAKE_BACK).status_code == 302

    page = walk.get("request/")
    assert heading_of(page) == "You took your request back"
    assert "Undo: I still need help" in text_of(page)
    assert "with the place it had" in text_of(walk.get(UNDO))
    assert walk.post(UNDO).status_code == 302

    assert AssistanceRequest.objects.get().state == "SUBMITTED"
    assert "Your request is back in its place." in text_of(walk.get("request/"))


def test_after_the_hours_there_is_no_undo(walk: Walk, settings):
    settings.TAKE_BACK_UNDO_HOURS = 0
    walk.post(TAKE_BACK)

    page = text_of(walk.get("request/"))

    assert "Undo" not in page
    assert "We keep no place for it." in page
    assert walk.get(UNDO).status_code == 302
    assert walk.client.post(walk.root + UNDO).status_code == 302
    assert RequestTransition.objects.filter(new_state="WITHDRAWN").count() == 1


def test_money_given_up_is_told_plainly_and_undone_to_the_waiting_list(awarded: Walk):
    page = text_of(awarded.get(GIVE_UP))
    assert "goes back to the fund at once" in page
    assert "You do not get this money back." in page
    awarded.post(GIVE_UP)

    assert "The money went to others, so you wait for new money" in text_of(awarded.get("request/"))
    assert "The money you gave up went to others" in text_of(awarded.get(UNDO))
    awarded.post(UNDO)

    page = text_of(awarded.get("request/"))
    assert "On the waiting list" in page
    assert "Take back my request" in page
    assert Award.objects.get().state == "DECLINED"


def test_after_the_payment_left_a_page_says_how_money_can_be_sent_back(world: World, awarded: Walk):
    assert awarded.get("request/send-back/").status_code == 302
    award = Award.objects.select_related("request").get()
    awarded.post("request/pay/pick-up/", {"confirm": "1"})
    assert Award.objects.get().state == "COMMITTED"
    later = timezone.now()
    casework.release(world, casework.build(world, award_ids=[award.id], now=later), now=later)

    assert "You can send money back" in text_of(awarded.get("request/"))
    page = text_of(awarded.get("request/send-back/"))
    assert "You do not have to send any of it back." in page
    assert awarded.get(GIVE_UP).url.endswith("/request/send-back/")


def test_nobody_else_undoes_it(world: World, walk: Walk):
    walk.post(TAKE_BACK)
    stranger = Walk(world)
    stranger.prove("stranger@example.com", path="sign-in/")

    assert stranger.get(UNDO).status_code == 404
    assert stranger.client.post(stranger.root + UNDO).status_code == 404
    assert AssistanceRequest.objects.get().state == "WITHDRAWN"
