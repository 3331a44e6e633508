"""Tell me when it opens: one box, one answer for all, one message, and the contact is gone."""

import re

import pytest
from builders import World, make_world, put_money_in
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from waiting import make_requests
from walking import Walk, errors_of, heading_of

from fundmgr.domain.permissions import Role
from fundmgr.models import Event, OutboxMessage
from fundmgr.services import background, funds
from requests_app.models import Notice, OpeningAsk
from requests_app.services import openings, rounds

EQUAL = {"version": 1, "rule": "equal_awards"}


@pytest.fixture
def world(db: None) -> World:
    cache.clear()
    return make_world(reserve_bp=0)


@pytest.fixture
def paused(world: World) -> World:
    funds.pause_intake(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=timezone.now())
    return world


def text_of(response) -> str:
    return response.content.decode()


def leave(world: World, contact: str = "ana@example.com", language: str = "en"):
    walk = Walk(world)
    if language != "en":
        walk.client.post("/language/", {"language": language, "next": walk.root})
    return walk, walk.post("tell-me/", {"contact": contact})


def reopen(world: World) -> None:
    funds.open_intake(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=timezone.now())
    openings.run(clock=timezone.now)
    background.deliver(clock=timezone.now)


def test_a_paused_fund_offers_to_tell_and_an_open_one_to_ask(paused: World) -> None:
    page = text_of(Walk(paused).get())
    assert "Tell me when it opens" in page
    assert "Ask for help</a>" not in page

    reopen(paused)

    page = text_of(Walk(paused).get())
    assert "Tell me when it opens" not in page
    assert "Ask for help</a>" in page
    assert Walk(paused).get("tell-me/").url == Walk(paused).root


def test_everybody_who_asked_is_told_once_in_their_language_and_is_forgotten(paused: World) -> None:
    for contact, language in (
        ("ana@example.com", "en"),
        ("eva@example.com", "es"),
        (" ANA@example.com", "en"),
    ):
        walk, response = leave(paused, contact, language)
        assert response.url.endswith("/tell-me/done/")
        assert walk.get("tell-me/done/").status_code == 200
    assert OpeningAsk.objects.count() == 2

    reopen(paused)

    told = {notice.contact: notice.subject for notice in Notice.objects.filter(kind="fund_opened")}
    assert told == {
        "ana@example.com": f"{paused.fund.name} takes requests again",
        "eva@example.com": f"{paused.fund.name} recibe solicitudes otra vez",
    }
    assert not OpeningAsk.objects.exists()

    funds.pause_intake(fund_id=paused.fund.id, by=paused.actor(Role.DIRECTOR), now=timezone.now())
    reopen(paused)
    assert Notice.objects.filter(kind="fund_opened").count() == 2


def test_known_and_unknown_contacts_get_the_same_answer(paused: World) -> None:
    leave(paused)

    pages = []
    for contact in ("ana@example.com", "new@example.com"):
        walk, response = leave(paused, contact)
        pages.append((response.url, text_of(walk.get("tell-me/done/"))))

    plain = [re.sub(r'value="[^"]*"', "", page) for _url, page in pages]
    assert pages[0][0] == pages[1][0]
    assert plain[0] == plain[1]


@pytest.mark.parametrize("contact", ["", "ana", "ana@", "a\0@b.example", "x" * 300 + "@example.com"])
def test_what_is_no_contact_gets_a_sentence_and_stays_in_the_box(paused: World, contact: str) -> None:
    _walk, response = leave(paused, contact)

    assert response.status_code == 422
    assert len(errors_of(response)) == 1
    assert not OpeningAsk.objects.exists()


def test_the_contact_is_unreadable_in_the_database_and_absent_from_the_trail(paused: World) -> None:
    leave(paused)

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(o)::text FROM requests_app_openingask o")
        assert "ana@" not in cursor.fetchone()[0]
    event = Event.objects.get(verb="opening.asked")
    assert b"ana@" not in bytes(event.body)


def test_the_link_removes_the_contact_only_when_the_button_is_pressed(paused: World) -> None:
    leave(paused)
    funds.open_intake(fund_id=paused.fund.id, by=paused.actor(Role.DIRECTOR), now=timezone.now())
    ask = OpeningAsk.objects.get()
    assert [openings.run(clock=timezone.now) for _ in range(2)] == [1, 0]
    background.deliver(clock=timezone.now)
    text = Notice.objects.get(kind="fund_opened").text
    path = re.search(r"/tell-me/stop/\S+/", text).group()
    OpeningAsk.objects.bulk_create([ask])
    walk = Walk(paused)

    assert heading_of(walk.get(path[1:])) == "Stop messages from this fund"
    assert OpeningAsk.objects.exists()

    assert heading_of(walk.post(path[1:])) == "We removed your address"
    assert not OpeningAsk.objects.exists()
    assert heading_of(walk.client.post(f"{walk.root}{path[1:]}")) == "We removed your address"
    assert walk.get(f"{path[1:-3]}x/").status_code == 404


def test_a_fund_that_closes_again_before_the_message_goes_tells_nobody(paused: World) -> None:
    leave(paused)
    funds.open_intake(fund_id=paused.fund.id, by=paused.actor(Role.DIRECTOR), now=timezone.now())
    funds.pause_intake(fund_id=paused.fund.id, by=paused.actor(Role.DIRECTOR), now=timezone.now())

    assert openings.run(clock=timezone.now) == 0
    background.deliver(clock=timezone.now)

    assert not Notice.objects.filter(kind="fund_opened").exists()
    assert OpeningAsk.objects.count() == 1
    assert not OutboxMessage.objects.filter(kind="opening_notice").exists()


def test_a_fund_that_gave_all_its_money_offers_the_waiting_list(world: World) -> None:
    assert "Join the waiting list" not in text_of(Walk(world).get())
    put_money_in(world, 100_000)
    make_requests(world, [100_000])
    row = rounds.propose_rule(
        fund_id=world.fund.id, rule=EQUAL, by=world.actor(Role.DIRECTOR), now=timezone.now()
    )
    rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=timezone.now())
    cache.clear()

    assert "Join the waiting list" in text_of(Walk(world).get())
    page = text_of(Walk(world).get("apply/"))
    assert "The fund has given out all its money." in page
    assert "Join the waiting list" in page
