"""A message sent after the half hour by a phone without scripts: kept, shown again, sent once."""

from datetime import timedelta

import product
import pytest
from browsing import LOCALES, SCHEMES, faults_of_looks, picture, press, take_over
from builders import World, answers_the_phone, make_world
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, Page
from walking import Walk, code_for

from requests_app.models import Message

pytestmark = pytest.mark.browser
WORDS = "My landlord gave me a notice.\nI have to pay by Friday."


@pytest.fixture
def world(committed_db: str) -> World:
    cache.clear()
    world = make_world(now=timezone.now() - timedelta(days=1))
    answers_the_phone(world)
    return world


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("scripts", [False, True])
def test_a_message_that_was_sent_too_late_waits_for_its_writer(
    chromium: Browser, served: product.Product, world: World, locale: str, scripts: bool
) -> None:
    walk = Walk(world)
    walk.fill()
    walk.send()
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, locale=locale, java_script_enabled=scripts
    )
    take_over(context, walk.client, served.address)
    page, faults, lang = context.new_page(), [], locale[:2]
    address = f"{served.address}{walk.root}request/messages/"
    page.goto(address)
    page.fill("textarea", WORDS)
    Session.objects.all().delete()

    press(page, "main form .btn")
    assert page.url.endswith("/sign-in/")
    assert page.locator("main .notice.wait").count() == 1
    assert page.locator("input[value=MAIL]").is_checked() or page.locator("input[name=channel]").count() == 0
    faults += looked_at(page, f"unsent-sign-in-{lang}", scripts=scripts)
    page.fill("input[name=email]", "ana@example.com")
    press(page, "main form .btn")
    page.fill("input[name=code]", code_for("ana@example.com"))
    press(page, "main form .btn")

    assert page.url == address
    assert page.locator("main .notice.wait").count() == 1
    assert page.input_value("textarea") == WORDS
    assert not Message.objects.exists()
    faults += looked_at(page, f"unsent-messages-{lang}", scripts=scripts)
    press(page, "main form .btn")
    assert Message.objects.get().text == WORDS
    page.goto(address)
    assert page.input_value("textarea") == ""
    context.close()

    assert faults == []


def looked_at(page: Page, name: str, *, scripts: bool) -> list[str]:
    """Pictures of the page without scripts; with them what axe finds, which is a script too."""
    if scripts:
        return list(faults_of_looks(page, name))
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        picture(page, f"{name}-{scheme}")
    return []
