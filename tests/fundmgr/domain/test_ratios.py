"""Ratios and ranks without floating point."""

import pytest

from fundmgr.domain.ratios import basis_points, percentile, rounded_ratio


@pytest.mark.parametrize(("part", "expected"), [(1, 0), (3, 2), (5, 2), (7, 4)])
def test_halves_are_rounded_to_even(part, expected):
    assert basis_points(part, 20_000) == expected


def test_large_amounts_do_not_lose_a_digit():
    assert basis_points(10**30 + 5 * 10**25, 10**30) == 10_000
    assert basis_points(10**30 + 5 * 10**25 + 1, 10**30) == 10_001


def test_a_share_of_nothing_does_not_exist():
    assert basis_points(1, 0) is None
    assert rounded_ratio(1, 0) is None


@pytest.mark.parametrize(("percent", "expected"), [(1, 1), (50, 5), (90, 9), (91, 10), (100, 10)])
def test_a_percentile_is_a_value_that_occurs(percent, expected):
    assert percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], percent) == expected


def test_there_is_no_percentile_of_nothing():
    assert percentile([], 50) is None
