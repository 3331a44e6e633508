"""First come first served, and the three ways to treat the one that does not fit."""

import numpy as np
import pytest

from fundmgr.allocation import Policy, Problem, allocate
from fundmgr.allocation.queues import serve_in_order

CLAIMS = [400, 300, 200, 100]


@pytest.mark.parametrize(
    ("last", "expected", "leftover"),
    [("partial", [400, 200, 0, 0], 0), ("stop", [400, 0, 0, 0], 200), ("skip", [400, 0, 200, 0], 0)],
)
def test_the_one_that_does_not_fit_is_paid_in_part_ends_the_queue_or_is_skipped(last, expected, leftover):
    allocation = allocate(Problem(600, CLAIMS), Policy(rule="queue", last=last))

    assert allocation.awards_cents.tolist() == expected
    assert allocation.leftover_cents == leftover


def test_the_given_order_is_served():
    awards = allocate(Problem(350, CLAIMS, order=[3, 2, 1, 0]), Policy(rule="queue")).awards_cents

    assert awards.tolist() == [0, 50, 200, 100]


def test_a_request_outside_the_order_gets_nothing_even_from_a_full_fund():
    allocation = allocate(Problem(2_000, CLAIMS, order=[3, 0]), Policy(rule="draw"))

    assert allocation.awards_cents.tolist() == [400, 0, 0, 100]
    assert allocation.leftover_cents == 1_500


def test_a_queue_is_served_tier_by_tier():
    problem = Problem(600, CLAIMS, tiers=[2, 1, 1, 2], order=[0, 1, 2, 3])

    assert allocate(problem, Policy(rule="queue")).awards_cents.tolist() == [100, 300, 200, 0]


@pytest.mark.parametrize("last", ["partial", "stop", "skip"])
def test_an_empty_queue_is_served(last):
    nobody = np.zeros(0, dtype=np.int64)

    assert serve_in_order(nobody, nobody, 5, last).tolist() == []
