"""How the asks are spread: who asks how much, and how few ask for most of the money."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from fundmgr.domain.ratios import basis_points, percentile, rounded_ratio

EDGES_CENTS = (100_000, 150_000, 250_000, 500_000, 1_000_000, 2_500_000)
LARGE_ASK_CENTS = 1_000_000


@dataclass(frozen=True)
class Bin:
    """The requests that ask for `low_cents` or more, and for less than `high_cents`.

    Shapes: `high_cents` is None for the last; shares are None where nobody asks for anything.
    Units: cents, basis points; cumulative counts this bin and those below it.
    """

    low_cents: int
    high_cents: int | None
    people: int
    amount_cents: int
    people_bp: int | None
    amount_bp: int | None
    cumulative_people: int
    cumulative_amount_cents: int
    cumulative_people_bp: int | None
    cumulative_amount_bp: int | None


@dataclass(frozen=True)
class Spread:
    """One line about many amounts. Units: cents."""

    people: int
    total_cents: int
    mean_cents: int | None
    median_cents: int | None
    p90_cents: int | None
    max_cents: int | None


def ask_histogram(asked_cents: Sequence[int]) -> tuple[Bin, ...]:
    """This will count people and dollars by the size of the ask.

    Shapes: seven bins, from below $1,000 to $25,000 and more, empty ones too.
    Units: cents.
    """
    people, amounts = [0] * (len(EDGES_CENTS) + 1), [0] * (len(EDGES_CENTS) + 1)
    for cents in asked_cents:
        place = bisect_right(EDGES_CENTS, cents)
        people[place] += 1
        amounts[place] += cents
    lows, highs = (0, *EDGES_CENTS), (*EDGES_CENTS, None)
    everybody, total = sum(people), sum(amounts)
    rows = zip(lows, highs, people, amounts, accumulate(people), accumulate(amounts), strict=True)
    return tuple(
        Bin(
            low_cents=low,
            high_cents=high,
            people=count,
            amount_cents=cents,
            people_bp=basis_points(count, everybody),
            amount_bp=basis_points(cents, total),
            cumulative_people=count_so_far,
            cumulative_amount_cents=cents_so_far,
            cumulative_people_bp=basis_points(count_so_far, everybody),
            cumulative_amount_bp=basis_points(cents_so_far, total),
        )
        for low, high, count, cents, count_so_far, cents_so_far in rows
    )


def large_asks(
    asked_cents: Sequence[int], *, from_cents: int = LARGE_ASK_CENTS
) -> tuple[int | None, int | None]:
    """This will return which share of the people asks which share of the dollars, from an amount upward.

    Units: two values in basis points; None where nobody asks for anything.
    """
    large = [cents for cents in asked_cents if cents >= from_cents]
    return basis_points(len(large), len(asked_cents)), basis_points(sum(large), sum(asked_cents))


def spread(amounts_cents: Sequence[int]) -> Spread:
    """This will return mean, median, ninetieth percentile and maximum, each None where there is nothing.

    Units: cents; the mean is rounded half to even, median and percentile are amounts that occur.
    """
    total = sum(amounts_cents)
    return Spread(
        people=len(amounts_cents),
        total_cents=total,
        mean_cents=rounded_ratio(total, len(amounts_cents)),
        median_cents=percentile(amounts_cents, 50),
        p90_cents=percentile(amounts_cents, 90),
        max_cents=max(amounts_cents, default=None),
    )
