"""Filling to a common level: everybody gets up to the level times their weight, nobody more than the claim.

The level solves sum(min(claim, level * weight)) = estate. The left side is concave and rises, so Newton's
method reaches the exact level from any start: after one step it comes from below and never overshoots.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from fundmgr.allocation.arrays import AnyArray, IntArray
from fundmgr.allocation.cents import Ties, add_largest_remainders, product_divided

_SAMPLE = 2048


@dataclass(frozen=True)
class Filled:
    """Whole cents after filling, and the level that was reached.

    Units: `level_cents` is cents a unit of weight.
    """

    cents: IntArray
    level_cents: Fraction


def level_of(claims: IntArray, weights: AnyArray | None, estate: int) -> tuple[int, int]:
    """This will return the level as a pair, cents over weight.

    Units: cents; 0 <= estate < the sum of the claims. None for weights means that all weigh one.
    """
    if weights is not None:
        return _weighted_level(claims, weights, estate)
    level = _level(claims, estate)
    return level.whole * level.members + level.spare, level.members


def filled_at(
    claims: IntArray, weights: AnyArray | None, cents: int, weight: int
) -> tuple[IntArray, AnyArray]:
    """This will return min(claim, level * weight) as whole cents and remainders over `weight`.

    Units: the level is `cents` over `weight`. None for weights means that all weigh one.
    """
    if weights is None:
        whole, spare = divmod(cents, weight)
        return np.minimum(claims, whole), np.where(claims > whole, spare, 0)
    filled, remainders = product_divided(weights, cents, weight)
    remainders *= claims > filled
    return np.minimum(claims, filled, out=filled), remainders


def wanted_at(claims: IntArray, weights: AnyArray | None, cents: int, weight: int) -> int:
    """This will return the sum of min(claim, level * weight); the level is `cents` over `weight`.

    Units: parts of a cent, `weight` of them to the cent, so that it is whole.
    """
    if weights is None:
        full = claims <= cents // weight
        open_weight = len(claims) - int(np.count_nonzero(full))
    else:
        full = claims <= product_divided(weights, cents, weight)[0]
        open_weight = int(weights[~full].sum())
    return int(claims[full].sum()) * weight + cents * open_weight


@dataclass
class _Level:
    """An unweighted fill: those above `whole` hold `whole` and share `spare` between `members` of them."""

    filled: IntArray
    whole: int
    spare: int
    members: int

    @property
    def exact(self) -> Fraction:
        """This will return the level without rounding."""
        return self.whole + Fraction(self.spare, self.members)


def fill_equally(claims: IntArray, estate: int, ties: Ties) -> Filled:
    """This will share by one level for all.

    Units: cents; 0 <= estate < the sum of the claims.
    """
    level = _level(claims, estate)
    ties.add_one(level.filled, claims > level.whole, level.spare)
    return Filled(level.filled, level.exact)


def fill_half_equally(claims: IntArray, double_estate: int, ties: Ties) -> Filled:
    """This will share by one level where each claim counts half; in half-cents all of it stays whole.

    Units: claims and result in cents; `double_estate` in half-cents, below the sum of the claims.
    """
    level = _level(claims, double_estate)
    members = claims > level.whole
    odd = (level.filled & 1).astype(np.bool_)
    level.filled >>= 1
    spare = double_estate // 2 - int(level.filled.sum())
    if level.whole & 1 and level.spare:
        groups = [members, odd & ~members]
    elif level.spare:
        groups = [odd, members]
    else:
        groups = [odd]
    for group in groups:
        found = min(spare, int(np.count_nonzero(group)))
        ties.add_one(level.filled, group, found)
        spare -= found
    return Filled(level.filled, level.exact / 2)


def _level(claims: IntArray, estate: int) -> _Level:
    """Only claims above the level matter for it; the sum of the rest follows from the filled amounts."""
    filled = np.empty_like(claims)
    whole = _first_guess(claims, estate)
    while True:
        np.minimum(claims, whole, out=filled)
        members = int(np.count_nonzero(claims > whole))
        if not members:
            whole = _safe_guess(claims, estate, whole)
            continue
        left = estate - int(filled.sum()) + members * whole
        better = max(0, left // members)
        if better == whole:
            return _Level(filled, whole, left - members * whole, members)
        whole = better


def _safe_guess(claims: IntArray, estate: int, guess: int) -> int:
    """Where the sample misled to a level above every claim, the mean is a safe start.

    Errors: ValueError where the money covers all claims, so there is no level.
    """
    mean = estate // len(claims)
    if guess == mean:
        raise ValueError("The money covers all claims, so there is no level.")
    return mean


def _first_guess(claims: IntArray, estate: int) -> int:
    """The level of an evenly spaced sample is near the level of all."""
    if len(claims) <= 4 * _SAMPLE:
        return estate // len(claims)
    sample = np.sort(claims[:: len(claims) // _SAMPLE])
    target = estate * len(sample) / len(claims)
    sums = np.cumsum(sample.astype(np.float64))
    filled = sums + sample * np.arange(len(sample) - 1, -1, -1, dtype=np.float64)
    full = int(np.searchsorted(filled, target))
    if full >= len(sample):
        return int(sample[-1])
    before = float(sums[full - 1]) if full else 0.0
    return max(0, int((target - before) / (len(sample) - full)))


def fill_by_weight(
    claims: IntArray, weights: AnyArray, estate: int, ties: Ties, *, halves: bool = False
) -> Filled:
    """This will share by one level times the weight; with `halves` each claim counts half.

    Units: cents; with `halves`, `estate` is in half-cents. 0 <= estate < the sum of the claims, and
    weights > 0 wherever the claim is > 0.
    """
    pool, weight = _weighted_level(claims, weights, estate)
    if not halves:
        cents, remainders = filled_at(claims, weights, pool, weight)
        add_largest_remainders(cents, remainders, estate - int(cents.sum()), ties)
        return Filled(cents, Fraction(pool, weight))
    full = claims <= product_divided(weights, pool, weight)[0]
    cents, remainders = product_divided(weights, pool, 2 * weight)
    cents[full] = claims[full] >> 1
    remainders[full] = (claims[full] & 1).astype(remainders.dtype) * weight
    add_largest_remainders(cents, remainders, estate // 2 - int(cents.sum()), ties)
    return Filled(cents, Fraction(pool, 2 * weight))


def _weighted_level(claims: IntArray, weights: AnyArray, estate: int) -> tuple[int, int]:
    """The level as pool / weight: what is left for those not full, over the weight of those not full."""
    pool, weight = _first_weighted_guess(claims, weights, estate)
    while True:
        full = claims <= product_divided(weights, pool, weight)[0]
        better = estate - int((claims * full).sum()), int((weights * ~full).sum())
        if better == (pool, weight):
            return better
        pool, weight = better if better[0] >= 0 and better[1] else _from_zero(claims, weights, estate)


def _from_zero(claims: IntArray, weights: AnyArray, estate: int) -> tuple[int, int]:
    """From here the steps only rise, so the search ends."""
    return estate, int(weights[claims > 0].sum())


def _first_weighted_guess(claims: IntArray, weights: AnyArray, estate: int) -> tuple[int, int]:
    """The level of an evenly spaced sample is near the level of all."""
    if len(claims) <= 4 * _SAMPLE:
        return _from_zero(claims, weights, estate)
    step = len(claims) // _SAMPLE
    sample = claims[::step]
    target = estate * len(sample) // len(claims)
    if target >= int(sample.sum()):
        return _from_zero(claims, weights, estate)
    return _weighted_level(sample, weights[::step], target)
