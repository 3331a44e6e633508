"""The examples in the manual of the R package ClaimsProblems 1.0.0, and what the package answers."""

from fractions import Fraction

import pytest

from fundmgr.allocation import Policy, Problem, allocate, exact
from fundmgr.allocation.comparison import gini_bp

# The package's names of rules.
RULES = {
    "PRO": "proportional",
    "CEA": "equal_awards",
    "CEL": "equal_losses",
    "Talmud": "talmud",
    "RTalmud": "reverse_talmud",
    "PIN": "piniles",
    "CE": "constrained_egalitarian",
    "APRO": "adjusted_proportional",
    "RA": "random_arrival",
    "MO": "minimal_overlap",
    "AA": "average_of_awards",
    "DT": "dominguez_thomson",
    "AV": "average_cea_cel",
}
PAGES = {
    "PRO": "20/21 40/21 10/3 80/21",
    "CEA": "2 8/3 8/3 8/3",
    "CEL": "0 1 4 5",
    "Talmud": "1 2 7/2 7/2",
    "RTalmud": "7/8 15/8 27/8 31/8",
    "PIN": "1 2 7/2 7/2",
    "CE": "1 2 7/2 7/2",
    "APRO": "20/21 40/21 10/3 80/21",
    "RA": "1 11/6 10/3 23/6",
    "MO": "1/2 7/6 11/3 14/3",
    "AA": "149/151 292/151 505/151 564/151",
    "DT": "149/128 265/128 417/128 449/128",
    "AV": "1 11/6 10/3 23/6",
}
# A firm that owes 392 and has 230: revenue, salaries, insurance, a bank, insurers, suppliers.
OWED = [10, 10, 15, 15, 180, 80, 40, 42]
FIRM = {
    "PRO": "5.8673 5.8673 8.8010 8.8010 105.6122 46.9388 23.4694 24.6429",
    "CEA": "10 10 15 15 49 49 40 42",
    "CEL": "0 0 0 0 152 52 12 14",
    "Talmud": "5 5 7.5 7.5 124 40 20 21",
    "RTalmud": "9.25 9.25 11.75 11.75 94.25 44.25 24.25 25.25",
    "PIN": "9.25 9.25 11.75 11.75 94.25 44.25 24.25 25.25",
    "CE": "10 10 15 15 90 40 25 25",
    "APRO": "5.6684 5.6684 8.5027 8.5027 109.8289 45.3476 22.6738 23.8075",
    "RA": "5.6071 5.6071 8.3571 8.3571 113.6786 42.6071 22.3690 23.4167",
    "MO": "1.25 1.25 2.0833 2.0833 150.3333 50.3333 10.3333 12.3333",
    "AA": "5.0215 5.0215 7.5480 7.5480 122.4075 40.8098 20.3094 21.3344",
    "DT": "7.0056 7.0056 10.3365 10.3365 91.9095 49.4854 26.3532 27.5678",
    "AV": "5 5 7.5 7.5 100.5 50.5 26 28",
}
# What degrees of a university were entitled to and asked for, in cents, and what there was.
ENTITLED = [
    350029, 316485, 1772024, 248386, 278677, 390417, 545238, 2143930, 2438426, 2120371, 1935035, 3828447,
    376955, 393783, 269253, 3759535, 2788287, 3175844, 3354898, 325124, 2417391, 2786167, 504177, 409938,
    1406513, 1262799, 883488,
]  # fmt: skip
ASKED = [
    1572066, 2553220, 3296044, 1366461, 817376, 390417, 1486904, 28975313, 25096213, 12685713, 24833850,
    22709164, 6306972, 1591598, 1005972, 53007044, 12122915, 23316344, 24800845, 16953484, 24040484,
    25084544, 7075296, 14067905, 22768444, 23412514, 26472658,
]  # fmt: skip
THERE = 71729311


def shares(rule, estate, claims):
    return exact(Problem(estate, claims), Policy(rule=RULES[rule]))


@pytest.mark.parametrize("rule", RULES)
def test_the_example_on_the_page_of_each_rule(rule):
    assert shares(rule, 10, [2, 4, 7, 8]) == [Fraction(share) for share in PAGES[rule].split()]


@pytest.mark.parametrize("rule", ["Talmud", "RA", "APRO", "AA"])
def test_the_rules_that_the_manual_shows_to_mirror_themselves(rule):
    claims = [2, 4, 7, 8]
    mirrored = [claim - loss for claim, loss in zip(claims, shares(rule, 11, claims), strict=True)]

    assert mirrored == shares(rule, 10, claims)


def test_equal_awards_and_equal_losses_mirror_each_other():
    claims = [2, 4, 7, 8]

    assert [
        a + b for a, b in zip(shares("CEA", 10, claims), shares("CEL", 11, claims), strict=True)
    ] == claims
    assert [
        a + b for a, b in zip(shares("CEL", 10, claims), shares("CEA", 11, claims), strict=True)
    ] == claims


@pytest.mark.parametrize("rule", ["Talmud", "RA", "MO", "APRO", "AA"])
def test_five_rules_concede_and_divide_between_two(rule):
    assert shares(rule, 10, [7, 8]) == [Fraction(9, 2), Fraction(11, 2)]


@pytest.mark.parametrize("rule", RULES)
def test_the_firm_that_cannot_pay_its_creditors(rule):
    """In ten-thousandths, as the package prints them."""
    found = [float(round(share, 4)) for share in shares(rule, 230, OWED)]

    assert found == [float(share) for share in FIRM[rule].split()]


def test_the_funds_of_a_university_go_on_top_of_what_was_entitled():
    claims = [asked - entitled for asked, entitled in zip(ASKED, ENTITLED, strict=True)]
    estate = THERE - sum(ENTITLED)

    equal, parts = (
        [entitled + share for entitled, share in zip(ENTITLED, shares(rule, estate, claims), strict=True)]
        for rule in ("CEA", "PRO")
    )

    assert sum(equal) == sum(parts) == THERE
    assert [float(share) for share in equal[:9]] == [
        1572066, 1591119.15, 3046658.15, 1366461, 817376, 390417, 1486904, 3418564.15, 3713060.15,
    ]  # fmt: skip
    assert [float(round(share, 3)) for share in parts[:9]] == [
        453984.656, 506758.498, 1901668.601, 343497.867, 324502.788, 390417, 625343.191, 4426409.199,
        4365867.739,
    ]  # fmt: skip


def test_minimal_overlap_gives_less_to_one_when_another_comes_with_the_money_for_the_claim():
    assert shares("MO", 10, [1, 2, 9, 10])[0] == Fraction(1, 4)
    assert shares("MO", 1, [1, 2, 10])[0] == Fraction(1, 3)


def test_adjusted_proportional_turns_the_order_when_one_goes():
    before, after = shares("APRO", 17, [1, 2, 3, 8, 10]), shares("APRO", 17, [2, 3, 8, 10])

    assert before == [Fraction(share) for share in ("13/20", "13/10", "39/20", "111/20", "151/20")]
    assert after == [Fraction(share) for share in ("22/17", "33/17", "100/17", "134/17")]
    assert after[0] - before[0] > after[1] - before[1]


@pytest.mark.parametrize(("rule", "index_bp"), [("AA", 2_414), ("PRO", 2_500)])
def test_the_gini_index_of_the_manual(rule, index_bp):
    """0.24139 for the average of awards; for proportional awards that of the claims."""
    problem = Problem(1_000_000, [200_000, 400_000, 700_000, 800_000])

    assert gini_bp(allocate(problem, Policy(rule=RULES[rule])).awards_cents) == index_bp
