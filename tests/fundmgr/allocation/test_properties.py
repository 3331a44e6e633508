"""What is said about a rule is true of it: each declared property is tried out on the engine."""

import numpy as np
import pytest
from drawing import orders
from effort import examples
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fundmgr.allocation import Policy, Problem, allocate, rule_properties
from fundmgr.allocation.policy import PRODUCTION_RULES, RULES
from fundmgr.allocation.properties import Asking

quick = settings(max_examples=examples(120), deadline=None)


# The rules under which two requests for one pay nothing, as long as there is no useful minimum.
UNSPLIT = [rule for rule in PRODUCTION_RULES if not rule_properties(Policy(rule=rule)).splitting_pays]


@st.composite
def cases(draw, rules=PRODUCTION_RULES, *, with_floors=True):
    claims = draw(st.lists(st.integers(1, 1_000), min_size=2, max_size=6))
    policy = Policy(
        rule=draw(st.sampled_from(rules)),
        last=draw(st.sampled_from(("partial", "stop", "skip"))),
        floor_cents=draw(st.just(0) | st.integers(1, max(claims))) if with_floors else 0,
        remainder=draw(st.sampled_from(("distribute", "hold"))),
    )
    order = draw(orders(len(claims)))
    return claims, draw(st.integers(0, sum(claims))), order, policy


def awards(estate, claims, order, policy):
    return allocate(Problem(estate, claims, order=order), policy).awards_cents


@quick
@given(cases(), st.integers(1, 500))
def test_asking_for_more_pays_only_as_declared(case, more):
    claims, estate, order, policy = case
    before = awards(estate, claims, order, policy)[0]
    after = awards(estate, [claims[0] + more, *claims[1:]], order, policy)[0]
    declared = rule_properties(policy)

    if declared.monotone_in_ask:
        assert after >= before - 1
    if declared.asking == Asking.UP_TO_LEVEL and before < claims[0]:
        assert after <= before + 1


@quick
@given(cases(UNSPLIT, with_floors=False), st.data())
def test_two_requests_for_one_pay_only_where_declared(case, data):
    claims, estate, order, policy = case
    half = data.draw(st.integers(0, claims[0]))
    # The second half stands right behind the first.
    both = [place for one in order for place in ([one, len(claims)] if one == 0 else [one])]
    parts = [claims[0] - half, *claims[1:], half]

    split = awards(estate, parts, both, policy)

    # Each half may round up by a cent.
    assert split[0] + split[-1] <= awards(estate, claims, order, policy)[0] + 2


def test_a_useful_minimum_makes_two_requests_pay_under_any_rule():
    policy = Policy(rule="proportional", floor_cents=100)

    assert rule_properties(policy).splitting_pays
    assert awards(200, [200, 200], [0, 1], policy).tolist() == [100, 100]
    assert awards(200, [100, 200, 100], [0, 2, 1], policy).tolist() == [100, 0, 100]


@quick
@given(cases(), st.data())
def test_the_order_matters_only_where_declared(case, data):
    claims, estate, order, policy = case
    other = data.draw(st.permutations(order))
    declared = rule_properties(policy)
    assume(not declared.order_sensitive)

    assert awards(estate, claims, order, policy).tolist() == awards(estate, claims, other, policy).tolist()


@quick
@given(cases(), st.integers(1, 500))
def test_more_money_hurts_only_where_declared(case, more):
    claims, estate, order, policy = case
    gained = awards(estate + more, claims, order, policy) - awards(estate, claims, order, policy)

    if rule_properties(policy).more_money_never_hurts:
        assert np.all(gained >= -1)


@quick
@given(cases())
def test_everybody_gets_a_part_where_declared(case):
    claims, _, order, policy = case
    estate = sum(claims) - 1
    assume(rule_properties(policy).everybody_gets_a_part)

    assert np.all(awards(estate, [100 * claim for claim in claims], order, policy) >= 0)
    assert np.all(awards(50 * estate, [100 * claim for claim in claims], order, policy) > 0)


def test_money_that_hurts_somebody_exists_where_it_is_admitted():
    claims, policy = [100, 100], Policy(rule="equal_awards", floor_cents=60)
    before = allocate(Problem(90, claims), policy).awards_cents
    after = allocate(Problem(120, claims), policy).awards_cents

    assert after[0] < before[0]
    assert not rule_properties(policy).more_money_never_hurts


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_described_in_whole_sentences(rule):
    for floor_cents in (0, 100):
        for tiered in (False, True):
            said = rule_properties(Policy(rule=rule, floor_cents=floor_cents), tiered=tiered, weighted=True)
            assert said.sentences
            assert all(sentence.endswith(".") for sentence in said.sentences)


def test_the_public_sentences_follow_from_the_properties():
    equal = rule_properties(Policy(rule="equal_awards")).sentences
    queue = rule_properties(Policy(rule="queue")).sentences
    lots = rule_properties(Policy(rule="draw")).sentences

    assert "Asking for more than the common amount does not get you more." in equal
    assert "Sending early does not help." in equal
    assert not any("Sending early does not help" in sentence for sentence in queue)
    assert any("drawn by lot" in sentence for sentence in lots)


def test_points_and_a_useful_minimum_change_what_is_promised():
    plain = rule_properties(Policy(rule="equal_awards"))
    points = rule_properties(Policy(rule="equal_awards"), weighted=True)
    minimum = rule_properties(Policy(rule="equal_awards", floor_cents=100))

    assert plain.everybody_gets_a_part
    assert not points.everybody_gets_a_part
    assert "for each point" in points.summary
    assert not minimum.everybody_gets_a_part
    assert minimum.order_sensitive
