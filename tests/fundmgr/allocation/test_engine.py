"""What every allocation keeps to, whatever the rule; the fast path against exact fractions."""

from fractions import Fraction

import numpy as np
import pytest
from drawing import none_or_orders, none_or_so_many, orders, so_many
from effort import examples
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from fundmgr.allocation import Policy, Problem, allocate, exact
from fundmgr.allocation.policy import COMPARISON_RULES, RULES, UNWEIGHTED_RULES

SHARING = ("equal_awards", "proportional", "equal_losses", "talmud")
quick = settings(max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.too_slow])
slow = settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])

amounts = st.one_of(st.integers(0, 12), st.integers(0, 10**12))
claim_lists = st.lists(amounts, max_size=8)
weights = st.one_of(st.integers(0, 4), st.fractions(0, 5, max_denominator=7))


@st.composite
def problems(draw, *, structured=True):
    claims = draw(claim_lists)
    count = len(claims)
    estate = draw(st.integers(0, sum(claims) + 3))

    def maybe(values):
        return draw(none_or_so_many(values, count)) if structured else None

    points = maybe(weights)
    if points is not None and not any(points):
        points = None
    order = draw(none_or_orders(count)) if structured else None
    return Problem(
        estate,
        claims,
        weights=points,
        tiers=maybe(st.integers(0, 2)),
        caps_cents=maybe(amounts),
        order=order,
        tie_key=maybe(st.integers(0, 3)),
    )


@st.composite
def policies(draw, problem, rules=(*SHARING, "queue")):
    largest = int(max(problem.counted_cents, default=0))
    return Policy(
        rule=draw(st.sampled_from(rules)),
        last=draw(st.sampled_from(("partial", "stop", "skip"))),
        floor_cents=draw(st.just(0) | st.integers(0, largest)),
        remainder=draw(st.sampled_from(("distribute", "hold"))),
    )


def rounded_by_hand(problem, policy):
    """Largest remainder inside each tier, with the weightless after the others, written the slow way."""
    shares = exact(problem, policy)
    count = len(shares)
    tiers = [0] * count if problem.tiers is None else problem.tiers.tolist()
    points = [1] * count if problem.weights is None else problem.weights.tolist()
    ties = list(range(count)) if problem.tie_key is None else problem.tie_key.tolist()
    cents = [int(share) for share in shares]
    groups = {}
    for place in range(count):
        groups.setdefault((tiers[place], not points[place]), []).append(place)
    for places in groups.values():
        spare = sum(shares[place] for place in places) - sum(cents[place] for place in places)
        for place in sorted(places, key=lambda at: (cents[at] - shares[at], ties[at]))[: int(spare)]:
            cents[place] += 1
    return cents


@quick
@given(st.data())
def test_the_fast_path_is_the_exact_share_rounded_by_largest_remainder(data):
    problem = data.draw(problems())
    policy = data.draw(policies(problem))

    assert allocate(problem, policy).awards_cents.tolist() == rounded_by_hand(problem, policy)


@slow
@given(st.data())
def test_the_rules_for_comparison_are_rounded_alike(data):
    problem = data.draw(problems())
    policy = data.draw(policies(problem, COMPARISON_RULES))
    assume(problem.weights is None or policy.rule not in UNWEIGHTED_RULES)

    assert allocate(problem, policy).awards_cents.tolist() == rounded_by_hand(problem, policy)


@quick
@given(st.data())
def test_every_cent_is_awarded_left_or_held(data):
    problem = data.draw(problems())
    allocation = allocate(problem, data.draw(policies(problem)))

    awards = allocation.awards_cents
    assert awards.sum() + allocation.leftover_cents + allocation.held_cents == problem.estate_cents
    assert np.all(awards >= 0)
    assert np.all(awards <= problem.counted_cents)
    assert allocation.leftover_cents >= 0
    assert allocation.held_cents >= 0


@quick
@given(st.data())
def test_a_full_fund_pays_everybody_in_full(data):
    problem = data.draw(problems())
    rich = Problem(int(problem.counted_cents.sum()) + 5, problem.counted_cents, tiers=problem.tiers)
    allocation = allocate(rich, data.draw(policies(rich)))

    assert allocation.awards_cents.tolist() == problem.counted_cents.tolist()
    assert (allocation.leftover_cents, allocation.held_cents) == (5, 0)


