"""The published tables of the classical rules, to the cent."""

import pytest

from fundmgr.allocation import Policy, Problem, allocate


def awards(rule, estate, claims, **structure):
    return allocate(Problem(estate, claims, **structure), Policy(rule=rule)).awards_cents.tolist()


@pytest.mark.parametrize(
    ("estate", "expected"),
    [
        (10_000, [3_334, 3_333, 3_333]),
        (20_000, [5_000, 7_500, 7_500]),
        (30_000, [5_000, 10_000, 15_000]),
        (45_000, [5_000, 15_000, 25_000]),
    ],
)
def test_talmud_gives_the_tables_of_the_mishnah(estate, expected):
    assert awards("talmud", estate, [10_000, 20_000, 30_000]) == expected


@pytest.mark.parametrize(
    ("estate", "expected"),
    [
        (10_000, [3_334, 3_333, 3_333]),
        (20_000, [6_667, 6_667, 6_666]),
        (30_000, [10_000, 10_000, 10_000]),
        (45_000, [10_000, 17_500, 17_500]),
    ],
)
def test_equal_awards_pay_nobody_above_the_claim(estate, expected):
    assert awards("equal_awards", estate, [10_000, 20_000, 30_000]) == expected


@pytest.mark.parametrize(
    ("estate", "expected"),
    [
        (10_000, [0, 0, 10_000]),
        (20_000, [0, 5_000, 15_000]),
        (30_000, [0, 10_000, 20_000]),
        (45_000, [5_000, 15_000, 25_000]),
    ],
)
def test_equal_losses_leave_nobody_below_zero(estate, expected):
    assert awards("equal_losses", estate, [10_000, 20_000, 30_000]) == expected


@pytest.mark.parametrize(
    ("estate", "expected"),
    [
        (10_000, [1_667, 3_333, 5_000]),
        (20_000, [3_333, 6_667, 10_000]),
        (30_000, [5_000, 10_000, 15_000]),
        (45_000, [7_500, 15_000, 22_500]),
    ],
)
def test_proportional_gives_everybody_the_same_share(estate, expected):
    assert awards("proportional", estate, [10_000, 20_000, 30_000]) == expected


def test_talmud_shares_nine_among_three_five_and_seven():
    """In dollars 3/2, 11/4 and 19/4, which a widespread package gets wrong."""
    assert awards("talmud", 900, [300, 500, 700]) == [150, 275, 475]


def test_talmud_settles_the_contested_garment():
    assert awards("talmud", 100, [50, 100]) == [25, 75]


def test_talmud_at_exactly_half_gives_the_odd_cents_by_position():
    assert awards("talmud", 3, [1, 2, 3]) == [1, 1, 1]


@pytest.mark.parametrize("rule", ["equal_awards", "proportional", "equal_losses", "talmud"])
def test_money_that_covers_all_claims_pays_all_and_reports_the_rest(rule):
    allocation = allocate(Problem(700, [100, 200, 300]), Policy(rule=rule))

    assert allocation.awards_cents.tolist() == [100, 200, 300]
    assert allocation.leftover_cents == 100


@pytest.mark.parametrize("rule", ["equal_awards", "proportional", "equal_losses", "talmud", "queue"])
def test_nobody_asking_leaves_all_the_money(rule):
    allocation = allocate(Problem(700, []), Policy(rule=rule))

    assert allocation.awards_cents.tolist() == []
    assert allocation.leftover_cents == 700


def test_equal_awards_with_points_give_in_the_ratio_of_the_points():
    assert awards("equal_awards", 600, [1_000, 1_000, 1_000], weights=[1, 2, 3]) == [100, 200, 300]


def test_proportional_with_points_never_exceeds_a_claim():
    assert awards("proportional", 250, [100, 100, 100], weights=[1, 1, 8]) == [75, 75, 100]


def test_equal_losses_with_points_spare_those_with_more_points():
    assert awards("equal_losses", 150, [100, 100], weights=[1, 4]) == [60, 90]


def test_a_request_without_points_waits_until_all_others_are_full():
    assert awards("equal_awards", 250, [100, 100, 100], weights=[1, 0, 2]) == [100, 50, 100]
