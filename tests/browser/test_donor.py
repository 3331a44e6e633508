"""A donor in a real browser: from the address to the own view, with and without scripts, in two languages."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import casework
import product
import pytest
from axe_playwright_python.sync_playwright import Axe
from builders import World, make_world, put_money_in
from django.utils import timezone
from giving import ADDRESS, give_address
from playwright.sync_api import Browser, Page

from fundmgr.domain.permissions import Role
from fundmgr.domain.schedules import Part
from fundmgr.services import background, commitments, entered, letters
from requests_app.models import Notice

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
LINK = re.compile(r"http\S+/donor/open/[0-9a-f]{64}/")
USED = {"en-US": "How it was used", "es-MX": "Cómo se usó"}


@pytest.fixture
def world(committed_db: str) -> World:
    now = timezone.now()
    world = make_world(now=now - timedelta(days=1), reserve_bp=200)
    receipt = put_money_in(world, 500_000, now=now)
    preparer = world.actor(Role.TREASURER_PREPARES)
    letters.issue(receipt_id=receipt.id, by=preparer, now=now)
    today = entered.today(world.fund.id, now)
    commitments.pledge(
        fund_id=world.fund.id,
        donor_id=receipt.donor_id,
        amount_cents=300_000,
        pledged_on=today - timedelta(days=40),
        instalments=[Part(today - timedelta(days=9), 100_000), Part(today + timedelta(days=50), 200_000)],
        by=preparer,
        now=now,
    )
    casework.paid_awards(world, [20_000] * 10)
    give_address(world, receipt.donor)
    return world


@contextmanager
def page_of(browser: Browser, **options) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, **options)
    yield context.new_page()
    context.close()


def newest_link(served: product.Product) -> str:
    """Deliver what is owed, and read the link in the letter as the served site has it."""
    background.deliver(clock=timezone.now)
    background.deliver(clock=timezone.now)
    text = Notice.objects.filter(kind="donor_link").order_by("-id")[0].text
    path = LINK.search(text).group().partition("/f/")[2]
    return f"{served.address}/f/{path}"


@pytest.mark.parametrize(
    "options",
    [
        {"color_scheme": "light", "locale": "en-US", "java_script_enabled": True},
        {"color_scheme": "dark", "locale": "es-MX", "java_script_enabled": True},
        {"color_scheme": "light", "locale": "es-MX", "java_script_enabled": False},
    ],
    ids=["light English", "dark Spanish", "no scripts"],
)
def test_a_donor_reaches_the_own_view_and_no_page_breaks_a_rule_of_access(
    chromium: Browser, served: product.Product, world: World, options: dict
) -> None:
    root, faults = f"{served.address}/f/{world.fund.slug}/donor/", []
    scripts, used = options["java_script_enabled"], USED[options["locale"]]
    with page_of(chromium, **options) as page:
        page.goto(root)
        faults += faults_of(page, "ask", scripts)
        page.click("main form .btn")
        faults += faults_of(page, "ask with errors", scripts)
        page.fill("[name=email]", ADDRESS)
        page.click("main form .btn")
        assert page.url == f"{root}sent/"
        faults += faults_of(page, "sent", scripts)
        page.goto(newest_link(served))
        faults += faults_of(page, "open", scripts)
        page.click("main form .btn")
        assert page.url == f"{root}view/"
        assert used in page.inner_text("main")
        faults += faults_of(page, "view", scripts)
        page.click("main form .btn")
        page.goto(f"{root}view/")
        assert used not in page.inner_text("main")
        faults += faults_of(page, "over", scripts)

    assert faults == []


def faults_of(page: Page, where: str, scripts: bool) -> list[str]:
    """What axe finds, and whether the page scrolls sideways at 320 px; without scripts axe cannot look."""
    if not scripts:
        return []
    found = Axe().run(page, options=RULES).response["violations"]
    faults = [f"{where}: {rule['id']} {rule['nodes'][0]['target']}" for rule in found]
    page.set_viewport_size({"width": 320, "height": 700})
    if page.evaluate("document.documentElement.scrollWidth > 320"):
        faults.append(f"{where}: scrolls sideways at 320 px")
    page.set_viewport_size(PHONE)
    return faults
