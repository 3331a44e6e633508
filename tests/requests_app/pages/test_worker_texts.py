"""A worker stops texts on their page, and lets them come again."""

from datetime import timedelta

import pytest
from builders import World, make_world
from django.utils import timezone
from walking import AFTER_CODE, BEFORE_CODE, Walk, heading_of

from requests_app.models import TextConsent

PHONE = "(213) 555-0142"


@pytest.fixture
def world(db: None) -> World:
    return make_world(now=timezone.now() - timedelta(days=1))


def sent(world: World, contact: str, **more: str) -> Walk:
    walk = Walk(world)
    walk.start()
    walk.answer(*BEFORE_CODE)
    walk.prove(contact, **more)
    walk.answer(*AFTER_CODE)
    walk.send()
    return walk


def test_texts_are_stopped_and_begun_again_each_kept(world: World) -> None:
    walk = sent(world, PHONE, text_consent="on")
    assert "Stop texts" in walk.get("request/").content.decode()
    page = walk.get("request/texts/")
    assert heading_of(page) == "Stop texts"
    assert "Codes to get in still come" in page.content.decode()

    stopped = walk.post("request/texts/", {"texts": "stop"}, follow=True)

    assert "We stopped the texts." in stopped.content.decode()
    assert "Get texts" in stopped.content.decode()
    assert heading_of(walk.get("request/texts/")) == "Get texts"
    walk.post("request/texts/", {"texts": "start"})
    words = TextConsent.objects.order_by("created_at", "id").values_list("word", "source")
    assert list(words) == [("GIVEN", "FORM"), ("STOPPED", "PAGE"), ("GIVEN", "PAGE")]


def test_two_taps_are_one_word(world: World) -> None:
    walk = sent(world, PHONE, text_consent="on")
    form = {**walk.hidden("request/texts/"), "texts": "stop"}

    for _ in range(2):
        assert walk.client.post(f"{walk.root}request/texts/", form).status_code == 302

    assert TextConsent.objects.filter(word="STOPPED").count() == 1


def test_one_with_a_mailbox_has_nothing_to_stop(world: World) -> None:
    walk = sent(world, "ana@example.com")

    assert "Stop texts" not in walk.get("request/").content.decode()
    assert walk.post("request/texts/", {"texts": "stop"}).url.endswith("/request/")
    assert not TextConsent.objects.exists()


def test_nobody_else_reaches_the_page(world: World) -> None:
    assert Walk(world).get("request/texts/").url.endswith("/sign-in/")
