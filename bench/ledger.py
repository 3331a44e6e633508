"""Postings a second out of one fund's hot account, ours beside others', in one run with rotated rounds.

Single acts, by one process and by many: our hold (the checked transfer that an award is made by), our hold
and obligation in one commit, django-hordak's transfer with the lock and the balance check it leaves out,
pgledger's transfer. Batches: our post_many of 1,000 beside raw set-based SQL that writes the same rows.
Ours and django-hordak begin with the same number of postings, for what a check costs may grow with them.
After every run the books are checked. django-hordak runs where it is installed
(`.venv/bin/python -m uv pip install django-hordak`).
Usage: python bench/ledger.py [seconds a run] [rounds] [--processes 16] [--history 10000]
    [--pgledger FILE ...]
"""

import argparse
import importlib.util
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import stage

Ways = dict[str, Callable[[], float]]
OUR_AWARD, OUR_HOLD, OUR_MANY, RAW = "our hold and obligation", "our hold", "post_many(1000)", "raw SQL, 1000"
HORDAK, PGLEDGER = "hordak, lock and check", "pgledger"


def main() -> None:
    """Run all ways in turn and print the medians and their ratios."""
    options = _options()
    with stage.servers_up() as env:
        hordak = {**env, "HISTORY": str(options.history)} if importlib.util.find_spec("hordak") else None
        if hordak:
            stage.migrate(env, "bench.hordak_books.settings")
        import django

        django.setup()
        from bench import ledger_ways

        ours = ledger_ways.Ours(options.history)
        pgledger = ledger_ways.PgLedger(options.pgledger) if options.pgledger else None
        ways: Ways = {}
        for count in (1, options.processes):
            acts: Ways = _single(count, options.seconds, ours, pgledger, hordak)
            ways |= {f"{name} x{count}": way for name, way in acts.items()}
        ways |= {OUR_MANY: ours.many, RAW: ours.raw}
        report(_rounds(ways, options.rounds, ours.check), options.processes)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("seconds", nargs="?", type=float, default=3.0)
    parser.add_argument("rounds", nargs="?", type=int, default=3)
    parser.add_argument("--processes", type=int, default=16)
    parser.add_argument("--history", type=int, default=10_000, help="postings that stand there already")
    parser.add_argument("--pgledger", nargs="+", metavar="FILE", help="its SQL files, in their order")
    return parser.parse_args()


def _single(count: int, seconds: float, ours: object, pgledger: object, env: dict[str, str] | None) -> Ways:
    from bench import ledger_ways

    ways: Ways = {
        OUR_AWARD: lambda: ledger_ways.race(count, seconds, ours.award),
        OUR_HOLD: lambda: ledger_ways.race(count, seconds, ours.hold),
    }
    if env is not None:
        ways[HORDAK] = lambda: ledger_ways.hordak(env, count, seconds)
    if pgledger is not None:
        ways[PGLEDGER] = lambda: ledger_ways.race(count, seconds, pgledger.award)
    return ways


def _rounds(ways: Ways, rounds: int, check: Callable[[], None]) -> dict[str, list[float]]:
    """Run every way once a round, each round from another one on, with the books checked after each."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    order = list(ways)
    # The first statements of a connection are planned, not measured.
    ways[OUR_MANY](), ways[RAW]()
    for turn in range(rounds):
        for name in order[turn % len(order) :] + order[: turn % len(order)]:
            repeats = 5 if name in {OUR_MANY, RAW} else 1
            found[name].append(statistics.median(ways[name]() for _ in range(repeats)))
            check()
    return found


def report(found: dict[str, list[float]], processes: int) -> None:
    """Print the table; quote the ratios, not the absolutes."""
    middle = {name: statistics.median(rates) for name, rates in found.items()}
    for name, rates in found.items():
        print(f"{name:30} {min(rates):8.0f} {middle[name]:8.0f} {max(rates):8.0f} /s")
    for count in (1, processes):
        for theirs in (HORDAK, PGLEDGER):
            if f"{theirs} x{count}" not in middle:
                print(f"{theirs} x{count}: skipped, it is not here")
                continue
            for our in (OUR_AWARD, OUR_HOLD):
                _ratio(found, f"{our} x{count}", f"{theirs} x{count}")
    _ratio(found, OUR_MANY, RAW)
    if f"{HORDAK} x1" in middle:
        _ratio(found, OUR_MANY, f"{HORDAK} x1")
        _ratio(found, OUR_MANY, f"{HORDAK} x{processes}")
    print("books checked after every run: 0 overdrafts, every sum zero")


def _ratio(found: dict[str, list[float]], one: str, other: str) -> None:
    ratios = [a / b for a, b in zip(found[one], found[other], strict=True)]
    print(f"{one} / {other}: {min(ratios):.2f} {statistics.median(ratios):.2f} {max(ratios):.2f}")


if __name__ == "__main__":
    main()
