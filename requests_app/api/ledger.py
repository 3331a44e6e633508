"""The ledger: its accounts with their balances, its transfers, and the statement of any account."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import chart, ids
from fundmgr.domain.chart import Code
from fundmgr.domain.errors import InvalidInput
from fundmgr.domain.move import Move
from fundmgr.queries import statements as books
from requests_app.api import fields
from requests_app.api.answers import JSON, PDF, Body, json_answer, money_body, stamp
from requests_app.api.commitment_shapes import Restriction
from requests_app.api.doors import Door
from requests_app.api.errors import InvalidCursor, InvalidParameter
from requests_app.api.paging import FundPageQuery, FundQuery, PageQuery
from requests_app.api.schema import Operation, page_sample, page_shape
from requests_app.queries import statements
from requests_app.queries.paging import LIMIT_DEFAULT

CSV = "text/csv"

# A cause's kind, and how its key is written outside.
CAUSES = {
    "commitment": "com",
    "receipt": "rct",
    "refund": "rfd",
    "release": "rls",
    "reserve_use": "rsu",
    "bank_fee": "fee",
    "award": "awd",
    "payout": "pay",
}


# `from` is a word of Python's own, so this class is made of its parts.
StatementQuery: type[fields.Sent] = type(
    "StatementQuery",
    (PageQuery,),
    {
        "from": fields.Day(required=False, help_text="First day in the fund's zone; else the month's first."),
        "to": fields.Day(required=False, help_text="Last day in the fund's zone; today if not said."),
        "__doc__": "An address of a statement.",
        "__module__": __name__,
    },
)


class Account(fields.Shown):
    """One account of the chart."""

    id = fields.Id("acc")
    code = fields.Word(Code)
    name = serializers.CharField()
    restriction = Restriction()
    balance = fields.MoneyOut(help_text="In the account's own direction, so a healthy one is not negative.")


class Accounts(fields.Shown):
    """The whole chart, by number."""

    data = Account(many=True)  # type: ignore[assignment]  # the word that every list uses


class Entry(fields.Shown):
    """One side of a transfer; one of debit and credit is zero."""

    account_id = fields.Id("acc")
    code = fields.Word(Code)
    name = serializers.CharField()
    restriction = Restriction()
    debit = fields.MoneyOut()
    credit = fields.MoneyOut()


class TransferBrief(fields.Shown):
    """One move of money."""

    id = fields.Id("trf")
    sequence = serializers.IntegerField(help_text="Without a gap in its fund, in the order of commits.")
    move = fields.Word(Move)
    cause_type = serializers.CharField()
    cause_id = serializers.CharField(help_text="The public id of what caused it.")
    resolves_id = fields.Id("trf", allow_null=True)
    reverses_id = fields.Id("trf", allow_null=True)
    created_at = fields.MomentOut()


class Transfer(TransferBrief):
    """One move of money with its entries."""

    entries = Entry(many=True)


class StatementLine(fields.Shown):
    """One entry of a statement."""

    entry_id = fields.Id("ent")
    transfer_id = fields.Id("trf")
    sequence = serializers.IntegerField()
    move = fields.Word(Move)
    at = fields.MomentOut()
    change = fields.MoneyOut()
    balance = fields.MoneyOut(help_text="After this entry.")


class Statement(fields.Shown):
    """One account over whole days; `data` is one page of its entries, oldest first."""

    account_id = fields.Id("acc")
    code = fields.Word(Code)
    name = serializers.CharField()
    restriction = Restriction()
    first_day = fields.Day()
    last_day = fields.Day()
    opening = fields.MoneyOut(help_text="Before the first day.")
    closing = fields.MoneyOut(help_text="After the last day.")
    data = StatementLine(many=True)  # type: ignore[assignment]  # the word that every list uses
    next_cursor = serializers.CharField(allow_null=True)
    has_more = serializers.BooleanField()


def _usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


_ACCOUNT, _TRANSFER = "acc_018aa9d5e0007c3a9d0f6b1c2e4a5d81", "trf_018aa9d5e0007c3a9d0f6b1c2e4a5d82"
_GENERAL = {"id": "rst_018aa9d5e0007c3a9d0f6b1c2e4a5d64", "name": "General"}
_CASH = {"code": "1000", "name": "Cash", "restriction": _GENERAL}
ACCOUNTS_SAMPLE = {"data": [{"id": _ACCOUNT, **_CASH, "balance": _usd("500000.00")}]}
BRIEF_SAMPLE = {
    "id": _TRANSFER,
    "sequence": 2,
    "move": "RECEIPT",
    "cause_type": "receipt",
    "cause_id": "rct_018aa9d5e0007c3a9d0f6b1c2e4a5d83",
    "resolves_id": None,
    "reverses_id": None,
    "created_at": "2023-09-18T16:00:00Z",
}
_ENTRY = {"account_id": _ACCOUNT, **_CASH, "debit": _usd("500000.00"), "credit": _usd("0.00")}
_OTHER = {
    "account_id": "acc_018aa9d5e0007c3a9d0f6b1c2e4a5d84",
    "code": "1100",
    "name": "Pledges receivable",
    "restriction": _GENERAL,
    "debit": _usd("0.00"),
    "credit": _usd("500000.00"),
}
SAMPLE = {**BRIEF_SAMPLE, "entries": [_ENTRY, _OTHER]}
STATEMENT_SAMPLE = {
    "account_id": _ACCOUNT,
    **_CASH,
    "first_day": "2023-09-01",
    "last_day": "2023-09-30",
    "opening": _usd("0.00"),
    "closing": _usd("500000.00"),
    "data": [
        {
            "entry_id": "ent_018aa9d5e0007c3a9d0f6b1c2e4a5d85",
            "transfer_id": _TRANSFER,
            "sequence": 2,
            "move": "RECEIPT",
            "at": "2023-09-18T16:00:00Z",
            "change": _usd("500000.00"),
            "balance": _usd("500000.00"),
        }
    ],
    "next_cursor": None,
    "has_more": False,
}


def transfer_body(row: Any) -> Body:
    """This will write a transfer without its entries."""
    return {
        "id": ids.public("trf", row.id),
        "sequence": row.sequence,
        "move": row.move,
        "cause_type": row.cause_type,
        "cause_id": ids.public(CAUSES.get(row.cause_type, "id"), row.cause_id),
        "resolves_id": _transfer_or_null(row.resolves_id),
        "reverses_id": _transfer_or_null(row.reverses_id),
        "created_at": stamp(row.created_at),
    }


def statement_body(found: statements.StatementPage, currency: str) -> Body:
    """This will write one page of a statement."""
    account, page = found.account, found.page
    return {
        "account_id": ids.public("acc", account.id),
        **_named(account.code, account.restriction_id, account.restriction.name),
        "first_day": found.first.isoformat(),
        "last_day": found.last.isoformat(),
        "opening": money_body(found.opening_cents, currency),
        "closing": money_body(found.closing_cents, currency),
        "data": [_line_body(line, currency) for line in found.lines],
        "next_cursor": page.next_cursor,
        "has_more": page.has_more,
    }


def _line_body(line: books.Line, currency: str) -> Body:
    return {
        "entry_id": ids.public("ent", line.entry_id),
        "transfer_id": ids.public("trf", line.transfer.id),
        "sequence": line.transfer.sequence,
        "move": line.transfer.move,
        "at": stamp(line.at),
        "change": money_body(line.change_cents, currency),
        "balance": money_body(line.balance_cents, currency),
    }


def _entry_body(row: Any, currency: str) -> Body:
    return {
        "account_id": ids.public("acc", row.account_id),
        **_named(row.account.code, row.restriction_id, row.restriction.name),
        "debit": money_body(max(row.amount_cents, 0), currency),
        "credit": money_body(max(-row.amount_cents, 0), currency),
    }


def _named(code: str, restriction_id: UUID, restriction: str) -> Body:
    return {
        "code": code,
        "name": chart.NAMES[Code(code)],
        "restriction": {"id": ids.public("rst", restriction_id), "name": restriction},
    }


def _transfer_or_null(key: UUID | None) -> str | None:
    return ids.public("trf", key) if key else None


class AllAccounts(Door):
    """The chart of accounts."""

    @Operation(
        "list_accounts",
        "Read every account with its balance",
        tag="ledger",
        scope="commitments:read",
        query=FundQuery,
        gives=Accounts,
        sample=ACCOUNTS_SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will show them."""
        fund_id, currency = self.fund()
        rows = [
            {
                "id": ids.public("acc", one.account_id),
                **_named(one.code, one.restriction_id, one.restriction),
                "balance": money_body(one.balance_cents, currency),
            }
            for one in books.chart(self.actor, fund_id=fund_id)
        ]
        return json_answer({"data": rows})


