"""Steps in a real browser: press what leads to another page, and ask a page whether all can use it."""

import os
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from PIL import Image
from playwright.sync_api import BrowserContext, Page

# Where pictures of the pages go, and of which looks: a page needs no picture of each mix.
SCREENS = os.environ.get("FUNDMGR_SCREENS")
LOOKS = re.compile(r"-(en-light|es-dark)\Z")
COLOURS = 24
AXE = Axe().axe_script
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
WIDTHS, SCHEMES, LOCALES = (320, 390, 1280), ("light", "dark"), ("en-US", "es-MX")


# What of a page is smaller than a thumb, and whether it scrolls sideways.
SMALL_TARGETS = """() => [...document.querySelectorAll(
    "main button, main .btn, main summary, main input:not([type=hidden]), main select, main textarea")]
    .map(box => {
        const lies = box.closest("label, .choice") || box, size = lies.getBoundingClientRect();
        return [box.name || box.textContent.trim(), size.width, size.height];
    })
    .filter(([, width, height]) => width > 0 && (height < 44 || width < 24))"""
# What stands out of its place: a figure beyond its chart, the language below the fund's name on a phone,
# and a full stop after "p. m." that has its own.
UNTIDY = """() => [
    ...[...document.querySelectorAll("main .cats text")]
        .map(text => [text, text.closest("ul")])
        .filter(([text, list]) =>
            text.getBoundingClientRect().right > list.getBoundingClientRect().right + 1)
        .map(([text]) => `${text.textContent} beyond its chart`),
    ...[...document.querySelectorAll(".masthead .switch")]
        .filter(box => innerWidth >= 390 && box.getBoundingClientRect().top
            >= document.querySelector(".masthead .name").getBoundingClientRect().bottom)
        .map(() => "the language below the fund's name"),
    ...(/[^.]\\.\\.(?!\\.)/.test(document.querySelector("main").innerText) ? ["a full stop twice"] : []),
]"""
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def press(page: Page, selector: str) -> None:
    """Click what loads a page, and be on that page: a click alone may return before it is left."""
    with page.expect_navigation():
        page.click(selector)


def violations_of(page: Page) -> list[str]:
    """What axe finds on a page as it stands: each rule that is broken, and where first."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(rules).then(found => found.violations)", RULES)
    return [f"{rule['id']} {rule['nodes'][0]['target']}" for rule in found]


def faults_of_looks(page: Page, where: str) -> Iterator[str]:
    """What axe finds in light and dark at each width, what scrolls sideways, is too small or stands out.

    At 400 percent a screen of 1280 by 1024 leaves 320 by 256.
    """
    for scheme in SCHEMES:
        # Without motion colours change at once, and none is measured on its way.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            yield from (f"{where} {scheme} at {width}: {fault}" for fault in violations_of(page))
            if page.evaluate(SIDEWAYS):
                yield f"{where} scrolls sideways at {width}"
            yield from (f"{where} at {width}: {fault}" for fault in page.evaluate(UNTIDY))
    page.set_viewport_size({"width": 320, "height": 256})
    if page.evaluate(SIDEWAYS):
        yield f"{where} scrolls sideways at 400 percent"
    page.set_viewport_size({"width": 390, "height": 844})
    yield from (f"{where}: too small {box}" for box in page.evaluate(SMALL_TARGETS))


def take_over(context: BrowserContext, client: Client, address: str) -> None:
    """Give a browser the session of a test's client, and leave it its own language."""
    kept = [(name, morsel) for name, morsel in client.cookies.items() if morsel.value]
    context.add_cookies(
        [
            {"name": name, "value": morsel.value, "url": address}
            for name, morsel in kept
            if name != "django_language"
        ]
    )


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
