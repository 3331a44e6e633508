"""Pots that may pay requests in part: the most in all, then the least the most, then narrow pots first."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from drawing import none_or_orders, none_or_so_many, orders
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from fundmgr.allocation import Policy, Problem, allocate, exact, explain
from fundmgr.allocation.errors import NegativeClaim, TooManyClaims
from fundmgr.allocation.parts import share_parts
from fundmgr.allocation.shares import share_within
from fundmgr.allocation.variants import varied

POLICIES = [Policy(rule="equal_awards"), Policy(rule="proportional")]
thorough = settings(max_examples=examples(200), deadline=None)


# What of a claim a pot may pay: nothing, all, or a part.
HOW_MUCH = st.sampled_from(
    [
        lambda draw, claim: 0,
        lambda draw, claim: claim,
        lambda draw, claim: draw(st.integers(0, claim)),
    ]
)


@st.composite
def problems(draw, most=1_000, people=7, pots=4):
    claims = draw(st.lists(st.integers(0, most), min_size=1, max_size=people))
    money = draw(st.lists(st.integers(0, 2 * most), min_size=1, max_size=pots))
    usable = [[draw(HOW_MUCH)(draw, claim) for _ in money] for claim in claims]
    return Problem(
        sum(money),
        claims,
        pots_cents=money,
        usable_cents=np.array(usable, dtype=np.int64).reshape(len(claims), len(money)),
        weights=draw(
            none_or_so_many(st.integers(0, 5), len(claims)).filter(
                lambda points: points is None or any(points)
            )
        ),
        tiers=draw(none_or_so_many(st.integers(1, 2), len(claims))),
        caps_cents=draw(st.none() | st.integers(0, most)),
        tie_key=draw(none_or_orders(len(claims))),
    )


def limits_of(problem):
    """What each pot may pay, also where the problem remembers only who may be paid."""
    if problem.usable_cents is not None:
        return problem.usable_cents
    return problem.eligibility * problem.counted_cents[:, None]


def most_in_all(problem):
    """The least cut: some pots pay what they hold, the others all they may."""
    limits, pots = limits_of(problem), problem.pots_cents
    return min(
        sum(pot for pot, is_in in zip(pots, inside, strict=True) if is_in)
        + int(np.minimum(problem.counted_cents, limits[:, [not one for one in inside]].sum(axis=1)).sum())
        for inside in product([False, True], repeat=len(pots))
    )


@thorough
@given(problems(), st.sampled_from(POLICIES))
def test_as_much_is_paid_as_pots_limits_and_claims_allow(problem, policy):
    found = allocate(problem, policy)

    assert found.total_cents == most_in_all(problem)
    assert found.total_cents + found.leftover_cents == problem.estate_cents
    assert sum(found.pots_used_cents) == found.total_cents
    assert (found.awards_cents <= problem.counted_cents).all()


@thorough
@given(problems(), st.sampled_from(POLICIES))
def test_awards_are_the_exact_shares_to_the_cent(problem, policy):
    shares = exact(problem, policy)
    awards = allocate(problem, policy).awards_cents.tolist()

    # In tiers and behind weights of zero the cents before count too, so each is exact by itself only alone.
    if problem.tiers is None and problem.weights is None:
        assert all(abs(award - share) < 1 for award, share in zip(awards, shares, strict=True)), shares
    assert int(sum(shares)) in (sum(awards), sum(awards) - 1)


@thorough
@given(problems(most=10**9), st.sampled_from(POLICIES))
def test_large_amounts_are_as_exact(problem, policy):
    problem = varied(problem, weights=None, tiers=None)

    shares, awards = exact(problem, policy), allocate(problem, policy).awards_cents.tolist()

    assert all(abs(award - share) < 1 for award, share in zip(awards, shares, strict=True))


@thorough
@given(problems(), st.sampled_from(POLICIES))
def test_lines_keep_to_pots_and_limits_and_sum_to_the_awards(problem, policy):
    limits = limits_of(problem)
    found = share_within(problem, policy, limits)

    assert found.cents.sum(axis=1).tolist() == found.allocation.awards_cents.tolist()
    assert found.cents.sum(axis=0).tolist() == list(found.allocation.pots_used_cents)
    assert ((found.cents >= 0) & (found.cents <= limits)).all()
    assert (found.cents.sum(axis=0) <= np.array(problem.pots_cents)).all()


@thorough
@given(problems(), st.sampled_from(POLICIES))
def test_where_pots_pay_all_or_nothing_it_gives_what_the_plain_way_gives(problem, policy):
    whole = varied(problem, usable_cents=None)
    forced = varied(whole)
    object.__setattr__(forced, "usable_cents", whole.eligibility * whole.counted_cents[:, None])

    plain, parts = allocate(whole, policy), share_parts(forced, policy)

    assert parts.awards_cents.tolist() == plain.awards_cents.tolist()
    assert parts.pots_used_cents == plain.pots_used_cents
    settled = [step.level for step in plain.trace if step.level]
    assert [step.level for step in parts.trace if step.level] == settled


def ways(claims, pots, usable):
    """Every matrix of whole cents that could be paid, tried one by one."""
    for cents in product(*(range(most + 1) for row in usable for most in row)):
        lines = np.array(cents).reshape(len(claims), len(pots))
        if (lines.sum(axis=1) <= claims).all() and (lines.sum(axis=0) <= pots).all():
            yield lines


@pytest.mark.parametrize("pots", [(2, 1), (3, 2), (1, 4), (0, 3), (5, 5)])
def test_no_other_way_to_pay_small_amounts_is_better(pots):
    claims = (3, 2, 2)
    for parts in product((0, 1, 2), (0, 2), (1, 2)):
        usable = [[parts[0], 3], [2, parts[1]], [parts[2], 1]]
        problem = Problem(
            sum(pots), claims, pots_cents=pots, usable_cents=np.array(usable), draw_order=[1, 0]
        )

        found = allocate(problem, POLICIES[0])

        options = list(ways(claims, pots, usable))
        best = max((int(one.sum()), sorted(one.sum(axis=1).tolist())) for one in options)
        assert (found.total_cents, sorted(found.awards_cents.tolist())) == best
        same = [one for one in options if one.sum(axis=1).tolist() == found.awards_cents.tolist()]
        assert found.pots_used_cents[1] == max(int(one[:, 1].sum()) for one in same)


@thorough
@given(problems(), st.sampled_from(POLICIES), st.data())
def test_moving_people_moves_their_awards(problem, policy, data):
    count = len(problem)
    problem = varied(problem, tie_key=list(range(count)))
    turn = data.draw(orders(count))
    moved = Problem(
        problem.estate_cents,
        problem.claims_cents[turn],
        pots_cents=problem.pots_cents,
        usable_cents=limits_of(problem)[turn],
        **{
            name: None if (values := getattr(problem, name)) is None else values[turn]
            for name in ("weights", "tiers", "caps_cents", "tie_key")
        },
    )

    assert (
        allocate(moved, policy).awards_cents.tolist() == allocate(problem, policy).awards_cents[turn].tolist()
    )


@thorough
@given(problems(people=5), st.integers(1, 500))
def test_more_money_in_a_pot_never_pays_less_in_all_and_never_lowers_the_least(problem, more):
    problem = varied(problem, weights=None, tiers=None)
    pots = (problem.pots_cents[0] + more, *problem.pots_cents[1:])
    richer = varied(problem, estate_cents=sum(pots), pots_cents=pots)

    before, after = (allocate(one, POLICIES[0]).awards_cents for one in (problem, richer))

    assert sorted(before.tolist()) <= sorted(after.tolist())
    assert before.sum() <= after.sum()


@thorough
@given(problems(), st.sampled_from(POLICIES))
def test_the_same_problem_gives_the_same_bytes(problem, policy):
    first, second = (allocate(varied(problem), policy) for _ in range(2))

    assert first.canonical() == second.canonical()


def test_amounts_near_the_limit_are_shared_without_wrapping():
    most = 2**61 - 1
    usable = np.array([[most, 7], [most - 1, most]], dtype=np.int64)
    problem = Problem(2**61, [most, most], pots_cents=[2**60, 2**60], usable_cents=usable)

    for policy in POLICIES:
        shares, awards = exact(problem, policy), allocate(problem, policy).awards_cents.tolist()
        assert sum(awards) == 2**61
        assert all(abs(Fraction(award) - share) < 1 for award, share in zip(awards, shares, strict=True))


def test_a_problem_with_parts_binds_them_and_one_without_has_the_bytes_of_before():
    claims, pots = [10, 20], [5, 6]
    plain = Problem(11, claims, pots_cents=pots, eligibility=[[0], [0, 1]])
    whole = Problem(11, claims, pots_cents=pots, usable_cents=np.array([[10, 0], [99, 20]]))
    parts = [
        Problem(11, claims, pots_cents=pots, usable_cents=np.array([[10, 0], [20, most]])) for most in (7, 8)
    ]

    assert whole.canonical() == plain.canonical()
    assert whole.usable_cents is None
    assert len({one.digest() for one in (plain, *parts)}) == 3
    assert b'"usable_cents":[[10,0],[20,7]],"version":2' in parts[0].canonical()


def test_what_a_pot_may_pay_is_not_below_zero():
    with pytest.raises(NegativeClaim):
        Problem(5, [5], pots_cents=[5], usable_cents=np.array([[-1]]))


def test_the_reference_refuses_more_pots_than_it_can_try():
    usable = np.full((1, 13), 2)
    with pytest.raises(TooManyClaims):
        exact(Problem(13, [5], pots_cents=[1] * 13, usable_cents=usable), POLICIES[0])


def test_one_who_gets_all_that_pots_may_pay_is_told_so():
    problem = Problem(900, [1_000, 200], pots_cents=[0, 900], usable_cents=np.array([[0, 300], [200, 200]]))
    found = allocate(problem, POLICIES[0])

    said = [explain(problem, POLICIES[0], found, place) for place in (0, 1)]

    assert "The pots may pay $3.00 of it in all, and it gets that." in said[0]
    assert "hold enough for all of it" in said[1]
