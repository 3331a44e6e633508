"""The exact rules against the tables of the literature, and against each other."""

from fractions import Fraction
from itertools import permutations

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from fundmgr.allocation import Policy, Problem, exact
from fundmgr.allocation.policy import COMPARISON_RULES, PRODUCTION_RULES

quick = settings(max_examples=examples(60), deadline=None)


def shares(rule, estate, claims):
    return exact(Problem(estate, claims), Policy(rule=rule))


@pytest.mark.parametrize(
    ("rule", "estate", "expected"),
    [
        ("talmud", 100, "100/3 100/3 100/3"),
        ("talmud", 200, "50 75 75"),
        ("talmud", 300, "50 100 150"),
        ("equal_awards", 200, "200/3 200/3 200/3"),
        ("equal_losses", 200, "0 50 150"),
        ("proportional", 100, "50/3 100/3 50"),
        ("random_arrival", 100, "100/3 100/3 100/3"),
        ("random_arrival", 200, "100/3 250/3 250/3"),
        ("random_arrival", 300, "50 100 150"),
        ("minimal_overlap", 200, "100/3 250/3 250/3"),
        ("minimal_overlap", 300, "100/3 250/3 550/3"),
        ("minimal_overlap", 450, "50 150 250"),
        ("adjusted_proportional", 200, "40 80 80"),
        ("adjusted_proportional", 450, "125/2 575/4 975/4"),
        ("average_of_awards", 200, "400/9 700/9 700/9"),
        ("average_of_awards", 450, "175/3 875/6 1475/6"),
        ("piniles", 450, "100 150 200"),
        ("constrained_egalitarian", 450, "100 175 175"),
        ("reverse_talmud", 100, "0 25 75"),
        ("reverse_talmud", 450, "100 150 200"),
        ("dominguez_thomson", 300, "1600/27 2800/27 3700/27"),
        ("average_cea_cel", 200, "100/3 175/3 325/3"),
    ],
)
def test_claims_of_one_two_and_three_hundred_give_the_known_tables(rule, estate, expected):
    assert shares(rule, estate, [100, 200, 300]) == [Fraction(share) for share in expected.split()]


def test_the_estate_of_the_four_sons_by_minimal_overlap():
    """Ibn Ezra's problem: claims of all, a half, a third and a quarter of 120."""
    expected = [Fraction(share) for share in ("485/6", "125/6", "65/6", "15/2")]

    assert shares("minimal_overlap", 120, [120, 60, 40, 30]) == expected


@quick
@given(st.lists(st.integers(0, 20), min_size=1, max_size=5), st.data())
def test_random_arrival_is_the_mean_over_all_orders(claims, data):
    estate = data.draw(st.integers(0, sum(claims)))
    totals, orders = [0] * len(claims), list(permutations(range(len(claims))))
    for order in orders:
        left = estate
        for place in order:
            paid = min(claims[place], left)
            totals[place] += paid
            left -= paid

    assert shares("random_arrival", estate, claims) == [Fraction(total, len(orders)) for total in totals]


@quick
@given(st.lists(st.integers(0, 15), min_size=2, max_size=5), st.data())
def test_random_arrival_and_average_of_awards_treat_awards_as_losses(claims, data):
    estate = data.draw(st.integers(0, sum(claims)))
    for rule in ("random_arrival", "average_of_awards", "adjusted_proportional", "reverse_talmud"):
        awards, losses = shares(rule, estate, claims), shares(rule, sum(claims) - estate, claims)
        assert [award + loss for award, loss in zip(awards, losses, strict=True)] == claims


@quick
@given(st.lists(st.integers(0, 40), max_size=6), st.data())
def test_every_rule_shares_all_the_money_within_the_claims(claims, data):
    estate = data.draw(st.integers(0, sum(claims)))
    for rule in (*PRODUCTION_RULES[:4], *COMPARISON_RULES):
        found = shares(rule, estate, claims)
        assert sum(found) == estate
        assert all(0 <= share <= claim for share, claim in zip(found, claims, strict=True))


@quick
@given(st.lists(st.integers(0, 30), min_size=1, max_size=5), st.data())
def test_a_larger_claim_never_gets_less(claims, data):
    estate = data.draw(st.integers(0, sum(claims)))
    larger = [claims[0] + data.draw(st.integers(1, 20)), *claims[1:]]
    for rule in (*PRODUCTION_RULES[:4], *COMPARISON_RULES):
        assert shares(rule, estate, larger)[0] >= shares(rule, estate, claims)[0]


def test_twenty_claims_are_still_exact():
    claims = [700 + 13 * number * number for number in range(20)]

    for rule in ("random_arrival", "average_of_awards"):
        assert sum(shares(rule, 5_000, claims)) == 5_000
