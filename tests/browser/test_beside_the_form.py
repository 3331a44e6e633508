"""Pages beside the straight way: axe at every width in light and dark, both languages, with their errors."""

from datetime import timedelta

import product
import pytest
from browsing import LOCALES, SCHEMES, faults_of_looks, picture, press, take_over
from builders import World, answers_the_phone, make_world
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser
from scenes import SCENES

from fundmgr.domain.permissions import Role
from requests_app.services import productions

pytestmark = pytest.mark.browser


@pytest.fixture
def world(committed_db: str) -> World:
    cache.clear()
    now = timezone.now()
    world = make_world(now=now - timedelta(days=10))
    productions.add(fund_id=world.fund.id, names=["Badge 27"], by=world.actor(Role.DIRECTOR), now=now)
    answers_the_phone(world)
    return world


@pytest.mark.parametrize("name", list(SCENES))
def test_no_page_beside_the_form_breaks_a_rule(
    chromium: Browser, served: product.Product, world: World, name: str
) -> None:
    scene, faults = SCENES[name], []
    walk = scene.play(world)
    for locale in LOCALES:
        context = chromium.new_context(locale=locale)
        take_over(context, walk.client, served.address)
        page = context.new_page()
        for place, path in scene.pages.items():
            where = f"{name}-{place}-{locale[:2]}"
            page.goto(f"{served.address}{walk.root}{path}")
            assert page.url.endswith(path), (where, page.url)
            faults += faults_of_looks(page, where)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                picture(page, f"beside-{where}-{scheme}")
            if place in scene.forms:
                press(page, "main form .btn >> nth=0")
                assert page.locator(".error-summary").count(), (where, "says no fault")
                faults += faults_of_looks(page, f"{where}-empty")
        context.close()

    assert faults == []
