"""A second look: which answers it may change, until when, and by when it is answered."""

from datetime import UTC, date, datetime

import pytest

from fundmgr.domain import appeals
from fundmgr.domain.eligibility import Reason


def test_only_a_lack_of_money_is_beyond_a_second_look():
    assert [reason for reason in Reason if not appeals.is_appealable([reason])] == [Reason.NOT_FUNDED_BUDGET]
    assert appeals.is_appealable([Reason.NOT_FUNDED_BUDGET, Reason.LATE])
    assert not appeals.is_appealable([])


@pytest.mark.parametrize(
    ("decided_at", "zone", "until"),
    [
        # Already the next day in UTC, still the 18th where the fund is.
        (datetime(2023, 9, 19, 5, tzinfo=UTC), "America/Los_Angeles", "2023-10-03T06:59:59+00:00"),
        (datetime(2023, 9, 19, 5, tzinfo=UTC), "UTC", "2023-10-03T23:59:59+00:00"),
        # The clocks go back in between: the end of the day is an hour later in UTC.
        (datetime(2023, 10, 28, 20, tzinfo=UTC), "America/Los_Angeles", "2023-11-12T07:59:59+00:00"),
    ],
)
def test_the_last_moment_is_the_end_of_a_day_in_the_funds_zone(decided_at, zone, until):
    assert appeals.last_moment(decided_at, days=14, zone=zone).astimezone(UTC).isoformat() == until


@pytest.mark.parametrize(
    ("asked_on", "days", "promised"),
    [
        (date(2023, 9, 18), 10, date(2023, 10, 2)),
        (date(2023, 9, 22), 1, date(2023, 9, 25)),
        (date(2023, 9, 23), 1, date(2023, 9, 25)),
        (date(2023, 9, 18), 0, date(2023, 9, 18)),
    ],
)
def test_an_answer_is_promised_in_working_days(asked_on, days, promised):
    assert appeals.answer_day(asked_on, working_days=days) == promised
