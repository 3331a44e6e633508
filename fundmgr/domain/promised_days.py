"""The days that a fund promises: from Monday to Friday, and kept until they are over on its calendar."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SATURDAY = 5


def is_working(day: date) -> bool:
    """This will say whether a day is one from Monday to Friday; holidays are not known here."""
    return day.weekday() < _SATURDAY


def working(day: date) -> date:
    """This will return the day itself, or the Monday after it where it falls on a weekend."""
    while not is_working(day):
        day += timedelta(days=1)
    return day


def promised(since: datetime, *, days: int, zone: str) -> date:
    """This will return the day by which something is promised.

    Units: days of the calendar after the fund's day of `since`; a weekend moves it to the Monday after.
    """
    return working(_day(since, zone) + timedelta(days=days))


def late_before(now: datetime, *, days: int, zone: str) -> datetime:
    """This will return the moment before which all that came is late: its promised day is over.

    It turns the promise round, so that a database can count what is late by when it came.
    Units: as for `promised`.
    """
    # The last working day that is over: on a Monday what was due on the weekend still has its day.
    over = _day(now, zone) - timedelta(days=1)
    while not is_working(over):
        over -= timedelta(days=1)
    return datetime.combine(over - timedelta(days=days - 1), time.min, tzinfo=ZoneInfo(zone))


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
