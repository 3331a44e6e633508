"""The house rules on size and shape, so that the next person finds the code as easy as the first."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("fundmgr", "requests_app")
MODULES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts
)
EXEMPTION = re.compile(r"# (?:noqa: [A-Z0-9, ]+[0-9]|noqa|type: ignore(?:\[[a-z, -]+\])?)(?P<reason>.*)")
DOCUMENTED = (
    "fundmgr/domain",
    "fundmgr/allocation",
    "fundmgr/services",
    "fundmgr/queries",
    "requests_app/services",
    "requests_app/queries",
)


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """Every function of a module, methods too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield node


def lines_of(function: ast.FunctionDef) -> int:
    """How many lines a function takes, its decorators left out."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{path.relative_to(ROOT)}:{function.name} {lines_of(function)}"
        for path in MODULES
        for function in functions(path)
        if lines_of(function) > 40
    ]

    assert long == []


def test_functions_are_short_in_the_middle():
    sizes = [lines_of(function) for path in MODULES for function in functions(path)]

    assert statistics.median(sizes) <= 9


def test_no_module_is_longer_than_four_hundred_lines():
    long = [f"{path.relative_to(ROOT)}" for path in MODULES if path.read_text().count("\n") > 400]

    assert long == []


def test_modules_are_short_in_the_middle():
    assert statistics.median(path.read_text().count("\n") for path in MODULES) <= 100


@pytest.mark.parametrize("folder", DOCUMENTED)
def test_public_functions_say_what_they_do(folder: str):
    silent = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in MODULES
        if path.relative_to(ROOT).as_posix().startswith(folder)
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]

    assert silent == []


def test_every_exemption_gives_its_reason():
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in MODULES
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if (found := EXEMPTION.search(line)) and not found["reason"].strip(" -#")
    ]

    assert bare == []


def test_the_share_of_tests_does_not_shrink():
    """The aim is a line of test for each line of code; this floor moves up with it and never down."""
    tests = sum(path.read_text().count("\n") for path in (ROOT / "tests").rglob("*.py"))
    code = sum(path.read_text().count("\n") for path in MODULES)

    assert tests >= 0.64 * code, f"{tests} lines of tests for {code} lines of code"


def test_the_top_folder_stays_small():
    tracked = {
        path.name
        for path in ROOT.iterdir()
        if path.name not in {".git", ".venv", "var"} and not path.name.endswith("_cache")
    }

    assert len(tracked - {".hypothesis", ".coverage"}) <= 18, sorted(tracked)


def test_the_readme_stays_short():
    assert (ROOT / "README.md").read_text().count("\n") <= 120


def test_nobody_reaches_the_books_through_the_models():
    reached = [
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if any(word in path.read_text() for word in ("models.ledger.", "models._ledger"))
    ]

    assert reached == []
