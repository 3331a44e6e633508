"""Restricted money: nothing leaves its restriction, as much is paid as can be, and as equally as can be."""

from fractions import Fraction
from itertools import chain, combinations

import numpy as np
import pytest
from drawing import none_or_orders, none_or_so_many, so_many
from effort import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundmgr.allocation import Policy, Problem, allocate, compare, errors, exact, explain
from fundmgr.allocation.policy import POT_RULES, RULES

quick = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
amounts = st.one_of(st.integers(0, 12), st.integers(0, 10**6))


@st.composite
def restricted(draw, *, structured=True, largest=None):
    pots = draw(st.lists(amounts if largest is None else st.integers(0, largest), min_size=1, max_size=4))
    claims = draw(st.lists(amounts if largest is None else st.integers(0, largest), max_size=7))
    count = len(claims)
    numbers = st.sets(st.integers(0, len(pots) - 1))
    eligibility = draw(so_many(numbers, count))

    def maybe(values):
        return draw(none_or_so_many(values, count)) if structured else None

    points = maybe(st.integers(0, 3))
    return Problem(
        sum(pots),
        claims,
        weights=points if points and any(points) else None,
        tiers=maybe(st.integers(0, 1)),
        tie_key=maybe(st.integers(0, 3)),
        draw_order=draw(none_or_orders(len(pots))),
        pots_cents=pots,
        eligibility=eligibility,
    )


rules = st.sampled_from([Policy(rule=rule) for rule in POT_RULES])


def subsets(count):
    return chain.from_iterable(combinations(range(count), size) for size in range(count + 1))


def pots_allow(problem, cents):
    """Hall's condition: no set of pots is asked for more than it holds by those whom no other pot may pay."""
    reach = [set(np.flatnonzero(row).tolist()) for row in problem.eligibility]
    for pots in subsets(len(problem.pots_cents)):
        asked = sum(cents[place] for place in range(len(cents)) if reach[place] <= set(pots))
        if asked > sum(problem.pots_cents[pot] for pot in pots):
            return False
    return True


@quick
@given(restricted(), rules)
def test_awards_are_the_exact_shares_rounded_within_a_cent(problem, policy):
    awards, shares = allocate(problem, policy).awards_cents.tolist(), exact(problem, policy)

    assert sum(awards) == sum(shares)
    assert all(abs(award - share) < 1 for award, share in zip(awards, shares, strict=True))
    assert pots_allow(problem, awards)


@quick
@given(restricted(), rules)
def test_as_much_is_paid_as_the_pots_allow(problem, policy):
    reach = [set(np.flatnonzero(row).tolist()) for row in problem.eligibility]
    claims = problem.claims_cents.tolist()
    most = min(
        sum(problem.pots_cents[pot] for pot in pots)
        + sum(claim for place, claim in enumerate(claims) if not reach[place] <= set(pots))
        for pots in subsets(len(problem.pots_cents))
    )

    assert allocate(problem, policy).total_cents == most


@quick
@given(restricted(), rules)
def test_pots_pay_what_is_awarded_and_none_is_overdrawn(problem, policy):
    allocation = allocate(problem, policy)

    assert sum(allocation.pots_used_cents) == allocation.total_cents
    assert allocation.total_cents + allocation.leftover_cents == problem.estate_cents
    pairs = zip(allocation.pots_used_cents, problem.pots_cents, strict=True)
    assert all(0 <= used <= pot for used, pot in pairs)


@quick
@given(restricted(), rules)
def test_the_first_pots_in_the_draw_order_are_used_most(problem, policy):
    """For each start of the order: what these pots pay is all that those who may use them can take."""
    allocation = allocate(problem, policy)
    order = problem.draw_order
    if order is None:
        return
    used, awards = allocation.pots_used_cents, allocation.awards_cents.tolist()
    reach = [set(np.flatnonzero(row).tolist()) for row in problem.eligibility]
    for length in range(1, len(order) + 1):
        first = set(order[:length])
        most = min(
            sum(problem.pots_cents[pot] for pot in pots)
            + sum(award for place, award in enumerate(awards) if not (reach[place] & first) <= set(pots))
            for pots in map(set, subsets(len(problem.pots_cents)))
            if pots <= first
        )
        untouchable = sum(award for place, award in enumerate(awards) if not reach[place] & first)
        assert sum(used[pot] for pot in first) == min(most, sum(awards) - untouchable)


@quick
@given(restricted(structured=False, largest=6), rules)
def test_spare_cents_go_to_the_largest_remainders_that_the_pots_allow(problem, policy):
    shares = exact(problem, policy)
    cents = [int(share) for share in shares]
    by_level = {}
    weights = [1] * len(shares) if policy.rule == "equal_awards" else problem.claims_cents.tolist()
    for place, share in enumerate(shares):
        if share != int(share):
            by_level.setdefault(share / weights[place], []).append(place)
    for level in sorted(by_level):
        for place in sorted(by_level[level], key=lambda at: (cents[at] - shares[at], at)):
            more = [*cents[:place], cents[place] + 1, *cents[place + 1 :]]
            fits = sum(more[at] for at in by_level[level]) <= sum(shares[at] for at in by_level[level])
            if fits and pots_allow(problem, more):
                cents = more

    if len(by_level) <= 1:  # two sets of pots can stop at one level; then the order between them is free
        assert sum(allocate(problem, policy).awards_cents) == sum(cents)
        assert allocate(problem, policy).awards_cents.tolist() == cents