@quick
@given(st.data())
def test_equal_claims_differ_by_a_cent_at_most_and_order_is_kept(data):
    problem = data.draw(problems(structured=False))
    awards = allocate(problem, Policy(rule=data.draw(st.sampled_from(SHARING)))).awards_cents
    order = np.argsort(problem.claims_cents, kind="stable")
    claims, given_cents = problem.claims_cents[order], awards[order]

    assert np.all(np.diff(given_cents) >= -1)
    assert np.all(np.diff(claims - given_cents) >= -1)


@quick
@given(st.data())
def test_who_is_listed_first_changes_nothing_when_the_tie_keys_go_along(data):
    problem = data.draw(problems())
    policy = Policy(rule=data.draw(st.sampled_from(SHARING)))
    shuffle = data.draw(orders(len(problem)))
    keys = list(range(len(problem)))

    def taken(values):
        return None if values is None else [values.tolist()[place] for place in shuffle]

    def with_keys(tie_key, move=None):
        values = (problem.claims_cents, problem.weights, problem.tiers, problem.caps_cents)
        claims, points, tiers, caps = [value if move is None else move(value) for value in values]
        return Problem(
            problem.estate_cents, claims, weights=points, tiers=tiers, caps_cents=caps, tie_key=tie_key
        )

    straight = allocate(with_keys(keys), policy).awards_cents
    shuffled = allocate(with_keys([keys[place] for place in shuffle], taken), policy).awards_cents

    assert shuffled.tolist() == straight[shuffle].tolist() if len(problem) else True


@quick
@given(st.data())
def test_more_money_takes_at_most_a_cent_from_anybody(data):
    problem = data.draw(problems())
    rule = data.draw(st.sampled_from(SHARING))
    more = Problem(
        problem.estate_cents + data.draw(amounts),
        problem.claims_cents,
        weights=problem.weights,
        tiers=problem.tiers,
        caps_cents=problem.caps_cents,
        tie_key=problem.tie_key,
    )
    gained = (
        allocate(more, Policy(rule=rule)).awards_cents - allocate(problem, Policy(rule=rule)).awards_cents
    )

    assert np.all(gained >= -1)
    if problem.weights is None and rule in ("equal_awards", "equal_losses"):
        assert np.all(gained >= 0)


@quick
@given(st.data())
def test_a_zero_claim_more_changes_nothing(data):
    problem = data.draw(problems(structured=False))
    policy = Policy(rule=data.draw(st.sampled_from((*SHARING, "queue"))))
    wider = Problem(problem.estate_cents, [*problem.claims_cents.tolist(), 0])

    assert (
        allocate(wider, policy).awards_cents[:-1].tolist() == allocate(problem, policy).awards_cents.tolist()
    )


@quick
@given(st.data())
def test_money_and_claims_in_other_units_scale_the_exact_shares(data):
    problem = data.draw(problems(structured=False))
    policy = Policy(rule=data.draw(st.sampled_from(SHARING)))
    factor = data.draw(st.fractions(Fraction(1, 9), 9))
    scaled = Problem(
        problem.estate_cents * factor, [claim * factor for claim in problem.claims_cents.tolist()]
    )

    assert exact(scaled, policy) == [share * factor for share in exact(problem, policy)]


@quick
@given(st.data())
def test_equal_awards_and_equal_losses_mirror_each_other(data):
    problem = data.draw(problems(structured=False))
    total = int(problem.claims_cents.sum())
    estate = min(problem.estate_cents, total)
    count = len(problem)
    awards = allocate(Problem(estate, problem.claims_cents), Policy(rule="equal_awards")).awards_cents
    mirrored = Problem(total - estate, problem.claims_cents, tie_key=list(range(count, 0, -1)))

    losses = allocate(mirrored, Policy(rule="equal_losses")).awards_cents
    assert (awards + losses).tolist() == problem.claims_cents.tolist()


@quick
@given(st.data())
def test_proportional_and_talmud_treat_awards_as_losses(data):
    problem = data.draw(problems(structured=False))
    policy = Policy(rule=data.draw(st.sampled_from(("proportional", "talmud"))))
    claims = problem.claims_cents.tolist()
    estate = min(problem.estate_cents, sum(claims))

    awards = exact(Problem(estate, claims), policy)
    losses = exact(Problem(sum(claims) - estate, claims), policy)
    assert [award + loss for award, loss in zip(awards, losses, strict=True)] == claims


