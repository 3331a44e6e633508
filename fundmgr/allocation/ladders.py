"""Claims in ascending order with their running sums, so that what they take at a level is looked up."""

from collections.abc import Sequence

import numpy as np

from fundmgr.allocation.arrays import IntArray


class Ladder:
    """The unweighted claims of one group."""

    def __init__(self, claims: IntArray) -> None:
        """This will sort the claims once; all later questions take a search."""
        self._ascending: IntArray = np.sort(claims)
        self._sums: IntArray = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(self._ascending)])

    def at(self, whole: int) -> tuple[int, int]:
        """This will return the sum of the claims up to a level of whole cents, and how many are above it."""
        full = int(self._ascending.searchsorted(whole, side="right"))
        return int(self._sums[full]), len(self._ascending) - full

    def wanted(self, cents: int, weight: int) -> int:
        """This will return the sum of min(claim, level); the level is `cents` over `weight`.

        Units: parts of a cent, `weight` of them to the cent, so that it is whole.
        """
        full, above = self.at(cents // weight)
        return full * weight + cents * above


def common_level(ladders: Sequence[Ladder], money: int) -> tuple[int, int]:
    """This will return the level at which all groups together take the money, as a pair, cents over weight.

    The steps rise to it from below, as what is taken is concave.

    Units: cents; 0 <= money < the sum of the claims.
    """
    whole = 0
    while True:
        found = [ladder.at(whole) for ladder in ladders]
        left, above = money - sum(full for full, _ in found), sum(count for _, count in found)
        if left // above == whole:
            return left, above
        whole = left // above
