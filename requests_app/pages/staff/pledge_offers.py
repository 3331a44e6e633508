"""Pages of promises from the public page: take one as a commitment, or turn it down."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse

from fundmgr.domain import ids
from fundmgr.domain.permissions import Action
from requests_app.pages.staff import doors, lists, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.fields import DayField, KeyField, LineField
from requests_app.queries import console
from requests_app.services import pledge_offers
from requests_app.services.pledge_offers import MOST_REPLY

HERE = "donors"


class TakeForm(forms.Form):
    """What the fund adds to a promise: whose it is, when it is due, what it is tied to."""

    donor = KeyField("don", label="Donor", widget=forms.Select, required=False)
    due_on = DayField(label="Due on", required=False)
    restriction = KeyField("rst", label="What the money is tied to", widget=forms.Select, required=False)

    def __init__(self, sent: Any, *, choices: Any, initial: dict[str, Any]) -> None:
        super().__init__(sent, initial=initial)
        donor_box: Any = self.fields["donor"].widget
        named = [(ids.public("don", row.id), row.name) for row in choices.donors]
        donor_box.choices = [("", "A new donor of this name"), *named]
        tied: Any = self.fields["restriction"].widget
        tied.choices = [("", "Nothing: it may be used for any need")] + [
            (ids.public("rst", row.id), row.name) for row in choices.restrictions if not row.is_general
        ]


class TurnDownForm(forms.Form):
    """Why a promise is not taken: for the fund, and for the one who made it."""

    reason = LineField(label="Why, for the fund’s own records", most=200, missing="Write why.")
    reply = LineField(
        label="Why, for the giver to read",
        help_text="It stands in the letter that they get. Empty: the letter gives no reason.",
        most=MOST_REPLY,
        required=False,
    )


@doors.page
def listing(door: Door) -> HttpResponse:
    """Show the promises whose givers confirmed them, newest first."""
    page = console.offers(door.actor, fund_id=door.fund_id, cursor=door.asked.get("cursor"))
    shown = {"rows": page.rows, "pager": lists.pager(door, page), "states": words.OFFERS}
    return door.page("staff/pledge_offers.html", shown, current=HERE)


@doors.form
def offer(door: Door, offer_id: UUID) -> HttpResponse:
    """Show one promise; take it as a commitment."""
    if not door.is_post:
        return _offer(door, offer_id)
    door.require(Action.COMMITMENT_WRITE)
    found = console.offer(door.actor, fund_id=door.fund_id, offer_id=offer_id)
    form = _take_form(door, found, sent=door.posted)
    done = door.attempt(
        form,
        lambda once: pledge_offers.take(
            offer_id=offer_id,
            donor_id=form.cleaned_data["donor"],
            due_on=form.cleaned_data["due_on"],
            restriction_id=form.cleaned_data["restriction"],
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if not done:
        return _offer(door, offer_id, form=form)
    return door.to("pledge_offer", offer_id=offer_id, said="The promise is recorded as a commitment.")


@doors.act
def turn_down(door: Door, offer_id: UUID) -> HttpResponse:
    """Turn a promise down."""
    door.require(Action.COMMITMENT_WRITE)
    console.offer(door.actor, fund_id=door.fund_id, offer_id=offer_id)
    form = TurnDownForm(door.posted)
    done = door.attempt(
        form,
        lambda once: pledge_offers.turn_down(
            offer_id=offer_id, **form.cleaned_data, by=door.actor, now=door.now, once=once
        ),
    )
    if not done:
        return _offer(door, offer_id, reason_form=form)
    return door.to("pledge_offers", said="The promise is turned down.")


def _take_form(door: Door, found: Any, *, sent: Any = None) -> TakeForm:
    choices = console.pledge_choices(door.actor, fund_id=door.fund_id)
    start = {"donor": found.known.id if found.known else None, "due_on": found.offer.meant_on}
    return TakeForm(sent, choices=choices, initial=start)


def _offer(
    door: Door, offer_id: UUID, *, form: TakeForm | None = None, reason_form: TurnDownForm | None = None
) -> HttpResponse:
    found = console.offer(door.actor, fund_id=door.fund_id, offer_id=offer_id)
    may_decide = found.waits and door.may(Action.COMMITMENT_WRITE)
    shown = {
        "found": found,
        "state": words.tag(words.OFFERS, found.offer.state),
        "language": words.LANGUAGES.get(found.offer.language, found.offer.language),
        "may_decide": may_decide,
        # Which of the two was sent: its problems stand at the top of the page.
        "form": reason_form or form,
        "take_form": (form or _take_form(door, found)) if may_decide else None,
        "reason_form": reason_form or TurnDownForm(),
    }
    return door.page("staff/pledge_offer.html", shown, current=HERE)
