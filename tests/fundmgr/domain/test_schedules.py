"""The dates of a promise: what is open, how late it is, and what cannot be a schedule."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain.schedules import BUCKET_NAMES, Part, open_parts, paid_on, problems

DAY = date(2023, 9, 18)
THREE = [Part(DAY + timedelta(days=30 * number), 100) for number in range(3)]


def test_what_comes_in_pays_the_oldest_part_first():
    found = open_parts(THREE, paid_cents=150)

    assert [(part.due_on, part.open_cents) for part in found] == [
        (THREE[1].due_on, 50),
        (THREE[2].due_on, 100),
    ]


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
    parts = [Part(DAY + timedelta(days=number), cents) for number, cents in enumerate(amounts)]

    assert sum(part.open_cents for part in open_parts(parts, paid_cents=paid)) == max(0, sum(amounts) - paid)


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        (THREE, []),
        ([Part(DAY, 100)], [("instalments", "do_not_add_up")]),
        ([Part(DAY, 0), Part(DAY + timedelta(days=1), 300)], [("instalments.0.amount", "not_positive")]),
        ([Part(DAY - timedelta(days=1), 300)], [("instalments.0.due_on", "before_pledge")]),
        ([Part(DAY, 150), Part(DAY, 150)], [("instalments.1.due_on", "not_later")]),
        ([Part(DAY, 5)] * 61, [("instalments", "too_many")]),
    ],
)
def test_what_is_wrong_with_a_schedule_is_named_row_by_row(parts, found):
    wrong = problems(parts, total_cents=300, since=DAY)

    assert [(problem.field, problem.code) for problem in wrong] == found
