"""The ledger's pages: the chart of accounts, one account's statement, transfers and what caused each."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, QueryDict

from fundmgr.domain.errors import InvalidInput, Kind, Problem
from fundmgr.domain.move import Move
from fundmgr.queries.statements import Statement
from requests_app.exports import csv_file, statement_rows
from requests_app.pages.staff import doors, grid, ledger_view, lists
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.fields import DayField
from requests_app.queries import console, statements
from requests_app.templatetags.fund_ui import when

HERE = "means"


class PeriodForm(forms.Form):
    """Which days a statement covers."""

    first = DayField(label="From", required=False)
    last = DayField(label="To", required=False)

    def __init__(self, asked: QueryDict, *, today: date) -> None:
        super().__init__(asked or None)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """This will refuse a period that ends before it starts; one without an end ends today."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = said.get("first"), said.get("last")
        if first and not self.errors and first > (last or self.today):
            if last:
                self.add_error("last", "The last day must not come before the first.")
            else:
                self.add_error("first", "Choose a first day that has come, or a last day too.")
        return said

    @property
    def days(self) -> dict[str, Any]:
        """The period, or the one that is shown without any where this one cannot be read."""
        said = self.cleaned_data if self.is_bound and self.is_valid() else {}
        return {"first": said.get("first"), "last": said.get("last")}


@doors.page
def accounts(door: Door) -> HttpResponse:
    """Show every account with its balance, a restriction a column."""
    found = console.chart(door.actor, fund_id=door.fund_id)
    tied = list(found.restrictions)
    shown = {
        "title": "Chart of accounts",
        "note": "Balances in dollars, each in its account's own direction. Numbers from 9000 say what may be "
        "promised; they are no money of their own.",
        "back_url": door.url("means"),
        "back_label": "Money",
        "actions": [{"label": "All transfers", "url": door.url("transfers"), "kind": "line"}],
        "columns": grid.columns("Account", *(f"{found.restrictions[key]}#" for key in tied), "Total#"),
        "rows": [
            grid.row(
                {"text": ledger_view.name_of(code), "strong": True},
                *(ledger_view.balance_link(door, per.get(key)) for key in tied),
                ledger_view.plain(total),
            )
            for code, per, total in found.rows
        ],
        "empty": {"title": "No account yet", "text": "Accounts open with the fund."},
    }
    return door.page("staff/members.html", shown, current=HERE)


@doors.page
def transfers(door: Door) -> HttpResponse:
    """Show transfers, newest first; with `cause`, those of one thing."""
    found = console.transfers(
        door.actor, fund_id=door.fund_id, cause_id=_cause(door), cursor=door.asked.get("cursor")
    )
    shown = {
        "title": "Transfers",
        "note": "Every move of money, newest first. None is ever changed or removed.",
        "back_url": door.url("accounts"),
        "back_label": "Chart of accounts",
        "chips": [{"label": "Of one thing", "remove_url": lists.with_query(door, cause="")}]
        if door.asked.get("cause")
        else [],
        "columns": grid.columns("Transfer", "What", "Amount, $#", "When"),
        "rows": [
            grid.row(
                grid.link(f"No. {row.sequence:,}", door.url("transfer", transfer_id=row.id)),
                ledger_view.MOVES[Move(row.move)],
                ledger_view.plain(found.amounts_cents.get(row.id, 0)),
                when(row.created_at, "stamp"),
            )
            for row in found.page.rows
        ],
        "pager": lists.pager(door, found.page),
        "empty": {"title": "No transfer here", "text": "Nothing has moved money yet."},
    }
    return door.page("staff/transfers.html", shown, current=HERE)


@doors.page
def transfer(door: Door, transfer_id: UUID) -> HttpResponse:
    """Show one transfer with its entries and its cause."""
    found = console.transfer(door.actor, fund_id=door.fund_id, transfer_id=transfer_id)
    return door.page("staff/transfer.html", ledger_view.transfer(door, found), current=HERE)


@doors.page
def statement(door: Door, account_id: UUID) -> HttpResponse:
    """Show one account over a period, a page at a time."""
    form = PeriodForm(door.asked, today=door.today)
    if form.is_bound and not form.is_valid():
        # A date that cannot be read is told beside its box, above this month's entries.
        door.status = doors.STATUS[Kind.INVALID]
    found = statements.statement(
        door.actor,
        fund_id=door.fund_id,
        account_id=account_id,
        **form.days,
        cursor=door.asked.get("cursor"),
        now=door.now,
    )
    return door.page("staff/statement.html", ledger_view.statement(door, found, form), current=HERE)


@doors.page
def statement_csv(door: Door, account_id: UUID) -> HttpResponse:
    """Give a whole statement as CSV."""
    found = _whole(door, account_id)
    return _file(csv_file.one_table(statement_rows.table(found)), csv_file.MEDIA_TYPE, found, "csv")


@doors.page
def statement_pdf(door: Door, account_id: UUID) -> HttpResponse:
    """Give a whole statement as PDF."""
    from requests_app.exports import pdf_file  # noqa: PLC0415 - a typesetter that most processes never need

    found = _whole(door, account_id)
    return _file(pdf_file.statement(found, now=door.now), pdf_file.MEDIA_TYPE, found, "pdf")


def _whole(door: Door, account_id: UUID) -> Statement:
    form = PeriodForm(door.asked, today=door.today)
    if form.is_bound and not form.is_valid():
        # A file of other days than those asked for would be taken for them.
        raise InvalidInput(problems=_problems(form))
    return statements.whole_statement(
        door.actor, fund_id=door.fund_id, account_id=account_id, **form.days, now=door.now
    )


def _problems(form: forms.Form) -> list[Problem]:
    return [
        Problem(name, "invalid", f"{form.fields[name].label}: {sentence}")
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]


def _cause(door: Door) -> UUID | None:
    asked = door.asked.get("cause", "")
    try:
        return UUID(asked) if asked else None
    except ValueError:
        raise InvalidInput(
            problems=[Problem("cause", "invalid", "This address names nothing that moves money.")]
        ) from None


def _file(content: bytes, media_type: str, found: Statement, ending: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    name = f"account-{found.account.code}-{found.first}-{found.last}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