class AccountStatement(Door):
    """One account's statement."""

    @Operation(
        "get_statement",
        "Read an account's statement",
        tag="ledger",
        scope="commitments:read",
        description="Whole days of the fund's calendar; this month so far if not said. A CSV or PDF has the "
        "whole period, without pages.",
        query=StatementQuery,
        gives=Statement,
        sample=STATEMENT_SAMPLE,
        formats=(JSON, CSV, PDF),
        refusals=["forbidden"],
    )
    def get(self, request: Request, account_id: UUID) -> HttpResponse:
        """This will show it."""
        asked = self.query
        days: dict[str, Any] = {"first": asked.get("from"), "last": asked.get("to")}
        turn: dict[str, Any] = {"cursor": asked.get("cursor"), "limit": asked.get("limit", LIMIT_DEFAULT)}
        try:
            if self.wanted != JSON:
                whole = statements.whole_statement(self.actor, account_id=account_id, **days, now=self.now)
                return _statement_file(whole, self.wanted, now=self.now)
            found = statements.statement(self.actor, account_id=account_id, **days, **turn, now=self.now)
        except InvalidInput as error:
            raise _of_the_address(error) from error
        return json_answer(statement_body(found, self.currency_of(found.account.fund_id)))


def _statement_file(found: books.Statement, kind: str, *, now: datetime) -> HttpResponse:
    from requests_app.exports import csv_file, pdf_file, statement_rows  # noqa: PLC0415  # loaded when wanted

    name = f"account-{found.account.code}-{found.first}-{found.last}"
    if kind == CSV:
        content, ending = csv_file.one_table(statement_rows.table(found)), "csv"
    else:
        content, ending = pdf_file.statement(found, now=now), "pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


