"""Tiers that a policy asks for: urgent ones first, or a fixed part for each; nothing lies idle."""

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from drawing import so_many
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from fundmgr.allocation import Policy, Problem, allocate, break_even, errors, exact, explain, topup
from fundmgr.allocation.properties import rule_properties

RULES = ("equal_awards", "proportional", "equal_losses", "talmud", "queue")
HALVES = Policy(rule="equal_awards", tiers="urgency", tier_shares_bp=(5_000, 5_000))
FIRST = Policy(rule="equal_awards", tiers="urgency")
quick = settings(max_examples=examples(80), deadline=None)


@st.composite
def tiered(draw):
    claims = draw(st.lists(st.integers(0, 10**9), min_size=1, max_size=8))
    tiers = draw(so_many(st.integers(1, 3), len(claims)))
    estate = draw(st.integers(0, sum(claims) + 5))
    return Problem(estate, claims, tiers=tiers, order=list(range(len(claims))))


@st.composite
def shares(draw):
    first = draw(st.integers(0, 10_000))
    second = draw(st.integers(0, 10_000 - first))
    return first, second, 10_000 - first - second


def by_tier(problem, values):
    return {tier: int(values[problem.tiers == tier].sum()) for tier in sorted(set(problem.tiers.tolist()))}


def test_each_tier_has_its_part_and_shares_it_by_the_rule():
    problem = Problem(1_000, [400, 900, 900, 900], tiers=[1, 1, 2, 2])

    allocation = allocate(problem, replace(HALVES, tier_shares_bp=(7_000, 3_000)))

    assert allocation.awards_cents.tolist() == [350, 350, 150, 150]
    assert [(step.tier, step.estate_cents) for step in allocation.trace] == [(1, 700), (2, 300)]


def test_what_a_tier_does_not_need_goes_to_the_others():
    few_urgent = Problem(1_000, [100, 900, 900], tiers=[1, 2, 2])
    few_others = Problem(1_000, [900, 900, 100], tiers=[1, 1, 2])

    assert allocate(few_urgent, HALVES).awards_cents.tolist() == [100, 450, 450]
    assert allocate(few_others, HALVES).awards_cents.tolist() == [450, 450, 100]


def test_a_part_of_nobody_goes_to_the_others():
    assert allocate(Problem(1_000, [900, 900], tiers=[2, 2]), HALVES).awards_cents.tolist() == [500, 500]


def test_a_cent_that_the_parts_leave_goes_to_the_most_urgent():
    assert allocate(Problem(101, [900, 900], tiers=[1, 2]), HALVES).awards_cents.tolist() == [51, 50]


