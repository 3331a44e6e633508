"""The board's comparison: counts, extremes and fairness of each policy."""

from fractions import Fraction

import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from fundmgr.allocation import Policy, Problem, compare
from fundmgr.allocation.comparison import gini_bp


def test_each_policy_has_its_row_in_the_order_asked():
    problem = Problem(45_000, [10_000, 20_000, 30_000])

    rows = compare(problem, [Policy(rule="equal_awards"), Policy(rule="queue", last="stop")])

    assert [row.rule for row in rows] == ["equal_awards", "queue"]
    assert [row.people_paid for row in rows] == [3, 2]
    assert [row.people_with_nothing for row in rows] == [0, 1]
    assert [row.total_cents for row in rows] == [45_000, 30_000]
    assert [row.leftover_cents for row in rows] == [0, 15_000]


def test_smallest_median_and_largest_award_are_among_the_paid():
    row = compare(Problem(600, [100, 500, 400, 0]), [Policy(rule="queue")])[0]

    assert (row.min_award_cents, row.median_award_cents, row.max_award_cents) == (100, 100, 500)
    assert row.people_asking == 3


def test_the_mean_share_is_of_what_each_asked_before_the_cap():
    row = compare(Problem(300, [400, 200], caps_cents=200), [Policy(rule="equal_awards")])[0]

    assert row.mean_share_bp == 10_000 * (Fraction(150, 400) + Fraction(150, 200)) / 2


def test_nobody_asking_gives_an_empty_row():
    row = compare(Problem(300, []), [Policy(rule="equal_awards")])[0]

    assert (row.people_paid, row.max_award_cents, row.mean_share_bp, row.gini_bp) == (0, 0, 0, 0)
    assert row.leftover_cents == 300


@pytest.mark.parametrize(
    ("awards", "expected"), [([5, 5, 5], 0), ([0, 0, 0, 8], 7_500), ([0, 0], 0), ([1, 3], 2_500)]
)
def test_gini_runs_from_equal_to_one_takes_all(awards, expected):
    assert gini_bp(np.array(awards, dtype=np.int64)) == expected


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.integers(0, 2**58), min_size=1, max_size=8))
def test_gini_is_the_mean_difference_over_twice_the_mean(awards):
    total = sum(awards)
    differences = sum(abs(one - other) for one in awards for other in awards)
    expected = round(Fraction(10_000 * differences, 2 * len(awards) * total)) if total else 0

    assert gini_bp(np.array(awards, dtype=np.int64)) == expected
