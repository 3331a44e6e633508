"""Pages of money promised and money in."""

from uuid import UUID

from django.http import HttpResponse

from fundmgr.domain import money
from fundmgr.domain.permissions import Action
from fundmgr.services import commitments
from requests_app.pages.staff import doors, lists, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.money_forms import DonorForm, PledgeForm, ReasonForm, ReceiptForm, ReconcileForm
from requests_app.queries import console

HERE = "donors"


@doors.page
def donors(door: Door) -> HttpResponse:
    """Show the donors with what they promised and gave."""
    found = console.donors(door.actor, fund_id=door.fund_id, cursor=door.asked.get("cursor"))
    shown = {"found": found, "pager": lists.pager(door, found.page), "may_write": _may_write(door)}
    return door.page("staff/donors.html", shown, current=HERE)


@doors.form
def donor_new(door: Door) -> HttpResponse:
    """Record a donor."""
    door.require(Action.COMMITMENT_WRITE)
    form = DonorForm(door.posted)
    done = door.attempt(
        form,
        lambda once: commitments.add_donor(
            fund_id=door.fund_id,
            name=form.cleaned_data["name"],
            is_organisation=form.cleaned_data["kind"] == "organisation",
            is_anonymous=form.cleaned_data["is_anonymous"],
            contact=form.cleaned_data["contact"] or None,
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        return door.to("donor", donor_id=done.row_id, said="The donor is recorded.")
    return _form(door, form, title="Record a donor", send="Record the donor", back=door.url("donors"))


@doors.page
def donor(door: Door, donor_id: UUID) -> HttpResponse:
    """Show one donor."""
    found = console.donor(door.actor, fund_id=door.fund_id, donor_id=donor_id)
    shown = {"found": found, "states": words.COMMITMENTS, "may_write": _may_write(door)}
    return door.page("staff/donor.html", shown, current=HERE)


@doors.page
def commitment_list(door: Door) -> HttpResponse:
    """Show the commitments, newest first."""
    found = console.commitments(door.actor, fund_id=door.fund_id, cursor=door.asked.get("cursor"))
    shown = {
        "found": found,
        "pager": lists.pager(door, found.page),
        "states": words.COMMITMENTS,
        "may_write": _may_write(door),
    }
    return door.page("staff/commitments.html", shown, current=HERE)


@doors.form
def commitment_new(door: Door) -> HttpResponse:
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
    return _form(
        door, form, title="Record a commitment", send="Record the commitment", back=door.url("donors")
    )


@doors.form
def commitment(door: Door, commitment_id: UUID) -> HttpResponse:
    """Show one commitment; record money that came in on it."""
    if door.is_post:
        door.require(Action.RECEIPT_RECORD)
    form = ReceiptForm(door.posted, initial={"received_on": door.today})
    done = door.attempt(
        form,
        lambda once: commitments.record_receipt(
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
def commitment_cancel(door: Door, commitment_id: UUID) -> HttpResponse:
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


@doors.page
def receipts(door: Door) -> HttpResponse:
    """Show the receipts, newest first."""
    return _receipts(door)


@doors.act
def reconcile(door: Door) -> HttpResponse:
    """Confirm a receipt against the bank."""
    door.require(Action.RECEIPT_RECONCILE)
    form = ReconcileForm(door.posted)
    done = door.attempt(
        form,
        lambda once: commitments.reconcile_receipt(
            receipt_id=form.cleaned_data["receipt"], by=door.actor, now=door.now, once=once
        ),
    )
    if not done:
        return _receipts(door, form=form)
    if done.row is None:
        return door.to("receipts")
    amount = money.dollars(done.row.amount_cents)
    return door.to("receipts", said=f"{amount} is reconciled and may be awarded, less the reserve.")


def _may_write(door: Door) -> bool:
    return door.may(Action.COMMITMENT_WRITE)


def _commitment(
    door: Door,
    commitment_id: UUID,
    *,
    form: ReceiptForm | None = None,
    cancel_form: ReasonForm | None = None,
) -> HttpResponse:
    found = console.commitment(door.actor, fund_id=door.fund_id, commitment_id=commitment_id)
    shown = {
        "found": found,
        "form": cancel_form or form or ReceiptForm(),
        "receipt_form": form or ReceiptForm(initial={"received_on": door.today}),
        "cancel_form": cancel_form or ReasonForm(),
        "state": words.tag(words.COMMITMENTS, found.commitment.state),
        "receipt_states": words.RECEIPTS,
        "may_record": door.may(Action.RECEIPT_RECORD) and found.owed_cents > 0,
        "may_reconcile": door.may(Action.RECEIPT_RECONCILE),
        "may_cancel": _may_write(door) and found.owed_cents > 0,
    }
    return door.page("staff/commitment.html", shown, current=HERE)


def _receipts(door: Door, *, form: ReconcileForm | None = None) -> HttpResponse:
    waiting = door.asked.get("state") == "waiting"
    found = console.receipts(
        door.actor, fund_id=door.fund_id, cursor=door.asked.get("cursor"), only_waiting=waiting
    )
    shown = {
        "found": found,
        "form": form,
        "pager": lists.pager(door, found.page),
        "states": words.RECEIPTS,
        "only_waiting": waiting,
        "may_reconcile": door.may(Action.RECEIPT_RECONCILE),
    }
    return door.page("staff/receipts.html", shown, current=HERE)


def _form(door: Door, form: DonorForm | PledgeForm, *, title: str, send: str, back: str) -> HttpResponse:
    shown = {"form": form, "title": title, "send": send, "back_url": back}
    return door.page("staff/form.html", shown, current=HERE)
