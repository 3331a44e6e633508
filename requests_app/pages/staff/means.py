"""The page of the money: how far it reaches, and what each part of it is tied to."""

from django.http import HttpResponse

from fundmgr.domain import money
from fundmgr.domain.means import Means
from fundmgr.domain.permissions import Action
from requests_app.exports import means_chart, report_rows
from requests_app.pages.staff import doors
from requests_app.pages.staff.doors import Door
from requests_app.queries import means

HERE = "means"


@doors.page
def means_(door: Door) -> HttpResponse:
    """Show how far the money reaches."""
    found = means.means(door.actor, fund_id=door.fund_id, now=door.now)
    shown = {
        "found": found,
        "figures": _figures(found.means),
        "chart": means_chart.waterfall(found.position, found.means),
        "share": report_rows.percent(found.means.usable_bp) if found.means.usable_bp is not None else "",
        "may_write": door.may(Action.COMMITMENT_WRITE),
    }
    return door.page("staff/means.html", shown, current=HERE)


def _figures(found: Means) -> list[dict[str, str]]:
    rows = [
        ("Cash", found.cash_cents, "received, less what bounced or went back"),
        ("Receivable", found.receivable_cents, "owed by donors, without a condition"),
        ("Conditional", found.conditional_cents, "promised, but something must happen first: not counted"),
        ("Unrestricted available", found.unrestricted_available_cents, "may be awarded to anyone"),
        ("Stranded", found.stranded_cents, "restricted, and no verified need matches it"),
        ("Usable now", found.usable_cents, "can be awarded today"),
        ("Expected", found.expected_cents, "cash, and what is owed times the chance that it comes in"),
    ]
    return [
        {"label": label, "value": money.dollars(cents, whole=True), "note": note}
        for label, cents, note in rows
    ]
