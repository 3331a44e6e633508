"""Proves the tests of the money core, whose modules pyproject.toml lists under [tool.mutmut].

`coverage` runs their tests and those of the ledger port, and fails under 100 % of lines and branches.
`mutants` bends one spot at a time and fails where the tests see less than 90 % of the bends; words narrow
it to some modules, like "fundmgr.domain.holes*".
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

LEAST_PERCENT = 90
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
    """Bend the core and say how many bends the tests saw; those never reached by a test count as unseen."""
    failed = run("mutmut", "run", "--max-children", "2", *names) or run("mutmut", "export-cicd-stats")
    if failed:
        return failed
    found = json.loads(Path("mutants/mutmut-cicd-stats.json").read_text())
    seen = found["killed"] + found["timeout"]
    judged = seen + found["survived"] + found["no_tests"] + found["suspicious"]
    print(
        f"{seen} of {judged} bends were seen by a test: {100 * seen / judged:.1f} % (least {LEAST_PERCENT} %)"
    )
    return int(100 * seen < LEAST_PERCENT * judged)


if __name__ == "__main__":
    sys.exit({"coverage": coverage, "mutants": mutants}[sys.argv[1]](*sys.argv[2:]))
