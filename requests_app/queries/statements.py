"""Statements: what an account held at the start of a period, each entry, and what it held at the end."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import InvalidInput, Problem
from fundmgr.queries import statements as books
from fundmgr.queries.statements import Statement
from requests_app.queries.paging import LIMIT_DEFAULT, Page, keyset

BY_TIME = ("created_at", "id")
MOST_EXPORTED = 50_000


@dataclass(frozen=True)
class StatementPage(Statement):
    """A statement of which `lines` are one page."""

    page: Page[Any]


def statement(
    actor: Actor,
    *,
    account_id: UUID,
    first: date | None,
    last: date | None,
    now: datetime,
    fund_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = LIMIT_DEFAULT,
) -> StatementPage:
    """This will return one page of a statement, by default of this month so far.

    Errors: NotFound, Forbidden, InvalidInput (fields `to`, `cursor`).
    """
    account = _account(actor, account_id, fund_id)
    period = _Period.of(account, first, last, now)
    page = keyset(books.entries(account, start=period.start, end=period.end), BY_TIME, cursor, limit)
    return StatementPage(**_filled(account, period, page.rows), page=page)


def whole_statement(
    actor: Actor, *, account_id: UUID, first: date | None, last: date | None, now: datetime,
    fund_id: UUID | None = None,
) -> Statement:  # fmt: skip
    """This will return a whole statement for a file.

    Errors: as for `statement`, and InvalidInput (field `from`) beyond 50,000 entries.
    """
    account = _account(actor, account_id, fund_id)
    period = _Period.of(account, first, last, now)
    rows = list(
        books.entries(account, start=period.start, end=period.end).order_by(*BY_TIME)[: MOST_EXPORTED + 1]
    )
    if len(rows) > MOST_EXPORTED:
        said = f"This period has more than {MOST_EXPORTED:,} entries. Choose a shorter one."
        raise InvalidInput(problems=[Problem("from", "too_many", said)])
    return Statement(**_filled(account, period, rows))


@dataclass(frozen=True)
class _Period:
    first: date
    last: date
    start: datetime
    end: datetime

    @classmethod
    def of(cls, account: Any, first: date | None, last: date | None, now: datetime) -> "_Period":
        zone = ZoneInfo(account.fund.time_zone)
        last = last or now.astimezone(zone).date()
        first = first or last.replace(day=1)
        if last < first:
            said = "The last day must not come before the first."
            raise InvalidInput(problems=[Problem("to", "before_from", said)])
        if last == date.max:
            raise InvalidInput(problems=[Problem("to", "too_late", "Choose an earlier day.")])
        start = datetime.combine(first, time.min, zone)
        return cls(first, last, start, datetime.combine(last + timedelta(days=1), time.min, zone))


def _account(actor: Actor, account_id: UUID, fund_id: UUID | None) -> Any:
    account = books.visible_account(actor, account_id=account_id)
    if fund_id not in {None, account.fund_id}:
        raise errors.NotFound
    return account


def _filled(account: Any, period: _Period, rows: list[Any]) -> dict[str, Any]:
    opening = books.sum_before(account, moment=period.start)
    running = books.sum_before(account, moment=rows[0].created_at, key=rows[0].id) if rows else opening
    return {
        "account": account,
        "first": period.first,
        "last": period.last,
        "opening_cents": opening,
        "closing_cents": books.sum_before(account, moment=period.end),
        "lines": books.running_lines(account, rows, running),
    }
