"""Pages of money in."""

from django.http import HttpResponse

from fundmgr.domain import money
from fundmgr.domain.permissions import Action
from fundmgr.services import receipts
from requests_app.pages.staff import doors, lists, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.money_forms import ReconcileForm
from requests_app.queries import console

HERE = "donors"


@doors.page
def listing(door: Door) -> HttpResponse:
    """Show the receipts, newest first."""
    return _receipts(door)


@doors.act
def reconcile(door: Door) -> HttpResponse:
    """Confirm a receipt against the bank."""
    door.require(Action.RECEIPT_RECONCILE)
    form = ReconcileForm(door.posted)
    done = door.attempt(
        form,
        lambda once: receipts.reconcile(
            receipt_id=form.cleaned_data["receipt"], by=door.actor, now=door.now, once=once
        ),
    )
    if not done:
        return _receipts(door, form=form)
    if done.row is None:
        return door.to("receipts")
    amount = money.dollars(done.row.amount_cents)
    return door.to("receipts", said=f"{amount} is reconciled and may be awarded, less the reserve.")


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
