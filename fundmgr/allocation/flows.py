"""Which pots can pay which groups: a small network from pots to groups, in whole numbers.

Groups are few (people who may be paid from the same pots are one group), so plain augmenting paths serve.
"""

from collections.abc import Sequence

Matrix = list[list[int]]


class PotFlow:
    """A flow from pots to groups that pots and demands allow, raised step by step and never taken back.

    Shapes: `paid[pot][group]`.
    Units: any, the same for pots and demands.
    """

    def __init__(
        self, pots: Sequence[int], demands: Sequence[int], allowed: Sequence[Sequence[bool]]
    ) -> None:
        """This will start with nothing paid; `allowed` has a row a group, with one entry a pot."""
        self.free = list(pots)
        self.missing = list(demands)
        self.paid: Matrix = [[0] * len(demands) for _ in pots]
        self.groups_of = [
            [group for group, row in enumerate(allowed) if row[pot]] for pot in range(len(pots))
        ]
        self.pots_of = [[pot for pot, may in enumerate(row) if may] for row in allowed]

    def fill(self, pots: Sequence[int] | None = None) -> None:
        """This will pay as much as can be paid, using the pots in turn.

        What a pot pays in all is never lowered by a later one, so the first pots are used most.
        """
        for pot in range(len(self.free)) if pots is None else pots:
            while self._augment(pot):
                pass

    def used(self) -> tuple[int, ...]:
        """This will return what each pot pays."""
        return tuple(sum(row) for row in self.paid)

    def starved(self) -> list[int]:
        """This will return the groups that cannot all be paid, with all who compete for the same pots.

        Shapes: groups; empty where everybody is paid. The pots that these groups may use are empty, and
        nobody else draws on them.
        """
        seen = {group for group, missing in enumerate(self.missing) if missing}
        waiting = list(seen)
        while waiting:
            for pot in self.pots_of[waiting.pop()]:
                rivals = {group for group in self.groups_of[pot] if self.paid[pot][group]} - seen
                seen |= rivals
                waiting.extend(rivals)
        return sorted(seen)

    def _augment(self, pot: int) -> bool:
        """Take the shortest way from the pot to a group that misses something; payments on it may move."""
        if not self.free[pot]:
            return False
        came_from: dict[
            int, tuple[int, int | None]
        ] = {}  # group -> (pot that pays it, group it displaces from)
        reached = {pot}
        queue: list[tuple[int, int | None]] = [(pot, None)]
        for source, displaced in queue:
            for group in self.groups_of[source]:
                if group in came_from:
                    continue
                came_from[group] = (source, displaced)
                if self.missing[group]:
                    self._shift(pot, group, came_from)
                    return True
                for other in self.pots_of[group]:
                    if other not in reached and self.paid[other][group]:
                        reached.add(other)
                        queue.append((other, group))
        return False

    def _shift(self, start: int, end: int, came_from: dict[int, tuple[int, int | None]]) -> None:
        steps: list[tuple[int, int, int | None]] = []
        group: int | None = end
        while group is not None:
            source, displaced = came_from[group]
            steps.append((source, group, displaced))
            group = displaced
        amount = min(self.free[start], self.missing[end])
        for source, _, displaced in steps:
            if displaced is not None:
                amount = min(amount, self.paid[source][displaced])
        for source, target, displaced in steps:
            self.paid[source][target] += amount
            if displaced is not None:
                self.paid[source][displaced] -= amount
        self.free[start] -= amount
        self.missing[end] -= amount
