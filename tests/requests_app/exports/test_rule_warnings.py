"""What is said against a rule follows from its figures."""

from types import SimpleNamespace as Of

import pytest

from requests_app.exports.rule_warnings import band_name, warnings


def found(
    *, bands=(), tiers=(), tied=(), leftover_cents=0, inflating=0, splitting=0, rule="equal_awards", **spread
):
    figures = {"people_count": 10, "unpaid_count": 0, "lowest_cents": 20_000, "median_cents": 30_000} | spread
    row = Of(
        rule={"rule": "equal_awards", "floor_cents": 0},
        estate_cents=300_000,
        general_left_cents=leftover_cents,
        spread=Of(**figures),
    )
    bands = [Of(met_bp=met) for met in bands]
    tiers = [Of(tier=place, met_bp=met) for place, met in enumerate(tiers, 1)]
    more = Of(bands=bands, tiers=tiers, inflating_gains_cents=inflating, splitting_gains_cents=splitting)
    return Of(row=row, figures=more, tied=tied)


def health(unused_cents, *, pays_cents=0, people=0):
    return Of(
        name="Health", unused_cents=unused_cents, freed_pays_cents=pays_cents, freed_people_count=people
    )


def test_a_rule_with_nothing_against_it_has_no_warning():
    assert warnings(found(bands=(5_000, 9_000, 5_000))) == []


def test_nobody_waiting_needs_no_warning():
    assert warnings(found(people_count=0)) == []


def test_money_of_a_donor_that_stays_unused_is_named():
    assert warnings(found(tied=[health(4_000)])) == ["$40 for Health only stays unused."]
    assert warnings(found(tied=[health(0, pays_cents=100, people=3)])) == []


def test_what_unused_money_would_pay_if_it_were_free_is_told():
    told = [
        warnings(found(tied=[health(4_000, pays_cents=3_000, people=people)]))[1] for people in (1, 1_205)
    ]

    assert told == [
        "If it could go to anybody, $30 more would be paid, to 1 person.",
        "If it could go to anybody, $30 more would be paid, to 1,205 people.",
    ]


def test_more_left_over_than_one_usual_grant_is_told():
    assert warnings(found(leftover_cents=30_001)) == ["$300.01 is left over, more than one usual grant."]
    assert warnings(found(leftover_cents=30_000)) == []


def test_a_rule_that_pays_the_largest_needs_and_a_cliff_are_told():
    assert warnings(found(bands=(0, 6_000))) == [
        "The largest needs are met best: 60%, the smallest 0%.",
        "There is a cliff between two sizes of need: cents for each dollar differ by half or more.",
    ]


@pytest.mark.parametrize(
    ("bands", "said"),
    [
        ((5_970, 2_730, 660), ["The largest needs are met least: 6.6%, the smallest 59.7%."]),
        ((1_190, 1_190), []),
        ((1_250, 1_000), []),
        ((1_251, 1_000), ["The largest needs are met least: 10%, the smallest 12.5%."]),
    ],
)
def test_a_rule_that_leaves_the_largest_needs_behind_says_so_too(bands, said):
    assert warnings(found(bands=bands)) == said


@pytest.mark.parametrize(
    ("tiers", "cents"),
    [((3_790, 215), ("37.9", "2.2")), ((0, 500), ("0.0", "5.0")), ((6_000, 3_000), ("60.0", "30.0"))],
)
def test_a_cliff_between_tiers_is_told_with_its_height(tiers, cents):
    urgent, others = cents
    assert warnings(found(tiers=tiers)) == [
        f"There is a cliff between tiers: urgent requests get {urgent} cents for each dollar of need, "
        f"others {others}."
    ]


@pytest.mark.parametrize("tiers", [(), (4_000,), (5_000, 2_600), (499, 0)])
def test_tiers_that_lie_close_together_are_no_cliff(tiers):
    assert warnings(found(tiers=tiers)) == []


def test_what_bending_gains_is_told_from_two_cents_on():
    assert warnings(found(inflating=1, splitting=1)) == []
    double, twice = warnings(found(inflating=4_000, splitting=3_000))
    assert "whoever doubles a usual need gains $40.00" in double
    assert twice == "Sending two requests for half each gains $30.00: look for duplicates first."


def test_sizes_of_need_are_named_by_their_edges():
    edges = (100_000, 200_000)

    names = [band_name(band, edges) for band in range(3)]

    assert names == [
        "under $1,000",
        "$1,000 to $2,000",
        "$2,000 and more",
    ]
