"""Exact division and spare cents, near the limits of 64 bits too."""

from fractions import Fraction

import numpy as np
import pytest
from drawing import none_or_orders
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from fundmgr.allocation.cents import Ties, add_largest_remainders, product_divided, whole_cents

quick = settings(max_examples=examples(300), deadline=None)


@quick
@given(
    st.lists(st.integers(0, 2**62), max_size=5),
    st.one_of(st.integers(0, 100), st.integers(0, 2**63)),
    st.one_of(st.integers(1, 100), st.integers(1, 2**64)),
)
def test_products_are_divided_exactly(factors, multiplier, divisor):
    quotients = [factor * multiplier // divisor for factor in factors]
    if any(quotient > 2**62 for quotient in quotients):
        return

    found, remainders = product_divided(np.array(factors, dtype=np.int64), multiplier, divisor)

    assert found.tolist() == quotients
    assert remainders.tolist() == [factor * multiplier % divisor for factor in factors]


@pytest.mark.parametrize("divisor", [2**49 - 1, 2**59 + 1, 2**60, 2**61 + 1])
def test_quotients_that_floating_point_gets_wrong_are_put_right(divisor):
    factors = np.array([divisor - 1, divisor, divisor + 1, 2 * divisor, 3], dtype=np.int64)

    found, remainders = product_divided(factors, divisor - 1, divisor)

    assert found.tolist() == [factor * (divisor - 1) // divisor for factor in factors.tolist()]
    assert remainders.tolist() == [factor * (divisor - 1) % divisor for factor in factors.tolist()]


def test_a_quotient_above_every_claim_is_cut_there():
    found, _ = product_divided(np.array([2**62], dtype=np.int64), 2**62, 1)

    assert found.tolist() == [2**62]


@quick
@given(st.lists(st.booleans(), min_size=1, max_size=200), st.data())
def test_spare_cents_go_to_the_first_in_turn(marks, data):
    among = np.array(marks)
    count = data.draw(st.integers(0, int(among.sum())))
    ranks = data.draw(none_or_orders(len(marks)))
    losses = data.draw(st.booleans())
    cents = np.zeros(len(marks), dtype=np.int64)

    Ties(None if ranks is None else np.array(ranks), losses).add_one(cents, among, count)

    turn = sorted(np.flatnonzero(among).tolist(), key=list(ranks or range(len(marks))).__getitem__)
    first = sorted(turn[::-1][:count] if losses else turn[:count])
    assert np.flatnonzero(cents).tolist() == first


def test_the_largest_remainders_come_first_and_ties_by_position():
    cents = np.zeros(5, dtype=np.int64)

    add_largest_remainders(cents, np.array([3, 9, 3, 0, 3]), 3, Ties())

    assert cents.tolist() == [1, 1, 1, 0, 0]


def test_exact_shares_become_whole_cents_with_the_same_sum():
    shares = [Fraction(10, 3), Fraction(10, 3), Fraction(10, 3)]

    assert whole_cents(shares, Ties()).tolist() == [4, 3, 3]
    assert whole_cents(shares, Ties(np.array([2, 1, 0]))).tolist() == [3, 3, 4]
