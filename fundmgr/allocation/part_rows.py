"""Requests put into few rows for a flow, where that gives the same cuts as a row for each.

Those with the same pots are one row if no pot may pay just a part of any, for then no limit binds; and if one
pot may, the same for all, for then it can pay them as much together as each of them apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fundmgr.allocation.arrays import AnyArray, BoolArray, IntArray
from fundmgr.allocation.part_flows import PartFlow
from fundmgr.allocation.pots import signatures

_SMALL = 2**15


@dataclass(frozen=True)
class Rows:
    """Those with several parts each in a row of their own, then the lumps.

    Shapes: `row_of` has the row of each request; `lumped` are the others in the order of their lumps, which
    begin at `starts`; `pots` has a row a lump and a column a pot. `parts` is what the one pot of `part_pot`
    may pay of each request; zero and as many as there are pots where there is no such pot.
    """

    limits: IntArray
    alone: IntArray
    lumped: IntArray
    starts: IntArray
    pots: BoolArray
    row_of: IntArray
    part_pot: IntArray
    parts: IntArray

    @classmethod
    def of(cls, limits: IntArray, reach: IntArray) -> "Rows":
        """This will sort requests into rows: no limit that is as high as the reach can bind."""
        count, pots = limits.shape
        binding, part_pot = np.zeros(count, dtype=np.int64), np.full(count, pots)
        for pot in range(pots):
            is_part = (limits[:, pot] > 0) & (limits[:, pot] < reach)
            binding += is_part
            part_pot[is_part] = pot
        part_pot[binding > 1] = pots
        alone, others = np.flatnonzero(binding > 1), np.flatnonzero(binding <= 1)
        group_of, allowed = signatures(limits > 0)
        number_of, found = _numbered(group_of[others] * np.int64(pots + 1) + part_pot[others])
        order = np.argsort(number_of, kind="stable")
        row_of = np.zeros(count, dtype=np.int64)
        row_of[alone] = np.arange(len(alone))
        row_of[others] = len(alone) + number_of.astype(np.int64)
        parts = np.zeros(count, dtype=np.int64)
        one_part = np.flatnonzero(part_pot < pots)
        parts[one_part] = limits[one_part, part_pot[one_part]]
        return cls(
            limits=limits,
            alone=alone,
            lumped=others[order],
            starts=np.searchsorted(number_of[order], np.arange(len(found))),
            pots=np.array(allowed, dtype=np.bool_).reshape(len(allowed), pots)[found // (pots + 1)],
            row_of=row_of,
            part_pot=part_pot,
            parts=parts,
        )

    def flow(self, pots: Sequence[int], wanted: AnyArray, parts: int) -> PartFlow:
        """This will start a flow to the rows; all amounts but `wanted` are multiplied by the parts.

        Shapes: `wanted` has one entry a request, as objects where 64 bits are not enough.
        """
        limits = self.limits[self.alone].astype(wanted.dtype, copy=False) * parts
        in_lumps = wanted[self.lumped]
        sums = _sums(in_lumps, self.starts)
        # Above all that the members of a lump may want, so that it never binds.
        room = np.where(self.pots, (sums + len(self.lumped))[:, None], 0)
        first = self.lumped[self.starts]
        rows = np.flatnonzero(self.part_pot[first] < len(pots))
        if len(rows):
            most = np.minimum(in_lumps, self.parts[self.lumped].astype(wanted.dtype, copy=False) * parts)
            room[rows, self.part_pot[first][rows]] = _sums(most, self.starts)[rows]
        return PartFlow(
            [pot * parts for pot in pots],
            np.concatenate([wanted[self.alone], sums]),
            np.concatenate([limits, room.astype(wanted.dtype, copy=False)]),
        )

    def with_cents(self, flow: PartFlow, members: IntArray, awards: IntArray) -> PartFlow:
        """This will return the flow with a cent more for each member, as far as the pots pay it.

        Shapes: `awards` has one entry a request, without these cents; no member twice.
        Units: the flow is in cents.
        """
        more = flow.copy()
        np.add.at(more.missing, self.row_of[members], 1)
        within = members[awards[members] < self.parts[members]]
        np.add.at(more.room, (self.row_of[within], self.part_pot[within]), 1)
        more.fill()
        return more


def _numbered(codes: IntArray) -> tuple[AnyArray, IntArray]:
    """Few different numbers as 0, 1, ..., in small integers, which sort quickest; and what they stand for."""
    found: IntArray = np.flatnonzero(np.bincount(codes, minlength=1))
    numbers = np.zeros(int(found.max(initial=0)) + 1, dtype=np.int16 if len(found) < _SMALL else np.int64)
    numbers[found] = np.arange(len(found))
    return numbers[codes], found


def _sums(values: AnyArray, starts: IntArray) -> AnyArray:
    found: AnyArray = np.add.reduceat(values, starts) if len(starts) else values[:0]
    return found
