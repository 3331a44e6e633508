"""How long the sharing rules take, as ratios to sorting the same claims; CPU time, least of several rounds.

    python bench/allocation.py [claims] [rounds]

Sorting is the floor that a textbook form of these rules cannot go below. Each round times the sort and every
rule once, so that both see the same neighbours on the machine. Where R and its package ClaimsProblems are
installed, equal awards are timed beside the package's.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fundmgr.allocation import Policy, Problem, allocate
from fundmgr.allocation.policy import PRODUCTION_RULES

FUNDINGS = (0.05, 0.5, 0.9)
POTS, SIGNATURES = 8, 39
TARGETS = {"proportional": 1.25, "equal_awards": 1.25, "equal_losses": 1.25, "talmud": 1.5}
# Where an array no longer fits near the processor, each pass over it costs more; pots have no target there.
MANY = 5_000_000
TARGETS_OF_MANY = {"proportional": 1.5, "equal_awards": 1.5, "equal_losses": 1.5, "talmud": 2.0}
POTS_TARGET = 10.0
PACKAGE_TARGET = 20.0
# It shares the claims of a file as often as asked, and prints the least CPU time and the largest award.
IN_R = """
suppressMessages(library(ClaimsProblems))
given <- commandArgs(TRUE)
claims <- readBin(given[1], "double", as.integer(given[2]))
estate <- as.numeric(given[3])
best <- Inf
for (round in seq_len(as.integer(given[4]))) {
  took <- system.time(awards <- CEA(estate, claims))
  best <- min(best, took[["user.self"]] + took[["sys.self"]])
}
cat(best, sprintf("%.4f", max(awards)))
"""


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    claims = lognormal(count)
    works = dict(plain(claims))
    if count < MANY:
        works |= dict(restricted(claims))
    best = timed({"sort": partial(np.sort, claims), **works}, rounds)
    ours = {funding: best[f"equal_awards {funding}"] for funding in FUNDINGS}
    report(best, count)
    beside_the_package(claims, ours, rounds)


def lognormal(count: int) -> np.ndarray:
    """Claims around $4,000 with a long tail upward, in cents."""
    dollars = np.random.default_rng(7).lognormal(np.log(4_000), 1.0, count)
    return np.round(dollars * 100).astype(np.int64)


def plain(claims: np.ndarray) -> list[tuple[str, Callable[[], object]]]:
    order = np.random.default_rng(8).permutation(len(claims))
    return [
        (
            f"{rule} {funding}",
            partial(allocate, Problem(int(claims.sum() * funding), claims, order=order), Policy(rule=rule)),
        )
        for funding in FUNDINGS
        for rule in PRODUCTION_RULES
    ]


def restricted(claims: np.ndarray) -> list[tuple[str, Callable[[], object]]]:
    """Hard case: pots of very different size, no pot for all, so that levels stop one after another."""
    rng = np.random.default_rng(9)
    sets = rng.random((SIGNATURES, POTS)) < 0.3
    sets[np.arange(SIGNATURES), rng.integers(0, POTS, SIGNATURES)] = True
    sets[:POTS] = np.eye(POTS, dtype=bool)
    eligibility = sets[rng.integers(0, SIGNATURES, len(claims))]
    works = []
    for funding in FUNDINGS:
        sizes = (claims.sum() * funding * rng.dirichlet(np.full(POTS, 0.7))).astype(np.int64)
        problem = Problem(int(sizes.sum()), claims, pots_cents=sizes, eligibility=eligibility)
        works.append((f"restricted {funding}", partial(allocate, problem, Policy(rule="equal_awards"))))
        usable = np.where(eligibility, claims[:, None], 0)
        is_part = rng.random(len(claims)) < 0.5
        usable[is_part, 0] = usable[is_part, 0] // 3
        in_parts = Problem(int(sizes.sum()), claims, pots_cents=sizes, usable_cents=usable)
        works.append((f"in_parts {funding}", partial(allocate, in_parts, Policy(rule="equal_awards"))))
    return works


def timed(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    best = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, work in works.items():
            started = time.process_time()
            work()
            best[name] = min(best[name], time.process_time() - started)
    return best


def report(best: dict[str, float], count: int) -> None:
    floor = best.pop("sort")
    targets = TARGETS if count < MANY else TARGETS_OF_MANY
    print(f"{count:,} log-normal claims; sorting them takes {1_000 * floor:.1f} ms of CPU time\n")
    print(f"{'rule':<16}{'funded':>8}{'ms':>10}{'x sort':>9}{'target':>9}")
    for name, seconds in best.items():
        rule, funding = name.split()
        target = POTS_TARGET if rule == "restricted" else targets.get(rule)
        goal = "-" if target is None else f"{target:g}x"
        print(f"{rule:<16}{float(funding):>8.0%}{1_000 * seconds:>10.1f}{seconds / floor:>8.2f}x{goal:>9}")


def beside_the_package(claims: np.ndarray, ours: dict[float, float], rounds: int) -> None:
    """Time equal awards as the R package ClaimsProblems has them, in a process of its own."""
    if not package_is_there():
        print(
            "\nR with the package ClaimsProblems is not installed, so equal awards have nothing beside them."
        )
        return
    print(f"\nequal awards of ClaimsProblems, to be at least {PACKAGE_TARGET:g} times as slow")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.bin"
        claims.astype(np.float64).tofile(path)
        for funding, seconds in ours.items():
            estate = int(claims.sum() * funding)
            given = [str(path), str(len(claims)), str(estate), str(rounds)]
            took, largest = map(float, r_says("-e", IN_R, *given).split())
            level = allocate(Problem(estate, claims), Policy(rule="equal_awards")).levels[0]
            agrees = "the same level" if level is not None and abs(largest - level) < 1 else "another level"
            print(f"{funding:>8.0%}{1_000 * took:>10.1f} ms{took / seconds:>8.1f}x  {agrees}")


def package_is_there() -> bool:
    return bool(shutil.which("Rscript")) and r_says("-e", 'cat(requireNamespace("ClaimsProblems"))') == "TRUE"


def r_says(*words: str) -> str:
    found = subprocess.run(["Rscript", *words], check=False, capture_output=True, text=True)
    return found.stdout.strip()


if __name__ == "__main__":
    main()
