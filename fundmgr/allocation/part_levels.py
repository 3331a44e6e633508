"""The level at which what requests need of some pots, beyond what others may pay, uses the pots up."""

from dataclasses import dataclass

import numpy as np

from fundmgr.allocation.arrays import AnyArray, BoolArray, IntArray
from fundmgr.allocation.cents import product_divided

Level = tuple[int, int]


@dataclass(frozen=True)
class Beyond:
    """Requests that rise to a common level, each paid up to `elsewhere` by other pots.

    Shapes: one entry a request; `elsewhere` is below the claim, weights are above zero.
    Units: cents; a level is a pair, cents over weight.
    """

    claims: IntArray
    elsewhere: IntArray
    weights: AnyArray

    def level(self, money: int) -> Level:
        """This will return the highest level at which the money covers what goes beyond; exact.

        It bisects the levels at which one begins to need the money or is content: between two of them next
        to each other, what is needed rises in a straight line.

        Units: cents; the money is less than what would be needed without a level.
        """
        points = np.concatenate([self.elsewhere, self.claims])
        weights = np.concatenate([self.weights, self.weights])
        low: Level = (0, 1)
        keep = points > 0
        while keep.any():
            points, weights = points[keep], weights[keep]
            guess = _middle(points, weights)
            floors, remainders = product_divided(weights, *guess)
            if self._needed(guess) <= money * guess[1]:
                low, keep = guess, points > floors
            else:
                keep = points < floors + (remainders > 0)
        return self._on_line(low, money)

    def _needed(self, level: Level) -> int:
        """In parts of a cent, as many to the cent as the level's weight."""
        full, rising = self._at(level)
        cents = int((self.claims[full] - self.elsewhere[full]).sum()) - int(self.elsewhere[rising].sum())
        return cents * level[1] + int(self.weights[rising].sum()) * level[0]

    def _on_line(self, level: Level, money: int) -> Level:
        full, rising = self._at(level)
        cents = int((self.claims[full] - self.elsewhere[full]).sum()) - int(self.elsewhere[rising].sum())
        return money - cents, int(self.weights[rising].sum())

    def _at(self, level: Level) -> tuple[BoolArray, BoolArray]:
        """Who is content at the level, and who would take more of the money above it."""
        floors, _ = product_divided(self.weights, *level)
        full = self.claims <= floors
        return full, ~full & (self.elsewhere <= floors)


def _middle(points: IntArray, weights: AnyArray) -> Level:
    """One of the levels in the middle; floating point only picks it."""
    half = len(points) // 2
    keys = points / weights.astype(np.float64)
    place = int(np.argpartition(keys, half)[half])
    return int(points[place]), int(weights[place])
