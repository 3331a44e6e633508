"""Funding lines: what each pot pays of each award, where a pot may pay some requests only in part."""

from itertools import product

import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from fundmgr.allocation import Policy, Problem, allocate
from fundmgr.allocation.errors import NegativeClaim, PotsMismatch, ShapeMismatch
from fundmgr.allocation.shares import PARTS, WHOLE, share_within

POLICIES = [Policy(rule="equal_awards"), Policy(rule="proportional")]


def problem_of(claims, pots):
    everything = np.ones((len(claims), len(pots)), dtype=np.bool_)
    return Problem(sum(pots), claims, pots_cents=pots, eligibility=everything)


quick = settings(max_examples=examples(100), deadline=None)


def shared(claims, pots, usable, policy=POLICIES[0]):
    return share_within(problem_of(claims, pots), policy, np.array(usable, dtype=np.int64))


@st.composite
def cases(draw, parts=(0.0, 0.3, 0.7, 1.0)):
    claims = draw(st.lists(st.integers(0, 5_000), min_size=1, max_size=12))
    pots = draw(st.lists(st.integers(0, 20_000), min_size=1, max_size=4))
    usable = [[int(claim * draw(st.sampled_from(parts))) for _ in pots] for claim in claims]
    return claims, pots, usable, draw(st.sampled_from(POLICIES))


@quick
@given(cases())
def test_invariant_04_lines_sum_to_the_awards_and_no_pot_pays_more_than_it_may(case):
    claims, pots, usable, policy = case
    found = shared(claims, pots, usable, policy)

    assert found.cents.sum(axis=1).tolist() == found.allocation.awards_cents.tolist()
    assert found.cents.sum(axis=0).tolist() == list(found.allocation.pots_used_cents)
    assert (found.cents >= 0).all()
    assert (found.cents <= np.array(usable)).all()
    assert (found.cents.sum(axis=0) <= np.array(pots)).all()


@quick
@given(cases(parts=(0.0, 1.0)))
def test_where_pots_pay_all_or_nothing_the_awards_are_those_of_the_rule(case):
    claims, pots, usable, policy = case
    eligible = np.array(usable, dtype=np.int64) > 0
    plain = allocate(Problem(sum(pots), claims, pots_cents=pots, eligibility=eligible), policy)

    assert (
        shared(claims, pots, usable, policy).allocation.awards_cents.tolist() == plain.awards_cents.tolist()
    )


@quick
@given(cases())
def test_the_same_case_gives_the_same_bytes(case):
    claims, pots, usable, policy = case
    first, second = (shared(claims, pots, usable, policy) for _ in range(2))

    assert first.allocation.canonical() == second.allocation.canonical()
    assert first.cents.tobytes() == second.cents.tobytes()


def test_a_pot_for_a_part_of_the_need_pays_that_part_and_the_general_one_the_rest():
    # Of two requests for $10.00, $4.00 and $1.00 are for health; the narrow pot has $5.00.
    found = shared([1_000, 1_000], [700, 500], [[1_000, 400], [1_000, 100]])

    assert found.allocation.awards_cents.tolist() == [600, 600]
    assert found.cents.tolist() == [[200, 400], [500, 100]]


def test_a_part_too_small_for_the_pot_is_paid_and_leaves_the_rest_of_it():
    found = shared([1_000], [0, 900], [[1_000, 300]])

    assert found.allocation.awards_cents.tolist() == [300]
    assert found.allocation.leftover_cents == 600


def test_a_pot_for_a_part_pays_that_part_beside_the_little_of_the_others():
    found = shared([95_055], [100, 5_000_000], [[95_055, 65_055]])

    assert found.cents.tolist() == [[100, 65_055]]


def test_parts_do_not_keep_a_narrow_pot_from_whole_requests():
    found = shared([1_000, 400], [0, 900], [[1_000, 300], [400, 400]])

    assert found.cents.tolist() == [[0, 300], [0, 400]]


def test_before_pots_paid_parts_they_were_given_up_for_whom_they_could_pay_too_little():
    policy, usable = POLICIES[0], np.array([[95_055, 65_055]])

    found = share_within(problem_of([95_055], [100, 5_000_000]), policy, usable, version=WHOLE)

    assert found.cents.tolist() == [[100, 0]]


@quick
@given(cases(parts=(0.0, 1.0)))
def test_where_pots_pay_all_or_nothing_both_versions_give_the_same_bytes(case):
    claims, pots, usable, policy = case
    limits = np.array(usable, dtype=np.int64)

    old, new = (share_within(problem_of(claims, pots), policy, limits, version=one) for one in (WHOLE, PARTS))

    assert old.allocation.canonical() == new.allocation.canonical()
    assert old.cents.tolist() == new.cents.tolist()


@pytest.mark.parametrize("pots", [1, 2, 3])
def test_all_small_cases_pay_as_much_as_any_lines_could_where_nothing_is_partial(pots):
    for claims in product([1, 2, 5], repeat=2):
        for flags in product([0, 1], repeat=2 * pots):
            usable = [
                [claim * flags[place * pots + pot] for pot in range(pots)]
                for place, claim in enumerate(claims)
            ]
            found = shared(list(claims), [3] * pots, usable)
            best = min(
                sum(claim for place, claim in enumerate(claims) if place not in inside)
                + 3 * sum(any(usable[place][pot] for place in inside) for pot in range(pots))
                for inside in ([], [0], [1], [0, 1])
            )
            assert found.allocation.total_cents == best


def test_what_cannot_be_is_refused():
    with pytest.raises(PotsMismatch):
        share_within(Problem(5, [5]), POLICIES[0], np.array([[5]]))
    with pytest.raises(ShapeMismatch):
        shared([5, 5], [5], [[5]])
    with pytest.raises(NegativeClaim):
        shared([5], [5], [[-1]])
