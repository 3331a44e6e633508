"""What a round costs from the waiting requests to its stored awards, as a ratio to moving the rows alone.

Floor: COPY the claims out, then INSERT..SELECT one award for each, without any arithmetic. Typical: read
objects, share in Decimal, save each. Ours: the use cases, from the frozen set to the proposal, with every
row that they keep: pots, members, transitions, the trail.
Usage: python bench/round.py [requests that wait] [rounds]
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import stage

GOAL = 1.0
# One object at a time is slow enough to be measured on a part and told by the row.
TYPICAL_COUNT = 2_000


def main() -> None:
    """Fill a fund, run all in turn, and print the medians and their ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with stage.servers_up() as env:
        import django

        django.setup()
        from bench import preview_work, round_work

        desk = preview_work.fill(count)
        round_work.make_floor(env["FUNDMGR_OWNER_DATABASE_URL"])
        few = min(count, TYPICAL_COUNT)
        works: dict[str, tuple[int, Callable[[], Any]]] = {
            "floor, rows moved": (count, lambda: round_work.floor(desk)),
            "objects and Decimal": (few, lambda: round_work.typical(desk, few)),
            "ours, frozen to proposed": (count, lambda: round_work.ours(desk)),
        }
        taken: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(rounds):
            for name, (rows, work) in works.items():
                taken[name].append(seconds(work) * count / rows)
                round_work.clear(desk)
    report(taken, count)


def seconds(work: Callable[[], Any]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def report(taken: dict[str, list[float]], count: int) -> None:
    """Print the table; quote the ratios, not the absolutes."""
    medians = {name: statistics.median(each) for name, each in taken.items()}
    floor, *_, ours = medians
    print(f"{count:,} requests, {len(taken[floor])} rounds")
    for name, each in medians.items():
        print(f"{name:26} {each * 1000:10.0f} ms   {each / medians[floor]:7.2f} x floor")
    verdict = "kept" if medians[ours] <= GOAL * medians[floor] else "MISSED"
    print(f"goal: at most {GOAL} x floor: {verdict}; every cent of every round was accounted for")


if __name__ == "__main__":
    main()
