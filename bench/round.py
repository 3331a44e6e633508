"""What a round costs from the waiting requests to its stored awards, as a ratio to moving the rows alone.

Floor: COPY the claims out, then INSERT..SELECT one award for each, without any arithmetic. Typical: read
objects, share in Decimal, save each. Ours: the step that a proposal computes by, from the frozen claims to
each award, its digests and its funding lines. The lines below it tell what else a round keeps of every
request: the frozen set; a proposal with moves, transitions and trail; and, once at the end, an approval with
all its awards, holds in the ledger, funding lines, notices and trail, and what memory that took.
Usage: python bench/round.py [requests that wait] [rounds]
"""

import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import stage

GOAL = 1.0
FLOOR, TYPICAL, OURS = "floor, rows moved", "objects and Decimal", "ours, shared and stored"
DRAFT, PROPOSE, APPROVE = "the whole draft", "the whole proposal", "the whole approval"
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
        taken: dict[str, list[float]] = {FLOOR: [], TYPICAL: [], OURS: [], DRAFT: [], PROPOSE: []}
        for _ in range(rounds):
            for name, value in one_round(desk, count).items():
                taken[name].append(value)
        before = peak_mib()
        taken[APPROVE] = [seconds_of_approval(desk)]
        memory = peak_mib() - before
    report(taken, count)
    print(f"the approval held {memory:,.0f} MiB more in this process at its peak than all before it")


def one_round(desk: Any, count: int) -> dict[str, float]:
    """Take each way once; every draft is voided again, so that the next one meets the same people."""
    from bench import round_work

    few = min(count, TYPICAL_COUNT)
    taken = {
        FLOOR: seconds(lambda: round_work.floor(desk)),
        TYPICAL: seconds(lambda: round_work.typical(desk, few)) * count / few,
        DRAFT: seconds(lambda: round_work.draft(desk)),
    }
    row = round_work.open_round(desk)
    taken[OURS] = seconds(lambda: round_work.share(row))
    round_work.clear(desk)
    row = round_work.draft(desk)
    taken[PROPOSE] = seconds(lambda: round_work.propose(desk, row))
    round_work.clear(desk)
    return taken


def seconds_of_approval(desk: Any) -> float:
    """Propose once more and let as many approve as must; only the one that makes the awards is timed."""
    from bench import round_work

    row = round_work.draft(desk)
    round_work.propose(desk, row)
    *others, last = round_work.approvers(desk, row)
    for by in others:
        round_work.approve(row, by)
    taken = seconds(lambda: round_work.approve(row, last))
    round_work.prove_awards(desk, row)
    return taken


def peak_mib() -> float:
    """Return the most memory that this process held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seconds(work: Callable[[], Any]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def report(taken: dict[str, list[float]], count: int) -> None:
    """Print the table; quote the ratios, not the absolutes."""
    medians = {name: statistics.median(each) for name, each in taken.items()}
    print(f"{count:,} requests, {len(taken[FLOOR])} rounds")
    for name, each in medians.items():
        print(f"{name:26} {each * 1000:10.0f} ms   {each / medians[FLOOR]:7.2f} x floor")
    verdict = "kept" if medians[OURS] <= GOAL * medians[FLOOR] else "MISSED"
    print(f"goal: at most {GOAL} x floor: {verdict}; every cent of every round was accounted for")


if __name__ == "__main__":
    main()
