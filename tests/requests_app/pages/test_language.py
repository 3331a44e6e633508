"""The language is changed on any page; what was typed there and not taken is still there."""

from datetime import timedelta
from html import unescape
from re import findall
from urllib.parse import urlencode

import pytest
from builders import World, make_world
from django.test import Client
from django.utils import timezone
from walking import BEFORE_CODE, Walk, errors_of, heading_of

from requests_app import kept_words
from requests_app.models import ContactCode, Message


@pytest.fixture
def world(db: None) -> World:
    return make_world(now=timezone.now() - timedelta(days=1))


def in_spanish(walk: Walk, page):
    """Press the language on a page as it stands, and follow as a browser does."""
    text = page.content.decode()
    switch = text[text.index('action="/language/"') : text.index('value="es"')]
    hidden = findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', switch)
    sent = {name: unescape(value) for name, value in hidden}
    walk.client.handler.enforce_csrf_checks = True
    return walk.client.post("/language/", {**sent, "language": "es"}, follow=True)


def test_a_wrong_contact_is_told_in_the_other_language_and_stays_typed(world: World) -> None:
    walk = Walk(world)
    walk.start()
    walk.answer(*BEFORE_CODE)
    wrong = walk.post("apply/contact/", {"channel": "MAIL", "email": "ana@exa", "text_consent": "on"})

    page = in_spanish(walk, wrong)

    assert page.status_code == 422
    assert heading_of(page) == "¿Cómo podemos comunicarnos con usted?"
    assert 'value="ana@exa"' in page.content.decode()
    assert len(errors_of(page)) == 1
    assert not ContactCode.objects.exists()


def test_a_message_that_is_too_long_stays_in_its_box_and_is_not_sent(world: World) -> None:
    walk = Walk(world)
    walk.fill()
    walk.send()
    wrong = walk.post("request/messages/", {"text": "ñ" * 1001})
    assert wrong.status_code == 422

    page = in_spanish(walk, wrong)

    assert page.status_code == 422
    assert "ñ" * 1001 in page.content.decode()
    assert not Message.objects.exists()


def test_a_code_that_was_wrong_is_not_tried_again(world: World) -> None:
    walk = Walk(world)
    walk.post("sign-in/", {"email": "ana@example.com"})
    wrong = walk.post("sign-in/code/", {"code": "000000"})
    tries = ContactCode.objects.get().attempts

    page = in_spanish(walk, wrong)

    assert ContactCode.objects.get().attempts == tries
    assert page.status_code == 422


def test_a_page_without_a_fault_is_only_looked_at_again(world: World) -> None:
    walk = Walk(world)

    page = in_spanish(walk, walk.get("apply/"))

    assert page.status_code == 200
    assert '<html lang="es"' in page.content.decode()


def test_a_change_that_names_no_page_and_came_from_none_leads_to_the_start(world: World) -> None:
    client = Client()
    for ask in (client.get, client.post):
        answer = ask("/language/", {"language": "es", "next": ""}, HTTP_REFERER="http://testserver/language/")
        assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.cookies["django_language"].value == "es"


def test_a_text_too_long_for_a_cookie_is_still_in_its_box_in_the_other_language(world: World) -> None:
    walk = Walk(world)
    walk.fill()
    walk.send()
    # No two letters alike, each of four bytes: nothing makes them shorter.
    typed = "".join(chr(0x20000 + 37 * number) for number in range(1001))
    wrong = walk.post("request/messages/", {"text": typed})
    assert wrong.status_code == 422

    page = in_spanish(walk, wrong)

    assert typed in page.content.decode()
    assert "Guardamos lo que escribió. Todavía no se ha enviado." in page.content.decode()
    assert not Message.objects.exists()


def test_bank_details_too_long_for_a_cookie_are_kept_nowhere(world: World) -> None:
    walk = Walk(world)
    walk.fill()
    walk.send()
    typed = "".join(chr(0x20000 + 37 * number) for number in range(1001))
    whose = walk.hidden("request/messages/")["whose"]
    again = urlencode({"name_on_account": typed, "whose": whose})

    walk.client.post(
        "/language/", {"language": "es", "next": f"{walk.root}request/pay/bank/", "again": again}
    )

    assert kept_words.KEPT not in walk.client.session
