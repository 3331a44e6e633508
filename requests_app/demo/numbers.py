"""The demo's figures: 1,700 asks that sum to $10,000,000.00, their outcomes, need and arrivals.

Pure and seeded: the same seed gives the same figures. The shape follows what such funds saw: asks are
log-normal and mostly round, half the people come on the first day, and most need is rent.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

PEOPLE = 1_700
ASKED_CENTS = 1_000_000_000
MOST_CENTS, LEAST_CENTS = 5_000_000, 20_000
ELIGIBLE, DUPLICATE, WITHDRAWN, INELIGIBLE, INCOMPLETE = 1_205, 62, 31, 147, 255
ELIGIBLE_ASKED_CENTS = 697_669_400
VERIFIED_CENTS = 411_106_900
CEILING_CENTS, CAP_CENTS = 750_000, 150_000
ARRIVALS_BY_DAY = (884, 357, 187, 153, 119)
FIRST_HOURS = (201, 131, 102)
OPENING_HOUR = 11
_ROUND_ASKS = 0.8
_CLOSE_ENOUGH_CENTS = 500_000
_MORNING_HOUR = 7
_SMALL_ASK_CENTS = 60_000


@dataclass(frozen=True)
class Figures:
    """One person's figures. Units: cents; `minutes` after the fund opened."""

    asked_cents: int
    outcome: str
    minutes: float
    verified_cents: int = 0
    lines: tuple[tuple[str, int], ...] = field(default=())


def figures(seed: int, *, category_weights: Sequence[tuple[str, int]]) -> list[Figures]:
    """This will return the 1,700 people's figures in order of arrival."""
    source = random.Random(seed)  # noqa: S311  # a demo, repeatable on purpose
    asks = _asks(source)
    outcomes = _outcomes(asks, source)
    verified = _verified(asks, outcomes, source)
    minutes = _arrivals(source)
    return [
        Figures(ask, outcome, minute, need, _lines(ask, category_weights, source))
        for ask, outcome, minute, need in zip(asks, outcomes, minutes, verified, strict=True)
    ]


def _asks(source: random.Random) -> list[int]:
    asks = [_one_ask(source) for _ in range(PEOPLE)]
    # The rest that rounding left over goes, in small steps, to people whose ask is not a round one.
    missing = ASKED_CENTS - sum(asks)
    while missing:
        place = source.randrange(PEOPLE)
        step = max(-10_000, min(10_000, missing))
        if asks[place] % 5_000 and LEAST_CENTS <= asks[place] + step <= MOST_CENTS:
            asks[place] += step
            missing -= step
    return asks


def _one_ask(source: random.Random) -> int:
    dollars = 4_100 * math.exp(source.gauss(0, 0.9))
    is_round = source.random() < _ROUND_ASKS
    dollars = max(250, _snapped(dollars)) if is_round else round(dollars) + 0.5
    return int(min(max(dollars, 200), 50_000) * 100)


def _snapped(dollars: float) -> float:
    steps = ((1_000, 50), (3_000, 250), (10_000, 500), (25_000, 2_500))
    step = next((step for below, step in steps if dollars < below), 5_000)
    return round(dollars / step) * step


def _outcomes(asks: list[int], source: random.Random) -> list[str]:
    outcomes = (
        ["ELIGIBLE"] * ELIGIBLE
        + ["DUPLICATE"] * DUPLICATE
        + ["WITHDRAWN"] * WITHDRAWN
        + ["INELIGIBLE"] * INELIGIBLE
        + ["INCOMPLETE"] * INCOMPLETE
    )
    source.shuffle(outcomes)
    gap = (
        sum(ask for ask, word in zip(asks, outcomes, strict=True) if word == "ELIGIBLE")
        - ELIGIBLE_ASKED_CENTS
    )
    while abs(gap) > _CLOSE_ENOUGH_CENTS:
        one, other = source.randrange(PEOPLE), source.randrange(PEOPLE)
        change = asks[other] - asks[one]
        if outcomes[one] == "ELIGIBLE" != outcomes[other] and abs(gap + change) < abs(gap):
            outcomes[one], outcomes[other] = outcomes[other], outcomes[one]
            gap += change
    return outcomes


def _verified(asks: list[int], outcomes: list[str], source: random.Random) -> list[int]:
    papers = [source.random() for _ in asks]
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        total = sum(_needs(asks, outcomes, papers, middle))
        low, high = (low, middle) if total > VERIFIED_CENTS else (middle, high)
    return _needs(asks, outcomes, papers, low)


def _needs(asks: list[int], outcomes: list[str], papers: list[float], least: float) -> list[int]:
    """What the papers show of each ask: at least that part of it, at most all, up to the ceiling."""
    return [
        min(int(ask * (least + (1 - least) * paper)) // 100 * 100, CEILING_CENTS) if word == "ELIGIBLE" else 0
        for ask, word, paper in zip(asks, outcomes, papers, strict=True)
    ]


def _arrivals(source: random.Random) -> list[float]:
    minutes: list[float] = []
    for day, people in enumerate(ARRIVALS_BY_DAY):
        hours = _hours_of_day(day, people)
        for hour, count in hours:
            minutes += sorted(hour * 60 + source.uniform(0, 60) for _ in range(count))
    return minutes


def _hours_of_day(day: int, people: int) -> list[tuple[int, int]]:
    """How many come in each hour since opening: a rush at first, few at night."""
    first = [(hour, count) for hour, count in enumerate(FIRST_HOURS)] if day == 0 else []
    start = len(first) if day == 0 else 24 * day - OPENING_HOUR
    hours = list(range(start, 24 * (day + 1) - OPENING_HOUR))
    weights = [1 if (hour + OPENING_HOUR) % 24 < _MORNING_HOUR else 10 for hour in hours]
    left = people - sum(count for _, count in first)
    counts = [left * weight // sum(weights) for weight in weights]
    counts[-1] += left - sum(counts)
    return first + list(zip(hours, counts, strict=True))


def _lines(
    asked_cents: int, category_weights: Sequence[tuple[str, int]], source: random.Random
) -> tuple[tuple[str, int], ...]:
    words, weights = zip(*category_weights, strict=True)
    count = 1 if asked_cents < _SMALL_ASK_CENTS else source.choice((1, 2, 2, 3))
    chosen = sorted(set(source.choices(words, weights, k=count)), key=words.index)
    parts = [source.uniform(0.6, 1.4) for _ in chosen]
    cents = [int(asked_cents * part / sum(parts)) // 1_000 * 1_000 for part in parts]
    cents[0] += asked_cents - sum(cents)
    return tuple(zip(chosen, cents, strict=True))
