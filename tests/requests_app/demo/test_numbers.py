"""The demo's figures are the example's, to the cent where they must be."""

from collections import Counter

import pytest

from requests_app.demo import numbers, words

SEEDS = (20230908, 1, 7)


@pytest.fixture(params=SEEDS)
def people(request: pytest.FixtureRequest) -> list[numbers.Figures]:
    return numbers.figures(request.param, category_weights=words.CATEGORY_WEIGHTS)


def test_the_asks_sum_to_ten_million_dollars(people: list[numbers.Figures]):
    assert len(people) == 1_700
    assert sum(row.asked_cents for row in people) == 1_000_000_000
    assert all(20_000 <= row.asked_cents <= 5_000_000 for row in people)


def test_the_outcomes_are_exact(people: list[numbers.Figures]):
    assert Counter(row.outcome for row in people) == {
        "ELIGIBLE": 1_205,
        "DUPLICATE": 62,
        "WITHDRAWN": 31,
        "INELIGIBLE": 147,
        "INCOMPLETE": 255,
    }


def test_eligible_verified_and_capped_dollars_are_within_three_percent(people: list[numbers.Figures]):
    eligible = [row for row in people if row.outcome == "ELIGIBLE"]
    asked = sum(row.asked_cents for row in eligible)
    verified = sum(row.verified_cents for row in eligible)
    capped = sum(min(row.verified_cents, 150_000) for row in eligible)

    assert asked == pytest.approx(697_669_400, rel=0.03)
    assert verified == pytest.approx(411_106_900, rel=0.03)
    assert capped == pytest.approx(162_105_800, rel=0.03)


def test_need_lines_sum_to_the_ask_and_name_a_category_once(people: list[numbers.Figures]):
    for row in people:
        assert sum(cents for _, cents in row.lines) == row.asked_cents
        assert len({word for word, _ in row.lines}) == len(row.lines)
        assert all(cents > 0 for _, cents in row.lines)


def test_people_arrive_over_five_days_with_a_rush_in_the_first_hours(people: list[numbers.Figures]):
    days = Counter(int((row.minutes / 60 + 11) // 24) for row in people)
    hours = Counter(int(row.minutes // 60) for row in people)

    assert [days[day] for day in range(5)] == [884, 357, 187, 153, 119]
    assert [hours[hour] for hour in range(3)] == [201, 131, 102]


def test_the_same_seed_gives_the_same_figures():
    weights = words.CATEGORY_WEIGHTS

    assert numbers.figures(5, category_weights=weights) == numbers.figures(5, category_weights=weights)
