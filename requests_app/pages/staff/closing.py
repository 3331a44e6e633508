"""The end of a fund: what stands in its way, winding down, and closing by director and board."""

from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse

from fundmgr.domain.lifecycle import FundState, ProposalState
from fundmgr.domain.permissions import Action
from fundmgr.ports.idempotency import Once
from requests_app.pages.staff import doors, grid, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.signed_forms import WhyForm
from requests_app.queries import closing as found
from requests_app.services import closing as services
from requests_app.templatetags.fund_ui import when

HERE = "settings"
Shown = dict[str, Any]


@doors.page
def closing(door: Door) -> HttpResponse:
    """Show how far the fund is from its end."""
    return _closing(door)


@doors.act
def wind_down(door: Door) -> HttpResponse:
    """Begin the end of the fund."""
    door.require(Action.FUND_CONFIGURE)

    def call(once: Once) -> Any:
        return services.wind_down(fund_id=door.fund_id, by=door.actor, now=door.now, once=once)

    done = door.attempt(None, call)
    return door.to("closing", said="The fund winds down.") if done else _closing(door)


@doors.act
def propose(door: Door) -> HttpResponse:
    """Propose to close the fund for good."""
    door.require(Action.FUND_CLOSE_PROPOSE)
    form = WhyForm(door.posted)

    def call(once: Once) -> Any:
        reason = form.cleaned_data["reason"]
        return services.propose(fund_id=door.fund_id, reason=reason, by=door.actor, now=door.now, once=once)

    done = door.attempt(form, call)
    said = "The closing is proposed. Somebody of the board must sign it too."
    return door.to("closing", said=said) if done else _closing(door, form)


@doors.act
def make(door: Door, closing_id: UUID) -> HttpResponse:
    """Sign a closing too."""
    return _decide(door, closing_id, services.close, "The fund is closed.")


@doors.act
def refuse(door: Door, closing_id: UUID) -> HttpResponse:
    """Refuse a closing."""
    return _decide(door, closing_id, services.refuse, "The closing is refused.")


def _decide(door: Door, closing_id: UUID, decide: Any, said: str) -> HttpResponse:
    door.require(Action.FUND_CLOSE_DECIDE)
    done = door.attempt(
        None, lambda once: decide(closing_id=closing_id, by=door.actor, now=door.now, once=once)
    )
    return door.to("closing", said=said) if done else _closing(door)


def _closing(door: Door, form: BaseForm | None = None) -> HttpResponse:
    rows = list(found.closings(door.actor, fund_id=door.fund_id).order_by("-id"))
    left = [] if door.desk.fund.state == FundState.CLOSED else found.obstacles(door.fund_id)
    shown = {
        "title": "The end of the fund",
        "note": "A fund ends in order: no more requests, all decided and paid, the rest back to its donors. "
        "Then its director and its board close it, for good.",
        "back_url": door.url("settings"),
        "back_label": "Settings",
        "tag": {"kind": "off", "text": words.FUND_STATES.get(door.desk.fund.state, "")},
        "checks": [{"label": sentence, "note": "", "state": "bad"} for sentence in left]
        or [{"label": "Nothing is left to settle.", "note": "", "state": "ok"}],
        "checks_title": "What stands in its way",
        "list_title": "Closings",
        "columns": grid.columns("Proposed", "By", "Why", "State"),
        "rows": [
            grid.row(when(row.created_at, "full"), str(row.proposed_by), row.reason, _STATES[row.state])
            for row in rows
        ],
        "empty": {"title": "Nobody proposed it", "text": "It takes the director and somebody of the board."},
        "moves": _moves(door, rows, form),
        "form": form,
    }
    return door.page("staff/detail.html", shown, current=HERE)


_STATES: dict[str, str] = {
    ProposalState.PROPOSED: "Waits for the board",
    ProposalState.MADE: "Signed by two",
    ProposalState.REFUSED: "Refused",
}


def _moves(door: Door, rows: list[Any], form: BaseForm | None) -> list[Shown]:
    state = door.desk.fund.state
    waiting = next((row for row in rows if row.state == ProposalState.PROPOSED), None)
    if state == FundState.INTAKE_CLOSED and door.may(Action.FUND_CONFIGURE):
        return [{"url": door.url("wind_down"), "label": "Wind the fund down", "form": [], "kind": "line"}]
    if waiting and door.may(Action.FUND_CLOSE_DECIDE) and waiting.proposed_by_id != door.actor.person_id:
        make, refuse = (door.url(name, closing_id=waiting.id) for name in ("closing_make", "closing_refuse"))
        note = "A closed fund stays closed."
        return [
            {"url": make, "label": "Close the fund", "form": [], "kind": "warn", "note": note},
            {"url": refuse, "label": "Refuse", "form": [], "kind": "line"},
        ]
    if state == FundState.WINDING_DOWN and not waiting and door.may(Action.FUND_CLOSE_PROPOSE):
        url = door.url("closing_propose")
        return [{"url": url, "label": "Propose to close it", "form": form or WhyForm(), "kind": "line"}]
    return []
