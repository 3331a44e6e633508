"""How workers found the form: three counts, and their words without names."""

from typing import Any

from django.http import HttpResponse

from fundmgr.domain.opinions import FormOpinion
from fundmgr.domain.permissions import Action
from requests_app.pages.staff import doors, grid
from requests_app.pages.staff.doors import Door
from requests_app.queries import form_feedback
from requests_app.templatetags.fund_ui import when

OPINIONS = {FormOpinion.EASY: "Easy", FormOpinion.FAIR: "It was OK", FormOpinion.HARD: "Hard"}


@doors.page
def opinions(door: Door) -> HttpResponse:
    """Show how many said what; the words only to those who see names, for some write theirs."""
    found = form_feedback.opinions(door.actor, fund_id=door.fund_id)
    may_read = door.may(Action.REQUEST_READ_IDENTITY)
    rows = form_feedback.comments(door.actor, fund_id=door.fund_id) if may_read else []
    shown = {
        "title": "How workers found the form",
        "note": "Asked once on the receipt. It is kept without a name, and with the day alone.",
        "back_url": door.url("settings"),
        "back_label": "Settings",
        "figures": [
            {"label": OPINIONS[opinion], "value": f"{count:,}"} for opinion, count in found.counts.items()
        ],
        **(_words(rows) if may_read else {}),
    }
    return door.page("staff/detail.html", shown, current="settings")


def _words(rows: list[Any]) -> dict[str, Any]:
    return {
        "list_title": "In their words",
        "columns": grid.columns("Day", "The form was", "What they would change"),
        "rows": [
            grid.row(when(row.created_at), OPINIONS[FormOpinion(row.opinion)], row.text or "") for row in rows
        ],
        "empty": {"title": "Nobody wrote anything yet", "text": "The newest hundred appear here."},
    }
