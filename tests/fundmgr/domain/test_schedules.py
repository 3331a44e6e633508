"""The dates of a promise: what is open, how late it is, and what cannot be a schedule."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain.days import Window
from fundmgr.domain.errors import Problem
from fundmgr.domain.schedules import (
    BUCKET_NAMES,
    MOST_INSTALMENTS,
    OpenPart,
    Part,
    open_parts,
    paid_on,
    problems,
)

DAY = date(2023, 9, 18)
THREE = [Part(DAY + timedelta(days=30 * number), 100) for number in range(3)]


def daily(amounts):
    """Parts on one day after the other, from the day of the promise on."""
    return [Part(DAY + timedelta(days=number), cents) for number, cents in enumerate(amounts)]


def test_what_comes_in_pays_the_oldest_part_first():
    found = open_parts(THREE, paid_cents=150)

    assert found == [OpenPart(THREE[1].due_on, 100, 50), OpenPart(THREE[2].due_on, 100, 100)]


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (-5, "not_due"),
        (0, "not_due"),
        (1, "1-30"),
        (30, "1-30"),
        (31, "31-60"),
        (90, "61-90"),
        (91, "over_90"),
    ],
)
def test_lateness_is_counted_from_the_day_after_the_due_date(days, bucket):
    (part,) = open_parts([Part(DAY, 100)], paid_cents=0)

    assert part.bucket(DAY + timedelta(days=days)) == bucket
    assert bucket in BUCKET_NAMES


def test_a_later_schedule_covers_only_what_was_owed_then():
    assert paid_on(THREE, amount_cents=500, received_cents=250) == 50
    assert paid_on(THREE, amount_cents=300, received_cents=250) == 250


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=20), st.integers(0, 10**10))
def test_open_and_paid_add_up(amounts, paid):
    parts = daily(amounts)

    assert sum(part.open_cents for part in open_parts(parts, paid_cents=paid)) == max(0, sum(amounts) - paid)


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        (THREE, []),
        (daily([1, 299]), []),
        (daily([5] * MOST_INSTALMENTS), []),
        (
            daily([100]),
            [("instalments", "do_not_add_up", "The parts do not add up to the whole amount.")],
        ),
        (
            daily([0, 300]),
            [("instalments.0.amount", "not_positive", "Write an amount of at least one cent.")],
        ),
        (
            [Part(DAY - timedelta(days=1), 300)],
            [("instalments.0.due_on", "before_pledge", "The money cannot be due before it was promised.")],
        ),
        (
            [Part(DAY, 150), Part(DAY, 150)],
            [("instalments.1.due_on", "not_later", "Each date must be later than the last.")],
        ),
        (
            [Part(DAY, 100), Part(date(2033, 9, 19), 200)],
            [("instalments.1.due_on", "too_late", "Check the year: this is more than 10 years ahead.")],
        ),
        ([Part(DAY, 5)] * 61, [("instalments", "too_many", "Give at most 60 dates.")]),
    ],
)
def test_what_is_wrong_with_a_schedule_is_said_row_by_row(parts, found):
    assert problems(parts, total_cents=300, since=DAY, days=Window(DAY, DAY)) == [
        Problem(*one) for one in found
    ]


@given(st.lists(st.integers(-2, 3), min_size=1, max_size=MOST_INSTALMENTS))
def test_every_row_without_an_amount_is_named_and_no_other(amounts):
    wrong = problems(daily(amounts), total_cents=sum(amounts), since=DAY, days=Window(DAY, DAY))

    assert [one.field for one in wrong] == [
        f"instalments.{number}.amount" for number, cents in enumerate(amounts) if cents < 1
    ]


@given(st.lists(st.integers(-40, 40), min_size=1, max_size=MOST_INSTALMENTS))
def test_the_rows_that_can_stand_are_the_days_that_grow_from_the_promise_on(days):
    parts = [Part(DAY + timedelta(days=day), 1) for day in days]
    wrong = problems(parts, total_cents=len(parts), since=DAY, days=Window(DAY, DAY))

    late_enough = {number for number, day in enumerate(days) if day >= 0}
    growing = {number for number, day in enumerate(days) if day > days[number - 1] or number == 0}
    refused = {int(one.field.split(".")[1]) for one in wrong}
    assert refused == set(range(len(days))) - (late_enough & growing)
