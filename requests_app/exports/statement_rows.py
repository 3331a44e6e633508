"""A statement as one table, for CSV and PDF alike."""

from django.utils import timezone

from fundmgr.domain import chart
from fundmgr.domain.chart import Code
from fundmgr.queries.statements import Statement
from requests_app.exports.report_rows import Column, Kind, Table

_COLUMNS = (
    Column("Date and time", Kind.TEXT),
    Column("Transfer", Kind.TEXT),
    Column("Move", Kind.TEXT),
    Column("Change", Kind.CENTS),
    Column("Balance", Kind.CENTS),
)


def title(found: Statement) -> str:
    """This will name the account, its restriction and nothing else."""
    account = found.account
    return f"{account.code} {chart.NAMES[Code(account.code)]}: {account.restriction.name}"


def table(found: Statement) -> Table:
    """This will return the statement's lines between what was there at its start and at its end."""
    lines = [
        (
            timezone.localtime(line.at).isoformat(sep=" ", timespec="seconds"),
            str(line.transfer.sequence),
            line.transfer.move,
            line.change_cents,
            line.balance_cents,
        )
        for line in found.lines
    ]
    first = (f"{found.first}", "", "OPENING BALANCE", None, found.opening_cents)
    last = (f"{found.last}", "", "CLOSING BALANCE", None, found.closing_cents)
    return Table("statement", title(found), _COLUMNS, (first, *lines, last))
