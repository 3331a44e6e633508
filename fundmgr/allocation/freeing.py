"""What it is worth to free a pot's money of its restriction, so that it may pay anybody.

Over pots, what is paid in all grows cent by cent with what is freed up to a point, and then no further: with
one sum tried, the worth of a single dollar is known too.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fundmgr.allocation.engine import allocate
from fundmgr.allocation.problem import Problem
from fundmgr.allocation.result import Allocation
from fundmgr.allocation.variants import varied

DOLLAR_CENTS = 100


@dataclass(frozen=True)
class Freed:
    """What a rule would do with some money that may pay anybody then. Units: cents.

    Shapes: `people` are the requests that would get more, none where no more is paid in all;
    `dollar_gains_cents` is how much more would be paid in all if just one dollar were freed, or all of a pot
    that holds less.
    """

    cents: int
    gained_cents: int
    people: int
    dollar_gains_cents: int


def freed(allocation: Allocation, pot: int) -> Freed:
    """This will free what the rule leaves unused in a pot, or one dollar of a pot that is used up.

    Shapes: `pot` is a place in the problem's pots.
    Units: cents; what is gained in all is the same under each rule over pots.
    Errors: TypeError for a problem without pots; those of allocate().
    """
    problem, used = allocation.problem, allocation.pots_used_cents
    if problem.pots_cents is None or used is None:
        raise TypeError("There are no pots.")
    held = problem.pots_cents[pot]
    cents = max(held - used[pot], min(held, DOLLAR_CENTS))
    # Nothing is gained where no pot leaves anything, or nobody misses anything.
    if not allocation.leftover_cents or allocation.total_cents == int(problem.counted_cents.sum()):
        return Freed(cents, 0, 0, 0)
    gained, people = _more(allocation, _with_free_money(problem, pot, cents))
    return Freed(cents, gained, people, min(DOLLAR_CENTS, gained))


def added(allocation: Allocation, cents: int) -> Freed:
    """This will give a rule that shares one sum so many cents more, which it did not share before.

    Errors: those of allocate().
    """
    problem = allocation.problem
    estate = problem.require_whole_cents()
    if allocation.total_cents == int(problem.counted_cents.sum()):
        return Freed(cents, 0, 0, 0)
    gained, people = _more(allocation, varied(problem, estate_cents=estate + cents))
    dollar, _ = _more(allocation, varied(problem, estate_cents=estate + min(cents, DOLLAR_CENTS)))
    return Freed(cents, gained, people, dollar)


def _more(allocation: Allocation, problem: Problem) -> tuple[int, int]:
    after = allocate(problem, allocation.policy)
    gained = after.total_cents - allocation.total_cents
    return gained, int(np.count_nonzero(after.awards_cents > allocation.awards_cents)) if gained else 0


def _with_free_money(problem: Problem, pot: int, cents: int) -> Problem:
    """The freed money is a pot of its own at the end, which may pay all that counts of each request."""
    pots = list(problem.pots_cents or ())
    pots[pot] -= cents
    changed: dict[str, Any] = {"pots_cents": [*pots, cents]}
    if problem.eligibility is not None:
        everybody = np.ones((len(problem), 1), dtype=np.bool_)
        changed["eligibility"] = np.hstack([problem.eligibility, everybody])
    if problem.usable_cents is not None:
        changed["usable_cents"] = np.hstack([problem.usable_cents, problem.counted_cents[:, None]])
    return varied(problem, **changed)
