"""Dates as banks write them: one order and one sign for a whole file."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from fundmgr.domain.days import Window


class DateFormat(StrEnum):
    """One way of writing a day; the value is its example."""

    YEAR_DASH = "2026-12-31"
    YEAR_SLASH = "2026/12/31"
    YEAR_PLAIN = "20261231"
    MONTH_SLASH = "12/31/2026"
    MONTH_DASH = "12-31-2026"
    DAY_SLASH = "31/12/2026"
    DAY_DOT = "31.12.2026"
    DAY_DASH = "31-12-2026"


class NotADay(ValueError):
    """The text is not a day in the format; the message says what is wrong."""


_TIME = r"(?:[ T].{0,20})?\Z"
_Y, _M, _D = r"(?P<y>[0-9]{4})", r"(?P<m>[0-9]{1,2})", r"(?P<d>[0-9]{1,2})"
_PATTERNS = {
    DateFormat.YEAR_DASH: re.compile(f"{_Y}-{_M}-{_D}{_TIME}"),
    DateFormat.YEAR_SLASH: re.compile(f"{_Y}/{_M}/{_D}{_TIME}"),
    DateFormat.YEAR_PLAIN: re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})\Z"),
    DateFormat.MONTH_SLASH: re.compile(f"{_M}/{_D}/{_Y}{_TIME}"),
    DateFormat.MONTH_DASH: re.compile(f"{_M}-{_D}-{_Y}{_TIME}"),
    DateFormat.DAY_SLASH: re.compile(f"{_D}/{_M}/{_Y}{_TIME}"),
    DateFormat.DAY_DOT: re.compile(rf"{_D}\.{_M}\.{_Y}{_TIME}"),
    DateFormat.DAY_DASH: re.compile(f"{_D}-{_M}-{_Y}{_TIME}"),
}


def parse_day(text: str, date_format: DateFormat, *, days: Window) -> date:
    """This will read a day of the past. Errors: NotADay."""
    day = _day(text, date_format)
    if day is None:
        raise NotADay(f"“{text[:40]}” is not a day written like {date_format.value}.")
    if day < days.first:
        raise NotADay(f"Check the year of {text[:40]}: the fund began on {days.began.isoformat()}.")
    if day > days.today:
        raise NotADay(f"The day {text[:40]} has not come yet.")
    return day


def detect(texts: Iterable[str]) -> list[DateFormat]:
    """This will return the formats that read the most of these dates; several where they read them alike."""
    found = [text for text in texts if text]
    counts = {kind: sum(_day(text, kind) is not None for text in found) for kind in DateFormat}
    best = max(counts.values())
    return [kind for kind, count in counts.items() if count == best] if best else []


def _day(text: str, date_format: DateFormat) -> date | None:
    match = _PATTERNS[date_format].match(text)
    if match is None:
        return None
    try:
        return date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return None
