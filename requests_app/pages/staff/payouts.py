"""Money going out: payouts, building a batch, releasing it, what the bank did."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse

from fundmgr.domain import ids, money
from fundmgr.domain.lifecycle import AwardState, PayoutState
from fundmgr.domain.permissions import Action
from requests_app.pages.staff import batch_view, doors, grid, lists, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.fields import KeyField, KeyListField, LineField
from requests_app.pages.staff.request_forms import EmptyForm
from requests_app.queries import console
from requests_app.services import payouts as services
from requests_app.templatetags.fund_ui import when

HERE = "payouts"
_WITH_A_LAST_DAY = {AwardState.RESERVED, AwardState.EXPIRED}


class BuildForm(forms.Form):
    """The ticked awards."""

    award = KeyListField("awd", most=200, missing="Tick at least one award.")


class SettleForm(forms.Form):
    """The ticked payments."""

    payout = KeyListField("pay", most=200, missing="Tick at least one payment.")


class ReturnForm(forms.Form):
    """One payment that came back."""

    payout = KeyField("pay", missing="Choose a payment.")
    code = LineField(
        label="The bank’s code", most=8, missing="Give the bank's code for the return, like R03."
    )


@doors.page
def payouts(door: Door) -> HttpResponse:
    """Show the payouts, newest first."""
    state = door.asked.get("state", "")
    chosen = PayoutState(state) if state in set(PayoutState) else None
    found = console.payouts_page(
        door.actor, fund_id=door.fund_id, state=chosen, cursor=door.asked.get("cursor"), now=door.now
    )
    shown = {
        "note": _note(found),
        "actions": _actions(door, found),
        "chips": _chips(door, chosen),
        "menus": _menus(door),
        "columns": grid.columns("Request", "Amount, $#", "Way", "Batch", "State", "When", "Ledger"),
        "rows": [_row(door, row) for row in found.page.rows],
        "pager": lists.pager(door, found.page),
        "empty": {"title": "No payment here", "text": "Build a batch from awards that have payment details."},
    }
    return door.page("staff/payouts.html", shown, current=HERE)


@doors.page
def awards(door: Door) -> HttpResponse:
    """Show the awards, newest first."""
    state = door.asked.get("state", "")
    state = state if state in set(AwardState) else ""
    found = console.award_list(door.actor, fund_id=door.fund_id, state=state, cursor=door.asked.get("cursor"))
    shown = {
        "title": "Awards",
        "note": "Money set aside for a household; owed once the worker says how to be paid.",
        "back_url": door.url("payouts"),
        "back_label": "Payouts",
        "chips": [{"label": words.AWARDS[state][1], "remove_url": lists.with_query(door, state="")}]
        if state
        else [],
        "menus": [
            {
                "label": "State",
                "options": [
                    {"label": words.AWARDS[one][1], "url": lists.with_query(door, state=one)}
                    for one in AwardState
                ],
            }
        ],
        "columns": grid.columns("Request", "Round", "Amount, $#", "State", "Since", "Accept by", "Ledger"),
        "rows": [_award(door, row, leads=found.shows_names) for row in found.page.rows],
        "pager": lists.pager(door, found.page),
        "empty": {"title": "No award here", "text": "Awards come from an approved round."},
    }
    return door.page("staff/members.html", shown, current=HERE)


@doors.form
def batch_new(door: Door) -> HttpResponse:
    """Build a batch from awards that can be paid."""
    door.require(Action.BATCH_BUILD)
    form = BuildForm(door.posted)
    done = door.attempt(
        form,
        lambda once: services.build_batch(
            fund_id=door.fund_id, award_ids=form.cleaned_data["award"], by=door.actor, now=door.now, once=once
        ),
    )
    if done:
        return door.to(
            "batch", batch_id=done.row_id, said="The batch is built. Another treasurer releases it."
        )
    found = console.payable(door.actor, fund_id=door.fund_id, now=door.now)
    ticked = None if door.posted is None else set(door.posted.getlist("award"))
    shown = {
        "form": form if door.is_post else None,
        "found": found,
        "rows": [
            {
                "id": ids.public("awd", row.id),
                "reference": row.request.reference,
                "amount_cents": row.amount_cents,
                "again": row.has_returned,
                "ticked": ticked is None or ids.public("awd", row.id) in ticked,
            }
            for row in found.awards
        ],
        "back_url": door.url("payouts"),
    }
    return door.page("staff/batch_new.html", shown, current=HERE)


@doors.page
def batches(door: Door) -> HttpResponse:
    """Show the batches, newest first."""
    page = console.batch_list(door.actor, fund_id=door.fund_id, cursor=door.asked.get("cursor"))
    shown = {
        "note": "Built by one treasurer, released by another.",
        "back_url": door.url("payouts"),
        "back_label": "Payouts",
        "columns": grid.columns(
            "Batch", "Payments#", "Total, $#", "Prepared by", "Released by", "State", "When"
        ),
        "rows": [
            grid.row(
                grid.link(f"Batch {row.number}", door.url("batch", batch_id=row.id)),
                f"{row.payouts_count:,}",
                money.dollars(row.total_cents).removeprefix("$"),
                str(row.prepared_by),
                str(row.released_by or "–"),
                grid.tagged(words.tag(words.BATCHES, row.state)),
                when(row.released_at or row.created_at, "stamp"),
            )
            for row in page.rows
        ],
        "pager": lists.pager(door, page),
        "empty": {"title": "No batch yet", "text": "Build one from awards that have payment details."},
    }
    return door.page("staff/batches.html", shown, current=HERE)


@doors.page
def batch(door: Door, batch_id: UUID) -> HttpResponse:
    """Show one batch."""
    return batch_view.show(door, batch_id, return_form=ReturnForm())


@doors.act
def release(door: Door, batch_id: UUID) -> HttpResponse:
    """Send a batch's payments on their way."""
    door.require(Action.BATCH_RELEASE)
    done = door.attempt(
        EmptyForm(door.posted),
        lambda once: services.release(batch_id=batch_id, by=door.actor, now=door.now, once=once),
    )
    if done:
        return door.to("batch", batch_id=batch_id, said="Released. The payment list is written.")
    return batch_view.show(door, batch_id, return_form=ReturnForm())


