"""Serving in order: first come first served, or the order of a draw."""

import numpy as np

from fundmgr.allocation.arrays import IntArray


def serve_in_order(claims: IntArray, order: IntArray, estate: int, last: str) -> IntArray:
    """This will pay full claims in order until the money does not reach.

    Shapes: one award a claim; claims that the order leaves out get nothing.
    Units: cents. `last` says what happens to the first claim that does not fit: `partial` gives it what is
    left, `stop` ends there, `skip` tries those behind it.
    """
    cents = np.zeros(len(claims), dtype=np.int64)
    waiting = claims[order]
    if last == "skip":
        cents[order] = _fitting(waiting, estate)
        return cents
    sums = np.cumsum(waiting)
    served = int(np.searchsorted(sums, estate, side="right"))
    cents[order[:served]] = waiting[:served]
    if last == "partial" and served < len(waiting):
        cents[order[served]] = estate - (int(sums[served - 1]) if served else 0)
    return cents


def _fitting(waiting: IntArray, estate: int) -> IntArray:
    """Whether a claim fits depends on all before it, so this goes one by one."""
    served = []
    for claim in waiting.tolist():
        paid = claim if claim <= estate else 0
        estate -= paid
        served.append(paid)
    return np.array(served, dtype=np.int64)
