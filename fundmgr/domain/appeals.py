"""Asking the fund to look again: why, until when, and by when a different person answers."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from fundmgr.domain.eligibility import Reason
from fundmgr.domain.promised_days import is_working

# Nobody's second look can find money that is not there.
NOT_APPEALABLE = frozenset({Reason.NOT_FUNDED_BUDGET})


class AppealGround(StrEnum):
    """Why a worker asks."""

    MISSED = "MISSED"
    CHANGED = "CHANGED"
    WRONG = "WRONG"
    OTHER = "OTHER"


class Standing(StrEnum):
    """What a worker may do about a decision now."""

    UNDECIDED = "UNDECIDED"
    OPEN = "OPEN"
    TOO_LATE = "TOO_LATE"
    NO_MONEY = "NO_MONEY"
    READING = "READING"
    ANSWERED = "ANSWERED"


def is_appealable(reasons: Iterable[str]) -> bool:
    """This will say whether one of a decision's reasons may be looked at again."""
    return any(reason not in NOT_APPEALABLE for reason in reasons)


def last_moment(decided_at: datetime, *, days: int, zone: str) -> datetime:
    """This will return until when a worker may ask: the end of a day in the fund's zone.

    Units: whole days after the day of the decision on the fund's calendar.
    """
    place = ZoneInfo(zone)
    day = decided_at.astimezone(place).date() + timedelta(days=days)
    return datetime.combine(day, time(23, 59, 59), tzinfo=place)


def answer_day(asked_on: date, *, working_days: int) -> date:
    """This will return the day by which an answer is promised. Units: days from Monday to Friday."""
    day, left = asked_on, working_days
    while left > 0:
        day += timedelta(days=1)
        left -= is_working(day)
    return day
