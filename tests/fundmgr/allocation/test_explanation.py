"""The sentence a person reads: the numbers in it are the numbers of the award."""

import pytest

from fundmgr.allocation import Policy, Problem, allocate, errors, explain
from fundmgr.allocation.policy import PRODUCTION_RULES


def told(problem, place, **policy):
    chosen = Policy(**policy)
    return explain(problem, chosen, allocate(problem, chosen), place)


PROBLEM = Problem(45_000, [10_000, 20_000, 30_000])


@pytest.mark.parametrize(
    ("rule", "place", "words"),
    [
        (
            "equal_awards",
            0,
            "The common amount is $175.00; the request is not above it, so it is met in full.",
        ),
        ("equal_awards", 2, "The common amount is $175.00; the request is above it."),
        ("proportional", 1, "The share is 75.00% of what counts."),
        ("equal_losses", 1, "The common cut is $50.00; what is left of the request is paid."),
        ("talmud", 0, "nobody loses more than half; half of the request is paid."),
        ("talmud", 2, "The common cut is $50.00; what is left of the request is paid."),
        ("queue", 2, "It is number 3 in the order; those before it ask for $300.00 together."),
    ],
)
def test_the_reason_is_given_in_words_and_numbers(rule, place, words):
    assert told(PROBLEM, place, rule=rule).endswith(words)


def test_it_starts_with_what_was_asked_and_what_is_given():
    assert told(PROBLEM, 2, rule="equal_awards").startswith(
        "The request is for $300.00; the award is $175.00."
    )


def test_a_cap_is_named():
    problem = Problem(100, [10_000, 20_000], caps_cents=15_000)

    assert "of which $150.00 counts under the cap" in told(problem, 1, rule="equal_awards")


def test_a_request_below_the_cut_is_told_so():
    assert told(Problem(10_000, [10_000, 20_000, 30_000]), 0, rule="equal_losses").endswith(
        "which leaves nothing."
    )


def test_half_a_request_below_the_common_amount_is_told_so():
    assert told(Problem(20_000, [10_000, 20_000, 30_000]), 0, rule="talmud").endswith("so half is paid.")


def test_a_full_tier_and_an_empty_one_are_told_apart():
    problem = Problem(100, [100, 100], tiers=[0, 1])

    assert "the money covers all of it" in told(problem, 0, rule="equal_awards")
    assert "Nothing was left for the 1 requests of tier 1" in told(problem, 1, rule="equal_awards")


def test_the_useful_minimum_is_told_to_both_sides_of_it():
    problem = Problem(250, [10_000, 100, 200])

    inside = told(problem, 1, rule="equal_awards", floor_cents=100)
    assert "In order, 2 of them are sure of $1.00" in inside
    assert told(problem, 2, rule="equal_awards", floor_cents=100).endswith(
        "comes after them, so it gets nothing."
    )


def test_a_held_remainder_is_told():
    assert "The rest, $0.50, is held back." in told(
        Problem(250, [100, 200, 200]), 0, rule="equal_awards", floor_cents=100, remainder="hold"
    )


def test_who_was_not_drawn_is_told():
    problem = Problem(250, [100, 200, 200], order=[1, 2])

    assert told(problem, 0, rule="draw").endswith("not in the order of serving, so it gets nothing.")


def test_points_change_the_common_amount():
    problem = Problem(600, [1_000, 1_000, 1_000], weights=[1, 2, 3])

    assert told(problem, 2, rule="equal_awards").endswith(
        "The common amount is $3.00; the request is above it."
    )


@pytest.mark.parametrize("rule", PRODUCTION_RULES)
@pytest.mark.parametrize("floor_cents", [0, 100])
@pytest.mark.parametrize("estate", [0, 150, 25_000, 45_000, 70_000])
def test_there_is_a_sentence_for_every_rule_and_funding(rule, floor_cents, estate):
    problem = Problem(estate, [10_000, 20_000, 30_000, 0], order=[2, 0, 1, 3], weights=[1, 2, 0, 1])

    for place in range(4):
        assert told(problem, place, rule=rule, floor_cents=floor_cents).endswith(".")


def test_an_allocation_of_another_problem_is_refused():
    policy = Policy(rule="equal_awards")

    with pytest.raises(errors.DifferentProblem):
        explain(PROBLEM, policy, allocate(Problem(1, [2]), policy), 0)
    with pytest.raises(IndexError):
        explain(PROBLEM, policy, allocate(PROBLEM, policy), 3)
