"""Two rounds are one big round where the rule composes, and a refusal where it does not."""

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from fundmgr.allocation import Policy, Problem, allocate, errors, exact, topup
from fundmgr.allocation.policy import RULES

COMPOSING = ("equal_awards", "proportional", "equal_losses")


@settings(max_examples=examples(120), deadline=None)
@given(st.lists(st.integers(0, 10**6), max_size=7), st.sampled_from(COMPOSING), st.data())
def test_both_rounds_together_are_one_big_round(claims, rule, data):
    policy = Policy(rule=rule)
    first = data.draw(st.integers(0, sum(claims)))
    second = data.draw(st.integers(0, sum(claims)))

    before = allocate(Problem(first, claims), policy)
    after = topup(before, second)
    big = allocate(Problem(first + second, claims), policy)

    assert after.after.awards_cents.tolist() == (before.awards_cents + after.awards_cents).tolist()
    assert (after.awards_cents >= 0).all()
    assert after.after.leftover_cents == big.leftover_cents
    assert after.after.total_cents == big.total_cents
    assert abs(after.after.awards_cents - big.awards_cents).max(initial=0) <= 1
    if rule != "proportional":
        assert after.after == big


@settings(max_examples=examples(120), deadline=None)
@given(st.lists(st.integers(0, 10**6), max_size=7), st.sampled_from(COMPOSING), st.data())
def test_sharing_new_money_on_what_is_unpaid_equals_one_big_sharing(claims, rule, data):
    policy = Policy(rule=rule)
    first = data.draw(st.integers(0, sum(claims)))
    second = data.draw(st.integers(0, sum(claims) - first))

    once = exact(Problem(first, claims), policy)
    unpaid = [claim - share for claim, share in zip(claims, once, strict=True)]
    again = exact(Problem(second, unpaid), policy)

    together = [one + other for one, other in zip(once, again, strict=True)]
    assert together == exact(Problem(first + second, claims), policy)


def test_a_cent_once_given_is_never_asked_back():
    """Largest remainders would take a cent from the third when one cent more is shared among four."""
    policy, claims = Policy(rule="proportional"), [5, 5, 1, 5]
    found = False
    for first in range(16):
        before = allocate(Problem(first, claims), policy)
        big = allocate(Problem(first + 1, claims), policy)
        found = found or bool((big.awards_cents < before.awards_cents).any())
        assert (topup(before, 1).awards_cents >= 0).all()
        assert topup(before, 1).awards_cents.sum() == 1

    assert found


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in COMPOSING])
def test_a_rule_that_does_not_compose_is_refused_by_name(rule):
    before = allocate(Problem(10, [10, 20], order=[0, 1]), Policy(rule=rule))

    with pytest.raises(errors.RuleDoesNotCompose, match="one big round"):
        topup(before, 5)


def test_a_useful_minimum_is_refused_with_its_reason():
    before = allocate(Problem(10, [10, 20]), Policy(rule="equal_awards", floor_cents=5))

    with pytest.raises(errors.RuleDoesNotCompose, match="useful minimum"):
        topup(before, 5)


def test_points_compose_for_equal_awards_and_not_for_proportional():
    problem = Problem(10, [10, 20], weights=[1, 2])

    assert topup(allocate(problem, Policy(rule="equal_awards")), 5).awards_cents.sum() == 5
    with pytest.raises(errors.RuleDoesNotCompose):
        topup(allocate(problem, Policy(rule="proportional")), 5)


def test_another_policy_or_negative_money_is_refused():
    before = allocate(Problem(10, [10, 20]), Policy(rule="equal_awards"))

    with pytest.raises(errors.DifferentProblem):
        topup(before, 5, Policy(rule="proportional"))
    with pytest.raises(errors.NegativeEstate):
        topup(before, -1)
