"""The worked examples of the report, to the cent."""

from dataclasses import replace

import pytest

from fundmgr.domain.shortfall import NOBODY, Demand, DemandLayer, Position, figures, headline


def dollars(people, amount):
    return DemandLayer(people, amount * 100)


POSITION = Position(
    committed_cents=50_000_000,
    committed_conditional_cents=0,
    received_cents=50_000_000,
    refunded_cents=0,
    outstanding_cents=0,
    reserve_cents=1_000_000,
    reserved_cents=0,
    committed_unpaid_cents=0,
    in_transit_cents=0,
    returned_cents=0,
    unclaimed_cents=0,
    paid_cents=0,
    refundable_advance_cents=0,
    available_cents=49_000_000,
)
DEMAND = Demand(
    requested=dollars(1_700, 10_000_000),
    withdrawn=dollars(31, 201_962),
    duplicates=dollars(62, 410_248),
    ineligible=dollars(147, 796_090),
    incomplete=dollars(255, 1_615_006),
    eligible=dollars(1_205, 6_976_694),
    verified=dollars(1_205, 4_111_069),
    capped=dollars(1_205, 1_621_058),
)
EMPTY = Demand(NOBODY, NOBODY, NOBODY, NOBODY, NOBODY, NOBODY, NOBODY, NOBODY)


def example_a(**changes):
    return figures(POSITION, DEMAND, households_eligible=1_205, **changes)


@pytest.mark.parametrize(
    ("figure_id", "people", "dollars_expected"),
    [
        ("F1", 1_700, "10000000.00"),
        ("F1b", 1_669, "9798038.00"),
        ("F2", 1_205, "6976694.00"),
        ("F2.unsorted", 0, "0.00"),
        ("F3", 1_205, "4111069.00"),
        ("F4", 1_205, "1621058.00"),
        ("F5", None, "0.00"),
        ("F6", None, "500000.00"),
        ("F7", None, "0.00"),
        ("F8", None, "10000.00"),
        ("F9", None, "490000.00"),
        ("F10", None, "9500000.00"),
        ("F12.25", None, "537767.25"),
        ("F12.50", None, "1565534.50"),
        ("F12.75", None, "2593301.75"),
        ("F12.100", None, "3621069.00"),
        ("F12.capped", None, "1131058.00"),
    ],
)
def test_half_a_million_for_ten_gives_the_known_amounts(figure_id, people, dollars_expected):
    figure = example_a()[figure_id]

    assert figure.people == people
    assert figure.amount_cents == int(dollars_expected.replace(".", ""))


@pytest.mark.parametrize(
    ("figure_id", "share_bp"),
    [
        ("F11.headline", 500),
        ("F11.requested", 490),
        ("F11.eligible", 702),
        ("F11.verified", 1_192),
        ("F11.capped", 3_023),
    ],
)
def test_half_a_million_for_ten_gives_the_known_coverages(figure_id, share_bp):
    assert example_a()[figure_id].share_bp == share_bp


def test_the_means_of_the_layers_come_out_as_known():
    layers = (DEMAND.requested, DEMAND.verified, DEMAND.capped)

    assert [round(layer.mean_cents / 100) for layer in layers] == [5_882, 3_412, 1_345]


def test_the_headline_says_five_cents_of_each_dollar():
    parts = headline(example_a())

    assert parts.cents_per_dollar == 5
    assert parts.coverage_bp == 500
    assert parts.requests == 1_700
    assert parts.shortfall_cents == 950_000_000
    assert not parts.covers_capped_need


def test_obligations_and_payments_lower_what_is_available_once_each():
    position = replace(
        POSITION,
        reserved_cents=1,
        committed_unpaid_cents=20,
        in_transit_cents=300,
        returned_cents=4_000,
        unclaimed_cents=50_000,
        paid_cents=600_000,
        refundable_advance_cents=7_000_000,
        refunded_cents=10_000_000,
    )

    found = figures(position, DEMAND)

    assert found.amount_cents("F6") == 40_000_000
    assert found.amount_cents("F7") == 54_321
    assert found.amount_cents("F9") == 40_000_000 - 600_000 - 54_321 - 1_000_000 - 7_000_000


def test_books_that_disagree_with_the_formula_are_told_by_how_much():
    assert POSITION.books_differ_by_cents == 0
    assert replace(POSITION, available_cents=48_999_999).books_differ_by_cents == -1


def test_a_target_is_rounded_up_to_the_cent():
    demand = replace(DEMAND, verified=DemandLayer(1, 49_000_001))

    assert figures(POSITION, demand, targets=(100, 101)).amount_cents("F12.101") == 490_002


def test_a_shortfall_is_never_negative():
    rich = replace(POSITION, received_cents=2_000_000_000)

    found = figures(rich, DEMAND)

    assert [found.amount_cents(key) for key in ("F10", "F12.100", "F12.capped")] == [0, 0, 0]
    assert headline(found).covers_capped_need


def test_without_requests_there_is_no_coverage_to_speak_of():
    found = figures(POSITION, EMPTY)

    assert found["F11.requested"].share_bp is None
    assert found["F14"].share_bp is None
    assert headline(found).cents_per_dollar is None


def test_requests_that_nobody_has_read_are_shown_apart():
    demand = replace(DEMAND, eligible=dollars(1_200, 6_970_000))

    unread = figures(POSITION, demand)["F2.unsorted"]

    assert (unread.people, unread.amount_cents) == (5, 669_400)


def test_households_helped_are_a_share_of_the_eligible():
    found = example_a(households_awarded=364)

    assert (found["F14"].people, found["F14"].share_bp) == (364, 3_021)


def test_ages_are_told_by_state_as_median_and_ninetieth_percentile():
    found = example_a(state_ages={"IN_REVIEW": [9, 1, 2, 3, 4, 5, 6, 7, 8, 100], "SUBMITTED": []})

    assert found["F18.IN_REVIEW.median"].days == 5
    assert found["F18.IN_REVIEW.p90"].days == 9
    assert found["F18.IN_REVIEW.p90"].people == 10
    assert found["F18.SUBMITTED.median"].days is None


def test_every_figure_has_an_id_of_its_own():
    found = example_a(state_ages={"SUBMITTED": [1]})

    assert len(found.by_id) == len(found.lines)


def test_a_figure_without_an_amount_is_refused_as_an_amount():
    with pytest.raises(ValueError, match="no amount"):
        example_a().amount_cents("F11.requested")


def test_pledges_and_conditions_stay_out_of_the_available_money():
    """The director's example: 410,000 in cash, 260,000 receivable, 190,000 conditional, 7,200 in reserve."""
    position = replace(
        POSITION,
        committed_cents=67_000_000,
        committed_conditional_cents=19_000_000,
        received_cents=41_000_000,
        outstanding_cents=26_000_000,
        reserve_cents=720_000,
        available_cents=40_280_000,
    )

    found = figures(position, DEMAND)

    assert found.amount_cents("F5") == 26_000_000
    assert found.amount_cents("F5.conditional") == 19_000_000
    assert found.amount_cents("F9") == 35_280_000 + 5_000_000
