"""One receipt as its page shows it: what its money did, its way through the books, what to do next."""

from collections.abc import Sequence
from typing import Any

from django.forms import BaseForm

from fundmgr.domain import ids, money
from fundmgr.domain.lifecycle import LetterState, ReceiptState
from fundmgr.domain.permissions import Action
from requests_app.pages.staff import grid, sentences, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.receipt_forms import METHODS, BounceForm, MatchForm, RefundForm, SuggestedForm
from requests_app.queries import console
from requests_app.templatetags.fund_ui import when

Shown = dict[str, Any]
MOVES = {
    "RECEIPT": "Booked as money in",
    "SUSPENSE": "Booked as unmatched",
    "SUSPENSE_MATCHED": "Moved to whose it is",
    "BOUNCE": "Taken back by the bank",
    "REFUND": "Given back to the donor",
}
BOOKED = {ReceiptState.RECONCILED, ReceiptState.UNMATCHED}
LIVE = {*BOOKED, ReceiptState.RECEIVED}


def shown(door: Door, found: Any, forms: dict[str, BaseForm]) -> Shown:
    """This will return the page's context; `forms` are those that were sent and refused."""
    row = found.receipt
    return {
        "title": f"{money.dollars(row.amount_cents)} from {_payer(row)}",
        "back_url": door.url("receipts"),
        "back_label": "Receipts",
        "tag": words.tag(words.RECEIPTS, row.state),
        "note": _note(found),
        "figures": _figures(row),
        "facts": [*_facts(row), *_letters(found)],
        "list_title": "In the books",
        "columns": grid.columns("Place#", "When", "What"),
        "rows": [
            grid.row(
                grid.link(f"{one.sequence:,}", door.url("transfer", transfer_id=one.transfer_id)),
                when(one.at, "stamp"),
                MOVES.get(one.move, one.move),
            )
            for one in found.transfers
        ],
        "empty": {"title": "Not in the books", "text": "The bank has not confirmed this money."},
        "moves": _moves(door, found, forms),
        "moves_title": "What to do",
        "locked": _locked(door, row),
        "events": [_event(sentences.line(line)) for line in found.lines],
        "form": next(iter(forms.values()), None),
    }


def lacking_words(lacking: Any) -> str:
    """This will say in words what is missing since gifts bounced."""
    parts = [
        f"{money.dollars(lacking.uncovered_cents)} is promised to workers and lacks its money"
        if lacking.uncovered_cents
        else "",
        f"{money.dollars(lacking.deficit_cents)} was paid to workers and lacks its money"
        if lacking.deficit_cents
        else "",
        f"the bank is owed {money.dollars(lacking.overdraft_cents)}" if lacking.overdraft_cents else "",
    ]
    said = ", and ".join(part for part in parts if part)
    return f"{said[:1].upper()}{said[1:]}. Nothing of it can be awarded until the next money has filled this."


def _payer(row: Any) -> str:
    return row.donor.name if row.donor else row.payer or "somebody unknown"


def _note(found: Any) -> str:
    if found.receipt.state == ReceiptState.REVERSED and found.lacking is not None:
        return lacking_words(found.lacking)
    return f"Came in on {when(found.receipt.received_on, 'full')}."


def _figures(row: Any) -> list[Shown]:
    parts = [
        ("Amount", row.amount_cents, True),
        ("Pays the commitment", row.receivable_cents, False),
        ("Came before its condition", row.advance_cents, False),
        ("Kept as the reserve", row.reserve_cents, False),
        ("Given back", row.refunded_cents, False),
    ]
    return [
        {"label": label, "value": money.dollars(cents)} for label, cents, always in parts if always or cents
    ]


def _facts(row: Any) -> list[Shown]:
    people = [
        ("Recorded by", row.recorded_by),
        ("Matched by", row.matched_by),
        ("Reconciled by", row.reconciled_by),
    ]
    facts = [
        ("Bank reference", row.bank_reference),
        ("How it came", dict(METHODS).get(row.method, row.method)),
        ("Payer, as the bank says", row.payer or "–"),
        ("Donor", row.donor.name if row.donor else "Nobody knows yet"),
        ("Tied to", "Nothing" if row.restriction.is_general else row.restriction.name),
        *((label, str(person)) for label, person in people if person),
    ]
    if row.bank_import is not None:
        facts.append(("Bank file", row.bank_import.file_name))
    return [{"label": label, "value": value} for label, value in facts]


