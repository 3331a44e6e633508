"""Lorenz points, the worst-off tenth and coverage, each against a slow form in plain integers."""

from fractions import Fraction

import numpy as np
from drawing import so_many
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from fundmgr.allocation import Policy, Problem, compare
from fundmgr.allocation.fairness import coverage, lorenz_bp, poorest_tenth_bp

quick = settings(max_examples=examples(80), deadline=None)
pairs = st.lists(
    st.integers(1, 2**56).flatmap(lambda claim: st.tuples(st.integers(0, claim), st.just(claim))),
    min_size=1,
    max_size=25,
)


def arrays(found):
    awards, claims = zip(*found, strict=True)
    return np.array(awards, dtype=np.int64), np.array(claims, dtype=np.int64)


def test_equal_awards_lie_on_the_diagonal_and_one_winner_on_the_edge():
    assert lorenz_bp(np.array([5, 5, 5, 5]), steps=4) == (0, 2_500, 5_000, 7_500, 10_000)
    assert lorenz_bp(np.array([0, 0, 0, 8]), steps=4) == (0, 0, 0, 0, 10_000)
    assert lorenz_bp(np.array([0, 0]), steps=2) == (0, 0, 0)


@quick
@given(pairs, st.integers(1, 20))
def test_a_point_is_what_the_least_paid_hold_together(found, steps):
    awards, _ = arrays(found)
    plain, total = sorted(award for award, _ in found), sum(award for award, _ in found)
    held = [sum(plain[: len(plain) * k // steps]) for k in range(steps + 1)]

    assert lorenz_bp(awards, steps) == tuple(
        round(Fraction(10_000 * cents, total)) if total else 0 for cents in held
    )


@quick
@given(pairs)
def test_the_worst_off_tenth_are_those_with_the_least_share(found):
    shares = sorted(award * 10**9 // claim for award, claim in found)
    tenth = shares[: -(-len(shares) // 10)]

    assert poorest_tenth_bp(*arrays(found)) == round(Fraction(10_000 * sum(tenth), len(tenth) * 10**9))


@quick
@given(pairs, st.data())
def test_every_group_is_summed_up_by_itself(found, data):
    groups = data.draw(so_many(st.integers(0, 3), len(found)))

    rows = coverage(*arrays(found), np.array(groups, dtype=np.int64))

    assert [row.group for row in rows] == sorted(set(groups))
    for row in rows:
        own = [pair for pair, group in zip(found, groups, strict=True) if group == row.group]
        assert (row.people, row.paid) == (len(own), sum(1 for award, _ in own if award))
        assert (row.awards_cents, row.claims_cents) == (
            sum(award for award, _ in own),
            sum(claim for _, claim in own),
        )


def test_a_comparison_tells_each_tier_apart():
    problem = Problem(300, [200, 200, 400], tiers=[1, 2, 2])

    row = compare(problem, [Policy(rule="equal_awards")])[0]

    assert [(tier.group, tier.people, tier.paid, tier.met_bp) for tier in row.tiers] == [
        (1, 1, 1, 10_000),
        (2, 2, 2, 1_667),
    ]
    assert row.poorest_tenth_bp == 1_250
    assert row.lorenz_bp[-1] == 10_000
