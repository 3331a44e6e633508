"""How long rules take side by side, from the rows in PostgreSQL to the figures of the workbench.

Typical: the totals of four rules. Ours: the whole comparison, with who changes most and what bending gains.
Usage: python bench/preview.py [requests that wait] [rounds]
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import stage

GOAL_MS = 300
RULES = tuple({"version": 1, "rule": rule} for rule in ("equal_awards", "proportional", "queue", "talmud"))


def main() -> None:
    """Fill a fund, then time both in turn and print their medians."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    with stage.servers_up():
        import django

        django.setup()
        from bench import preview_work

        desk = preview_work.fill(count)
        works: dict[str, Callable[[], Any]] = {
            "totals of four rules": lambda: preview_work.totals(desk, RULES),
            "the whole comparison": lambda: preview_work.comparison(desk, RULES),
        }
        for work in works.values():
            work()
        taken = {name: [milliseconds(work) for _ in range(rounds)] for name, work in works.items()}
    print(f"{count:,} requests, {len(RULES)} rules, {rounds} rounds, goal {GOAL_MS} ms")
    for name, each in taken.items():
        print(f"{name:22} median {statistics.median(each):7.1f} ms   least {min(each):7.1f} ms")


def milliseconds(work: Callable[[], Any]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