def _of_the_address(error: InvalidInput) -> Exception:
    if any(problem.field == "cursor" for problem in error.problems):
        return InvalidCursor()
    said = [
        {"parameter": problem.field, "code": problem.code, "detail": problem.sentence}
        for problem in error.problems
    ]
    return InvalidParameter(errors=said)


class Transfers(Door):
    """The fund's transfers."""

    @Operation(
        "list_transfers",
        "List transfers, newest first",
        tag="ledger",
        scope="commitments:read",
        query=FundPageQuery,
        gives=page_shape(TransferBrief),
        sample=page_sample(BRIEF_SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        rows = books.visible_transfers(self.actor, fund_id=fund_id)
        return self.page(rows, ("-sequence",), transfer_body)


class OneTransfer(Door):
    """One transfer."""

    @Operation(
        "get_transfer",
        "Read a transfer with its entries",
        tag="ledger",
        scope="commitments:read",
        gives=Transfer,
        sample=SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, transfer_id: UUID) -> HttpResponse:
        """This will show it."""
        row = books.visible_transfer(self.actor, transfer_id=transfer_id)
        currency = self.currency_of(row.fund_id)
        entries = [_entry_body(one, currency) for one in books.lines(row)]
        return json_answer({**transfer_body(row), "entries": entries})
