"""Funding lines: what each pot pays of each award, where a pot may pay some requests only in part."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.allocation import Policy, Problem, allocate
from fundmgr.allocation.errors import NegativeClaim, PotsMismatch, ShapeMismatch
from fundmgr.allocation.shares import share_within

POLICIES = [Policy(rule="equal_awards"), Policy(rule="proportional")]


def problem_of(claims, pots):
    everything = np.ones((len(claims), len(pots)), dtype=np.bool_)
    return Problem(sum(pots), claims, pots_cents=pots, eligibility=everything)


def shared(claims, pots, usable, policy=POLICIES[0]):
    return share_within(problem_of(claims, pots), policy, np.array(usable, dtype=np.int64))


@st.composite
def cases(draw, parts=(0.0, 0.3, 0.7, 1.0)):
    claims = draw(st.lists(st.integers(0, 5_000), min_size=1, max_size=12))
    pots = draw(st.lists(st.integers(0, 20_000), min_size=1, max_size=4))
    usable = [[int(claim * draw(st.sampled_from(parts))) for _ in pots] for claim in claims]
    return claims, pots, usable, draw(st.sampled_from(POLICIES))


@given(cases())
def test_invariant_04_lines_sum_to_the_awards_and_no_pot_pays_more_than_it_may(case):
    claims, pots, usable, policy = case
    found = shared(claims, pots, usable, policy)

    assert found.cents.sum(axis=1).tolist() == found.allocation.awards_cents.tolist()
    assert found.cents.sum(axis=0).tolist() == list(found.allocation.pots_used_cents)
    assert (found.cents >= 0).all()
    assert (found.cents <= np.array(usable)).all()
    assert (found.cents.sum(axis=0) <= np.array(pots)).all()


@given(cases(parts=(0.0, 1.0)))
def test_where_pots_pay_all_or_nothing_the_awards_are_those_of_the_rule(case):
    claims, pots, usable, policy = case
    eligible = np.array(usable, dtype=np.int64) > 0
    plain = allocate(Problem(sum(pots), claims, pots_cents=pots, eligibility=eligible), policy)

    assert (
        shared(claims, pots, usable, policy).allocation.awards_cents.tolist() == plain.awards_cents.tolist()
    )


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


def test_a_part_too_small_for_the_pot_leaves_the_rest_of_it_unused():
    found = shared([1_000], [0, 900], [[1_000, 300]])

    # The rule knows no parts: rather nothing than a cent that the donor did not allow.
    assert found.allocation.awards_cents.tolist() == [0]
    assert found.allocation.leftover_cents == 900


def test_whole_requests_take_a_narrow_pot_when_parts_do_not_fit():
    found = shared([1_000, 400], [0, 900], [[1_000, 300], [400, 400]])

    assert found.cents.tolist() == [[0, 0], [0, 400]]


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
