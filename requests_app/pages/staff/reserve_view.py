"""The reserve on the page of general money: what was used of it, for what, and by whom."""

from collections.abc import Sequence
from typing import Any

from fundmgr.domain import money
from fundmgr.domain.lifecycle import ProposalState
from fundmgr.domain.permissions import Action
from requests_app.pages.staff import grid, words
from requests_app.pages.staff.doors import Door
from requests_app.queries.console import RestrictionPage
from requests_app.templatetags.fund_ui import when

Shown = dict[str, Any]
OWN = "You proposed to use the reserve. Another person must decide it."


def actions(door: Door, found: RestrictionPage) -> list[Shown]:
    """This will return the way to propose a use, where there is a reserve and the person may."""
    if not (door.may(Action.RELEASE_PROPOSE) and found.reserve_cents > 0):
        return []
    url = door.url("reserve_use_new", restriction_id=found.restriction.id)
    return [{"label": "Use the reserve", "url": url}]


def listed(found: RestrictionPage) -> Shown:
    """This will return the list of what was used of the reserve."""
    return {
        "list_title": "Used of the reserve",
        "columns": grid.columns("Proposed", "Amount, $#", "For what", "Why", "By", "State"),
        "rows": [_row(one) for one in found.reserve_uses],
        "empty": {
            "title": "The reserve was not used",
            "text": "It is kept for second looks, money that comes back, hardship, and the end of the fund. "
            "Two people put it to use.",
        },
    }


def moves(door: Door, found: RestrictionPage) -> Sequence[Shown]:
    """This will return the decisions that wait for this person."""
    if not door.may(Action.RELEASE_DECIDE):
        return []
    others = [row for row in _open(found) if row.proposed_by_id != door.actor.person_id]
    return [move for row in others for move in _decisions(door, row)]


def locked(door: Door, found: RestrictionPage) -> str:
    """This will say that another person must decide what this one proposed; else empty."""
    return OWN if any(row.proposed_by_id == door.actor.person_id for row in _open(found)) else ""


def _open(found: RestrictionPage) -> list[Any]:
    return [row for row in found.reserve_uses if row.state == ProposalState.PROPOSED]


def _row(row: Any) -> Any:
    return grid.row(
        when(row.created_at, "full"),
        money.dollars(row.amount_cents).removeprefix("$"),
        words.RESERVE_GROUNDS[row.ground],
        row.reason,
        f"{row.proposed_by}, then {row.decided_by}" if row.decided_by else f"{row.proposed_by}",
        grid.tagged(words.tag(words.RESERVE_USES, row.state)),
    )


def _decisions(door: Door, row: Any) -> list[Shown]:
    keys = {"restriction_id": row.restriction_id, "use_id": row.id}
    amount, ground = money.dollars(row.amount_cents), words.RESERVE_GROUNDS[row.ground].lower()
    make = {
        "url": door.url("reserve_use_make", **keys),
        "label": f"Use {amount}",
        "form": [],
        "note": f"{row.proposed_by} proposed it because {ground}: {row.reason}",
    }
    refuse = {
        "url": door.url("reserve_use_refuse", **keys),
        "label": f"Refuse to use {amount}",
        "form": [],
        "kind": "line",
    }
    return [make, refuse]
