"""What a shortfall report costs, as ratios to one raw count and sum over the same requests, in one run.

Floor: SELECT COUNT(*), SUM(asked_cents). Typical: the same demand tables by a loop over ORM objects. Ours:
the whole job, from one REPEATABLE READ snapshot to the stored bytes, as a worker runs it.
Usage: python bench/report.py [requests] [rounds]
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import stage

GOAL_SECONDS = 5.0
CRAFTS = ("Grip", "Camera", "Hair and make-up", "Costume", "Set lighting", "Sound", "Transport", "Writing")
SHOWS = ("Badge 27", "Velvet Static", "Saltwater Court", "Northlight", "Glasshouse")


def main() -> None:
    """Fill a fund, then run all three in turn and print the medians and their ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with stage.servers_up():
        import django

        django.setup()
        from bench import report_work

        fund_id = report_work.fill(count, crafts=CRAFTS, shows=SHOWS)
        works: dict[str, Callable[[], Any]] = {
            "floor, count and sum": lambda: report_work.floor(fund_id),
            "loop over objects": lambda: report_work.loop(fund_id),
            "ours, the whole job": lambda: report_work.build(fund_id),
        }
        for work in works.values():
            work()
        taken = [{name: timed(work) for name, work in works.items()} for _ in range(rounds)]
        report(taken, count)


def timed(work: Callable[[], Any]) -> float:
    """Return the seconds that one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def report(taken: list[dict[str, float]], count: int) -> None:
    """Print the table; quote the ratios, not the absolutes."""
    medians = {name: statistics.median(one[name] for one in taken) for name in taken[0]}
    floor, *_, ours = medians
    print(f"{count:,} requests, {len(taken)} rounds")
    for name, seconds in medians.items():
        print(f"{name:22} {seconds * 1000:9.1f} ms   {seconds / medians[floor]:7.1f} x floor")
    verdict = "kept" if medians[ours] < GOAL_SECONDS else "MISSED"
    print(f"goal: 10,000 requests in under {GOAL_SECONDS:.0f} s of worker time: {verdict}")


if __name__ == "__main__":
    main()
