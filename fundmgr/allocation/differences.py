"""Who would get more and who less if one sharing were taken instead of another."""

from dataclasses import dataclass

import numpy as np

from fundmgr.allocation.arrays import IntArray
from fundmgr.allocation.errors import ShapeMismatch


@dataclass(frozen=True)
class Change:
    """One person's award before and after. Units: cents."""

    position: int
    before_cents: int
    after_cents: int

    @property
    def difference_cents(self) -> int:
        """This will return what the person gains, below zero for a loss."""
        return self.after_cents - self.before_cents


@dataclass(frozen=True)
class Changes:
    """How many get more, less and the same, and those who change most."""

    more: int
    less: int
    same: int
    most: tuple[Change, ...]


def changes(before: IntArray, after: IntArray, *, most: int = 20) -> Changes:
    """This will compare two sharings among the same people.

    Shapes: one award a person in both; at most `most` who change, largest change first, then by position.
    Units: cents.
    Errors: ShapeMismatch where the two are not of the same people.
    """
    if len(before) != len(after):
        raise ShapeMismatch(f"{len(before)} awards cannot be compared with {len(after)}.")
    difference = after - before
    ranked = np.argsort(-np.abs(difference), kind="stable")[:most]
    chosen = [place for place in ranked.tolist() if difference[place]]
    more, less = int((difference > 0).sum()), int((difference < 0).sum())
    named = tuple(Change(place, int(before[place]), int(after[place])) for place in chosen)
    return Changes(more, less, len(before) - more - less, named)
