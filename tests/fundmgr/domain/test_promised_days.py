"""A promised day is a working day, and everybody counts it alike."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain.promised_days import is_working, late_before, promised, working

ZONES = ["America/Los_Angeles", "Pacific/Kiritimati", "Europe/London", "Asia/Kathmandu"]
MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis adds the zone
DAYS, ZONE = st.integers(1, 90), st.sampled_from(ZONES)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_day_is_never_on_a_weekend_nor_earlier_and_at_most_two_days_later(day):
    moved = working(day)

    assert is_working(moved)
    assert moved.weekday() < 5
    assert timedelta(0) <= moved - day <= timedelta(days=2)
    assert moved == day or not is_working(day)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 10))
def test_a_later_day_is_never_promised_earlier(day, more):
    assert working(day) <= working(day + timedelta(days=more))


@given(MOMENTS, DAYS, ZONE)
def test_it_counts_from_the_funds_own_day(since, days, zone):
    asked_on = since.astimezone(ZoneInfo(zone)).date()

    assert promised(since, days=days, zone=zone) == working(asked_on + timedelta(days=days))


@given(MOMENTS, st.integers(-5 * 24 * 60, 5 * 24 * 60), DAYS, ZONE)
def test_late_is_what_came_before_the_moment_and_only_that(now, minutes, days, zone):
    since = now - timedelta(days=days) + timedelta(minutes=minutes)
    today = now.astimezone(ZoneInfo(zone)).date()

    is_late = promised(since, days=days, zone=zone) < today

    assert is_late == (since < late_before(now, days=days, zone=zone))


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        ("2026-09-18T17:00:00Z", date(2026, 10, 2)),  # a Friday
        ("2026-09-19T17:00:00Z", date(2026, 10, 5)),  # a Saturday, so that the Monday is promised
        ("2026-09-20T17:00:00Z", date(2026, 10, 5)),
        ("2026-09-21T03:00:00Z", date(2026, 10, 5)),  # still Sunday in California
        ("2026-09-22T03:00:00Z", date(2026, 10, 5)),
    ],
)
def test_fourteen_days_in_california(asked, day):
    assert promised(datetime.fromisoformat(asked), days=14, zone="America/Los_Angeles") == day
