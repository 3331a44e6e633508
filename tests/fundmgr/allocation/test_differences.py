"""Who changes most between two sharings."""

import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from fundmgr.allocation import AllocationError, Policy, Problem, allocate, changes


def test_those_who_gain_most_stand_first_then_those_who_lose_most():
    before, after = np.array([100, 100, 100, 100, 100]), np.array([50, 150, 100, 300, 40])

    found = changes(before, after, most=3)

    assert (found.more, found.less, found.same) == (2, 2, 1)
    assert [(one.position, one.difference_cents) for one in found.most] == [(3, 200), (1, 50), (4, -60)]


def test_where_many_lose_a_little_and_some_gain_much_both_are_named_and_ties_go_by_position():
    before, after = np.full(8, 100), np.array([900, 99, 900, 99, 900, 900, 900, 100])

    found = changes(before, after, most=4)

    assert (found.more, found.less, found.same) == (5, 2, 1)
    assert [one.position for one in found.most] == [0, 2, 1, 3]


def test_where_one_side_is_short_the_other_has_its_room():
    before, after = np.array([100, 100, 100, 100]), np.array([90, 80, 70, 101])

    assert [one.position for one in changes(before, after, most=3).most] == [3, 2, 1]
    assert [one.position for one in changes(after, before, most=3).most] == [2, 1, 3]


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
def test_each_side_is_the_plain_sort_by_size_of_change_and_no_room_stays_empty(pairs, most):
    before, after = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    found = changes(before, after, most=most)
    gained = [one for one in found.most if one.difference_cents > 0]
    lost = [one for one in found.most if one.difference_cents < 0]

    assert list(found.most) == [*gained, *lost]
    assert len(found.most) == min(most, found.more + found.less)
    assert min(len(gained), len(lost)) >= min(most // 2, found.more, found.less)
    for side, sign in ((gained, 1), (lost, -1)):
        ranked = sorted(
            (place for place, (one, other) in enumerate(pairs) if sign * (other - one) > 0),
            key=lambda place: (-abs(pairs[place][1] - pairs[place][0]), place),
        )
        assert [one.position for one in side] == ranked[: len(side)]
