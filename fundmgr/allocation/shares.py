"""Which pot pays how much of each award."""

from dataclasses import dataclass

import numpy as np

from fundmgr.allocation.arrays import IntArray, sealed
from fundmgr.allocation.engine import allocate
from fundmgr.allocation.errors import NegativeClaim, PotsMismatch, ShapeMismatch
from fundmgr.allocation.parts import drawn_parts
from fundmgr.allocation.policy import Policy
from fundmgr.allocation.problem import Problem
from fundmgr.allocation.result import Allocation
from fundmgr.allocation.variants import varied
from fundmgr.allocation.whole_shares import share_whole

WHOLE, PARTS = 1, 2


@dataclass(frozen=True, eq=False)
class PotShares:
    """An allocation with its funding lines.

    Shapes: `cents` has a row a claim and a column a pot; rows sum to the awards, columns to what pots pay.
    Units: cents.
    """

    allocation: Allocation
    cents: IntArray


def share_within(
    problem: Problem, policy: Policy, usable_cents: IntArray, *, version: int = PARTS
) -> PotShares:
    """This will share restricted money where each pot may pay at most so much of each request.

    Shapes: `usable_cents` has a row a claim and a column a pot; what the problem says of eligibility is not
    looked at. The problem that was solved in the end stands in the result. Version WHOLE is how it was done
    before: a pot was given up for whom it could pay too little.
    Units: cents.
    Errors: those of allocate(), PotsMismatch, ShapeMismatch, NegativeClaim.
    """
    _check(problem, usable_cents)
    limited = varied(problem, usable_cents=usable_cents)
    if limited.usable_cents is None or version == WHOLE:
        allocation, cents = share_whole(
            problem, policy, np.minimum(usable_cents, problem.counted_cents[:, None])
        )
        return PotShares(allocation, sealed(cents))
    allocation = allocate(limited, policy)
    return PotShares(allocation, sealed(drawn_parts(limited, allocation.awards_cents).paid))


def _check(problem: Problem, usable_cents: IntArray) -> None:
    if problem.pots_cents is None:
        raise PotsMismatch("There are no pots.")
    wanted = (len(problem), len(problem.pots_cents))
    if usable_cents.shape != wanted:
        raise ShapeMismatch(f"What pots may pay has shape {usable_cents.shape}, not {wanted}.")
    if (usable_cents < 0).any():
        raise NegativeClaim("What a pot may pay of a request is zero or more.")
