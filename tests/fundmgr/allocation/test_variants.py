"""What bending a request would gain, and what a tenth more or less money would do."""

import numpy as np
import pytest
from drawing import orders
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from fundmgr.allocation import Policy, Problem, allocate, gaming, rule_properties, sensitivity
from fundmgr.allocation.policy import PRODUCTION_RULES
from fundmgr.allocation.shares import share_within
from fundmgr.allocation.variants import median_claimant, varied

quick = settings(max_examples=examples(80), deadline=None)


def test_inflating_pays_by_shares_and_not_by_equal_awards():
    problem = Problem(300, [200, 400, 600])

    by_share, equal = (gaming(problem, Policy(rule=rule)) for rule in ("proportional", "equal_awards"))

    assert (by_share.position, by_share.honest_cents, by_share.inflating_gains_cents) == (1, 100, 50)
    assert by_share.splitting_gains_cents == 0
    assert (equal.honest_cents, equal.inflating_gains_cents, equal.splitting_gains_cents) == (100, 0, 50)


def test_whoever_splits_keeps_the_place_tier_weight_cap_and_pots():
    problem = Problem(
        500,
        [400, 400, 400],
        weights=[1, 2, 1],
        tiers=[1, 1, 2],
        caps_cents=200,
        order=[2, 1, 0],
        tie_key=["c", "a", "b"],
    )
    pots = Problem(500, [400, 400], pots_cents=[300, 200], eligibility=[[0], [0, 1]])

    assert gaming(problem, Policy(rule="queue"), 1).splitting_gains_cents == 200
    assert gaming(pots, Policy(rule="proportional"), 0).honest_cents == 250


def test_one_who_is_not_in_the_order_gains_nothing():
    problem = Problem(500, [400, 400], order=[0])

    found = gaming(problem, Policy(rule="queue"), 1)

    assert (found.honest_cents, found.inflating_gains_cents, found.splitting_gains_cents) == (0, 0, 0)


def test_nobody_asking_has_no_median_claimant():
    with pytest.raises(ValueError, match="Nobody asks"):
        median_claimant(Problem(10, [0, 0]))


@quick
@given(
    st.lists(st.integers(2, 1_000), min_size=2, max_size=7),
    st.sampled_from(PRODUCTION_RULES),
    st.data(),
)
def test_gains_are_the_difference_of_two_problems_written_out(claims, rule, data):
    estate = data.draw(st.integers(0, sum(claims)))
    order = data.draw(orders(len(claims)))
    chosen = data.draw(st.integers(0, len(claims) - 1))
    policy = Policy(rule=rule)
    honest = allocate(Problem(estate, claims, order=order), policy).awards_cents
    double = [2 * claim if place == chosen else claim for place, claim in enumerate(claims)]
    half = claims[chosen] // 2
    parts = [claim - half if place == chosen else claim for place, claim in enumerate(claims)]
    both = [place for one in order for place in ([one, len(claims)] if one == chosen else [one])]

    found = gaming(Problem(estate, claims, order=order), policy, chosen)

    doubled = allocate(Problem(estate, double, order=order), policy).awards_cents
    split = allocate(Problem(estate, [*parts, half], order=both), policy).awards_cents
    assert found.inflating_gains_cents == doubled[chosen] - honest[chosen]
    assert found.splitting_gains_cents == split[chosen] + split[-1] - honest[chosen]
    if not rule_properties(policy).splitting_pays and rule != "queue":
        assert found.splitting_gains_cents <= 2


@quick
@given(st.lists(st.integers(1, 1_000), min_size=1, max_size=8), st.integers(0, 5_000))
def test_a_tenth_less_and_a_tenth_more_are_shared_alike(claims, estate):
    rows = sensitivity(Problem(estate, claims), Policy(rule="equal_awards"))

    for row, percent in zip(rows, (90, 110), strict=True):
        awards = allocate(Problem(estate * percent // 100, claims), Policy(rule="equal_awards")).awards_cents
        paid = sorted(award for award in awards.tolist() if award)
        assert (row.percent, row.estate_cents) == (percent, estate * percent // 100)
        assert (row.people_paid, row.total_cents) == (len(paid), sum(paid))
        assert row.median_award_cents == (paid[(len(paid) - 1) // 2] if paid else 0)


def test_restricted_pots_shrink_and_grow_alike():
    problem = Problem(500, [400, 400], pots_cents=[305, 195], eligibility=[[0], [1]])

    less, more = sensitivity(problem, Policy(rule="equal_awards"))

    assert (less.estate_cents, more.estate_cents) == (274 + 175, 335 + 214)


def test_sensitivity_keeps_to_what_each_pot_may_pay_of_a_request():
    usable = np.array([[1_000, 300], [1_000, 1_000]], dtype=np.int64)
    problem = Problem(1_500, [1_000, 1_000], pots_cents=[0, 1_500], usable_cents=usable)
    policy = Policy(rule="equal_awards")

    rows = sensitivity(problem, policy)

    for row in rows:
        pots = (0, 1_500 * row.percent // 100)
        shared = share_within(varied(problem, estate_cents=sum(pots), pots_cents=pots), policy, usable)
        awards = shared.allocation.awards_cents
        assert (row.people_paid, row.total_cents) == (int((awards > 0).sum()), int(awards.sum()))
    assert [row.total_cents for row in rows] == [300 + 1_000, 300 + 1_000]


def test_asking_for_double_asks_for_double_of_each_part_and_splitting_splits_them():
    # Pot 1 may pay $3.00 of the first, and has plenty; pot 0 has nothing for anybody.
    usable = np.array([[1_000, 301], [1_000, 1_000]], dtype=np.int64)
    problem = Problem(5_000, [1_000, 1_000], pots_cents=[0, 5_000], usable_cents=usable)

    found = gaming(problem, Policy(rule="equal_awards"), 0)

    assert (found.honest_cents, found.inflating_gains_cents, found.splitting_gains_cents) == (301, 301, 0)


def test_what_a_pot_may_pay_in_full_it_pays_in_full_of_a_changed_request_too():
    usable = np.array([[1_000, 1_000], [1_000, 400]], dtype=np.int64)
    problem = Problem(9_000, [1_000, 1_000], pots_cents=[0, 9_000], usable_cents=usable)

    found = gaming(problem, Policy(rule="proportional"), 0)

    assert (found.honest_cents, found.inflating_gains_cents, found.splitting_gains_cents) == (1_000, 1_000, 0)
