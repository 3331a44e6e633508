"""Pages of what money is tied to: open a restriction, look at one, set its money free by two people."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse

from fundmgr.domain import ids, money
from fundmgr.domain.eligibility import NeedCategory
from fundmgr.domain.permissions import Action
from fundmgr.domain.restrictions import ReleaseGround
from fundmgr.services import funds, releases
from requests_app.pages.staff import doors, restriction_view, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.fields import BlockField, CentsField, DayField, KeyField, LineField
from requests_app.queries import console
from requests_app.templatetags.fund_ui import when

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


class ReleaseForm(forms.Form):
    """How much to set free, and by what right."""

    amount = CentsField(label="Amount to set free")
    ground = forms.ChoiceField(
        label="What allows it",
        choices=[(word.value, words.GROUNDS[word]) for word in ReleaseGround],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what allows it."),
    )
    document = KeyField(
        "fil",
        label="The letter or order",
        widget=forms.Select,
        missing="Choose the letter or order. Add it to the restriction first.",
    )
    reason = LineField(label="Why", most=300, missing="Write why the money is set free.")

    def __init__(self, sent: Any, *, files: Any, **options: Any) -> None:
        super().__init__(sent, **options)
        box: Any = self.fields["document"].widget
        named = [(ids.public("fil", row.id), f"{row.name}, {when(row.created_at, 'full')}") for row in files]
        box.choices = [("", "Choose one"), *named]


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


@doors.page
def restriction(door: Door, restriction_id: UUID) -> HttpResponse:
    """Show one restriction."""
    return page(door, restriction_id)


@doors.form
def release_new(door: Door, restriction_id: UUID) -> HttpResponse:
    """Propose that restricted money may be used for anything."""
    door.require(Action.RELEASE_PROPOSE)
    found = console.restriction(door.actor, fund_id=door.fund_id, restriction_id=restriction_id)
    stranded = found.pot.stranded_cents
    form = ReleaseForm(door.posted, files=found.documents, initial={"amount": stranded or None})
    done = door.attempt(
        form,
        lambda once: releases.propose(
            restriction_id=restriction_id,
            amount_cents=form.cleaned_data["amount"],
            ground=ReleaseGround(form.cleaned_data["ground"]),
            document_id=form.cleaned_data["document"],
            reason=form.cleaned_data["reason"],
            by=door.actor,
            now=door.now,
            once=once,
        ),
        named={"document_id": "document"},
    )
    if done:
        return back(door, restriction_id, "The release is proposed. A treasurer who releases decides.")
    there, useless = money.dollars(found.pot.available_cents), money.dollars(stranded)
    shown = {
        "form": form,
        "title": f"Set money of {found.restriction.name} free",
        "send": "Propose it",
        "intro": f"{there} of it is available, {useless} is stranded. What is set free may be awarded to "
        "anyone. It takes the donor's consent or an order, and another person.",
        "back_url": door.url("restriction", restriction_id=restriction_id),
    }
    return door.page("staff/form.html", shown, current=HERE)


@doors.act
def release_make(door: Door, restriction_id: UUID, release_id: UUID) -> HttpResponse:
    """Set the money free."""
    said = "The money is free: it may be awarded to anyone."
    return decided(door, restriction_id, releases.make, said, release_id=release_id)


@doors.act
def release_refuse(door: Door, restriction_id: UUID, release_id: UUID) -> HttpResponse:
    """Refuse a release."""
    said = "The release is refused; the money stays tied."
    return decided(door, restriction_id, releases.refuse, said, release_id=release_id)


def decided(door: Door, restriction_id: UUID, decide: Any, said: str, **named: UUID) -> HttpResponse:
    """This will decide what was proposed of a restriction's money, and show the restriction again."""
    door.require(Action.RELEASE_DECIDE)
    done = door.attempt(None, lambda once: decide(**named, by=door.actor, now=door.now, once=once))
    return back(door, restriction_id, said) if done else page(door, restriction_id)


def back(door: Door, restriction_id: UUID, said: str) -> HttpResponse:
    """This will lead to the restriction, which says what was done."""
    return door.to("restriction", restriction_id=restriction_id, said=said)


def page(door: Door, restriction_id: UUID) -> HttpResponse:
    """This will draw one restriction. Errors: NotFound, Forbidden."""
    found = console.restriction(door.actor, fund_id=door.fund_id, restriction_id=restriction_id)
    return door.page("staff/restriction.html", restriction_view.shown(door, found), current=HERE)
