"""Every page of the form for everybody: axe, narrow and wide, light and dark, keyboard, zoom, targets."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import keyboard
import product
import pytest
from browsing import SIDEWAYS, SMALL_TARGETS, picture, press, violations_of
from builders import World, answers_the_phone, make_world, put_money_in
from django.utils import timezone
from playwright.sync_api import Browser, Page
from walking import code_for

from fundmgr.domain.permissions import Role
from requests_app.services import productions

pytestmark = pytest.mark.browser
WIDTHS = (320, 390, 1280)
EMAIL = "ana@example.com"
MOST_PAGES = 25
# What a person who answers everything types and chooses, whichever page asks for it.
TYPED = {
    "show": "Badge 27",
    "job_title": "Set lighting technician",
    "last_month": "5",
    "last_year": "2023",
    "full_name": "María Fernanda de los Ángeles Wolfeschlegelsteinhausenbergerdorff-Quiñones",
    "email": EMAIL,
    "amount_RENT": "2400",
}
CHOSEN = {
    "department": "Lighting",
    "channel": "MAIL",
    "need": "RENT",
    "losing": "no",
    "other_help": "no",
    "proof": "later",
    "true": "",
}


@pytest.fixture
def world(committed_db: str) -> World:
    now = timezone.now()
    world = make_world(now=now - timedelta(days=1))
    put_money_in(world, 50_000_000, now=now)
    productions.add(fund_id=world.fund.id, names=["Badge 27"], by=world.actor(Role.DIRECTOR), now=now)
    answers_the_phone(world)
    return world


@contextmanager
def opened(browser: Browser, served: product.Product, world: World, **options) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, **options)
    page = context.new_page()
    page.goto(f"{served.address}/f/{world.fund.slug}/apply/")
    yield page
    context.close()


def fill(page: Page) -> None:
    """Answer whatever this page asks, as far as it is known here."""
    if page.locator("main [name=code]").count():
        page.fill("main [name=code]", code_for(EMAIL))
    for name, value in CHOSEN.items():
        box = page.locator(f"main [name={name}]" + (f"[value={value}]" if value else ""))
        if box.count():
            box.first.check()
    for name, text in TYPED.items():
        box = page.locator(f"main [name={name}]:visible")
        if box.count():
            box.fill(text)


def walk(page: Page) -> Iterator[str]:
    """Go from the start to the receipt, and stop on each page as it is asked, left empty, and filled."""
    press(page, "main form:not(.upload) .btn >> nth=0")
    for _ in range(MOST_PAGES):
        place = page.url.rpartition("/apply/")[2] or page.url
        yield place
        if page.url.endswith("/receipt/"):
            return
        press(page, "main form:not(.upload) .btn >> nth=0")
        if page.locator(".error-summary").count():
            yield f"{place} left empty"
            fill(page)
            press(page, "main form:not(.upload) .btn >> nth=0")
    raise AssertionError(f"no receipt after {MOST_PAGES} pages: {page.url}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-US", "es-MX"])
def test_no_page_of_the_form_breaks_a_rule_at_any_width(
    chromium: Browser, served: product.Product, world: World, scheme: str, locale: str
) -> None:
    faults = []
    with opened(chromium, served, world, color_scheme=scheme, locale=locale) as page:
        for number, place in enumerate(walk(page)):
            name = place.replace("/ ", " ").rstrip("/").rpartition("/")[2].replace(" ", "-")
            picture(page, f"form-{number:02d}-{name}-{locale[:2]}-{scheme}")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 844})
                faults += [f"{place} at {width}: {fault}" for fault in violations_of(page)]
                faults += [f"{place} scrolls sideways at {width}"] * page.evaluate(SIDEWAYS)

    assert faults == []


def test_every_target_of_the_form_is_large_enough_for_a_thumb(
    chromium: Browser, served: product.Product, world: World
) -> None:
    with opened(chromium, served, world) as page:
        small = [(place, box) for place in walk(page) for box in page.evaluate(SMALL_TARGETS)]

    assert small == []


def test_the_form_at_four_hundred_percent_does_not_scroll_sideways(
    chromium: Browser, served: product.Product, world: World
) -> None:
    # 1280 CSS pixels at 400 percent leave 320, at four device pixels each.
    options = {"device_scale_factor": 4, "locale": "es-MX"}
    with opened(chromium, served, world, **options) as page:
        page.set_viewport_size({"width": 320, "height": 256})
        wide = [place for place in walk(page) if page.evaluate(SIDEWAYS)]

    assert wide == []


def test_the_form_can_be_filled_by_keyboard_alone(
    chromium: Browser, served: product.Product, world: World
) -> None:
    with opened(chromium, served, world) as page:
        for _ in range(MOST_PAGES):
            with page.expect_navigation():
                keyboard.answer(page, TYPED, CHOSEN)
            if page.url.endswith("/receipt/"):
                return

    raise AssertionError(page.url)
