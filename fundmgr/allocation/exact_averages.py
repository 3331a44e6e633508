"""The rules that average over many orders or divisions: exact for few claims.

They go through every subset of the claimants, so each claimant more doubles the work. For more claims random
arrival is sampled; the others are refused.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import factorial, lcm

import numpy as np

from fundmgr.allocation.arrays import AnyArray, IntArray
from fundmgr.allocation.arrivals import Sampled, sampled_arrival
from fundmgr.allocation.errors import TooManyClaims

Amounts = Sequence[Fraction]
_Whole = Callable[[list[int], int], list[Fraction]]

SUBSETS_LIMIT = 20
SERIES_LIMIT = 200
_SMALLEST = 10**18  # the series stops where less than one part in this of a cent is left


def random_arrival(claims: Amounts, estate: Fraction) -> list[Fraction]:
    """This will return the mean, over all orders of arrival, of min(claim, what is left).

    For more than 20 claims above zero it is the mean over a sample; arrival() says over which.

    Source: O'Neill, 1982; the Shapley value of the game.
    """
    return arrival(claims, estate)[0]


def arrival(claims: Amounts, estate: Fraction) -> tuple[list[Fraction], Sampled | None]:
    """This will return the awards of random_arrival, and what they rest on where they are sampled."""
    places = [place for place, claim in enumerate(claims) if claim]
    if len(places) <= SUBSETS_LIMIT:
        return _among_positive(claims, estate, _random_arrival), None
    scale, whole, money = _scaled([claims[place] for place in places], estate)
    shared, sampled = sampled_arrival(whole, money, scale=scale)
    awards = [Fraction(0)] * len(claims)
    for place, award in zip(places, shared, strict=True):
        awards[place] = award / scale
    return awards, sampled


def average_of_awards(claims: Amounts, estate: Fraction) -> list[Fraction]:
    """This will return the mean of all divisions in which nobody gets more than the claim.

    Errors: TooManyClaims for more than 20 claims above zero.
    Source: the centre of gravity of the divisions, by inclusion and exclusion over subsets.
    """
    return _among_positive(claims, estate, _average_of_awards)


def dominguez_thomson(claims: Amounts, estate: Fraction) -> list[Fraction]:
    """This will give everybody min(claim, money) / n, again and again; n counts zero claims too.

    Once the money is below every claim that is not zero, the rest of the series is an equal split. Where that
    takes too long, what is left below 10**-18 cents is shared in proportion.

    Errors: TooManyClaims for more than 200 claims.
    """
    _check_count(len(claims), SERIES_LIMIT)
    scale, whole, money = _scaled(claims, estate)
    count, given = len(whole), [0] * len(whole)
    while money * _SMALLEST > scale:
        positive = [claim for claim in whole if claim]
        if money <= min(positive):
            split = Fraction(money, len(positive))
            return [
                Fraction(award + (split if claim else 0)) / scale
                for award, claim in zip(given, whole, strict=True)
            ]
        step = [min(claim, money) for claim in whole]
        given = [award * count + part for award, part in zip(given, step, strict=True)]
        whole = [claim * count - part for claim, part in zip(whole, step, strict=True)]
        money, scale = money * count - sum(step), scale * count
    share = Fraction(money, sum(whole))
    return [(award + share * claim) / scale for award, claim in zip(given, whole, strict=True)]


def _among_positive(claims: Amounts, estate: Fraction, rule: _Whole) -> list[Fraction]:
    """Zero claims change nothing, and whole numbers are much faster than fractions."""
    places = [place for place, claim in enumerate(claims) if claim]
    _check_count(len(places), SUBSETS_LIMIT)
    awards = [Fraction(0)] * len(claims)
    if len(places) == 1:
        awards[places[0]] = estate
        return awards
    scale, whole, money = _scaled([claims[place] for place in places], estate)
    for place, award in zip(places, rule(whole, money), strict=True):
        awards[place] = award / scale
    return awards


def _check_count(count: int, limit: int) -> None:
    if count > limit:
        raise TooManyClaims(f"This rule is exact for at most {limit} claims; there are {count}.")


def _scaled(claims: Amounts, estate: Fraction) -> tuple[int, list[int], int]:
    scale = lcm(estate.denominator, *(claim.denominator for claim in claims))
    return scale, [int(claim * scale) for claim in claims], int(estate * scale)


def _random_arrival(claims: list[int], estate: int) -> list[Fraction]:
    """A claimant who comes after the set S finds estate - d(S); sets of one size are equally likely."""
    count = len(claims)
    sums = _subset_sums(claims)
    sizes = _sizes(count - 1)
    by_size = np.argsort(sizes, kind="stable")
    starts = np.searchsorted(sizes[by_size], np.arange(count))
    orders = [factorial(size) * factorial(count - 1 - size) for size in range(count)]
    awards = []
    for place, claim in enumerate(claims):
        before = sums.reshape(-1, 2, 1 << place)[:, 0, :].ravel()[by_size]
        found = np.add.reduceat(np.minimum(np.maximum(estate - before, 0), claim), starts)
        weighted = sum(total * order for total, order in zip(found.tolist(), orders, strict=True))
        awards.append(Fraction(weighted, factorial(count)))
    return awards


def _average_of_awards(claims: list[int], estate: int) -> list[Fraction]:
    """The formula, with e(S) = estate - d(S) where positive and p(S) = (-1)^|S| e(S)^(n-1):

    x_i = (d_i * sum of p over S with i + sum of p * e / n) / sum of p.
    """
    count = len(claims)
    left = estate - _subset_sums(claims).astype(object)
    inside = np.flatnonzero(left > 0)
    signs = 1 - 2 * (_sizes(count)[inside] % 2)
    parts = left[inside] ** (count - 1) * signs.astype(object)
    volume, moment = sum(parts.tolist()), sum((parts * left[inside]).tolist())
    awards = []
    for place, claim in enumerate(claims):
        with_claim = sum(parts[(inside >> place) & 1 == 1].tolist())
        awards.append((claim * with_claim + Fraction(moment, count)) / volume)
    return awards


def _subset_sums(claims: list[int]) -> AnyArray:
    """The sum of each subset, at the number whose bits name its members."""
    safe = sum(claims) << len(claims) < 2**62
    sums = np.zeros(1, dtype=np.int64 if safe else object)
    for claim in claims:
        sums = np.concatenate([sums, sums + claim])
    return sums


def _sizes(count: int) -> IntArray:
    sizes = np.zeros(1, dtype=np.int64)
    for _ in range(count):
        sizes = np.concatenate([sizes, sizes + 1])
    return sizes