def _letters(found: Any) -> list[Shown]:
    return [
        {"label": f"Letter {letter.number}", "value": f"Void. {letter.void_reason}"}
        if letter.state == LetterState.VOID
        else {"label": "Acknowledged by", "value": f"Letter {letter.number}"}
        for letter in found.letters
    ]


def _event(row: Any) -> Shown:
    return {"label": when(row.at, "stamp"), "value": f"{row.who} {row.what}"}


def _locked(door: Door, row: Any) -> str:
    own = row.recorded_by_id is not None and row.recorded_by_id == door.actor.person_id
    if own and row.state == ReceiptState.RECEIVED:
        return "You recorded this. Another person must reconcile it."
    return ""


def _moves(door: Door, found: Any, forms: dict[str, BaseForm]) -> Sequence[Shown]:
    row = found.receipt
    moves: list[Shown] = []
    own = row.recorded_by_id is not None and row.recorded_by_id == door.actor.person_id
    if row.state == ReceiptState.RECEIVED and door.may(Action.RECEIPT_RECONCILE) and not own:
        moves.append(_reconcile(door, row))
    if row.donor_id is None and row.state in LIVE and door.may(Action.RECEIPT_MATCH) and not own:
        moves += _matches(door, found, forms)
    if found.open_refund is not None:
        moves += _decisions(door, found.open_refund)
    elif row.state in BOOKED and door.may(Action.REFUND_PROPOSE):
        left = row.amount_cents - row.refunded_cents
        form = forms.get("refund") or RefundForm(initial={"amount": left}, auto_id="refund_%s")
        note = "A treasurer decides. Never out of money that is promised to workers."
        moves.append(_move(door, row, "refund", "Propose to give it back", form, kind="line", note=note))
    if row.state in LIVE and door.may(Action.RECEIPT_BOUNCE):
        form = forms.get("bounce") or BounceForm(auto_id="bounce_%s")
        moves.append(_move(door, row, "bounce", "The bank took it back", form, kind="warn"))
    return moves


def _move(door: Door, row: Any, act: str, label: str, form: Any, *, kind: str = "", note: str = "") -> Shown:
    url = door.url(f"receipt_{act}", receipt_id=row.id)
    return {"url": url, "label": label, "form": form, "kind": kind, "note": note}


def _reconcile(door: Door, row: Any) -> Shown:
    note = "The bank's statement shows this money."
    return _move(door, row, "reconcile", "Reconcile", [], note=note)


def _matches(door: Door, found: Any, forms: dict[str, BaseForm]) -> list[Shown]:
    row = found.receipt
    suggested = [_suggested(door, row, one) for one in found.suggestions]
    choices = console.match_choices(door.actor, fund_id=door.fund_id)
    form = forms.get("match") or MatchForm(None, choices=choices)
    return [*suggested, _move(door, row, "match", "Match it", form)]


def _suggested(door: Door, row: Any, one: Any) -> Shown:
    form = SuggestedForm(initial={"to": public(one)}, auto_id=False)
    note = f"{one.donor_name} {one.why}."
    return _move(door, row, "match", f"It is {one.donor_name}’s", form, kind="line", note=note)


def public(suggestion: Any) -> str:
    """This will return the public id that a suggestion stands for."""
    if suggestion.commitment_id is not None:
        return ids.public("com", suggestion.commitment_id)
    return ids.public("don", suggestion.donor_id)


def _decisions(door: Door, refund: Any) -> list[Shown]:
    if not door.may(Action.REFUND_MAKE) or refund.proposed_by_id == door.actor.person_id:
        return []
    amount = money.dollars(refund.amount_cents)
    return [
        {
            "url": door.url("refund_make", receipt_id=refund.receipt_id, refund_id=refund.id),
            "label": f"Give {amount} back",
            "form": [],
            "note": f"{refund.proposed_by} proposed it: {refund.reason}",
        },
        {
            "url": door.url("refund_refuse", receipt_id=refund.receipt_id, refund_id=refund.id),
            "label": "Refuse the refund",
            "form": [],
            "kind": "line",
        },
    ]
