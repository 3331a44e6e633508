"""A person at a keyboard alone: Tab, Space, arrows and Enter, on what has the focus and shows it."""

from collections.abc import Mapping

from playwright.sync_api import Page
from walking import code_for

MOST_TABS = 120
IN_FORM = "!!document.activeElement.closest('main form:not(.upload)')"
FOCUSED = """() => { const on = document.activeElement, style = getComputedStyle(on);
    return [on.type || on.tagName, on.name || "", on.value || "",
            style.outlineStyle !== "none" || style.boxShadow !== "none"]; }"""


def follow(page: Page, end: str) -> None:
    """Tab to the link whose address ends so, and follow it."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("end => (document.activeElement.href || '').endsWith(end)", end):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"no link to {end} is reached by keys on {page.url}")


def send(page: Page, typed: Mapping[str, str], chosen: Mapping[str, str]) -> None:
    """Fill in the form of a page and be on the page that it leads to."""
    with page.expect_navigation():
        answer(page, typed, chosen)


def answer(page: Page, typed: Mapping[str, str], chosen: Mapping[str, str]) -> None:
    """Tab through a page, answer each box that gets the focus, and press Enter on its first button."""
    seen: set[str] = set()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        kind, name, value, ringed = page.evaluate(FOCUSED)
        if not page.evaluate(IN_FORM):
            continue
        assert ringed or kind in {"radio", "checkbox", "file"}, (page.url, name, "shows no focus")
        if kind == "submit":
            page.keyboard.press("Enter")
            return
        if name in chosen:
            _choose(page, kind, value, chosen[name], is_new=name not in seen)
            seen.add(name)
        elif name == "code" or name in typed:
            page.keyboard.press("Control+a")
            page.keyboard.type(code_for(typed["email"]) if name == "code" else typed[name])
    raise AssertionError(f"no button is reached by keys on {page.url}")


def _choose(page: Page, kind: str, value: str, wanted: str, *, is_new: bool) -> None:
    if kind == "radio" and is_new:
        for _ in range(30):
            if page.evaluate("document.activeElement.value") == wanted:
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
    elif kind == "checkbox" and wanted in {"", value} and not page.evaluate("document.activeElement.checked"):
        page.keyboard.press("Space")
