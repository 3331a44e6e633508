"""What every list of the console has: older and newer pages that keep the filters."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from requests_app.pages.staff.doors import Door
from requests_app.queries.paging import Page


def pager(door: Door, page: Page[Any], *, summary: str = "") -> Mapping[str, str]:
    """This will return the addresses of both sides of a page; nothing where all rows fit on one."""
    if page.next_cursor is None and page.previous_cursor is None:
        return {}
    return {
        "summary": summary,
        "older_url": _beside(door, page.next_cursor),
        "newer_url": _beside(door, page.previous_cursor),
        "older_label": "Next",
        "newer_label": "Previous",
    }


def with_query(door: Door, **changes: str) -> str:
    """This will return this page's address with some filters changed, from its first page on."""
    kept = {name: value for name, value in door.asked.items() if name != "cursor" and name not in changes}
    query = urlencode(kept | {name: value for name, value in changes.items() if value})
    return f"{door.request.path}?{query}" if query else door.request.path


def _beside(door: Door, cursor: str | None) -> str:
    if cursor is None:
        return ""
    kept = {name: value for name, value in door.asked.items() if name != "cursor"}
    return f"{door.request.path}?{urlencode(kept | {'cursor': cursor})}"
