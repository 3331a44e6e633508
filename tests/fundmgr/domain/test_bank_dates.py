"""Dates as banks write them."""

from datetime import date

import pytest

from fundmgr.domain.bank_dates import DateFormat, NotADay, detect, parse_day
from fundmgr.domain.days import Window

TODAY = date(2026, 12, 31)


@pytest.mark.parametrize("kind", list(DateFormat))
def test_each_format_reads_its_own_example(kind):
    assert parse_day(kind.value, kind, days=Window(TODAY, TODAY)) == TODAY
    assert kind in detect([kind.value])


def test_a_time_behind_the_day_is_left_out():
    assert parse_day("2026-12-31 23:59:59", DateFormat.YEAR_DASH, days=Window(TODAY, TODAY)) == TODAY
    assert parse_day("2026-12-31T23:59:59Z", DateFormat.YEAR_DASH, days=Window(TODAY, TODAY)) == TODAY


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("31.12.2026", "not a day written like 2026-12-31"),
        ("2026-02-30", "not a day"),
        ("0001-01-01", "Check the year"),
        ("2027-01-01", "has not come yet"),
        ("26-12-31", "not a day"),
        ("=1+1", "not a day"),
        ("", "not a day"),
        ("٢٠٢٦-12-31", "not a day"),
    ],
)
def test_what_is_no_day_says_why(text, words):
    with pytest.raises(NotADay, match=words):
        parse_day(text, DateFormat.YEAR_DASH, days=Window(TODAY, TODAY))


def test_days_that_could_be_months_are_not_guessed():
    assert detect(["03/04/2026", "05/06/2026"]) == [DateFormat.MONTH_SLASH, DateFormat.DAY_SLASH]
    assert detect(["03/04/2026", "25/06/2026"]) == [DateFormat.DAY_SLASH]
    assert detect(["x", ""]) == []
