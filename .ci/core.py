"""Proves the tests of the money core, whose modules pyproject.toml lists under [tool.mutmut].

`coverage` runs their tests and those of the ledger port, and fails under 100 % of lines and branches.
`mutants` bends one spot at a time and fails where the tests see less than 90 % of the bends; words narrow
it to some modules, like "fundmgr.domain.holes*".
"""

import os
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

LEAST_PERCENT = 90
SEEN = {"killed", "timeout"}
SETTINGS = tomllib.loads(Path("pyproject.toml").read_text())["tool"]["mutmut"]
PORTS = ["fundmgr/ports/ledger.py", "fundmgr/ports/ledger_sql.py"]
PORTS_TESTS = ["tests/fundmgr/ports/test_ledger.py"]


def run(module: str, *words: str) -> int:
    """Run a tool of this folder's Python and return what it ended with."""
    return subprocess.run([sys.executable, "-m", module, *words], check=False).returncode  # noqa: S603  # our own words


def coverage() -> int:
    """Measure lines and branches of the core by the tests that mirror it."""
    core = ",".join([*SETTINGS["only_mutate"], *PORTS])
    tests = [*SETTINGS["pytest_add_cli_args_test_selection"], *PORTS_TESTS]
    failed = run("coverage", "run", "--branch", f"--include={core}", "-m", "pytest", "-q", *tests)
    return failed or run("coverage", "report", "--show-missing", "--fail-under=100")


def mutants(*names: str) -> int:
    """Bend the core, name the bends that no test saw, and print the score of each module and of all.

    It starts afresh each time: what was seen yesterday says nothing of the tests as they are today.
    """
    shutil.rmtree("mutants", ignore_errors=True)
    cores = str(len(os.sched_getaffinity(0)))
    return run("mutmut", "run", "--max-children", cores, *names) or told(judged())


def judged() -> dict[str, str]:
    """Return by its name what became of each bend that was tried, also of one that no test reaches."""
    words = [sys.executable, "-m", "mutmut", "results", "--all", "true"]
    listed = subprocess.run(words, check=True, capture_output=True, text=True).stdout  # noqa: S603  # our own words
    found = dict(row.strip().rsplit(": ", 1) for row in listed.splitlines() if ": " in row)
    return {name: verdict for name, verdict in found.items() if verdict != "not checked"}


def told(verdicts: dict[str, str]) -> int:
    """Print what was found; return 1 where less than the least was seen."""
    unseen = {name: verdict for name, verdict in verdicts.items() if verdict not in SEEN}
    print("\nUnseen; `.venv/bin/python -m mutmut show NAME` shows the bend:" if unseen else "")
    for name, verdict in unseen.items():
        print(f"  {name}: {verdict}")
    tried = Counter(module for name in verdicts for module in (name.rsplit(".", 1)[0], "all"))
    missed = Counter(module for name in unseen for module in (name.rsplit(".", 1)[0], "all"))
    print(f"\n{'module':<30}{'bends':>8}{'seen':>8}{'unseen':>8}{'score':>10}")
    for module in sorted(tried, key=lambda name: (name == "all", name)):
        seen = tried[module] - missed[module]
        score = 100 * seen / tried[module]
        print(f"{module:<30}{tried[module]:>8}{seen:>8}{missed[module]:>8}{score:>8.1f} %")
    print(f"{list(verdicts.values()).count('timeout')} were seen because a test did not end in time.")
    return int(100 * len(unseen) > (100 - LEAST_PERCENT) * len(verdicts))


if __name__ == "__main__":
    sys.exit({"coverage": coverage, "mutants": mutants}[sys.argv[1]](*sys.argv[2:]))
