"""The allocation engine asked by a round: exact sums, digests, and figures that a person can check."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain import errors
from requests_app.services import round_sharing

EQUAL = {"version": 1, "rule": "equal_awards"}
PRO_RATA = {"version": 1, "rule": "proportional"}
QUEUE = {"version": 1, "rule": "queue", "last": "stop"}
TALMUD = {"version": 1, "rule": "talmud"}

claim_lists = st.lists(st.integers(min_value=0, max_value=750_000), min_size=1, max_size=60)


def shared(claims, estate_cents, rule, verified=None):
    return round_sharing.share(
        capped_cents=claims, verified_cents=verified or claims, estate_cents=estate_cents, rule=rule
    )


@given(
    claim_lists, st.integers(min_value=0, max_value=10**8), st.sampled_from([EQUAL, PRO_RATA, QUEUE, TALMUD])
)
def test_awards_and_leftover_sum_to_the_estate_and_nobody_gets_more_than_the_claim(
    claims, estate_cents, rule
):
    found = shared(claims, estate_cents, rule)

    assert sum(found.awards_cents) + found.row.leftover_cents == estate_cents
    assert all(0 <= award <= claim for award, claim in zip(found.awards_cents, claims, strict=True))


@given(claim_lists, st.integers(min_value=0, max_value=10**8))
def test_the_same_problem_gives_the_same_digests(claims, estate_cents):
    first, second = shared(claims, estate_cents, EQUAL), shared(claims, estate_cents, EQUAL)

    assert (first.problem_digest, first.result_digest) == (second.problem_digest, second.result_digest)


def test_another_rule_on_the_same_problem_has_another_result_digest():
    equal, pro_rata = shared([100, 300], 200, EQUAL), shared([100, 300], 200, PRO_RATA)

    assert equal.problem_digest == pro_rata.problem_digest
    assert equal.result_digest != pro_rata.result_digest


def test_figures_of_a_small_sharing_are_those_of_a_hand_count():
    found = shared([50_000, 100_000, 150_000], 120_000, EQUAL, verified=[50_000, 100_000, 400_000])

    row = found.row
    assert found.awards_cents == (40_000, 40_000, 40_000)
    assert row.level_cents == 40_000
    assert row.capped_met_bp == 4_000
    assert (row.spread.paid_count, row.spread.unpaid_count) == (3, 0)
    assert row.spread.need_met_bp == round((0.8 + 0.4 + 0.1) / 3 * 10_000)
    assert row.spread.gini_bp == 0
    assert row.spread.lorenz_bp[0] == 0
    assert row.spread.lorenz_bp[-1] == 10_000


def test_a_queue_that_stops_leaves_the_rest_with_nothing():
    found = shared([100, 100, 100], 250, QUEUE)

    assert found.awards_cents == (100, 100, 0)
    assert found.row.leftover_cents == 50
    assert found.row.spread.unpaid_count == 1
    assert found.row.spread.lowest_cents == 100
    # Two of three hold everything: Gini 1/3.
    assert found.row.spread.gini_bp == 3_333


@pytest.mark.parametrize(
    "rule",
    [
        {"rule": "equal_awards"},
        {"version": 2, "rule": "equal_awards"},
        {"version": 1, "rule": "alphabet"},
        {"version": 1, "rule": "queue", "last": "first"},
        {"version": 1, "rule": "equal_awards", "colour": "red"},
        {"version": 1, "rule": "equal_awards", "floor_cents": -1},
        {"version": 1, "rule": "draw"},
    ],
)
def test_a_rule_that_cannot_be_used_is_named(rule):
    with pytest.raises(errors.InvalidInput) as refusal:
        shared([100], 50, rule)

    assert refusal.value.problems[0].field.partition(".")[0] == "rule"
    assert refusal.value.problems[0].sentence


def test_a_minimum_that_nobody_asks_is_refused_as_input():
    with pytest.raises(errors.InvalidInput):
        shared([100, 200], 150, {"version": 1, "rule": "equal_awards", "floor_cents": 1_000})


def test_nobody_gives_figures_of_zero():
    found = round_sharing.spread([], [])

    assert (found.people_count, found.median_cents, found.gini_bp, found.need_met_bp) == (0, 0, 0, 0)
