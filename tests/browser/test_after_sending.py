"""Every page of a worker after sending, at each stage: axe, narrow and wide, both languages, light and dark.

`FUNDMGR_SCREENS=docs/screens/worker` keeps a small picture of each page as a phone shows it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import product
import pytest
from browsing import SIDEWAYS, SMALL_TARGETS, picture, violations_of
from builders import World, answers_the_phone, make_world
from django.utils import timezone
from playwright.sync_api import Browser, Page
from stages import STAGES, reach

from fundmgr.domain.permissions import Role
from requests_app.services import productions

pytestmark = pytest.mark.browser
WIDTHS = (320, 390, 1280)
TONGUES = {"en": "en-US", "es": "es-MX"}


@pytest.fixture
def world(committed_db: str) -> World:
    now = timezone.now()
    world = make_world(now=now - timedelta(days=1))
    productions.add(fund_id=world.fund.id, names=["Badge 27"], by=world.actor(Role.DIRECTOR), now=now)
    answers_the_phone(world)
    return world


@contextmanager
def signed_in(browser: Browser, served: product.Product, walk, **options) -> Iterator[Page]:
    """A browser with the worker's session."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, **options)
    cookies = [
        {"name": name, "value": morsel.value, "url": served.address}
        for name, morsel in walk.client.cookies.items()
        if name != "django_language"
    ]
    context.add_cookies(cookies)
    yield context.new_page()
    context.close()


def faults_at_each_width(page: Page, where: str) -> Iterator[str]:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        yield from (f"{where} at {width}: {fault}" for fault in violations_of(page))
        if page.evaluate(SIDEWAYS):
            yield f"{where} scrolls sideways at {width}"
    page.set_viewport_size({"width": 390, "height": 844})
    yield from (f"{where}: too small {box}" for box in page.evaluate(SMALL_TARGETS))


@pytest.mark.parametrize("stage", list(STAGES))
def test_no_page_after_sending_breaks_a_rule(
    chromium: Browser, served: product.Product, world: World, stage: str
) -> None:
    walk, faults = reach(world, STAGES[stage]), []
    for tongue, locale in TONGUES.items():
        for scheme in ("light", "dark"):
            with signed_in(chromium, served, walk, color_scheme=scheme, locale=locale) as page:
                for name, path in STAGES[stage].pages.items():
                    where = f"{stage}-{name}-{tongue}-{scheme}"
                    page.goto(f"{served.address}{walk.root}{path}")
                    assert page.url.endswith(path), (where, page.url)
                    faults += faults_at_each_width(page, where)
                    picture(page, where)
                    if name in STAGES[stage].forms:
                        with page.expect_navigation():
                            page.locator("main form .btn").first.click()
                        assert page.locator(".error-summary").count(), (where, "says no fault")
                        faults += faults_at_each_width(page, f"{where}-empty")

    assert faults == []
