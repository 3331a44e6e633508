"""The audit pages: what happened, newest first, and whether the chain holds."""

from typing import Any

from django.http import HttpResponse

from requests_app.pages.staff import doors, grid, lists, sentences
from requests_app.pages.staff.doors import Door
from requests_app.queries import console
from requests_app.queries.proofs import findings
from requests_app.templatetags.fund_ui import when

HERE = "audit"
SUBJECTS = {
    "": "Everything",
    "request.": "Requests",
    "decision.": "Decisions",
    "round.": "Rounds",
    "award.": "Awards",
    "batch.": "Batches",
    "payout.": "Payouts",
    "receipt.": "Receipts",
    "commitment.": "Commitments",
    "member.": "People",
}


@doors.page
def audit(door: Door) -> HttpResponse:
    """Show the newest events with their places in the chain."""
    subject = door.asked.get("about", "")
    subject = subject if subject in SUBJECTS else ""
    found = console.audit(door.actor, fund_id=door.fund_id, cursor=door.asked.get("cursor"), verb=subject)
    shown = {
        "found": found,
        "lines": [sentences.line(row) for row in found.lines],
        "subjects": [
            {"label": label, "url": lists.with_query(door, about=key), "current": key == subject}
            for key, label in SUBJECTS.items()
        ],
        "pager": lists.pager(door, found.page),
    }
    return door.page("staff/audit.html", shown, current=HERE)


@doors.page
def verify(door: Door) -> HttpResponse:
    """Walk the whole chain and say what was found."""
    found = console.verify(door.actor, fund_id=door.fund_id)
    return door.page("staff/audit_verify.html", {"chain": found}, current=HERE)


@doors.page
def proofs(door: Door) -> HttpResponse:
    """Show what each night's proof of books, files, trail, reports and rounds found."""
    page = console.nightly_proofs(door.actor, fund_id=door.fund_id, cursor=door.asked.get("cursor"))
    shown = {
        "note": "Books, files, trail, reports and rounds are proved every night.",
        "back_url": door.url("audit"),
        "back_label": "Audit",
        "columns": grid.columns("Asked", "Ended", "Result", "Found"),
        "rows": [_night(row) for row in page.rows],
        "caption": "Nightly proofs, newest first",
        "pager": lists.pager(door, page),
        "empty": {"title": "No proof yet", "text": "The first one is made tonight."},
    }
    return door.page("staff/proofs.html", shown, current=HERE)


def _night(row: Any) -> Any:
    found = findings(row)
    tag = {"kind": "bad", "text": "Does not hold"} if found else {"kind": "ok", "text": "Holds"}
    return grid.row(
        when(row.created_at, "stamp"),
        when(row.ended_at, "stamp") if row.ended_at else "–",
        grid.tagged(tag),
        " ".join(found) or "Nothing",
    )