@quick
@given(st.data())
def test_talmud_settles_each_pair_as_the_contested_garment(data):
    claims = data.draw(st.lists(st.integers(1, 30), min_size=2, max_size=5))
    problem = Problem(data.draw(st.integers(0, sum(claims))), claims)
    awards = exact(problem, Policy(rule="talmud"))

    for one in range(len(claims)):
        for other in range(one):
            money = awards[one] + awards[other]
            conceded = max(Fraction(0), money - claims[other])
            contested = money - conceded - max(Fraction(0), money - claims[one])
            assert awards[one] == conceded + contested / 2


@quick
@given(st.data())
def test_equal_awards_ignore_what_is_asked_above_the_money(data):
    problem = data.draw(problems(structured=False))
    cut = Problem(problem.estate_cents, np.minimum(problem.claims_cents, problem.estate_cents))
    policy = Policy(rule="equal_awards")

    assert allocate(cut, policy).awards_cents.tolist() == allocate(problem, policy).awards_cents.tolist()


@quick
@given(st.data())
def test_splitting_a_request_gains_nothing_under_proportional_and_equal_losses(data):
    claims = data.draw(st.lists(st.integers(1, 10**6), min_size=2, max_size=6))
    estate = data.draw(st.integers(0, sum(claims)))
    part = data.draw(st.integers(0, claims[0]))
    policy = Policy(rule=data.draw(st.sampled_from(("proportional", "equal_losses"))))

    whole = exact(Problem(estate, claims), policy)[0]
    split = exact(Problem(estate, [part, claims[0] - part, *claims[1:]]), policy)
    assert split[0] + split[1] <= whole


@quick
@given(st.data())
def test_merging_requests_gains_nothing_under_proportional_and_equal_awards(data):
    claims = data.draw(st.lists(st.integers(0, 10**6), min_size=2, max_size=6))
    estate = data.draw(st.integers(0, sum(claims)))
    policy = Policy(rule=data.draw(st.sampled_from(("proportional", "equal_awards"))))

    apart = exact(Problem(estate, claims), policy)
    together = exact(Problem(estate, [claims[0] + claims[1], *claims[2:]]), policy)
    assert together[0] <= apart[0] + apart[1]


@quick
@given(st.data())
def test_taking_a_paid_person_out_leaves_the_others_as_they_were(data):
    problem = data.draw(problems(structured=False))
    assume(len(problem) > 1)
    policy = Policy(rule=data.draw(st.sampled_from((*SHARING, "piniles"))))
    shares = exact(
        Problem(min(problem.estate_cents, int(problem.claims_cents.sum())), problem.claims_cents), policy
    )

    rest = Problem(sum(shares[1:]), problem.claims_cents[1:])
    assert exact(rest, policy) == shares[1:]


@quick
@given(st.data())
def test_no_tier_gets_anything_before_the_tier_above_is_full(data):
    problem = data.draw(problems())
    assume(problem.tiers is not None)
    awards = allocate(problem, data.draw(policies(problem))).awards_cents
    for tier in set(problem.tiers.tolist()):
        above = problem.tiers < tier
        if awards[problem.tiers == tier].any():
            assert awards[above].tolist() == problem.counted_cents[above].tolist()


@quick
@given(st.data())
def test_a_higher_weight_never_means_less(data):
    claims = data.draw(st.lists(st.integers(1, 10**9), min_size=2, max_size=6))
    points = data.draw(so_many(st.integers(1, 9), len(claims)))
    estate = data.draw(st.integers(0, sum(claims)))
    policy = Policy(rule=data.draw(st.sampled_from(SHARING)))
    higher = [points[0] + data.draw(st.integers(1, 5)), *points[1:]]

    before = exact(Problem(estate, claims, weights=points), policy)[0]
    assert exact(Problem(estate, claims, weights=higher), policy)[0] >= before


@quick
@given(st.data())
def test_nobody_gets_less_than_the_useful_minimum_unless_nothing_or_all(data):
    problem = data.draw(problems())
    policy = data.draw(policies(problem))
    awards = allocate(problem, policy).awards_cents

    least = np.minimum(problem.counted_cents, policy.floor_cents)
    assert np.all((awards == 0) | (awards >= least))


@quick
@given(st.data())
def test_holding_the_remainder_makes_more_money_hurt_nobody(data):
    problem = data.draw(problems(structured=False))
    assume(problem.claims_cents.any())
    policy = Policy(
        rule=data.draw(st.sampled_from(SHARING)),
        floor_cents=data.draw(st.integers(1, int(problem.claims_cents.max()))),
        remainder="hold",
    )
    more = Problem(problem.estate_cents + data.draw(amounts), problem.claims_cents)

    assert np.all(allocate(more, policy).awards_cents >= allocate(problem, policy).awards_cents)


