"""Requests put into few rows for a flow: whom no limit binds is one row with all who have the same pots."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fundmgr.allocation.arrays import AnyArray, IntArray
from fundmgr.allocation.part_flows import PartFlow
from fundmgr.allocation.pots import signatures


@dataclass(frozen=True)
class Rows:
    """Those with a part each in a row of their own, then the lumps.

    Shapes: `row_of` has the row of each request; `lumped` are the others in the order of their lumps, which
    begin at `starts`; `pots` has a row a lump and a column a pot.
    """

    limits: IntArray
    alone: IntArray
    lumped: IntArray
    starts: IntArray
    pots: AnyArray
    row_of: IntArray

    @classmethod
    def of(cls, limits: IntArray, reach: IntArray) -> "Rows":
        """This will sort requests into rows: no limit that is as high as the reach can bind."""
        free = ((limits == 0) | (limits >= reach[:, None])).all(axis=1)
        alone, others = np.flatnonzero(~free), np.flatnonzero(free)
        group_of, allowed = signatures(limits[others] > 0)
        order = np.argsort(group_of, kind="stable")
        row_of = np.zeros(len(reach), dtype=np.int64)
        row_of[alone] = np.arange(len(alone))
        row_of[others] = len(alone) + group_of.astype(np.int64)
        starts = np.searchsorted(group_of[order], np.arange(len(allowed)))
        pots = np.array(allowed, dtype=np.bool_).reshape(len(allowed), limits.shape[1])
        return cls(limits, alone, others[order], starts, pots, row_of)

    def flow(self, pots: Sequence[int], wanted: AnyArray, parts: int) -> PartFlow:
        """This will start a flow to the rows; all amounts but `wanted` are multiplied by the parts.

        Shapes: `wanted` has one entry a request, as objects where 64 bits are not enough.
        """
        limits = self.limits[self.alone].astype(wanted.dtype) * parts
        sums = np.add.reduceat(wanted[self.lumped], self.starts) if len(self.starts) else wanted[:0]
        # Above all that the members of a lump may want, so that it never binds.
        room = np.where(self.pots, (sums + len(self.lumped))[:, None], 0)
        return PartFlow(
            [pot * parts for pot in pots],
            np.concatenate([wanted[self.alone], sums]),
            np.concatenate([limits, room.astype(wanted.dtype)]),
        )
