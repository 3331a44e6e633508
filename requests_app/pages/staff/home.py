"""The way in and the home page of a fund."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from fundmgr.domain import actors, money
from fundmgr.domain.errors import FundError
from fundmgr.domain.permissions import Action
from requests_app.exports import charts
from requests_app.exports.charts import Chart
from requests_app.pages.staff import doors, next_round_words, sentences
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.queue_query import LATE
from requests_app.pages.staff.receipt_view import lacking_words
from requests_app.pages.staff.sentences import Sentence
from requests_app.queries import console
from requests_app.queries.console import HomePage, Work
from requests_app.templatetags.fund_ui import when


@dataclass(frozen=True)
class Tile:
    """One kind of work: how much of it waits, and the page where it is done."""

    label: str
    count: int
    note: str
    page: str
    action: Action
    q: str = ""
    state: str = ""

    def drawn(self, door: Door) -> dict[str, str]:
        """This will return the tile as the template draws it."""
        query = {name: value for name, value in (("q", self.q), ("state", self.state)) if value}
        url = door.url(self.page, query=query)
        return {"label": self.label, "value": f"{self.count:,}", "note": self.note, "url": url}


NOON, EVENING = 12, 18
LEAST_DAYS, MOST_POINTS = 2, 60


def funds(request: HttpRequest) -> HttpResponse:
    """Lead to the only fund of the person, or let one be chosen."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    try:
        found = console.staff_funds(actors.person(request.user.pk))
    except FundError as error:
        return doors.outside(request, error)
    if len(found) == 1:
        return HttpResponseRedirect(reverse("staff:home", args=[found[0].slug]))
    return render(request, "staff/funds.html", {"funds": found})


@doors.page
def home(door: Door) -> HttpResponse:
    """Show the work that waits and how far the money reaches."""
    found = console.home(door.actor, fund_id=door.fund_id, now=door.now)
    shown = {
        "greeting": _greeting(door),
        "note": _note(found),
        "tiles": _tiles(door, found),
        "charts": {"shortfall": _chart(found)},
        "events": [_event(sentences.line(row)) for row in found.lines],
        "report_url": door.url("reports") if door.may(Action.REPORT_READ) else "",
        "rules_url": door.url("workbench") if door.may(Action.ROUND_READ) else "",
        "next_url": door.url("next") if door.may(Action.REQUEST_REVIEW) else "",
        "alarm": found.alarm,
        "lacking": [f"{one.restriction}: {lacking_words(one)}" for one in found.lacking],
        "offer": next_round_words.notice(found.offer),
        "offer_url": door.url("rounds") if found.offer else "",
        "audit_url": door.url("audit") if door.may(Action.AUDIT_READ) else "",
    }
    return door.page("staff/home.html", shown, current="home")


def _note(found: HomePage) -> str:
    if not found.requests_count:
        return "Nobody has asked yet."
    asked = money.dollars(found.asked_cents, whole=True)
    plural = "" if found.requests_count == 1 else "s"
    return f"{found.requests_count:,} request{plural} so far, {asked} asked for."


def _chart(found: HomePage) -> Chart | None:
    if len(found.days) < LEAST_DAYS or not found.asked_cents:
        return None
    days = found.days[:: max(1, len(found.days) // MOST_POINTS)]
    days = days if days[-1] == found.days[-1] else [*days, found.days[-1]]
    gap_cents = found.asked_cents - found.received_cents
    title = (
        f"{money.dollars(gap_cents, whole=True)} more is asked for than came in"
        if gap_cents > 0
        else "What came in covers what is asked for"
    )
    return charts.gap_over_time(
        title=title,
        note="Dollars asked for and dollars received, added up day by day.",
        labels=[when(total.day, "short") for total in days],
        asked_cents=[total.asked_cents for total in days],
        received_cents=[total.received_cents for total in days],
    )


def _event(row: Sentence) -> dict[str, str]:
    text = f"{row.what}, {row.amount}" if row.amount else row.what
    sequence = f"{row.sequence:,}" if row.sequence else ""
    return {"time": when(row.at, "stamp"), "actor": row.who, "text": text, "sequence": sequence}


def _greeting(door: Door) -> str:
    user: Any = door.request.user
    hour = timezone.localtime(door.now).hour
    part = "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"
    return f"Good {part}, {str(user).split()[0]}"


def _tiles(door: Door, found: HomePage) -> list[dict[str, str]]:
    tiles = [*_request_tiles(found), *_money_tiles(found.work)]
    return [tile.drawn(door) for tile in tiles if door.may(tile.action)]


def _request_tiles(found: HomePage) -> list[Tile]:
    work, action = found.work, Action.REQUEST_READ
    note = "Not decided by the day we promised"
    return [
        Tile("To read", work.to_read, "Sent and not opened yet", "requests", action, "status:to_read"),
        Tile(
            "Waiting for approval",
            work.to_approve,
            "Proposed by one, decided by another",
            "approvals",
            action,
        ),
        Tile(
            "Answer missing",
            work.waiting_for_worker,
            "The worker was asked",
            "requests",
            action,
            "status:waiting",
        ),
        Tile("Past promised date", work.past_promise, note, "requests", action, LATE),
        Tile(
            "Messages to answer",
            work.messages,
            "Waiting for an answer",
            "messages_waiting",
            Action.REQUEST_READ_IDENTITY,
        ),
        Tile("Second looks", work.appeals, _late_appeals(work), "appeals", Action.APPEAL_READ),
    ]


def _late_appeals(work: Work) -> str:
    if not work.late_appeals:
        return "Workers asked you to look again"
    return f"{work.late_appeals:,} past the promised date"


def _money_tiles(work: Work) -> list[Tile]:
    ready, back, open_ = (
        "Found eligible, in no round yet",
        "Came back and not paid again",
        "Not checked with the bank",
    )
    promised = "From the public page, confirmed by mail"
    reads, settles = Action.PAYOUT_READ, Action.PAYOUT_SETTLE
    open_round = Tile(
        "In an open round", work.in_round, "Shared, not yet approved", "rounds", Action.ROUND_READ
    )
    return [
        *([open_round] if work.in_round else []),
        Tile("Ready for a round", work.eligible, ready, "rounds", Action.ROUND_READ),
        Tile("Returned payments", work.returned_payments, back, "payouts", reads, state="RETURNED"),
        Tile("Receipts to reconcile", work.receipts_waiting, open_, "receipts", settles, state="waiting"),
        Tile("Promises to decide", work.offers, promised, "pledge_offers", Action.COMMITMENT_WRITE),
    ]
