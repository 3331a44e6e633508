"""Who changes most between two sharings."""

import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from fundmgr.allocation import AllocationError, Policy, Problem, allocate, changes


def test_those_who_change_most_stand_first_and_ties_by_position():
    before, after = np.array([100, 100, 100, 100, 100]), np.array([50, 150, 100, 300, 40])

    found = changes(before, after, most=3)

    assert (found.more, found.less, found.same) == (2, 2, 1)
    assert [(one.position, one.difference_cents) for one in found.most] == [(3, 200), (4, -60), (0, -50)]


def test_two_rules_of_one_problem_are_compared():
    problem = Problem(300, [300, 200, 100])
    equal, queue = (allocate(problem, Policy(rule=rule)).awards_cents for rule in ("equal_awards", "queue"))

    found = changes(equal, queue)

    assert [(one.position, one.before_cents, one.after_cents) for one in found.most] == [
        (0, 100, 300),
        (1, 100, 0),
        (2, 100, 0),
    ]


def test_sharings_among_other_people_are_refused():
    with pytest.raises(AllocationError, match="cannot be compared"):
        changes(np.array([1]), np.array([1, 2]))


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30), st.integers(0, 25))
def test_it_is_the_plain_sort_by_size_of_change(pairs, most):
    before, after = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    ranked = sorted(
        (place for place, (one, other) in enumerate(pairs) if one != other),
        key=lambda place: (-abs(pairs[place][1] - pairs[place][0]), place),
    )

    assert [one.position for one in changes(before, after, most=most).most] == ranked[:most]
