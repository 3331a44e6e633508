"""A draw's pages: prepare it, see how far it is, publish a hash, tell a secret, propose the drawn round."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse

from fundmgr.domain import beacons
from fundmgr.domain.permissions import Action
from fundmgr.ports.idempotency import Once
from requests_app.pages.staff import doors, draw_view
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.fields import LineField, WholeField
from requests_app.services import round_draws, rounds
from requests_app.services.draw_terms import DrawTerms

HERE = "rounds"
MOST_TICKETS = 10
LASTS = (
    ("partial", "The last one drawn gets what is left"),
    ("skip", "One that does not fit is skipped, smaller needs behind it are tried"),
    ("stop", "The first that does not fit ends the draw"),
)
# Hours until the beacon's value comes out; until then both people publish their hashes.
BEACONS = (("", "No beacon"), ("1", "In one hour"), ("24", "In a day"), ("72", "In three days"))


class DrawForm(forms.Form):
    """What a draw needs."""

    last = forms.ChoiceField(label="When the money does not reach", choices=LASTS, widget=forms.RadioSelect)
    urgent_tickets = WholeField(
        label="Tickets of an urgent request",
        least=1,
        most=MOST_TICKETS,
        empty=1,
        help_text="Everybody else has one. With 3, an urgent request is three times as likely to be first.",
    )
    beacon = forms.ChoiceField(
        label="Public beacon",
        choices=BEACONS,
        required=False,
        help_text="A random value that comes out worldwide and that nobody knows before. "
        "Both people publish their hashes first.",
    )


class HashForm(forms.Form):
    """The hash of a secret."""

    commitment = LineField(label="Hash of your secret", most=64, missing="Paste the hash of your secret.")


class SecretForm(forms.Form):
    """The secret, and the beacon's value where one was named."""

    secret = LineField(label="Your secret", most=200, missing="Type your secret as you noted it.")
    beacon_value = LineField(label="Value of the beacon", most=64, required=False)


@doors.form
def prepare(door: Door) -> HttpResponse:
    """Freeze the list for a draw."""
    door.require(Action.ROUND_PROPOSE)
    form = DrawForm(door.posted, initial={"last": "partial", "urgent_tickets": 1})
    done = door.attempt(form, lambda once: _draft(door, form.cleaned_data, once))
    if done:
        said = "The list is frozen and its root is published. Two people now publish a hash each."
        return door.to("draw", round_id=done.row_id, said=said)
    shown = {
        "form": form,
        "title": "Prepare a draw",
        "intro": "Freezes the list of everybody who waits. Two different people then make the order "
        "together, so that nobody can choose it. No money is held before the round is approved.",
        "send": "Freeze the list",
        "back_url": door.url("rounds"),
    }
    return door.page("staff/form.html", shown, current=HERE)


@doors.page
def draw(door: Door, round_id: UUID) -> HttpResponse:
    """Show how far a draw is."""
    return _again(door, round_id)


@doors.act
def commit(door: Door, round_id: UUID) -> HttpResponse:
    """Publish the hash of one's secret."""
    door.require(Action.ROUND_SEED)
    form = HashForm(door.posted)
    done = door.attempt(
        form,
        lambda once: round_draws.commit_secret(
            round_id=round_id,
            commitment=form.cleaned_data["commitment"].lower(),
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if not done:
        return _again(door, round_id, form=form)
    said = "Your hash is published. Keep the secret; you tell it when both hashes are there."
    return door.to("draw", round_id=round_id, said=said)


@doors.act
def reveal(door: Door, round_id: UUID) -> HttpResponse:
    """Tell one's secret."""
    door.require(Action.ROUND_SEED)
    form = SecretForm(door.posted)
    done = door.attempt(
        form,
        lambda once: round_draws.reveal_secret(
            round_id=round_id, **form.cleaned_data, by=door.actor, now=door.now, once=once
        ),
    )
    if not done:
        return _again(door, round_id, form=form)
    return door.to("draw", round_id=round_id, said="Your secret is kept. It is shown when both are told.")


@doors.act
def propose(door: Door, round_id: UUID) -> HttpResponse:
    """Propose a drawn round."""
    door.require(Action.ROUND_PROPOSE)
    done = door.attempt(
        None, lambda once: rounds.propose(round_id=round_id, by=door.actor, now=door.now, once=once)
    )
    if not done:
        return _again(door, round_id)
    said = "The round is proposed in the drawn order. Another person must approve it."
    return door.to("round", round_id=round_id, said=said)


def _draft(door: Door, said: dict[str, Any], once: Once) -> Any:
    hours = said["beacon"]
    beacon = beacons.first_after(door.now + timedelta(hours=int(hours))) if hours else None
    return rounds.draft(
        fund_id=door.fund_id,
        rule={"version": 1, "rule": "draw", "last": said["last"]},
        terms=DrawTerms(beacon, said["urgent_tickets"]),
        by=door.actor,
        now=door.now,
        once=once,
    )


def _again(door: Door, round_id: UUID, *, form: forms.Form | None = None) -> HttpResponse:
    hash_form = form if isinstance(form, HashForm) else HashForm()
    secret_form = form if isinstance(form, SecretForm) else SecretForm()
    return draw_view.show(door, round_id, hash_form=hash_form, secret_form=secret_form, form=form)
