"""Pages of money promised."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from fundmgr.domain import money
from fundmgr.domain.lifecycle import CommitmentState, may_move
from fundmgr.domain.permissions import Action
from fundmgr.queries import pledge_offers
from fundmgr.services import commitments, receipts
from requests_app.pages.staff import doors, lists, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.money_forms import PledgeForm, ReasonForm, ReceiptForm
from requests_app.queries import console
from requests_app.templatetags.fund_ui import when

HERE = "donors"


@doors.page
def listing(door: Door) -> HttpResponse:
    """Show the commitments, newest first."""
    found = console.commitments(door.actor, fund_id=door.fund_id, cursor=door.asked.get("cursor"))
    shown = {
        "found": found,
        "pager": lists.pager(door, found.page),
        "states": words.COMMITMENTS,
        "may_write": door.may(Action.COMMITMENT_WRITE),
        "offers_waiting": pledge_offers.waiting_count(fund_id=door.fund_id),
    }
    return door.page("staff/commitments.html", shown, current=HERE)


@doors.form
def new(door: Door) -> HttpResponse:
    """Record a donor's promise."""
    choices = console.pledge_choices(door.actor, fund_id=door.fund_id)
    start = {"donor": door.asked.get("donor", ""), "pledged_on": door.today}
    form = PledgeForm(door.posted, donors=choices.donors, restrictions=choices.restrictions, initial=start)
    done = door.attempt(
        form,
        lambda once: commitments.pledge(
            fund_id=door.fund_id,
            donor_id=form.cleaned_data["donor"],
            amount_cents=form.cleaned_data["amount"],
            pledged_on=form.cleaned_data["pledged_on"],
            due_on=form.cleaned_data["due_on"],
            is_conditional=form.cleaned_data["conditional"] == "yes",
            condition=form.cleaned_data["condition"],
            right_of_return=form.cleaned_data["right_of_return"],
            match_percent=form.cleaned_data["match_percent"],
            collection_percent=form.cleaned_data["collection_percent"],
            instalments=form.cleaned_data["instalments"],
            restriction_id=UUID(form.cleaned_data["restriction"])
            if form.cleaned_data["restriction"]
            else None,
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        return door.to("commitment", commitment_id=done.row_id, said="The commitment is recorded.")
    shown = {
        "form": form,
        "title": "Record a commitment",
        "send": "Record the commitment",
        "back_url": door.url("donors"),
    }
    return door.page("staff/form.html", shown, current=HERE)


@doors.form
def commitment(door: Door, commitment_id: UUID) -> HttpResponse:
    """Show one commitment; record money that came in on it."""
    if door.is_post:
        door.require(Action.RECEIPT_RECORD)
    form = ReceiptForm(door.posted, initial={"received_on": door.today})
    done = door.attempt(
        form,
        lambda once: receipts.record(
            commitment_id=commitment_id,
            amount_cents=form.cleaned_data["amount"],
            bank_reference=form.cleaned_data["bank_reference"],
            received_on=form.cleaned_data["received_on"],
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        said = "The receipt is recorded. Another treasurer must reconcile it before the money counts."
        return door.to("commitment", commitment_id=commitment_id, said=said)
    return _commitment(door, commitment_id, form=form)


@doors.act
def cancel(door: Door, commitment_id: UUID) -> HttpResponse:
    """Give up what a donor still owes."""
    door.require(Action.COMMITMENT_WRITE)
    form = ReasonForm(door.posted)
    done = door.attempt(
        form,
        lambda once: commitments.cancel(
            commitment_id=commitment_id,
            reason=form.cleaned_data["reason"],
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        return door.to("commitment", commitment_id=commitment_id, said="The commitment is cancelled.")
    return _commitment(door, commitment_id, cancel_form=form)


def _commitment(
    door: Door,
    commitment_id: UUID,
    *,
    form: ReceiptForm | None = None,
    cancel_form: ReasonForm | None = None,
) -> HttpResponse:
    found = console.commitment(door.actor, fund_id=door.fund_id, commitment_id=commitment_id, now=door.now)
    shown = {
        "found": found,
        "form": cancel_form or form or ReceiptForm(),
        "receipt_form": form or ReceiptForm(initial={"received_on": door.today}),
        "cancel_form": cancel_form or ReasonForm(),
        "state": words.tag(words.COMMITMENTS, found.commitment.state),
        "receipt_states": words.RECEIPTS,
        "reminder_states": words.REMINDERS,
        "reminder_names": words.REMINDER_NAMES,
        "may_record": door.may(Action.RECEIPT_RECORD) and found.owed_cents > 0,
        "may_reconcile": door.may(Action.RECEIPT_RECONCILE),
        "may_open": door.may(Action.EVIDENCE_READ),
        "evidence_url": door.url("commitment_evidence", commitment_id=commitment_id)
        if door.may(Action.COMMITMENT_WRITE)
        else "",
        "acts": _acts(door, found.commitment),
        "may_decide": door.may(Action.CONDITION_CONFIRM),
        "turn": _turn(door, found.turn),
        "may_sign": found.commitment.state == CommitmentState.DRAFT and door.may(Action.PLEDGE_COUNTERSIGN),
        "may_cancel": door.may(Action.COMMITMENT_WRITE) and found.owed_cents > 0,
    }
    return door.page("staff/commitment.html", shown, current=HERE)


def _turn(door: Door, row: Any) -> dict[str, Any] | None:
    """What waits for a second signature: new dates, or that the donor will not pay."""
    if row is None:
        return None
    dates = [
        f"{money.dollars(cents, whole=True)} on {when(date.fromisoformat(day))}" for day, cents in row.parts
    ]
    own = row.proposed_by_id == door.actor.person_id
    return {
        "row": row,
        "says": f"new dates: {', '.join(dates)}." if dates else "that the donor will not pay.",
        "own": own,
        "may_sign": door.may(Action.PLEDGE_TURN_DECIDE) and not own,
    }


def _acts(door: Door, row: Any) -> list[dict[str, str]]:
    """What may become of the promise now, each a link to its page."""
    state = CommitmentState(row.state)
    is_judged = row.is_conditional and row.match_percent is None and row.met_cents < row.amount_cents
    may_write, may_turn = door.may(Action.COMMITMENT_WRITE), door.may(Action.PLEDGE_TURN_PROPOSE)
    wanted = [
        ("condition", "Say that the condition is met", is_judged and may_write),
        (
            "commitment_dates",
            "Agree on new dates",
            may_move(state, CommitmentState.RENEGOTIATED) and may_turn,
        ),
        (
            "commitment_default",
            "Say that the donor will not pay",
            may_move(state, CommitmentState.DEFAULTED) and may_turn,
        ),
        (
            "write_off",
            "Write off what is owed",
            state is CommitmentState.DEFAULTED and door.may(Action.PLEDGE_WRITE_OFF),
        ),
    ]
    return [
        {"label": label, "url": door.url(name, commitment_id=row.id)} for name, label, may in wanted if may
    ]
