"""Random arrival for more claims than can be tried in every order: a sample, and what it says of itself."""

from fractions import Fraction
from math import factorial

import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from fundmgr.allocation import Policy, Problem, allocate, arrivals, compare, exact, explain, rule_properties
from fundmgr.allocation.arrivals import sampled_arrival

quick = settings(max_examples=examples(10), deadline=None)
slow = settings(max_examples=examples(5), deadline=None)
BY_CHANCE = Policy(rule="random_arrival")
# Nobody is further off than so many standard errors; one of 15,000 would be further than four.
FAR = 5


def in_every_order(claims, estate):
    """The exact award of each, from how many sets of others have which sum; for small amounts.

    Shapes: a row a size of the set, a column a sum up to the estate; counts of up to 24 claims fit 64 bits.
    """
    awards, count = [], len(claims)
    left = estate - np.arange(estate + 1)
    for place, claim in enumerate(claims):
        sets = np.zeros((count, estate + 1), dtype=np.int64)
        sets[0, 0] = 1
        for other in claims[:place] + claims[place + 1 :]:
            wider = sets[:-1]
            more = np.zeros_like(wider)
            more[:, other:] = wider[:, : max(0, estate + 1 - other)]
            # Whatever sums to more than the money leaves nothing, as the money itself does.
            more[:, -1] += wider[:, max(0, estate + 1 - other) :].sum(axis=1)
            sets[1:] += more
        paid = (sets * np.minimum(claim, left)).sum(axis=1).tolist()
        awarded = sum(ways * factorial(size) * factorial(count - 1 - size) for size, ways in enumerate(paid))
        awards.append(Fraction(awarded, factorial(count)))
    return awards


@slow
@given(st.lists(st.integers(1, 9), min_size=21, max_size=24), st.data())
def test_many_claims_get_the_exact_award_within_the_stated_error(claims, data):
    claims = [1_000_000 * claim for claim in claims]
    estate = 1_000_000 * data.draw(st.integers(1, sum(claims) // 1_000_000))
    true = [
        1_000_000 * award for award in in_every_order([claim // 10**6 for claim in claims], estate // 10**6)
    ]

    found = allocate(Problem(estate, claims), BY_CHANCE)

    if sum(claims) == estate:
        assert found.sampled is None
        return
    off = max(abs(award - one) for award, one in zip(found.awards_cents.tolist(), true, strict=True))
    assert off <= FAR * found.sampled.error_cents + 1
    assert found.sampled.orders >= 64 * len(claims)
    assert found.sampled.error_cents < 20_000


@quick
@given(st.lists(st.integers(1, 50), min_size=2, max_size=6), st.data())
def test_a_sample_comes_near_what_every_order_gives(claims, data):
    estate = data.draw(st.integers(0, sum(claims)))
    true = exact(Problem(estate, claims), BY_CHANCE)

    awards, found = sampled_arrival([1_000 * claim for claim in claims], 1_000 * estate)

    off = max(abs(award - 1_000 * one) for award, one in zip(awards, true, strict=True))
    assert off <= FAR * found.error_cents + 1


@slow
@given(st.lists(st.integers(1, 10**6), min_size=21, max_size=40), st.data())
def test_a_sample_keeps_what_is_true_of_every_order(claims, data):
    claims = [claims[0], *claims]
    estate = data.draw(st.integers(0, sum(claims)))

    awards, _ = sampled_arrival(claims, estate)
    losses, _ = sampled_arrival(claims, sum(claims) - estate)
    backwards, _ = sampled_arrival(claims[::-1], estate)

    assert sum(awards) == estate
    assert all(0 <= award <= claim for award, claim in zip(awards, claims, strict=True))
    assert awards[0] == awards[1]
    assert [award + loss for award, loss in zip(awards, losses, strict=True)] == claims
    assert backwards == awards[::-1]


def test_the_engine_rounds_the_sampled_shares_and_zero_claims_change_nothing():
    claims = [1_000 + 37 * number for number in range(30)]
    problem = Problem(9_001, [0, *claims])

    found, shares = allocate(problem, BY_CHANCE), exact(problem, BY_CHANCE)

    assert sum(shares) == found.total_cents == 9_001
    assert all(
        abs(award - share) < 1 for award, share in zip(found.awards_cents.tolist(), shares, strict=True)
    )
    assert (
        found.awards_cents.tolist()[1:] == allocate(Problem(9_001, claims), BY_CHANCE).awards_cents.tolist()
    )


def test_the_sample_is_the_same_on_every_machine():
    """These are the bytes of the seed; another stream of random numbers would give others."""
    found = allocate(Problem(100_000, [1_000 * number for number in range(1, 26)]), BY_CHANCE)

    assert found.awards_cents.tolist()[::4] == [317, 1_575, 2_802, 4_028, 5_235, 6_404, 7_551]
    assert found.sampled.orders == 100_000


@pytest.mark.parametrize("rows", [1, 7, 512])
def test_however_many_orders_are_worked_out_at_once_the_bytes_are_the_same(monkeypatch, rows):
    claims = [1_000 + 37 * (number % 19) for number in range(30)]
    usual = [sampled_arrival(claims, estate) for estate in (0, 9_001, sum(claims))]

    monkeypatch.setattr(arrivals, "_ROWS", rows)

    assert [sampled_arrival(claims, estate) for estate in (0, 9_001, sum(claims))] == usual


@pytest.mark.parametrize("shift", [0, 40])
def test_amounts_of_any_size_are_sampled_alike(shift):
    """Large amounts are added as Python's own integers."""
    claims = [(1_000 + number * number) << shift for number in range(25)]

    awards, _ = sampled_arrival(claims, 9_000 << shift)

    small, _ = sampled_arrival([claim >> shift for claim in claims], 9_000)
    assert awards == [award * 2**shift for award in small]


def test_fractions_of_cents_are_sampled_as_the_same_amounts():
    claims = [Fraction(1_000 + number, 3) for number in range(25)]

    thirds = exact(Problem(Fraction(9_000, 3), claims), BY_CHANCE)

    whole = exact(Problem(9_000, [1_000 + number for number in range(25)]), BY_CHANCE)
    assert thirds == [share / 3 for share in whole]


def test_twenty_claims_are_not_sampled_and_more_say_so_everywhere():
    few, many = (Problem(50_000, np.arange(1, count + 1) * 1_000) for count in (20, 21))

    assert allocate(few, BY_CHANCE).sampled is None
    assert compare(few, [BY_CHANCE])[0].sampled is None
    found = allocate(many, BY_CHANCE)
    assert compare(many, [BY_CHANCE, Policy(rule="talmud")])[0].sampled == found.sampled
    assert compare(many, [BY_CHANCE, Policy(rule="talmud")])[1].sampled is None
    error = f"${found.sampled.error_cents / 100:,.2f}"
    assert f"the average over 84,000 orders, within about {error} of the exact one." in explain(
        many, BY_CHANCE, found, 3
    )
    assert "above 20 requests, over a sample" in rule_properties(BY_CHANCE).summary


def test_the_worst_of_several_samples_is_told():
    claims = np.concatenate([np.arange(1, 31) * 100, np.arange(1, 31) * 10_000])
    problem = Problem(200_000, claims, tiers=np.repeat([1, 2], 30))
    policy = Policy(rule="random_arrival", tiers="urgency", tier_shares_bp=(1_000, 9_000))

    found = allocate(problem, policy)

    errors = [step.sampled.error_cents for step in found.trace]
    assert errors[0] < errors[1] == found.sampled.error_cents
