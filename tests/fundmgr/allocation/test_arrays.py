"""Exact reading of numbers, and sums that do not wrap."""

from fractions import Fraction

import numpy as np
import pytest

from fundmgr.allocation.arrays import compact, exact_array, inverted, scaled_to_whole, total_of
from fundmgr.allocation.errors import NotWholeCents


def test_whole_numbers_become_64_bits_and_others_stay_exact():
    assert exact_array([1, 2], named="Amounts").dtype == np.int64
    assert exact_array([1, Fraction(1, 2)], named="Amounts").tolist() == [1, Fraction(1, 2)]
    assert exact_array([2**70, 1], named="Amounts").tolist() == [2**70, 1]
    assert exact_array([], named="Amounts").dtype == np.int64
    assert exact_array(np.array([2**63], dtype=np.uint64), named="Amounts").tolist() == [2**63]


@pytest.mark.parametrize("values", [[1.0], [None], ["5"], [True], [1, False], np.array([1.5]), [2**70, 1.0]])
def test_what_is_not_exact_is_refused(values):
    with pytest.raises(NotWholeCents):
        exact_array(values, named="Amounts")


def test_sums_beyond_64_bits_do_not_wrap():
    assert total_of(np.full(9, 2**62, dtype=np.int64)) == 9 * 2**62


def test_weights_become_whole_in_the_same_ratios():
    whole, factor = scaled_to_whole(exact_array([Fraction(1, 2), Fraction(1, 3), 1], named="Weights"))

    assert (whole.tolist(), factor) == ([3, 2, 6], 6)
    assert scaled_to_whole(np.array([4, 6]))[0].tolist() == [2, 3]


def test_inverse_weights_are_whole_too():
    inverse, multiple = inverted(np.array([1, 2, 3]))

    assert (inverse.tolist(), multiple) == ([6, 3, 2], 6)


def test_numbers_too_large_together_for_64_bits_are_kept_as_python_integers():
    assert compact(np.array([2**61, 2**61])).dtype == object
    assert compact(np.array([5, 6], dtype=object)).dtype == np.int64
