"""The level at which what requests need of some pots, beyond what others may pay, uses the pots up."""

from dataclasses import dataclass, replace

import numpy as np

from fundmgr.allocation.arrays import AnyArray, BoolArray, IntArray
from fundmgr.allocation.cents import product_divided

Level = tuple[int, int]
_SAMPLE = 4096


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

        It bisects the levels at which one begins to need the money or is content. Who is not touched between
        the two levels that are left is summed up and put aside, so that each step is shorter than the last.

        Units: cents; the money is less than what would be needed without a level.
        """
        open_ones, cents, weight = _Open.all_of(self), 0, 0
        while True:
            settled = open_ones.through
            cents -= int(open_ones.elsewhere[settled].sum())
            weight += int(open_ones.weights[settled].sum())
            open_ones = open_ones.only(~settled)
            guess = open_ones.middle()
            if guess is None:
                return money - cents, weight
            floors, remainders = product_divided(open_ones.weights, *guess)
            full = open_ones.claims <= floors
            rising = ~full & (open_ones.elsewhere <= floors)
            taken = cents + int((open_ones.claims[full] - open_ones.elsewhere[full]).sum())
            needed = (taken - int(open_ones.elsewhere[rising].sum())) * guess[1]
            needed += (weight + int(open_ones.weights[rising].sum())) * guess[0]
            if needed <= money * guess[1]:
                cents = taken
                open_ones = open_ones.above(floors).only(~full)
            else:
                ceilings = floors + (remainders > 0)
                open_ones = open_ones.below(ceilings).only(open_ones.elsewhere < ceilings)


@dataclass(frozen=True)
class _Open:
    """Who begins or ends between two levels.

    Shapes: one entry a request; `begun` at the lower level, `lasts` up to the higher one.
    """

    claims: IntArray
    elsewhere: IntArray
    weights: AnyArray
    begun: BoolArray
    lasts: BoolArray

    @classmethod
    def all_of(cls, beyond: Beyond) -> "_Open":
        """This will return everybody, between no level and none at all."""
        begun = beyond.elsewhere <= 0
        return cls(beyond.claims, beyond.elsewhere, beyond.weights, begun, np.zeros_like(begun))

    @property
    def through(self) -> BoolArray:
        """This will return who takes of the money all along between the two levels."""
        return self.begun & self.lasts

    def only(self, kept: BoolArray) -> "_Open":
        """This will leave out the others."""
        if kept.all():
            return self
        # Places are faster to follow five times than a mask.
        at = np.flatnonzero(kept)
        return _Open(self.claims[at], self.elsewhere[at], self.weights[at], self.begun[at], self.lasts[at])

    def above(self, floors: IntArray) -> "_Open":
        """This will raise the lower level."""
        return replace(self, begun=self.begun | (self.elsewhere <= floors))

    def below(self, ceilings: IntArray) -> "_Open":
        """This will lower the higher level."""
        return replace(self, lasts=self.lasts | (self.claims >= ceilings))

    def middle(self) -> Level | None:
        """This will return a level near the middle of those between the two; floating point only picks it."""
        begins, ends = np.flatnonzero(~self.begun), np.flatnonzero(~self.lasts)
        if len(begins) + len(ends) > 2 * _SAMPLE:
            step = (len(begins) + len(ends)) // _SAMPLE
            begins, ends = begins[::step], ends[::step]
        points = np.concatenate([self.elsewhere[begins], self.claims[ends]])
        if not len(points):
            return None
        weights = np.concatenate([self.weights[begins], self.weights[ends]])
        half = len(points) // 2
        place = int(np.argpartition(points / weights.astype(np.float64), half)[half])
        return int(points[place]), int(weights[place])
