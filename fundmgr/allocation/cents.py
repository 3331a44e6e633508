"""From exact shares to whole cents: division without rounding error, and who gets the spare cents.

Every exact share is held as a whole part and a remainder over one common denominator. Spare cents go to the
largest remainders; equal remainders are settled by the tie key, and without one by the position in the list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from fundmgr.allocation.arrays import AnyArray, BoolArray, IntArray

_FLOAT_SAFE = 2**50  # below this a float quotient is wrong by less than two
_WRAP_SAFE = 2**60  # below this a remainder that is wrong by two divisors still fits 64 bits
_BLOCKS = 64


def product_divided(factors: AnyArray, multiplier: int, divisor: int) -> tuple[IntArray, AnyArray]:
    """This will return quotient and remainder of factors * multiplier / divisor, exactly.

    The quotient is guessed in floating point and put right by the remainder, which 64-bit arithmetic gives
    exactly although both products wrap: their difference is small. Where that is not certain, Python's
    unbounded integers do the work, slower.

    Shapes: two arrays as long as `factors`; the remainder holds Python integers where the divisor needs them.
    Units: factors, multiplier >= 0; divisor > 0.
    """
    if not len(factors):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    largest = int(factors.max()) * multiplier // divisor
    if factors.dtype == object or largest >= _FLOAT_SAFE or divisor >= _WRAP_SAFE or multiplier >= 2**62:
        return _product_divided_unbounded(factors, multiplier, divisor)
    quotient = (factors * (multiplier / divisor)).astype(np.int64)
    remainder = factors * np.int64(multiplier)
    remainder -= quotient * np.int64(divisor)
    _correct(quotient, remainder, divisor)
    return quotient, remainder


def _correct(quotient: IntArray, remainder: IntArray, divisor: int) -> None:
    """As unsigned numbers, negative remainders are large too: one comparison finds every wrong guess."""
    wrong = np.flatnonzero(remainder.view(np.uint64) >= np.uint64(divisor))
    if len(wrong):
        steps = remainder[wrong] // divisor
        quotient[wrong] += steps
        remainder[wrong] -= steps * divisor


def _product_divided_unbounded(factors: AnyArray, multiplier: int, divisor: int) -> tuple[IntArray, AnyArray]:
    product = factors.astype(object) * multiplier
    quotient = product // divisor
    remainder = product - quotient * divisor
    whole = np.minimum(quotient, 2**62).astype(np.int64)  # callers cut at a claim, which is below that
    return whole, remainder.astype(np.int64) if divisor <= 2**62 else remainder


@dataclass(frozen=True)
class Ties:
    """Who comes first among equals: by rank, or by position where there are no ranks.

    A dual rule shares out losses, and who comes first for money comes last for a loss: `losses` says so.
    """

    ranks: IntArray | None = None
    losses: bool = False

    def turned(self) -> "Ties":
        """This will return the same order, seen from the other side."""
        return Ties(self.ranks, not self.losses)

    def among(self, members: IntArray) -> "Ties":
        """This will return the order among some positions only."""
        return Ties(None if self.ranks is None else self.ranks[members], self.losses)

    def add_one(self, cents: IntArray, among: BoolArray, count: int) -> None:
        """This will add one cent to the first `count` of the marked entries, in place."""
        if count <= 0:
            return
        if self.ranks is not None:
            cents[_lowest(np.flatnonzero(among), self.ranks, count, self.losses)] += 1
        elif self.losses:
            _add_to_first(cents[::-1], among[::-1], count)
        else:
            _add_to_first(cents, among, count)


def _lowest(members: IntArray, ranks: IntArray, count: int, highest: bool) -> IntArray:
    if count >= len(members):
        return members
    keys = -ranks[members] if highest else ranks[members]
    return members[np.argpartition(keys, count - 1)[:count]]


def _add_to_first(cents: IntArray, among: BoolArray, count: int) -> None:
    """Whole blocks are counted first, so that no list of positions is built for millions of entries."""
    size = len(among) // _BLOCKS + 1
    for start in range(0, len(among), size):
        block = among[start : start + size]
        found = int(np.count_nonzero(block))
        if found >= count:
            cents[start + np.flatnonzero(block)[:count]] += 1
            return
        cents[start : start + size] += block
        count -= found


def whole_cents(shares: Sequence[Fraction], ties: Ties) -> IntArray:
    """This will round exact shares that add up to whole cents, by largest remainder."""
    cents = np.array([int(share) for share in shares], dtype=np.int64)
    spare = int(sum(shares, Fraction(0))) - int(cents.sum())
    ranks = range(len(shares)) if ties.ranks is None else ties.ranks.tolist()
    by_remainder = sorted(
        zip((int(share) - share for share in shares), ranks, range(len(shares)), strict=True)
    )
    for _, _, place in by_remainder[:spare]:
        cents[place] += 1
    return cents


def add_largest_remainders(cents: IntArray, remainders: AnyArray, spare: int, ties: Ties) -> None:
    """This will add one cent to the `spare` entries with the largest remainders, in place.

    Units: remainders are numerators over one common denominator; they must add up to `spare` denominators.
    """
    if spare <= 0:
        return
    edge = len(remainders) - spare
    threshold = np.partition(remainders, edge)[edge]
    above = remainders > threshold
    cents += above
    ties.add_one(cents, remainders == threshold, spare - int(np.count_nonzero(above)))
