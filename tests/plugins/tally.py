"""Counts what the fault programme hit and what came of it, for the table that it ends with."""

from dataclasses import dataclass


@dataclass
class Row:
    """One class of faults: points tried and hit, effects lost and doubled, breaks, the slowest recovery."""

    points: int = 0
    hits: int = 0
    lost: int = 0
    doubled: int = 0
    breaks: int = 0
    slowest_seconds: float = 0.0

    def point(self, *, hit: bool, seconds: float = 0.0) -> None:
        """Count one point, and how long it took until its work was done."""
        self.points += 1
        self.hits += hit
        self.slowest_seconds = max(self.slowest_seconds, seconds)

    def effects(self, wanted: dict[str, int], found: dict[str, int]) -> None:
        """Hold what changed to what one undisturbed call changes."""
        names = wanted.keys() | found.keys()
        less = [name for name in names if abs(found.get(name, 0)) < abs(wanted.get(name, 0))]
        self.lost += bool(less)
        self.doubled += found != wanted and not less


TABLE: dict[str, Row] = {}
HEADS = ("class of faults", "points", "hit", "lost", "doubled", "breaks", "slowest s")


def row(name: str) -> Row:
    """Return the row of a class."""
    return TABLE.setdefault(name, Row())


def hits() -> int:
    """Return how many points were hit in all."""
    return sum(found.hits for found in TABLE.values())


def lines() -> list[str]:
    """Write the table."""
    total = Row()
    for found in TABLE.values():
        for name in ("points", "hits", "lost", "doubled", "breaks"):
            setattr(total, name, getattr(total, name) + getattr(found, name))
        total.slowest_seconds = max(total.slowest_seconds, found.slowest_seconds)
    return [
        _line(*HEADS),
        *(_figures(name, found) for name, found in sorted(TABLE.items())),
        _figures("all", total),
    ]


def _figures(name: str, found: Row) -> str:
    counts = (found.points, found.hits, found.lost, found.doubled, found.breaks)
    return _line(name, *counts, f"{found.slowest_seconds:.1f}")


def _line(name: object, *figures: object) -> str:
    return f"{name!s:<34}" + "".join(f"{figure!s:>10}" for figure in figures)
