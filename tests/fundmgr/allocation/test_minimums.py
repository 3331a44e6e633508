"""How many people a useful minimum leaves with nothing, against sharing it all out."""

from dataclasses import replace

import pytest
from drawing import none_or_so_many, orders
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from fundmgr.allocation import AllocationError, Policy, Problem, allocate, break_even
from fundmgr.allocation.policy import PRODUCTION_RULES


def test_a_higher_minimum_leaves_more_people_with_nothing():
    problem = Problem(1_000, [500] * 10)

    rows = break_even(problem, Policy(rule="equal_awards"), [0, 100, 200, 500, 501])

    assert [(row.people_paid, row.people_losing_all) for row in rows] == [
        (10, 0),
        (10, 0),
        (5, 5),
        (2, 8),
        (0, 10),
    ]


def test_nobody_asking_loses_nothing():
    assert break_even(Problem(5, []), Policy(rule="proportional"), [3])[0].people_losing_all == 0


def test_restricted_pots_have_no_minimum():
    problem = Problem(5, [9], pots_cents=[5], eligibility=[[0]])

    with pytest.raises(AllocationError):
        break_even(problem, Policy(rule="proportional"), [3])


@settings(max_examples=examples(150), deadline=None)
@given(st.data())
def test_it_counts_as_whole_sharings_do(data):
    claims = data.draw(st.lists(st.integers(0, 60), min_size=1, max_size=9))
    problem = Problem(
        data.draw(st.integers(0, sum(claims) + 5)),
        claims,
        order=data.draw(orders(len(claims))),
        tiers=data.draw(none_or_so_many(st.integers(1, 3), len(claims))),
        caps_cents=data.draw(none_or_so_many(st.integers(0, 50), len(claims))),
    )
    policy = Policy(
        rule=data.draw(st.sampled_from(PRODUCTION_RULES)),
        remainder=data.draw(st.sampled_from(("distribute", "hold"))),
    )
    most = int(problem.counted_cents.max())
    floors = list(range(most + 1))
    before = allocate(problem, policy).awards_cents

    rows = break_even(problem, policy, floors)

    for floor, row in zip(floors, rows, strict=True):
        after = allocate(problem, replace(policy, floor_cents=floor)).awards_cents
        assert row.people_paid == (after > 0).sum()
        assert row.people_losing_all == ((before > 0) & (after == 0)).sum()
