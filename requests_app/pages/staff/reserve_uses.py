"""Pages of the reserve: propose what it is used for, and let another person decide."""

from uuid import UUID

from django import forms
from django.http import HttpResponse

from fundmgr.domain import money
from fundmgr.domain.permissions import Action
from fundmgr.domain.reserve import ReserveGround
from fundmgr.services import reserve_uses
from requests_app.pages.staff import doors, restrictions, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.fields import CentsField, LineField
from requests_app.queries import console

HERE = "means"


class ReserveUseForm(forms.Form):
    """How much of the reserve to use, and for what."""

    amount = CentsField(label="Amount to use")
    ground = forms.ChoiceField(
        label="What it is used for",
        choices=[(word.value, words.RESERVE_GROUNDS[word]) for word in ReserveGround],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what it is used for."),
    )
    reason = LineField(label="Why", most=300, missing="Write what the money is used for.")


@doors.form
def use_new(door: Door, restriction_id: UUID) -> HttpResponse:
    """Propose that money of the reserve may be awarded."""
    door.require(Action.RELEASE_PROPOSE)
    found = console.restriction(door.actor, fund_id=door.fund_id, restriction_id=restriction_id)
    form = ReserveUseForm(door.posted)
    done = door.attempt(
        form,
        lambda once: reserve_uses.propose(
            restriction_id=restriction_id,
            amount_cents=form.cleaned_data["amount"],
            ground=ReserveGround(form.cleaned_data["ground"]),
            reason=form.cleaned_data["reason"],
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        return restrictions.back(
            door, restriction_id, "The use is proposed. A treasurer who releases decides."
        )
    shown = {
        "form": form,
        "title": "Use the reserve",
        "send": "Propose it",
        "intro": f"The reserve holds {money.dollars(found.reserve_cents)}. What is used of it may be awarded "
        "in the next round. It takes another person.",
        "back_url": door.url("restriction", restriction_id=restriction_id),
    }
    return door.page("staff/form.html", shown, current=HERE)


@doors.act
def use_make(door: Door, restriction_id: UUID, use_id: UUID) -> HttpResponse:
    """Put the money to use."""
    said = "The money is available: it may be awarded."
    return restrictions.decided(door, restriction_id, reserve_uses.make, said, use_id=use_id)


@doors.act
def use_refuse(door: Door, restriction_id: UUID, use_id: UUID) -> HttpResponse:
    """Refuse a use of the reserve."""
    said = "The use is refused; the money stays in the reserve."
    return restrictions.decided(door, restriction_id, reserve_uses.refuse, said, use_id=use_id)
