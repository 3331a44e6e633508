"""The audit pages: what happened, newest first, and whether the chain holds."""

from django.http import HttpResponse

from requests_app.pages.staff import doors, lists, sentences
from requests_app.pages.staff.doors import Door
from requests_app.queries import console

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
