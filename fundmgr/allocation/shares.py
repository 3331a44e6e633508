"""Which pot pays how much of each award, where a pot may pay some requests only in part.

The rule knows for each request only which pots may pay it. A pot that may pay just a part of what a request
would get from it is tried first, for the award is mostly smaller than the part; where that does not work out,
the pot is taken away from those it can pay only in part, and the rule is asked again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fundmgr.allocation.arrays import IntArray, sealed
from fundmgr.allocation.engine import allocate
from fundmgr.allocation.errors import NegativeClaim, PotsMismatch, ShapeMismatch
from fundmgr.allocation.flows import PotFlow
from fundmgr.allocation.policy import Policy
from fundmgr.allocation.pots import drawn, signatures
from fundmgr.allocation.problem import Problem
from fundmgr.allocation.result import Allocation


@dataclass(frozen=True, eq=False)
class PotShares:
    """An allocation with its funding lines.

    Shapes: `cents` has a row a claim and a column a pot; rows sum to the awards, columns to what pots pay.
    Units: cents.
    """

    allocation: Allocation
    cents: IntArray


def share_within(problem: Problem, policy: Policy, usable_cents: IntArray) -> PotShares:
    """This will share restricted money where each pot may pay at most so much of each request.

    Shapes: `usable_cents` has a row a claim and a column a pot; what the problem says of eligibility is not
    looked at. The problem that was solved in the end stands in the result.
    Units: cents.
    Errors: those of allocate(), PotsMismatch, ShapeMismatch, NegativeClaim.
    """
    _check(problem, usable_cents)
    limits = np.minimum(usable_cents, problem.counted_cents[:, None])
    eligible = limits > 0
    while True:
        allocation = allocate(_with_eligibility(problem, eligible), policy)
        cents, misfits = _funding(allocation, limits)
        if not misfits.any():
            return PotShares(allocation, sealed(cents))
        eligible &= ~misfits


def _check(problem: Problem, usable_cents: IntArray) -> None:
    if problem.pots_cents is None:
        raise PotsMismatch("There are no pots.")
    wanted = (len(problem), len(problem.pots_cents))
    if usable_cents.shape != wanted:
        raise ShapeMismatch(f"What pots may pay has shape {usable_cents.shape}, not {wanted}.")
    if (usable_cents < 0).any():
        raise NegativeClaim("What a pot may pay of a request is zero or more.")


def _with_eligibility(problem: Problem, eligible: np.ndarray) -> Problem:
    return Problem(
        problem.estate_cents,
        problem.claims_cents,
        weights=problem.weights,
        tiers=problem.tiers,
        caps_cents=problem.caps_cents,
        order=problem.order,
        pots_cents=problem.pots_cents,
        eligibility=eligible,
        draw_order=problem.draw_order,
        tie_key=problem.tie_key,
    )


def _funding(allocation: Allocation, limits: IntArray) -> tuple[IntArray, np.ndarray]:
    """Pay the awards group by group; tell which pots did not fit which requests."""
    problem, awards = allocation.problem, allocation.awards_cents
    if problem.eligibility is None:
        raise TypeError("There are no pots.")
    group_of, allowed = signatures(problem.eligibility)
    totals = np.zeros(len(allowed), dtype=np.int64)
    np.add.at(totals, group_of, awards)
    flow = drawn(problem, totals.tolist(), allowed, group_of)
    cents = np.zeros_like(limits)
    misfits = np.zeros(limits.shape, dtype=np.bool_)
    for group in range(len(allowed)):
        members = np.flatnonzero((group_of == group) & (awards > 0))
        if len(members):
            paid, is_misfit = _inside(awards[members], limits[members], _pays(flow, group))
            cents[members], misfits[members] = paid, is_misfit
    return cents, misfits


def _pays(flow: PotFlow, group: int) -> list[int]:
    return [row[group] for row in flow.paid]


def _inside(awards: IntArray, limits: IntArray, pays: Sequence[int]) -> tuple[IntArray, np.ndarray]:
    """One pot after the other pays the first members as far as it may, those with least room first.

    A pot that can be used for whole awards only, or not at all, never fails here.
    """
    cents = np.zeros_like(limits)
    misfits = np.zeros(limits.shape, dtype=np.bool_)
    left = awards.copy()
    for pot in sorted(range(len(pays)), key=lambda pot: int(np.minimum(limits[:, pot], awards).sum())):
        room = np.minimum(left, limits[:, pot])
        ends = np.cumsum(room)
        paid = np.clip(pays[pot] - (ends - room), 0, room)
        cents[:, pot] = paid
        left -= paid
        if int(paid.sum()) < pays[pot]:
            misfits[:, pot] = limits[:, pot] < awards
    return cents, misfits
