"""Every page of a worker after sending, at each stage: axe, narrow and wide, both languages, light and dark.

`FUNDMGR_SCREENS=docs/screens/worker` keeps a small picture of each page as a phone shows it.
"""

from datetime import UTC, datetime, timedelta

import product
import pytest
from browsing import LOCALES, SCHEMES, faults_of_looks, picture, press, take_over
from builders import World, answers_the_phone, make_world
from django.utils import timezone
from playwright.sync_api import Browser
from stages import STAGES, reach

from fundmgr.domain.permissions import Role
from requests_app.models import AssistanceRequest
from requests_app.services import productions

pytestmark = pytest.mark.browser


@pytest.fixture
def world(committed_db: str) -> World:
    now = timezone.now()
    world = make_world(now=now - timedelta(days=1))
    productions.add(fund_id=world.fund.id, names=["Badge 27"], by=world.actor(Role.DIRECTOR), now=now)
    answers_the_phone(world)
    return world


@pytest.mark.parametrize("stage", list(STAGES))
def test_no_page_after_sending_breaks_a_rule(
    chromium: Browser, served: product.Product, world: World, stage: str
) -> None:
    walk, faults = reach(world, STAGES[stage]), []
    for locale in LOCALES:
        context = chromium.new_context(locale=locale)
        take_over(context, walk.client, served.address)
        page = context.new_page()
        for name, path in STAGES[stage].pages.items():
            where = f"{stage}-{name}-{locale[:2]}"
            page.goto(f"{served.address}{walk.root}{path}")
            assert page.url.endswith(path), (where, page.url)
            faults += faults_of_looks(page, where)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                picture(page, f"{where}-{scheme}")
            if name in STAGES[stage].forms:
                press(page, "main form .btn >> nth=0")
                assert page.locator(".error-summary").count(), (where, "says no fault")
                faults += faults_of_looks(page, f"{where}-empty")
        context.close()

    assert faults == []


@pytest.mark.parametrize("width", [320, 390])
def test_the_number_of_a_request_stands_in_one_line_however_wide_its_letters(
    chromium: Browser, served: product.Product, world: World, width: int
) -> None:
    walk = reach(world, STAGES["sent"])
    context = chromium.new_context(viewport={"width": width, "height": 844})
    take_over(context, walk.client, served.address)
    page = context.new_page()
    page.goto(f"{served.address}{walk.root}request/receipt/")

    lines, room = page.evaluate(
        """() => { const key = document.querySelector(".receipt .key"); key.textContent = "R-WPBKGH";
        const size = parseFloat(getComputedStyle(key).fontSize);
        return [key.getBoundingClientRect().height / size, key.clientWidth - key.scrollWidth]; }"""
    )

    assert lines < 2
    assert room >= 0
    context.close()


def test_no_word_of_the_receipt_is_cut_where_a_page_is_narrowest(
    chromium: Browser, served: product.Product, world: World
) -> None:
    walk = reach(world, STAGES["sent"])
    AssistanceRequest.objects.update(submitted_at=datetime(2026, 9, 23, 20, 40, tzinfo=UTC))
    context = chromium.new_context(locale="es-MX", viewport={"width": 320, "height": 844})
    take_over(context, walk.client, served.address)
    page = context.new_page()
    page.goto(f"{served.address}{walk.root}request/receipt/")

    cut = page.evaluate(
        """() => [...document.querySelectorAll(".receipt dd")].filter(box => {
            box.style.overflowWrap = "normal"; return box.scrollWidth > box.clientWidth;
        }).map(box => box.textContent)"""
    )

    assert "septiembre" in page.locator(".receipt dl").inner_text()
    assert cut == []
    context.close()


# What stands on paper: every text of the page that is not hidden there, and its size in pixels.
ON_PAPER = """() => [...document.querySelectorAll("body :is(p, a, button, h1, b, .when)")]
    .filter(box => box.checkVisibility())
    .map(box => [box.textContent.trim(), parseFloat(getComputedStyle(box).fontSize)])"""


def test_paper_shows_the_answer_and_no_way_that_only_a_screen_has(
    chromium: Browser, served: product.Product, world: World
) -> None:
    walk = reach(world, STAGES["awarded"])
    context = chromium.new_context(locale="en-US", color_scheme="dark")
    take_over(context, walk.client, served.address)
    page = context.new_page()
    page.goto(f"{served.address}{walk.root}request/")
    page.emulate_media(media="print")

    shown = dict(page.evaluate(ON_PAPER))

    assert {"$1,500.00", "We have it, done", "(213) 555-0100"} <= shown.keys()
    assert not {"Sign out", "Español", "My data", "Your receipt", "Choose how to get paid"} & shown.keys()
    because = next(size for text, size in shown.items() if text.startswith("You asked for $3,000."))
    assert all(size <= because for text, size in shown.items() if text.startswith("We ask for bank details"))
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    context.close()
