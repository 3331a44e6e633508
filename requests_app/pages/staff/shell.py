"""The frame of every console page: the way around, the money, the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from fundmgr.domain import money
from fundmgr.domain.permissions import Action
from requests_app.pages.staff import words
from requests_app.queries.console import Desk


@dataclass(frozen=True)
class Place:
    """One line of the navigation: who may go there, and the key that goes there after `g`."""

    name: str
    label: str
    action: Action
    key: str = ""


PLACES = (
    Place("home", "Home", Action.FUND_READ, "h"),
    Place("requests", "Requests", Action.REQUEST_READ, "r"),
    Place("approvals", "Approvals", Action.FUND_READ, "a"),
    Place("rounds", "Allocation", Action.ROUND_READ, "l"),
    Place("means", "Money", Action.MONEY_READ, "m"),
    Place("donors", "Donors", Action.MONEY_READ, "d"),
    Place("payouts", "Payouts", Action.PAYOUT_READ, "p"),
    Place("reports", "Reports", Action.REPORT_READ, "s"),
    Place("audit", "Audit", Action.AUDIT_READ, "u"),
    Place("settings", "Settings", Action.FUND_READ, "t"),
)
# Whoever may approve nothing needs no inbox.
APPROVES = (
    Action.DECISION_DECIDE,
    Action.DECISION_PROPOSE,
    Action.ROUND_APPROVE,
    Action.BATCH_RELEASE,
    Action.RECEIPT_RECONCILE,
)


def frame(request: HttpRequest, desk: Desk, *, current: str, now: datetime) -> Mapping[str, Any]:
    """This will return what console_base.html shows around a page."""
    user: Any = request.user
    return {
        "site": {
            "name": desk.fund.name,
            "second_line": words.FUND_STATES.get(desk.fund.state, ""),
            "staff_url": reverse("staff:home", args=[desk.fund.slug]),
        },
        "fund": desk.fund,
        "desk": desk,
        "nav_items": _nav(desk, current=current),
        "ribbon": _ribbon(desk),
        "person": {"name": str(user), "role": words.roles(desk.roles)},
        "sign_out_url": reverse("account_logout"),
        "search_url": _search_url(desk),
        "fund_clock": _clock(now),
    }


def _nav(desk: Desk, *, current: str) -> list[dict[str, Any]]:
    counts = {"requests": desk.open_requests, "approvals": desk.to_approve}
    rows = []
    for place in PLACES:
        if not desk.may(place.action):
            continue
        if place.name == "approvals" and not any(desk.may(action) for action in APPROVES):
            continue
        count = counts.get(place.name, 0)
        rows.append(
            {
                "label": place.label,
                "url": reverse(f"staff:{place.name}", args=[desk.fund.slug]),
                "count": f"{count:,}" if count else "",
                "todo": place.name == "approvals" and count > 0,
                "current": place.name == current,
                "key": place.key,
            }
        )
    return rows


def _ribbon(desk: Desk) -> list[dict[str, str]]:
    figures = desk.ribbon
    return [
        {"label": "Available to award", "value": money.dollars(figures.available_cents, whole=True)},
        {"label": "Held for awards", "value": money.dollars(figures.held_cents, whole=True)},
        {"label": "Asked for", "value": money.dollars(figures.asked_cents, whole=True)},
        {"label": "For each dollar asked", "value": words.cents_per_dollar(figures)},
    ]


def _search_url(desk: Desk) -> str:
    return reverse("staff:search", args=[desk.fund.slug]) if desk.may(Action.REQUEST_READ) else ""


def _clock(now: datetime) -> str:
    local = timezone.localtime(now)
    return f"Fund clock: {local:%a %b} {local.day}, {local:%Y}, {local.hour % 12 or 12}:{local:%M} " + (
        f"{'am' if local.hour < 12 else 'pm'} {local.tzname()}"  # noqa: PLR2004 - noon
    )
