"""Ratios and ranks without floating point."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain.ratios import basis_points, percentile, rounded_ratio, tenths


@pytest.mark.parametrize(("part", "expected"), [(1, 0), (3, 2), (5, 2), (7, 4)])
def test_halves_are_rounded_to_even(part, expected):
    assert basis_points(part, 20_000) == expected


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(1, 2, 0), (3, 2, 2), (5, 2, 2), (7, 4, 2), (5, 4, 1), (-3, 2, -2), (0, 9, 0)],
)
def test_a_whole_number_of_times_is_rounded_half_to_even(part, whole, expected):
    assert rounded_ratio(part, whole) == expected


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**15))
def test_no_whole_number_is_nearer_and_of_two_as_near_the_even_one_is_taken(part, whole):
    found = rounded_ratio(part, whole)

    assert found is not None
    twice_off = 2 * abs(part - found * whole)
    assert twice_off < whole or (twice_off == whole and found % 2 == 0)


def test_large_amounts_do_not_lose_a_digit():
    assert basis_points(10**30 + 5 * 10**25, 10**30) == 10_000
    assert basis_points(10**30 + 5 * 10**25 + 1, 10**30) == 10_001


def test_a_share_of_nothing_does_not_exist():
    assert basis_points(1, 0) is None
    assert rounded_ratio(1, 0) is None


@pytest.mark.parametrize(("percent", "expected"), [(1, 1), (50, 5), (90, 9), (91, 10), (100, 10)])
def test_a_percentile_is_a_value_that_occurs(percent, expected):
    assert percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], percent) == expected


@pytest.mark.parametrize(("percent", "expected"), [(33, 1), (34, 2), (66, 2), (67, 3)])
def test_two_thirds_of_three_values_are_two_of_them(percent, expected):
    assert percentile([1, 2, 3], percent) == expected


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=120), st.integers(1, 100))
def test_a_percentile_is_the_smallest_value_that_enough_values_do_not_exceed(values, percent):
    def enough(value):
        return 100 * sum(one <= value for one in values) >= percent * len(values)

    assert percentile(values, percent) == min(filter(enough, values))


@pytest.mark.parametrize(
    ("share_bp", "said"),
    [(0, "0.0"), (4, "0.0"), (5, "0.1"), (215, "2.2"), (1_195, "12.0"), (10_000, "100.0")],
)
def test_tenths_have_one_decimal_always_and_are_rounded_half_up(share_bp, said):
    assert tenths(share_bp) == said


def test_there_is_no_percentile_of_nothing():
    assert percentile([], 50) is None
