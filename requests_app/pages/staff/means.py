"""The page of the money: how far it reaches, and what each part of it is tied to."""

from typing import Any

from django import forms
from django.http import HttpResponse

from fundmgr.domain import money
from fundmgr.domain.eligibility import NeedCategory
from fundmgr.domain.means import Means
from fundmgr.domain.permissions import Action
from fundmgr.services import funds
from requests_app.exports import means_chart, report_rows
from requests_app.pages.staff import doors, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.fields import BlockField, DayField, LineField
from requests_app.queries import means

HERE = "means"
_LISTS = ("crafts", "union_locals", "productions", "places")


class RestrictionForm(forms.Form):
    """What a donor ties money to: the words, and the same as a rule."""

    name = LineField(label="Short name", most=120, missing="Enter a short name.")
    wording = BlockField(label="In the donor's words", missing="Write what the donor said.")
    categories = forms.MultipleChoiceField(
        label="Only for these needs",
        choices=[(word.value, words.CATEGORIES[word.value]) for word in NeedCategory],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Leave all open for any need.",
    )
    crafts = LineField(
        label="Only for these crafts", most=400, required=False, help_text="With commas between."
    )
    union_locals = LineField(label="Only for these locals", most=400, required=False)
    productions = LineField(label="Only for these productions", most=400, required=False)
    places = LineField(label="Only in these places", most=400, required=False)
    worked_from = DayField(label="Last worked on or after", required=False)
    worked_to = DayField(label="Last worked on or before", required=False)
    expires_on = DayField(label="To be used until", required=False)

    def rule(self) -> dict[str, Any]:
        """This will return the rule as it was chosen."""
        said = self.cleaned_data
        listed = {name: [word for word in said[name].split(",") if word.strip()] for name in _LISTS}
        days = {name: said[name] for name in ("worked_from", "worked_to")}
        return {"categories": said["categories"], **listed, **days}


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


@doors.form
def restriction_new(door: Door) -> HttpResponse:
    """Open a restriction with accounts of its own."""
    door.require(Action.COMMITMENT_WRITE)
    form = RestrictionForm(door.posted)
    done = door.attempt(
        form,
        lambda once: funds.add_restriction(
            fund_id=door.fund_id,
            name=form.cleaned_data["name"],
            wording=form.cleaned_data["wording"],
            rule=form.rule(),
            expires_on=form.cleaned_data["expires_on"],
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        return door.to("commitment_new", said="The restriction is open. Choose it for a commitment.")
    shown = {
        "form": form,
        "title": "Open a restriction",
        "send": "Open it",
        "intro": "Money under a restriction is kept in accounts of its own and pays only what the donor "
        "allows. The rule says the same as the donor's words, for the program to check.",
        "back_url": door.url("means"),
    }
    return door.page("staff/form.html", shown, current=HERE)


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