@doors.act
def cancel(door: Door, batch_id: UUID) -> HttpResponse:
    """Give a batch up before its release."""
    door.require(Action.BATCH_BUILD)
    done = door.attempt(
        EmptyForm(door.posted),
        lambda once: services.cancel_batch(batch_id=batch_id, by=door.actor, now=door.now, once=once),
    )
    if done:
        return door.to(
            "batch", batch_id=batch_id, said="The batch is cancelled. Its awards can be paid later."
        )
    return batch_view.show(door, batch_id, return_form=ReturnForm())


@doors.act
def settle(door: Door, batch_id: UUID) -> HttpResponse:
    """Book that the bank paid the ticked payments."""
    door.require(Action.PAYOUT_SETTLE)
    form = SettleForm(door.posted)
    done = door.attempt(
        form,
        lambda once: services.settle(
            payout_ids=form.cleaned_data["payout"], by=door.actor, now=door.now, once=once
        ),
    )
    if done:
        return door.to("batch", batch_id=batch_id, said="The payments are booked as arrived.")
    return batch_view.show(door, batch_id, return_form=ReturnForm(), form=form)


@doors.act
def returned(door: Door, batch_id: UUID) -> HttpResponse:
    """Book that a payment came back."""
    door.require(Action.PAYOUT_SETTLE)
    form = ReturnForm(door.posted)
    done = door.attempt(
        form,
        lambda once: services.record_return(
            payout_id=form.cleaned_data["payout"],
            code=form.cleaned_data["code"].upper(),
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        said = "The payment came back. The award is owed again, and the worker is asked for new details."
        return door.to("batch", batch_id=batch_id, said=said)
    return batch_view.show(door, batch_id, return_form=form, form=form)


@doors.act
def payment_list(door: Door, batch_id: UUID) -> HttpResponse:
    """Hand out the payment list; the trail keeps who took it."""
    door.require(Action.PAYOUT_SETTLE)
    found = services.read_payment_list(batch_id=batch_id, by=door.actor, now=door.now)
    answer = HttpResponse(found.text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="batch-{found.number}.csv"'
    answer["X-Content-SHA256"] = found.sha256
    return answer


def _note(found: Any) -> str:
    totals = found.totals
    ready = f"{totals.payable_count:,} award{'' if totals.payable_count == 1 else 's'}"
    said = [f"{ready} of {money.dollars(totals.payable_cents, whole=True)} can be paid now."]
    if totals.without_payee_count:
        said.append(f"{totals.without_payee_count:,} wait for payment details.")
    if totals.held_count:
        said.append(f"{totals.held_count:,} changed their details a short time ago and must wait.")
    return " ".join(said)


def _actions(door: Door, found: Any) -> list[Mapping[str, str]]:
    actions: list[Mapping[str, str]] = [
        {"label": "Awards", "url": door.url("awards"), "kind": "line"},
        {"label": "Batches", "url": door.url("batches"), "kind": "line"},
    ]
    if door.may(Action.BATCH_BUILD) and found.totals.payable_count:
        actions.append({"label": "Build a batch", "url": door.url("batch_new"), "kind": ""})
    return actions


def _chips(door: Door, state: PayoutState | None) -> Sequence[Mapping[str, str]]:
    if state is None:
        return []
    return [{"label": words.PAYOUTS[state][1], "remove_url": lists.with_query(door, state="")}]


def _menus(door: Door) -> list[Mapping[str, Any]]:
    options = [
        {"label": words.PAYOUTS[one][1], "url": lists.with_query(door, state=one)} for one in PayoutState
    ]
    return [{"label": "State", "options": options}]


def _award(door: Door, row: Any, *, leads: bool) -> Any:
    return grid.row(
        grid.link(row.request.reference, door.url("request", request_id=row.request_id) if leads else ""),
        f"Round {row.round.number}",
        money.dollars(row.amount_cents).removeprefix("$"),
        grid.tagged(words.tag(words.AWARDS, row.state)),
        when(row.created_at, "stamp"),
        when(row.accept_by, "deadline") if row.accept_by and row.state in _WITH_A_LAST_DAY else "–",
        grid.link("Transfers", door.url("transfers", query={"cause": row.id})),
    )


def _row(door: Door, row: Any) -> Any:
    moment = row.returned_at or row.settled_at or row.released_at or row.created_at
    return grid.row(
        {"text": row.award.request.reference, "strong": True},
        money.dollars(row.amount_cents).removeprefix("$"),
        batch_view.way(row.payee),
        grid.link(f"Batch {row.batch.number}", door.url("batch", batch_id=row.batch_id)),
        grid.tagged(words.tag(words.PAYOUTS, row.state)),
        when(moment, "stamp"),
        grid.link("Transfers", door.url("transfers", query={"cause": row.id})),
    )
