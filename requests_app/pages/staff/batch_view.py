"""One batch as its page draws it, and what this person may do with it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse

from fundmgr.domain import ids, money
from fundmgr.domain.lifecycle import BatchState, PayoutState
from fundmgr.domain.permissions import Action
from requests_app.pages.staff import lists, words
from requests_app.pages.staff.doors import Door
from requests_app.queries import console
from requests_app.templatetags.fund_ui import when

WAYS = {
    "BANK": "Bank transfer",
    "CARD": "Prepaid card by mail",
    "CHECK": "Check by mail",
    "PICK_UP": "Pick-up",
}
UNDER_WAY = {PayoutState.RELEASED, PayoutState.SETTLED}
OWN = "You prepared this. Another treasurer must release it."


def way(payee: Any) -> str:
    """This will say how a payment goes, with the last four digits of an account."""
    said = WAYS.get(payee.method, payee.method)
    return f"{said} to ***{payee.last4}" if payee.last4 else said


def show(door: Door, batch_id: UUID, *, return_form: BaseForm, form: BaseForm | None = None) -> HttpResponse:
    """This will render a batch's page, with what was refused at its top."""
    found = console.batch_page(
        door.actor, fund_id=door.fund_id, batch_id=batch_id, cursor=door.asked.get("cursor")
    )
    batch = found.batch
    settles = door.may(Action.PAYOUT_SETTLE) and batch.state in {BatchState.RELEASED, BatchState.SETTLED}
    shown = {
        "title": f"Batch {batch.number}",
        "batch": batch,
        "form": form,
        "tag": words.tag(words.BATCHES, batch.state),
        "back_url": door.url("batches"),
        "figures": _figures(batch),
        "facts": _facts(batch),
        "rows": [_row(row) for row in found.payouts.rows],
        "pager": lists.pager(door, found.payouts),
        "settles": settles,
        "may_settle": settles and any(row.state == PayoutState.RELEASED for row in found.payouts.rows),
        "return_form": return_form if settles else None,
        "returnable": [_row(row) for row in found.payouts.rows if settles and row.state in UNDER_WAY],
        **_moves(door, batch),
    }
    return door.page("staff/batch.html", shown, current="payouts")


def _figures(batch: Any) -> list[Mapping[str, str]]:
    return [
        {"label": "Payments", "value": f"{batch.payouts_count:,}"},
        {"label": "Total", "value": money.dollars(batch.total_cents)},
    ]


def _facts(batch: Any) -> list[Mapping[str, str]]:
    rows = [("Prepared by", f"{batch.prepared_by}, {when(batch.created_at, 'stamp')}")]
    if batch.released_by:
        rows.append(("Released by", f"{batch.released_by}, {when(batch.released_at, 'stamp')}"))
    if batch.payment_list_sha256:
        rows.append(("Payment list, SHA-256", batch.payment_list_sha256))
    return [{"label": label, "value": value} for label, value in rows]


def _row(row: Any) -> Mapping[str, Any]:
    moment = row.returned_at or row.settled_at or row.released_at
    return {
        "id": ids.public("pay", row.id),
        "reference": row.award.request.reference,
        "amount_cents": row.amount_cents,
        "way": way(row.payee),
        "tag": words.tag(words.PAYOUTS, row.state),
        "note": row.return_code,
        "when": when(moment, "stamp") if moment else "",
        "is_open": row.state == PayoutState.RELEASED,
    }


def _moves(door: Door, batch: Any) -> Mapping[str, Any]:
    """The buttons of the one next step, or the sentence why there is none."""
    is_built, is_mine = batch.state == BatchState.BUILT, batch.prepared_by_id == door.actor.person_id
    may_release = door.may(Action.BATCH_RELEASE)
    locked = ""
    if is_built and is_mine:
        locked = OWN
    elif is_built and not may_release:
        locked = "A treasurer who releases must look at it."
    return {
        "locked": locked,
        "may_release": is_built and may_release and not is_mine,
        "may_cancel": is_built and door.may(Action.BATCH_BUILD),
        "may_download": bool(batch.payment_list_sha256) and door.may(Action.PAYOUT_SETTLE),
    }
