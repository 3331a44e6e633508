"""Pages of what becomes of a promise: second signature, condition, new dates, default, and what is owed."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse

from fundmgr.domain import ids, money
from fundmgr.domain.permissions import Action
from fundmgr.ports.idempotency import Once
from fundmgr.queries import receivables
from fundmgr.services import pledges, turns
from requests_app.exports import report_rows
from requests_app.pages.staff import doors, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.fields import BlockField, CentsField, KeyField, LineField, ScheduleField
from requests_app.queries import console
from requests_app.templatetags.fund_ui import when

HERE = "donors"
Call = Callable[[Once], Any]


class ConditionForm(forms.Form):
    """That the condition is met, for so much."""

    amount = CentsField(label="How much of the promise is due by it")
    proof = BlockField(label="How one can see it", missing="Write how one can see it.")
    evidence = KeyField("fil", label="The file that shows it", widget=forms.Select, required=False)

    def __init__(self, sent: Any, *, files: Any) -> None:
        super().__init__(sent)
        box: Any = self.fields["evidence"].widget
        named = [(ids.public("fil", row.id), f"{row.name}, {when(row.created_at, 'full')}") for row in files]
        box.choices = [("", "None" if named else "None is kept with this commitment yet"), *named]


class ScheduleForm(forms.Form):
    """New dates."""

    instalments = ScheduleField(
        label="Dates and amounts, one line each",
        missing="Write at least one date and its amount.",
        help_text="Like 2026-10-01 25,000. Together they are what is still to come.",
    )
    reason = LineField(label="Why", most=200, missing="Write why.")


class DefaultForm(forms.Form):
    """Why a donor will not pay."""

    reason = LineField(label="Why", most=200, missing="Write why.")


class WriteOffForm(forms.Form):
    """What the board said."""

    board_note = LineField(
        label="Where the board agreed", most=200, missing="Name the minutes in which the board agreed."
    )


class DecisionForm(forms.Form):
    """What the second person says of a proof."""

    is_met = forms.ChoiceField(
        choices=[("yes", "Yes"), ("no", "No")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose yes or no."),
    )


class TurnForm(forms.Form):
    """What the second person says of new dates or a default."""

    outcome = forms.ChoiceField(
        choices=[("MADE", "Sign it too"), ("REFUSED", "Refuse it")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose to sign it or to refuse it."),
    )


@doors.act
def countersign(door: Door, commitment_id: UUID) -> HttpResponse:
    """Let a large promise count."""
    door.require(Action.PLEDGE_COUNTERSIGN)
    done = door.attempt(
        None,
        lambda once: pledges.countersign(commitment_id=commitment_id, by=door.actor, now=door.now, once=once),
    )
    if not done:
        return _again(door, commitment_id)
    said = "The commitment is countersigned: it counts from now on."
    return door.to("commitment", commitment_id=commitment_id, said=said)


@doors.form
def condition(door: Door, commitment_id: UUID) -> HttpResponse:
    """Say that the condition is met."""
    door.require(Action.COMMITMENT_WRITE)
    found = console.commitment(door.actor, fund_id=door.fund_id, commitment_id=commitment_id, now=door.now)
    form = ConditionForm(door.posted, files=found.files)

    def call(once: Once) -> Any:
        return pledges.propose_condition(
            commitment_id=commitment_id,
            amount_cents=form.cleaned_data["amount"],
            proof=form.cleaned_data["proof"],
            evidence_id=form.cleaned_data["evidence"],
            by=door.actor,
            now=door.now,
            once=once,
        )

    said = "A treasurer who releases must confirm it before the money is owed."
    return _act(
        door,
        commitment_id,
        form,
        call,
        title="The condition is met",
        send="Say so",
        said=said,
        named={"evidence_id": "evidence"},
    )


@doors.act
def decide(door: Door, commitment_id: UUID, proof_id: UUID) -> HttpResponse:
    """Confirm or refuse a proof."""
    door.require(Action.CONDITION_CONFIRM)
    form = DecisionForm(door.posted)
    done = door.attempt(
        form,
        lambda once: pledges.decide_condition(
            proof_id=proof_id,
            is_met=form.cleaned_data["is_met"] == "yes",
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if not done:
        return _again(door, commitment_id)
    return door.to("commitment", commitment_id=commitment_id, said="The proof is decided.")


@doors.form
def schedule(door: Door, commitment_id: UUID) -> HttpResponse:
    """Give a late promise new dates."""
    door.require(Action.PLEDGE_TURN_PROPOSE)
    form = ScheduleForm(door.posted)

    def call(once: Once) -> Any:
        return turns.propose_dates(
            commitment_id=commitment_id,
            instalments=form.cleaned_data["instalments"],
            reason=form.cleaned_data["reason"],
            by=door.actor,
            now=door.now,
            once=once,
        )

    said = "The new dates are proposed. A treasurer who releases must sign them too."
    title = "Agree on new dates"
    return _act(door, commitment_id, form, call, title=title, send="Propose the dates", said=said)


@doors.form
def default(door: Door, commitment_id: UUID) -> HttpResponse:
    """Say that a donor will not pay."""
    door.require(Action.PLEDGE_TURN_PROPOSE)
    form = DefaultForm(door.posted)

    def call(once: Once) -> Any:
        return turns.propose_default(
            commitment_id=commitment_id,
            reason=form.cleaned_data["reason"],
            by=door.actor,
            now=door.now,
            once=once,
        )

    said = "The default is proposed. A treasurer who releases must sign it too."
    return _act(door, commitment_id, form, call, title="The donor will not pay", send="Say so", said=said)


@doors.act
def turn(door: Door, commitment_id: UUID, turn_id: UUID) -> HttpResponse:
    """Sign new dates or a default too, or refuse it."""
    door.require(Action.PLEDGE_TURN_DECIDE)
    form = TurnForm(door.posted)

    def call(once: Once) -> Any:
        decide = turns.make if form.cleaned_data["outcome"] == "MADE" else turns.refuse
        return decide(turn_id=turn_id, by=door.actor, now=door.now, once=once)

    if not door.attempt(form, call):
        return _again(door, commitment_id)
    return door.to("commitment", commitment_id=commitment_id, said="It is decided.")


@doors.form
def write_off(door: Door, commitment_id: UUID) -> HttpResponse:
    """Give up what a donor in default owes."""
    door.require(Action.PLEDGE_WRITE_OFF)
    form = WriteOffForm(door.posted)

    def call(once: Once) -> Any:
        return pledges.write_off(
            commitment_id=commitment_id,
            board_note=form.cleaned_data["board_note"],
            by=door.actor,
            now=door.now,
            once=once,
        )

    said = "It is written off; every figure follows."
    title = "Write off what is owed"
    return _act(door, commitment_id, form, call, title=title, send="Write it off", said=said)


@doors.page
def owed(door: Door) -> HttpResponse:
    """Show what donors owe, by how late it is."""
    found = receivables.aged_now(door.actor, fund_id=door.fund_id, now=door.now)
    shown = {
        "found": found,
        "states": words.COMMITMENTS,
        "columns": words.BUCKETS,
        "top_share": report_rows.percent(found.top_donor_bp),
    }
    return door.page("staff/receivables.html", shown, current=HERE)


def _act(
    door: Door,
    commitment_id: UUID,
    form: forms.Form,
    call: Call,
    *,
    title: str,
    send: str,
    said: str,
    named: Mapping[str, str] | None = None,
) -> HttpResponse:
    row = console.commitment(
        door.actor, fund_id=door.fund_id, commitment_id=commitment_id, now=door.now
    ).commitment
    done = door.attempt(form, call, named=named)
    if done:
        return door.to("commitment", commitment_id=commitment_id, said=said)
    intro = f"{money.dollars(row.amount_cents, whole=True)} from {row.donor.name}."
    back = door.url("commitment", commitment_id=commitment_id)
    shown = {"form": form, "title": title, "send": send, "intro": intro, "back_url": back}
    return door.page("staff/form.html", shown, current=HERE)


def _again(door: Door, commitment_id: UUID) -> HttpResponse:
    """Show what was refused, with the way back to the promise."""
    row = console.commitment(
        door.actor, fund_id=door.fund_id, commitment_id=commitment_id, now=door.now
    ).commitment
    shown = {
        "title": f"{money.dollars(row.amount_cents, whole=True)} from {row.donor.name}",
        "sentence": " ".join(refusal["text"] for refusal in door.refusals),
    }
    return door.page("staff/refused.html", shown, current=HERE)
