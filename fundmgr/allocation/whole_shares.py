"""Which pot pays how much of each award, where the rule knows for each request only which pots may pay it.

A pot that may pay just a part of what a request would get from it is tried first; where that does not work
out, the pot is taken away from those it can pay only in part, and the rule is asked again. Where pots pay all
or nothing, that never happens. Rounds of before pots could pay parts are computed again like this.
"""

from collections.abc import Sequence

import numpy as np

from fundmgr.allocation.arrays import IntArray
from fundmgr.allocation.engine import allocate
from fundmgr.allocation.flows import PotFlow
from fundmgr.allocation.policy import Policy
from fundmgr.allocation.pots import drawn, signatures
from fundmgr.allocation.problem import Problem
from fundmgr.allocation.result import Allocation


def share_whole(problem: Problem, policy: Policy, limits: IntArray) -> tuple[Allocation, IntArray]:
    """This will share restricted money, and give a pot up for those it may pay only in part if need be.

    Shapes: `limits` has a row a claim and a column a pot, as has what the pots pay of each award. The problem
    that was solved in the end stands in the result.
    Units: cents.
    Errors: those of allocate().
    """
    eligible = limits > 0
    while True:
        allocation = allocate(_with_eligibility(problem, eligible), policy)
        cents, misfits = _funding(allocation, limits)
        if not misfits.any():
            return allocation, cents
        eligible &= ~misfits


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
