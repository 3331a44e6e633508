"""The ledger in a reader's words: accounts, moves, and the links that follow a dollar both ways."""

from calendar import monthrange
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.forms import BaseForm
from django.utils import timezone

from fundmgr.domain import chart, money
from fundmgr.domain.chart import Code
from fundmgr.domain.move import Move
from fundmgr.queries.statements import AccountBalance
from requests_app.pages.staff import grid, lists, reversal_view, sentences
from requests_app.pages.staff.doors import Door
from requests_app.queries.console import Cause, Line, TransferPage
from requests_app.queries.statements import StatementPage
from requests_app.templatetags.fund_ui import when

MOVES: dict[str, str] = {
    Move.PLEDGE: "A donor promised",
    Move.PLEDGE_CANCELLED: "A promise was given up",
    Move.CONDITION_MET: "A condition was met",
    Move.CONDITION_UNMET: "A condition failed",
    Move.WRITE_OFF: "A promise was written off",
    Move.RECEIPT: "Money came in",
    Move.SUSPENSE: "Unmatched money came in",
    Move.SUSPENSE_MATCHED: "Unmatched money was matched",
    Move.BOUNCE: "The bank took a gift back",
    Move.REFUND: "A gift was given back",
    Move.RESTRICTION_RELEASE: "A restriction was lifted",
    Move.RESERVE_USE: "The reserve was used",
    Move.BANK_FEE: "The bank charged a fee",
    Move.HOLD: "Held for an award",
    Move.AWARD: "An award is owed",
    Move.HOLD_VOID: "A hold was let go",
    Move.AWARD_RESCINDED: "An award was taken back",
    Move.RELEASE: "A payment was sent",
    Move.SETTLEMENT: "A payment arrived",
    Move.RETURN_IN_TRANSIT: "A payment came back on its way",
    Move.RETURN_SETTLED: "A payment came back after it arrived",
    Move.REISSUE: "A payment was sent again",
    Move.UNCASHED: "A check was not cashed",
    Move.ESCHEAT: "Unclaimed money went to the state",
    Move.CLAWBACK: "Money is asked back",
    Move.CLAWBACK_RECEIVED: "Money asked back came in",
    Move.REVERSAL: "An earlier transfer was reversed",
}
CAUSES = {
    "commitment": "Commitment",
    "receipt": "Receipt",
    "award": "Award",
    "payout": "Payout",
    "refund": "Refund",
    "release": "Release of a restriction",
    "reserve_use": "Use of the reserve",
    "bank_fee": "Bank fee",
    "clawback": "Clawback",
}
_KEYS = {
    "commitment": "commitment_id",
    "receipt": "receipt_id",
    "restriction": "restriction_id",
    "request": "request_id",
    "batch": "batch_id",
}


def name_of(code: str) -> str:
    """This will name an account by number and words."""
    return f"{code} {chart.NAMES[Code(code)]}"


def plain(cents: int) -> str:
    """This will write an amount for a column whose head says dollars."""
    return money.dollars(cents).replace("$", "")


def balance_link(door: Door, one: AccountBalance | None) -> grid.Cell | str:
    """This will write a balance as the way to its account's statement."""
    return (
        grid.link(plain(one.balance_cents), door.url("statement", account_id=one.account_id)) if one else "–"
    )


def cause_links(door: Door, cause: Cause) -> list[Mapping[str, str]]:
    """This will return where a cause is told, its own transfers, and those before and after it."""
    name = CAUSES.get(cause.kind, cause.kind)
    links = [{"label": f"All transfers of this {name.lower()}", "url": _transfers(door, cause.key)}]
    if cause.page:
        page = door.url(cause.page, **{_KEYS[cause.page]: cause.page_key})
        links.insert(0, {"label": f"{name} {cause.label}".strip(), "url": page})
    beside = [
        {"label": f"Transfers of its {CAUSES[kind].lower()}", "url": _transfers(door, key)}
        for kind, key in cause.beside
    ]
    return [*links, *beside]


def transfer(door: Door, found: TransferPage, form: BaseForm | None = None) -> Mapping[str, Any]:
    """This will return what a transfer's page shows; `form` was sent and refused."""
    row = found.transfer
    bound = [("Resolves", row.resolves), ("Reverses", row.reverses)]
    bound += [("Is resolved or reversed by", one) for one in found.undone_by]
    return {
        "title": f"Transfer {row.sequence:,}",
        "note": f"{MOVES[row.move]}, {when(row.created_at, 'stamp')}",
        "back_url": door.url("transfers"),
        "columns": grid.columns("Account", "Restriction", "Debit, $#", "Credit, $#"),
        "rows": [_entry(door, one) for one in found.entries],
        "links": [
            *cause_links(door, found.cause),
            *(
                {"label": f"{label} transfer {one.sequence:,}", "url": _one(door, one)}
                for label, one in bound
                if one
            ),
        ],
        "events": [_event(line) for line in found.events],
        **reversal_view.shown(door, found, form),
    }


def statement(door: Door, found: StatementPage, form: BaseForm) -> Mapping[str, Any]:
    """This will return what a statement's page shows."""
    account = found.account
    days = urlencode({"first": found.first, "last": found.last})
    return {
        "title": name_of(account.code),
        "note": f"{account.restriction.name}, {when(found.first, 'full')} to {when(found.last, 'full')}",
        "back_url": door.url("accounts"),
        "form": form,
        "first": found.first,
        "last": found.last,
        "figures": [
            {"label": "At the start", "value": money.dollars(found.opening_cents)},
            {"label": "At the end", "value": money.dollars(found.closing_cents)},
        ],
        "columns": grid.columns("Transfer", "When", "What", "Change, $#", "Balance, $#"),
        "rows": [
            grid.row(
                grid.link(f"No. {line.transfer.sequence:,}", _one(door, line.transfer)),
                when(line.at, "stamp"),
                MOVES[line.transfer.move],
                plain(line.change_cents),
                plain(line.balance_cents),
            )
            for line in found.lines
        ],
        "files": [
            {"label": label, "url": f"{door.url(name, account_id=account.id)}?{days}"}
            for label, name in (("CSV", "statement_csv"), ("PDF", "statement_pdf"))
        ],
        "pager": lists.pager(door, found.page),
        "empty": {"title": "No entry in these days", "text": "The balance did not move."},
    }


def _event(line: Line) -> Mapping[str, str]:
    said = sentences.line(line)
    return {"label": when(said.at, "stamp"), "value": f"{said.who} {said.what}"}


def _entry(door: Door, one: Any) -> Any:
    amount = plain(abs(one.amount_cents))
    day = timezone.localdate(one.created_at)
    # The month of the transfer, so that the way goes on where the transfer stands.
    month = {"first": day.replace(day=1), "last": day.replace(day=monthrange(day.year, day.month)[1])}
    return grid.row(
        grid.link(name_of(one.account.code), door.url("statement", account_id=one.account_id, query=month)),
        one.restriction.name,
        amount if one.amount_cents > 0 else "",
        amount if one.amount_cents < 0 else "",
    )


def _one(door: Door, row: Any) -> str:
    return door.url("transfer", transfer_id=row.id)


def _transfers(door: Door, key: Any) -> str:
    return door.url("transfers", query={"cause": key})
