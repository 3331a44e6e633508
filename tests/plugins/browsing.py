"""Steps in a real browser: press what leads to another page, and ask a page whether all can use it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def press(page: Page, selector: str) -> None:
    """Click what loads a page, and be on that page: a click alone may return before it is left."""
    with page.expect_navigation():
        page.click(selector)


def violations_of(page: Page) -> list[str]:
    """What axe finds on a page as it stands: each rule that is broken, and where first."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{rule['id']} {rule['nodes'][0]['target']}" for rule in found]


def faults_of(page: Page, where: str, size: dict[str, int]) -> list[str]:
    """What axe finds, and whether the page scrolls sideways at 320 px."""
    faults = [f"{where}: {fault}" for fault in violations_of(page)]
    page.set_viewport_size({"width": 320, "height": 700})
    if page.evaluate("document.documentElement.scrollWidth > 320"):
        faults.append(f"{where}: scrolls sideways at 320 px")
    page.set_viewport_size(size)
    return faults