@pytest.mark.parametrize("rule", SHARING)
def test_amounts_near_the_limit_of_64_bits_stay_exact(rule):
    claims = [2**60 + 7, 2**61 - 1, 2**59 + 11, 3]
    problem = Problem(10**18 + 1, claims, weights=[3, 5, 7, 2])

    assert allocate(problem, Policy(rule=rule)).awards_cents.tolist() == rounded_by_hand(
        problem, Policy(rule=rule)
    )
    plain = Problem(2**61 + 1, claims)
    assert allocate(plain, Policy(rule=rule)).awards_cents.tolist() == rounded_by_hand(
        plain, Policy(rule=rule)
    )


@pytest.mark.parametrize(
    ("rule", "share"),
    [("equal_awards", 0.05), ("proportional", 0.5), ("equal_losses", 0.9), ("talmud", 0.3), ("talmud", 0.9)],
)
def test_many_requests_are_shared_as_the_sorted_textbook_form_shares_them(rule, share):
    claims = np.round(np.random.default_rng(5).lognormal(8, 1, 8_200) * 100).astype(np.int64)
    problem = Problem(int(claims.sum() * share), claims)

    assert allocate(problem, Policy(rule=rule)).awards_cents.tolist() == rounded_by_hand(
        problem, Policy(rule=rule)
    )


def test_tiers_cascade_and_are_rounded_inside_each():
    problem = Problem(250, [100, 100, 100], tiers=[1, 0, 1])

    allocation = allocate(problem, Policy(rule="equal_awards"))

    assert allocation.awards_cents.tolist() == [75, 100, 75]
    assert [(step.tier, step.outcome) for step in allocation.trace] == [(0, "full"), (1, "shared")]
    assert allocation.levels == (None, Fraction(75))


def test_caps_cut_a_claim_before_the_rule():
    assert allocate(
        Problem(150, [1_000, 100], caps_cents=[100, 100]), Policy(rule="proportional")
    ).awards_cents.tolist() == [75, 75]


def test_the_tie_key_says_who_gets_the_spare_cent():
    problem = Problem(10, [10, 10, 10], tie_key=["b", "c", "a"])

    assert allocate(problem, Policy(rule="equal_awards")).awards_cents.tolist() == [3, 3, 4]
    assert allocate(problem, Policy(rule="proportional")).awards_cents.tolist() == [3, 3, 4]


def test_the_floor_stops_at_the_first_whom_it_does_not_fit():
    problem = Problem(250, [100, 300, 100, 50], order=[2, 1, 0, 3])
    policy = Policy(rule="equal_awards", floor_cents=100)

    allocation = allocate(problem, policy)

    assert allocation.awards_cents.tolist() == [0, 150, 100, 0]
    assert allocation.trace[0].reserved == 2


def test_a_held_remainder_is_reported_and_not_shared():
    allocation = allocate(
        Problem(250, [100, 300, 100]), Policy(rule="equal_awards", floor_cents=100, remainder="hold")
    )

    assert allocation.awards_cents.tolist() == [100, 100, 0]
    assert (allocation.held_cents, allocation.leftover_cents) == (50, 0)


def test_money_too_little_for_the_next_minimum_is_left_over():
    allocation = allocate(Problem(150, [100, 100]), Policy(rule="equal_awards", floor_cents=100))

    assert allocation.awards_cents.tolist() == [100, 0]
    assert allocation.leftover_cents == 50


@pytest.mark.parametrize("rule", RULES)
def test_a_useful_minimum_that_takes_the_last_cent_leaves_nothing_to_share(rule):
    problem = Problem(200, [100, 300, 300], order=[0, 1, 2])

    allocation = allocate(problem, Policy(rule=rule, floor_cents=100))

    assert allocation.awards_cents.tolist() == [100, 100, 0]
    assert exact(problem, Policy(rule=rule, floor_cents=100)) == [100, 100, 0]


def test_results_cannot_be_changed_and_carry_the_same_digest_each_time():
    problem, policy = Problem(100, [70, 60]), Policy(rule="equal_awards")
    first, second = allocate(problem, policy), allocate(problem, policy)

    assert first == second
    assert first.digest() == second.digest()
    assert len(first.digest()) == 64
    with pytest.raises(ValueError, match="read-only"):
        first.awards_cents[0] = 1
