"""How the money lies over the people: the Lorenz points, the worst-off tenth, and who is covered how far."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from fundmgr.allocation.arrays import AnyArray, IntArray

LORENZ_STEPS = 20
_BILLION = 10**9
_MOST_IN_BILLIONTHS = (2**63 - 1) // _BILLION


@dataclass(frozen=True)
class Coverage:
    """One group of people. Units: cents; `met_bp` are basis points of what the group claims."""

    group: int
    people: int
    paid: int
    claims_cents: int
    awards_cents: int
    met_bp: int


def lorenz_bp(awards: IntArray, steps: int = LORENZ_STEPS) -> tuple[int, ...]:
    """This will return what share of the money the least paid hold together.

    Shapes: `steps` + 1 points; point k is for the first k / steps of the people, cut to whole people.
    Units: basis points, exact then rounded half to even; all zero where nothing is awarded.
    """
    ordered = np.sort(awards)
    sums = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(ordered)])
    return tuple(_share_bp(int(sums[len(awards) * k // steps]), int(sums[-1])) for k in range(steps + 1))


def poorest_tenth_bp(awards: IntArray, claims: IntArray) -> int:
    """This will return the mean share of their claim that the worst-off tenth get.

    Shapes: one award a claim, claims above zero; the tenth, who get the least share, is rounded up to people.
    Units: basis points, each share cut to a billionth; 0 where nobody asks.
    """
    if not len(awards):
        return 0
    tenth = -(-len(awards) // 10)
    least = np.partition(_billionths(awards, claims), tenth - 1)[:tenth]
    return _share_bp(int(least.sum()), tenth * _BILLION)


def coverage(awards: IntArray, claims: IntArray, groups: IntArray) -> tuple[Coverage, ...]:
    """This will sum up each group of claims, by its number.

    Shapes: one award and one group a claim; one row a group that has anybody, lowest number first.
    Units: cents.
    """
    return tuple(
        _covered(int(group), awards[groups == group], claims[groups == group])
        for group in np.unique(groups).tolist()
    )


def _covered(group: int, awards: IntArray, claims: IntArray) -> Coverage:
    given, asked = int(awards.sum()), int(claims.sum())
    return Coverage(group, len(claims), int(np.count_nonzero(awards)), asked, given, _share_bp(given, asked))


def _billionths(awards: IntArray, claims: IntArray) -> IntArray:
    """Awards too large for 64 bits times a billion are counted as Python integers."""
    if int(awards.max()) <= _MOST_IN_BILLIONTHS:
        cut: IntArray = awards * _BILLION // claims
        return cut
    exact: AnyArray = awards.astype(object) * _BILLION // claims.astype(object)
    whole: IntArray = exact.astype(np.int64)
    return whole


def _share_bp(part: int, whole: int) -> int:
    return round(Fraction(10_000 * part, whole)) if whole else 0
