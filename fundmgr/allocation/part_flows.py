"""Which pot can pay how much of which request, where a pot may pay of each only so much.

Requests are many and pots few, so what moves between two pots moves for all requests at once: one pot takes
over what another pays, for everybody of whom it may still pay something.
"""

from collections.abc import Sequence

import numpy as np

from fundmgr.allocation.arrays import AnyArray, BoolArray, IntArray


class PartFlow:
    """A flow from pots to requests that pots, limits and demands allow, raised and never taken back.

    Shapes: `paid` and `room` have a row a request and a column a pot; `missing` one entry a request.
    Units: any, the same for pots, demands and limits.
    """

    def __init__(self, pots: Sequence[int], demands: AnyArray, limits: AnyArray) -> None:
        """This will start with nothing paid."""
        self.free = list(pots)
        self.missing = demands.copy()
        self.room = np.array(limits, order="F")
        self.paid = np.zeros_like(self.room)

    def copy(self) -> "PartFlow":
        """This will return a flow that goes on from this one and leaves it as it is."""
        other = PartFlow(self.free, self.missing, self.room)
        other.paid = self.paid.copy(order="F")
        return other

    def fill(self, pots: Sequence[int] | None = None) -> None:
        """This will pay as much as can be paid, using the pots in turn.

        What a pot pays in all is never lowered by a later one, so the first pots are used most.
        """
        for pot in range(len(self.free)) if pots is None else pots:
            while self.free[pot] and self._augment(pot):
                pass

    def starved(self) -> list[int]:
        """This will return the pots that stand between everybody and what is missing; empty where nothing is.

        They are empty, pay nobody whom the others could pay more, and the others pay all they may of whom
        these pay.
        """
        seen: BoolArray = self.missing > 0
        found: list[int] = []
        while True:
            more = [
                pot
                for pot in range(len(self.free))
                if pot not in found and (seen & (self.room[:, pot] > 0)).any()
            ]
            if not more:
                return sorted(found)
            found += more
            for pot in more:
                seen = seen | (self.paid[:, pot] > 0)

    def _augment(self, start: int) -> bool:
        """Take the shortest way from a pot over others to requests that miss something."""
        came_from: dict[int, int | None] = {start: None}
        queue = [start]
        for pot in queue:
            open_to = self.room[:, pot] > 0
            if (open_to & (self.missing > 0)).any():
                self._shift(pot, came_from)
                return True
            for other in range(len(self.free)):
                if other not in came_from and (open_to & (self.paid[:, other] > 0)).any():
                    came_from[other] = pot
                    queue.append(other)
        return False

    def _shift(self, end: int, came_from: dict[int, int | None]) -> None:
        """A request takes part in one step of a shortest way at most, so all steps can be as large as one."""
        steps: list[tuple[int, int]] = []
        pot = end
        while (before := came_from[pot]) is not None:
            steps.append((before, pot))
            pot = before
        can_end = np.minimum(self.room[:, end], self.missing)
        can_move = [np.minimum(self.room[:, one], self.paid[:, other]) for one, other in steps]
        amount = min([self.free[pot], int(can_end.sum()), *(int(can.sum()) for can in can_move)])
        moved = first_take(can_end, amount)
        self.room[:, end] -= moved
        self.paid[:, end] += moved
        self.missing -= moved
        for (one, other), can in zip(steps, can_move, strict=True):
            moved = first_take(can, amount)
            self.room[:, one] -= moved
            self.paid[:, one] += moved
            self.room[:, other] += moved
            self.paid[:, other] -= moved
        self.free[pot] -= amount


def first_take(can: AnyArray, amount: int) -> AnyArray:
    """This will hand out the amount: to each as much as it can take, the first first."""
    taken: AnyArray = np.clip(amount - (np.cumsum(can) - can), 0, can)
    return taken


def up_to(limits: IntArray, pots: Sequence[int], most: IntArray) -> IntArray:
    """This will return what some pots together may pay of each request, `most` at most.

    Shapes: a row a request in `limits`.
    """
    total = np.zeros_like(most)
    for pot in pots:
        # The sum of the limits could be too large for the array; it never gets past what counts.
        total += np.minimum(limits[:, pot], most - total)
    return total
