"""Erasures of people, as the director and the auditor see them: numbers and days, no names."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from requests_app.pages.staff import doors, grid
from requests_app.pages.staff.doors import Door
from requests_app.queries import my_data
from requests_app.templatetags.fund_ui import when

MOST = 200
KEPT = {
    "BOOKS": "books and sums without a name",
    "STOP": "a mark against texts",
    "NAME": "name of a paid person",
}


@doors.page
def erasures(door: Door) -> HttpResponse:
    """Show who asked when, what went and what stays."""
    rows = my_data.erasures(door.actor, fund_id=door.fund_id).order_by("-id")[:MOST]
    shown = {
        "title": "Erased people",
        "note": "Workers ask for it on their own page. What is personal goes within a minute; counts, money "
        "and the trail stay as they were.",
        "back_url": door.url("settings"),
        "back_label": "Settings",
        "columns": grid.columns("Asked", "Done", "Emptied#", "Stays", "Until"),
        "rows": [_row(row) for row in rows],
        "empty": {"title": "Nobody asked", "text": "Requests to be erased appear here."},
    }
    return door.page("staff/detail.html", shown, current="settings")


def _row(row: Any) -> Mapping[str, Any]:
    return grid.row(
        when(row.created_at, "stamp"),
        when(row.done_at, "stamp") or "Waits for the worker process",
        f"{sum(row.counts.values()):,}",
        ", ".join(KEPT.get(code, code) for code in row.kept),
        when(row.kept_until, "full"),
    )
