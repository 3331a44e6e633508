"""Pages of money in: the list, one receipt and what is done with it, and what nobody knows the donor of."""

from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse

from fundmgr.domain import ids, money
from fundmgr.domain.lifecycle import ReceiptState
from fundmgr.domain.permissions import Action
from fundmgr.services import bank_fees, receipt_batches, receipts, refunds
from requests_app.pages.staff import doors, grid, lists, receipt_view, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.money_forms import ReconcileForm
from requests_app.pages.staff.receipt_forms import (
    BankFeeForm,
    BounceForm,
    GiftForm,
    MatchForm,
    ReceiptsForm,
    RefundForm,
)
from requests_app.queries import console

HERE = "donors"
# The words of the address for each view of the list.
VIEWS = {
    "waiting": ReceiptState.RECEIVED,
    "unmatched": ReceiptState.UNMATCHED,
    "reconciled": ReceiptState.RECONCILED,
    "reversed": ReceiptState.REVERSED,
    "refunded": ReceiptState.REFUNDED,
}


@doors.page
def listing(door: Door) -> HttpResponse:
    """Show the receipts, newest first."""
    return _receipts(door)


@doors.page
def suspense(door: Door) -> HttpResponse:
    """Show the money whose donor nobody knows, and whose it could be."""
    found = console.suspense(door.actor, fund_id=door.fund_id, cursor=door.asked.get("cursor"))
    plural = "" if found.count == 1 else "s"
    shown = {
        "title": "Unmatched money",
        "note": f"{found.count:,} receipt{plural} of {money.dollars(found.cents)} whose donor nobody knows."
        if found.count
        else "The donor of all money is known.",
        "back_url": door.url("receipts"),
        "back_label": "Receipts",
        "columns": grid.columns("Bank reference", "Received on", "Amount, $#", "Payer", "State", "Could be"),
        "rows": [_unmatched(door, row, found.suggestions[row.id]) for row in found.page.rows],
        "pager": lists.pager(door, found.page),
        "caption": "Unmatched receipts, newest first",
        "empty": {
            "title": "Nothing here",
            "text": "Money that the bank names no known donor for comes here.",
        },
    }
    return door.page("staff/money_list.html", shown, current=HERE)


@doors.page
def receipt(door: Door, receipt_id: UUID) -> HttpResponse:
    """Show one receipt."""
    return _receipt(door, receipt_id)


@doors.form
def new(door: Door) -> HttpResponse:
    """Record a gift, or money that nobody knows the donor of."""
    door.require(Action.RECEIPT_RECORD)
    choices = console.match_choices(door.actor, fund_id=door.fund_id)
    form = GiftForm(
        door.posted,
        donors=choices.donors,
        restrictions=choices.restrictions,
        initial={"received_on": door.today},
    )
    done = door.attempt(form, lambda once: receipts.record(**_gift(door, form.cleaned_data), once=once))
    if done:
        said = "The receipt is recorded. Another treasurer must reconcile it before the money counts."
        return door.to("receipt", receipt_id=done.row_id, said=said)
    return _form(door, form, "Record money without a commitment", "Record the receipt")


