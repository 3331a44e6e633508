"""Steps in a real browser: press what leads to another page, and ask a page whether all can use it."""

import os
import re
from io import BytesIO
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page

# Where pictures of the pages go, and of which looks: a page needs no picture of each mix.
SCREENS = os.environ.get("FUNDMGR_SCREENS")
LOOKS = re.compile(r"-(en-light|es-dark)\Z")
COLOURS = 24
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


# What of a page is smaller than a thumb, and whether it scrolls sideways.
SMALL_TARGETS = """() => [...document.querySelectorAll(
    "main button, main .btn, main summary, main input:not([type=hidden]), main select, main textarea")]
    .map(box => {
        const lies = box.closest("label, .choice") || box, size = lies.getBoundingClientRect();
        return [box.name || box.textContent.trim(), size.width, size.height];
    })
    .filter(([, width, height]) => width > 0 && (height < 44 || width < 24))"""
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


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


def picture(page: Page, name: str) -> None:
    """Keep what a phone shows of the page, in few colours, where pictures are asked for."""
    if not SCREENS or not LOOKS.search(name):
        return
    page.set_viewport_size({"width": 390, "height": 844})
    image = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    place = Path(SCREENS) / f"{name}.png"
    place.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(place, optimize=True)
