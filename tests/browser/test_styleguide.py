"""axe finds nothing wrong with any part, light and dark, phone and desk; nothing runs off the side."""

from gzip import compress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, Route

STATIC = Path(__file__).parents[2] / "requests_app" / "static" / "requests_app"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = pytest.mark.browser


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    """The one browser of the run."""
    return chromium


def opened(browser: Browser, html: bytes, *, width: int, scheme: str, offline_js: bool = False) -> Page:
    """A page whose files come from the checkout, so that no server and no database is needed."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        reduced_motion="reduce",
        java_script_enabled=not offline_js,
    )
    page = context.new_page()

    def answer(route: Route) -> None:
        name = Path(route.request.url.split("?")[0]).name.split(".")
        file = STATIC / f"{name[0]}.{name[-1]}"
        if "/static/" in route.request.url and file.exists():
            route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])
        else:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    page.route("**/*", answer)
    page.goto("http://fund.test/")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("part", ["worker", "console", "receipt"])
def test_no_part_breaks_an_accessibility_rule_or_the_width(
    browser: Browser, client: Client, part: str, width: int, scheme: str
) -> None:
    page = opened(browser, client.get("/styleguide/", {"part": part}).content, width=width, scheme=scheme)

    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]

    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_targets_on_worker_pages_are_large_enough_for_a_thumb(browser: Browser, client: Client) -> None:
    page = opened(browser, client.get("/styleguide/").content, width=390, scheme="light")

    small = page.evaluate(
        """() => [...document.querySelectorAll('main .btn, main .input, main .pick > label, .switch button,'
           + '.summary a, .links a, .error-summary a, .fact-more a, .phone')]
          .filter(one => one.offsetParent && one.getBoundingClientRect().height < 43.5)
          .map(one => one.outerHTML.slice(0, 90) + one.getBoundingClientRect().height)"""
    )

    assert small == []
    page.context.close()


def test_the_error_summary_takes_the_focus(browser: Browser, client: Client) -> None:
    page = opened(browser, client.get("/styleguide/").content, width=390, scheme="light")

    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    page.context.close()


def test_an_amount_box_shows_only_in_a_ticked_row_and_without_scripts_too(
    browser: Browser, client: Client
) -> None:
    page = opened(browser, client.get("/styleguide/").content, width=390, scheme="light", offline_js=True)

    assert page.locator("#amount-rent").is_visible()
    assert not page.locator("#amount-food").is_visible()
    page.locator("label[for=need-food]").click()
    assert page.locator("#amount-food").is_visible()
    page.context.close()


def test_the_styles_and_scripts_stay_within_their_weight() -> None:
    weight = {file.name: len(compress(file.read_bytes())) for file in STATIC.iterdir() if file.is_file()}

    assert weight["fund.css"] <= 12_000
    assert weight["fund.css"] + weight["fund.js"] <= 16_000
    assert weight["fund.js"] <= 6_000