@doors.form
def fee_new(door: Door) -> HttpResponse:
    """Record what the bank charged."""
    door.require(Action.BANK_FEE_RECORD)
    form = BankFeeForm(door.posted, initial={"charged_on": door.today})
    done = door.attempt(
        form,
        lambda once: bank_fees.record(
            fund_id=door.fund_id,
            amount_cents=form.cleaned_data["amount"],
            bank_reference=form.cleaned_data["bank_reference"],
            charged_on=form.cleaned_data["charged_on"],
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        return door.to("receipts", said="The fee is booked; it came out of what is available.")
    return _form(door, form, "Record a bank fee", "Book the fee")


@doors.act
def reconcile(door: Door) -> HttpResponse:
    """Confirm a receipt of the list against the bank."""
    door.require(Action.RECEIPT_RECONCILE)
    form = ReconcileForm(door.posted)
    done = door.attempt(
        form,
        lambda once: receipts.reconcile(
            receipt_id=form.cleaned_data["receipt"], by=door.actor, now=door.now, once=once
        ),
    )
    return door.to("receipts", said=_confirmed(done.row)) if done else _receipts(door, form=form)


@doors.act
def reconcile_many(door: Door) -> HttpResponse:
    """Confirm the ticked receipts against the bank, all of them or none."""
    door.require(Action.RECEIPT_RECONCILE)
    form = ReceiptsForm(door.posted)
    done = door.attempt(
        form,
        lambda once: receipt_batches.reconcile_many(
            fund_id=door.fund_id,
            receipt_ids=form.cleaned_data["receipt"],
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if not done:
        return _receipts(door, form=form)
    count = len(form.cleaned_data["receipt"])
    return door.to("receipts", said=f"{count:,} receipt{'' if count == 1 else 's'} reconciled.")


@doors.act
def reconcile_one(door: Door, receipt_id: UUID) -> HttpResponse:
    """Confirm this receipt against the bank."""
    door.require(Action.RECEIPT_RECONCILE)
    done = door.attempt(
        None,
        lambda once: receipts.reconcile(receipt_id=receipt_id, by=door.actor, now=door.now, once=once),
    )
    return _back(door, receipt_id, said=_confirmed(done.row)) if done else _receipt(door, receipt_id)


@doors.act
def match(door: Door, receipt_id: UUID) -> HttpResponse:
    """Say whose an unmatched receipt is."""
    door.require(Action.RECEIPT_MATCH)
    form = MatchForm(door.posted, choices=console.match_choices(door.actor, fund_id=door.fund_id))
    done = door.attempt(
        form,
        lambda once: receipts.match(
            receipt_id=receipt_id,
            commitment_id=form.cleaned_data["to"].commitment_id,
            donor_id=form.cleaned_data["to"].donor_id,
            restriction_id=_restriction(form.cleaned_data) if form.cleaned_data["to"].donor_id else None,
            by=door.actor,
            now=door.now,
            once=once,
        ),
        named={"commitment_id": "to", "donor_id": "to", "amount": "to"},
    )
    if done:
        return _back(door, receipt_id, said="The receipt is matched.")
    return _receipt(door, receipt_id, match=form)


@doors.act
def bounce(door: Door, receipt_id: UUID) -> HttpResponse:
    """Record that the bank took a receipt back."""
    door.require(Action.RECEIPT_BOUNCE)
    form = BounceForm(door.posted, auto_id="bounce_%s")
    done = door.attempt(
        form,
        lambda once: receipts.bounce(
            receipt_id=receipt_id,
            reason=form.cleaned_data["reason"],
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        return _back(door, receipt_id, said="The receipt is recorded as taken back by the bank.")
    return _receipt(door, receipt_id, bounce=form)


@doors.act
def refund(door: Door, receipt_id: UUID) -> HttpResponse:
    """Propose that money goes back to its donor."""
    door.require(Action.REFUND_PROPOSE)
    form = RefundForm(door.posted, auto_id="refund_%s")
    done = door.attempt(
        form,
        lambda once: refunds.propose(
            receipt_id=receipt_id,
            amount_cents=form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        return _back(door, receipt_id, said="The refund is proposed. A treasurer decides.")
    return _receipt(door, receipt_id, refund=form)


@doors.act
def refund_make(door: Door, receipt_id: UUID, refund_id: UUID) -> HttpResponse:
    """Give the money back."""
    return _decide(door, receipt_id, refund_id, decide=refunds.make, said="The money is given back.")


@doors.act
def refund_refuse(door: Door, receipt_id: UUID, refund_id: UUID) -> HttpResponse:
    """Refuse a refund."""
    return _decide(door, receipt_id, refund_id, decide=refunds.refuse, said="The refund is refused.")


def _decide(door: Door, receipt_id: UUID, refund_id: UUID, *, decide: Any, said: str) -> HttpResponse:
    door.require(Action.REFUND_MAKE)
    done = door.attempt(
        None, lambda once: decide(refund_id=refund_id, by=door.actor, now=door.now, once=once)
    )
    return _back(door, receipt_id, said=said) if done else _receipt(door, receipt_id)


def _gift(door: Door, said: dict[str, Any]) -> dict[str, Any]:
    return {
        "fund_id": door.fund_id,
        "amount_cents": said["amount"],
        "bank_reference": said["bank_reference"],
        "received_on": said["received_on"],
        "method": said["method"],
        "payer": said["payer"],
        "donor_id": said["donor"],
        "restriction_id": _restriction(said),
        "by": door.actor,
        "now": door.now,
    }


def _restriction(said: dict[str, Any]) -> UUID | None:
    return UUID(said["restriction"]) if said["restriction"] else None


def _confirmed(row: Any) -> str:
    if row is None:
        return ""
    amount = money.dollars(row.amount_cents)
    if row.state == ReceiptState.UNMATCHED:
        return f"{amount} is reconciled, and waits until somebody says whose it is."
    return f"{amount} is reconciled and may be awarded, less the reserve."


def _back(door: Door, receipt_id: UUID, *, said: str) -> HttpResponse:
    return door.to("receipt", receipt_id=receipt_id, said=said)


def _form(door: Door, form: BaseForm, title: str, send: str) -> HttpResponse:
    shown = {"form": form, "title": title, "send": send, "back_url": door.url("receipts")}
    return door.page("staff/form.html", shown, current=HERE)


def _receipt(door: Door, receipt_id: UUID, **forms: BaseForm) -> HttpResponse:
    found = console.receipt(door.actor, fund_id=door.fund_id, receipt_id=receipt_id)
    return door.page("staff/detail.html", receipt_view.shown(door, found, forms), current=HERE)


def _unmatched(door: Door, row: Any, suggestions: list[Any]) -> Any:
    could = "; ".join(f"{one.donor_name} {one.why}" for one in suggestions[:2])
    return grid.row(
        grid.link(row.bank_reference, door.url("receipt", receipt_id=row.id)),
        f"{row.received_on:%b} {row.received_on.day}, {row.received_on:%Y}",
        money.dollars(row.amount_cents).removeprefix("$"),
        row.payer or "–",
        grid.tagged(words.tag(words.RECEIPTS, row.state)),
        could or "–",
    )


def _receipts(door: Door, *, form: BaseForm | None = None) -> HttpResponse:
    view = door.asked.get("state", "")
    import_id = ids.parse_public("imp", door.asked.get("import", ""))
    found = console.receipts(
        door.actor,
        fund_id=door.fund_id,
        cursor=door.asked.get("cursor"),
        states=[VIEWS[view]] if view in VIEWS else None,
        import_id=import_id,
    )
    shown = {
        "found": found,
        "form": form,
        "pager": lists.pager(door, found.page),
        "states": words.RECEIPTS,
        "view": view if view in VIEWS else "",
        "views": [(name, words.RECEIPTS[state][1]) for name, state in VIEWS.items() if name != "waiting"],
        "may_reconcile": door.may(Action.RECEIPT_RECONCILE),
        "may_record": door.may(Action.RECEIPT_RECORD),
        "may_fee": door.may(Action.BANK_FEE_RECORD),
    }
    return door.page("staff/receipts.html", shown, current=HERE)
