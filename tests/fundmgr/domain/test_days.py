"""The days that entries can be of."""

from datetime import date

import pytest

from fundmgr.domain.days import Window

DAYS = Window(began=date(2020, 2, 29), today=date(2024, 2, 29))


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(1900, 1, 1), "too_early"),
        (date(2017, 2, 27), "too_early"),
        (date(2017, 2, 28), None),
        (date(2024, 2, 29), None),
        (date(2024, 3, 1), "in_future"),
        (date.max, "in_future"),
    ],
)
def test_what_happened_lies_between_the_years_before_the_fund_and_today(day, code):
    found = DAYS.of_past("received_on", day)

    assert [(one.field, one.code) for one in found] == ([("received_on", code)] if code else [])


@pytest.mark.parametrize(
    ("day", "code"), [(date(2034, 2, 28), None), (date(2034, 3, 1), "too_late"), (date.max, "too_late")]
)
def test_what_is_due_lies_at_most_ten_years_ahead(day, code):
    found = DAYS.to_come("due_on", day)

    assert [(one.field, one.code) for one in found] == ([("due_on", code)] if code else [])


def test_a_slip_in_the_year_is_told_with_the_day_on_which_the_fund_began():
    (found,) = DAYS.of_past("pledged_on", date(1923, 9, 18))

    assert found.sentence == (
        "Check the year: this is more than 3 years before the fund began, on February 29, 2020."
    )
