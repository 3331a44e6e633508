"""What the use cases of money in have in common: the rows that an entry names, and what it must say."""

from datetime import date, datetime
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from fundmgr.domain import errors
from fundmgr.domain.days import Window
from fundmgr.domain.errors import Problem
from fundmgr.models import Commitment, Donor, Fund, Receipt, Restriction
from fundmgr.queries import funds

Row = TypeVar("Row", Commitment, Donor, Receipt, Restriction)


def own(model: type[Row], row_id: UUID, *, fund_id: UUID) -> Row:
    """This will return the fund's row of that id. Errors: NotFound."""
    row = model._default_manager.filter(id=row_id, fund_id=fund_id).first()
    if row is None:
        raise errors.NotFound(keys=[row_id])
    return row


def locked(model: type[Row], row_id: UUID) -> Row:
    """This will lock the row of that id and return it. Errors: NotFound."""
    row = model._default_manager.select_for_update(of=("self",)).filter(id=row_id).first()
    if row is None:
        raise errors.NotFound(keys=[row_id])
    return row


def restriction(restriction_id: UUID | None, *, fund_id: UUID) -> Restriction:
    """This will return the restriction named, or the one that means none. Errors: NotFound."""
    if restriction_id is None:
        return funds.general_restriction(fund_id)
    return own(Restriction, restriction_id, fund_id=fund_id)


def today(fund_id: UUID, now: datetime) -> date:
    """This will return the day it is in the fund's zone."""
    zone = Fund.objects.values_list("time_zone", flat=True).get(id=fund_id)
    return now.astimezone(ZoneInfo(zone)).date()


def window(fund_id: UUID, now: datetime) -> Window:
    """This will return the days that the fund's entries can be of, by the fund's own clock."""
    fund = Fund.objects.only("time_zone", "created_at", "opens_at").get(id=fund_id)
    zone = ZoneInfo(fund.time_zone)
    began = min(moment for moment in (fund.created_at, fund.opens_at) if moment is not None)
    return Window(began.astimezone(zone).date(), now.astimezone(zone).date())


def problems(amount_cents: int, day: date, field: str, days: Window) -> list[Problem]:
    """This will return what is wrong with an amount, in cents, and the day it is said to be of."""
    found = []
    if amount_cents <= 0:
        found.append(Problem("amount", "not_positive", "Write an amount of at least one cent."))
    return [*found, *days.of_past(field, day)]


def refuse(found: list[Problem]) -> None:
    """This will stop where there is a problem. Errors: InvalidInput."""
    if found:
        raise errors.InvalidInput(problems=found)