@quick
@given(st.lists(amounts, max_size=8), st.data())
def test_one_pot_for_all_is_the_plain_rule(claims, data):
    pot = data.draw(st.integers(0, sum(claims) + 2))
    policy = data.draw(rules)
    points = data.draw(none_or_so_many(st.integers(1, 4), len(claims)))
    plain = Problem(pot, claims, weights=points)
    single = Problem(pot, claims, weights=points, pots_cents=[pot], eligibility=[[0]] * len(claims))

    assert allocate(single, policy).awards_cents.tolist() == allocate(plain, policy).awards_cents.tolist()


@quick
@given(st.lists(amounts, max_size=5), st.lists(amounts, max_size=5), amounts, amounts, rules)
def test_pots_that_share_no_request_are_shared_apart(one, other, first, second, policy):
    problem = Problem(
        first + second,
        [*one, *other],
        pots_cents=[first, second],
        eligibility=[[0]] * len(one) + [[1]] * len(other),
    )

    apart = [allocate(Problem(pot, claims), policy) for pot, claims in ((first, one), (second, other))]
    expected = [*apart[0].awards_cents.tolist(), *apart[1].awards_cents.tolist()]
    assert allocate(problem, policy).awards_cents.tolist() == expected


@quick
@given(restricted(structured=False), st.data())
def test_nobody_who_gets_less_could_get_more_from_somebody_who_gets_more(problem, data):
    """Moving a part of a cent from a higher award to a lower one is never possible: the pots forbid it."""
    shares = exact(problem, Policy(rule="equal_awards"))
    for low, share in enumerate(shares):
        if share == problem.claims_cents[low]:
            continue
        for high, other in enumerate(shares):
            if other > share:
                step = min(other - share, problem.claims_cents[low] - share) / 1_000_000
                moved = list(shares)
                moved[low] += step
                moved[high] -= step
                assert not pots_allow(problem, moved)


def test_restricted_money_lifts_those_it_may_pay_and_frees_the_rest_for_others():
    problem = Problem(
        900, [500, 500, 500], pots_cents=[300, 600], eligibility=[[0, 1], [1], [1]], weights=[1, 1, 1]
    )

    allocation = allocate(problem, Policy(rule="equal_awards"))

    assert allocation.awards_cents.tolist() == [300, 300, 300]
    assert allocation.pots_used_cents == (300, 600)


def test_stranded_money_stays_in_its_pot():
    problem = Problem(1_000, [100, 800], pots_cents=[500, 500], eligibility=[[0], [1]])

    allocation = allocate(problem, Policy(rule="equal_awards"))

    assert allocation.awards_cents.tolist() == [100, 500]
    assert allocation.pots_used_cents == (100, 500)
    assert allocation.leftover_cents == 400
    assert allocation.levels == (Fraction(500), None)


def test_narrow_pots_are_used_first_unless_the_order_says_otherwise():
    claims, eligibility = [100, 0, 0], [[0, 1], [0], [0]]

    narrow = Problem(200, claims, pots_cents=[100, 100], eligibility=eligibility)
    declared = Problem(200, claims, pots_cents=[100, 100], eligibility=eligibility, draw_order=[0])

    assert allocate(narrow, Policy(rule="equal_awards")).pots_used_cents == (0, 100)
    assert allocate(declared, Policy(rule="equal_awards")).pots_used_cents == (100, 0)


def test_a_request_that_no_pot_may_pay_gets_nothing():
    problem = Problem(100, [50, 50], pots_cents=[100], eligibility=[[], [0]])

    assert allocate(problem, Policy(rule="equal_awards")).awards_cents.tolist() == [0, 50]


def test_an_urgent_tier_takes_from_the_pots_first():
    problem = Problem(
        300, [200, 200, 200], tiers=[1, 0, 1], pots_cents=[200, 100], eligibility=[[0, 1], [0, 1], [1]]
    )

    awards = allocate(problem, Policy(rule="equal_awards")).awards_cents.tolist()

    assert awards == [50, 200, 50]


def test_eligibility_may_come_as_a_matrix():
    rows, matrix = [[0], [0, 1]], np.array([[True, False], [True, True]])

    by_rows = Problem(9, [5, 5], pots_cents=[4, 5], eligibility=rows)
    assert by_rows == Problem(9, [5, 5], pots_cents=[4, 5], eligibility=matrix)


def test_twenty_pots_are_shared_like_few():
    pots = [10 * number for number in range(20)]
    eligibility = [[number, (number + 1) % 20] for number in range(20)]
    problem = Problem(sum(pots), [150] * 20, pots_cents=pots, eligibility=eligibility)

    allocation = allocate(problem, Policy(rule="equal_awards"))

    assert allocation.total_cents == sum(pots)
    with pytest.raises(errors.TooManyClaims):
        exact(problem, Policy(rule="equal_awards"))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in POT_RULES])
@pytest.mark.parametrize("share", [allocate, exact])
def test_a_rule_without_a_form_for_pots_is_refused_by_name(rule, share):
    problem = Problem(10, [20], order=[0], pots_cents=[10], eligibility=[[0]])

    with pytest.raises(errors.RuleRefusesPots):
        share(problem, Policy(rule=rule))


def test_a_useful_minimum_over_pots_is_refused_by_name():
    problem = Problem(10, [20], pots_cents=[10], eligibility=[[0]])

    with pytest.raises(errors.RuleRefusesPots, match="useful minimum"):
        allocate(problem, Policy(rule="equal_awards", floor_cents=5))


def test_an_award_from_pots_can_be_compared_and_explained():
    problem = Problem(900, [500, 500, 500], pots_cents=[100, 800], eligibility=[[0], [1], []])
    policy = Policy(rule="equal_awards")

    allocation = allocate(problem, policy)

    assert compare(problem, [policy])[0].people_with_nothing == 1
    assert "pots" in explain(problem, policy, allocation, 0)
    assert explain(problem, policy, allocation, 2).endswith("so it gets nothing.")