@quick
@given(tiered(), shares(), st.sampled_from(RULES))
def test_no_tier_gets_less_than_its_part_and_no_money_lies_idle(problem, parts, rule):
    policy = Policy(rule=rule, tiers="urgency", tier_shares_bp=parts)
    allocation = allocate(problem, policy)

    got, asked = by_tier(problem, allocation.awards_cents), by_tier(problem, problem.claims_cents)
    for tier, cents in got.items():
        assert cents >= min(asked[tier], problem.estate_cents * parts[tier - 1] // 10_000)
    total = int(problem.claims_cents.sum())
    assert allocation.total_cents == min(problem.estate_cents, total)
    assert allocation.leftover_cents == max(0, problem.estate_cents - total)


@quick
@given(tiered(), shares(), st.sampled_from(RULES))
def test_it_is_the_exact_share_to_a_cent(problem, parts, rule):
    policy = Policy(rule=rule, tiers="urgency", tier_shares_bp=parts)

    found, wanted = allocate(problem, policy).awards_cents.tolist(), exact(problem, policy)

    assert all(abs(Fraction(cents) - share) < 1 for cents, share in zip(found, wanted, strict=True))


@quick
@given(tiered(), shares(), st.integers(1, 10**6))
def test_more_money_takes_nothing_from_a_tier(problem, parts, more):
    policy = Policy(rule="equal_awards", tiers="urgency", tier_shares_bp=parts)
    richer = Problem(problem.estate_cents + more, problem.claims_cents, tiers=problem.tiers)

    before = by_tier(problem, allocate(problem, policy).awards_cents)
    after = by_tier(problem, allocate(richer, policy).awards_cents)

    # Each part is cut to whole cents, and the cents cut off move between the tiers.
    assert all(after[tier] >= cents - len(before) for tier, cents in before.items())


@quick
@given(tiered())
def test_urgent_first_is_the_cascade_that_the_tiers_alone_give(problem):
    plain = Policy(rule="equal_awards")

    assert allocate(problem, FIRST).awards_cents.tolist() == allocate(problem, plain).awards_cents.tolist()


def test_a_floor_is_kept_inside_each_part():
    problem = Problem(1_000, [400, 400, 400, 400], tiers=[1, 1, 2, 2], order=[0, 1, 2, 3])
    policy = replace(HALVES, floor_cents=300)

    assert allocate(problem, policy).awards_cents.tolist() == [400, 0, 400, 0]
    (row,) = break_even(problem, policy, [300])
    assert (row.people_paid, row.people_losing_all) == (2, 2)


def test_a_document_of_before_stays_as_it_was():
    assert Policy(rule="queue").canonical() == (
        b'{"floor_cents":0,"last":"partial","remainder":"distribute","rule":"queue","version":1}'
    )


@pytest.mark.parametrize("policy", [FIRST, HALVES])
def test_a_document_with_tiers_comes_back_the_same(policy):
    assert Policy.from_json(json.loads(policy.canonical())) == policy
    assert Policy.from_json(policy.to_json()).digest() == policy.digest()


@pytest.mark.parametrize(
    "fields",
    [
        {"tiers": "income"},
        {"tier_shares_bp": [5_000, 5_000]},
        {"tiers": "urgency", "tier_shares_bp": [5_000, 4_999]},
        {"tiers": "urgency", "tier_shares_bp": [11_000, -1_000]},
        {"tiers": "urgency", "tier_shares_bp": [5_000.0, 5_000.0]},
        {"tiers": "urgency", "tier_shares_bp": [True, 9_999]},
        {"tiers": "urgency", "tier_shares_bp": "half"},
        {"tiers": ["urgency"]},
    ],
)
def test_parts_that_are_none_are_refused(fields):
    with pytest.raises(errors.BadPolicyValue):
        Policy.from_json({"version": 1, "rule": "equal_awards", **fields})


def test_tiers_that_do_not_fit_are_refused_by_name():
    with pytest.raises(errors.TiersMissing):
        allocate(Problem(100, [100]), FIRST)
    for tiers in ([0], [3]):
        with pytest.raises(errors.BadTier):
            allocate(Problem(100, [100], tiers=tiers), HALVES)
    pots = Problem(100, [100], tiers=[1], pots_cents=[100], eligibility=[[0]])
    with pytest.raises(errors.RuleRefusesPots):
        allocate(pots, HALVES)
    assert allocate(pots, FIRST).awards_cents.tolist() == [100]


def test_nobody_asks_and_nothing_breaks():
    assert allocate(Problem(100, [], tiers=[]), HALVES).leftover_cents == 100


def test_the_promises_say_how_tiers_are_served():
    first, halves = rule_properties(FIRST), rule_properties(HALVES)

    assert (
        "Need that counts in a more urgent tier is paid in full before any other tier gets anything."
        in first.sentences
    )
    assert "Each tier has a fixed part of the money, the most urgent first: 50 %, 50 %." in halves.sentences
    assert (first.composes, first.takes_pots, halves.composes, halves.takes_pots) == (
        True,
        True,
        False,
        False,
    )


def test_two_rounds_are_one_big_round_where_urgent_ones_come_first_and_not_with_parts():
    problem = Problem(250, [100, 200, 300], tiers=[1, 2, 2])
    whole = Problem(400, [100, 200, 300], tiers=[1, 2, 2])

    extra = topup(allocate(problem, FIRST), 150)

    assert np.array_equal(
        allocate(problem, FIRST).awards_cents + extra.awards_cents, allocate(whole, FIRST).awards_cents
    )
    with pytest.raises(errors.RuleDoesNotCompose, match="each tier has a fixed part"):
        topup(allocate(problem, HALVES), 150)


def test_the_reason_names_the_tier():
    problem = Problem(1_000, [400, 900, 900, 900], tiers=[1, 1, 2, 2])

    said = explain(problem, HALVES, allocate(problem, HALVES), 2)

    assert "There is $5.00 for 2 requests of tier 2 asking $18.00." in said
