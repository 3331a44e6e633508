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
    """How many get more, less and the same, and those who change most: who gains first, then who loses."""

    more: int
    less: int
    same: int
    most: tuple[Change, ...]


def changes(before: IntArray, after: IntArray, *, most: int = 20) -> Changes:
    """This will compare two sharings among the same people.

    Shapes: one award a person in both; at most `most` who change, half of them for the better and half for
    the worse where there are as many: whoever reads one side alone takes a change for all good or all bad.
    Each side has its largest change first, then goes by position.
    Units: cents.
    Errors: ShapeMismatch where the two are not of the same people.
    """
    if len(before) != len(after):
        raise ShapeMismatch(f"{len(before)} awards cannot be compared with {len(after)}.")
    difference = after - before
    ranked = np.argsort(-np.abs(difference), kind="stable")
    gaining, losing = ranked[difference[ranked] > 0], ranked[difference[ranked] < 0]
    more, less = len(gaining), len(losing)
    losing = losing[: max(most // 2, most - more)]
    chosen = [*gaining[: most - len(losing)].tolist(), *losing.tolist()]
    named = tuple(Change(place, int(before[place]), int(after[place])) for place in chosen)
    return Changes(more, less, len(before) - more - less, named)
