"""The promises of the money half each have a test that names them, so that none is lost unseen."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
NAMED = re.compile(r"test_invariant_(\d\d)_")
PROMISED = (1, 2, 3, 4, 5, 13, 14, 15, 16, 17, 18, 21, 24, 27, 28)


def named_tests() -> set[int]:
    """The numbers of the invariants that a test is named after."""
    return {
        int(found[1])
        for path in TESTS.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and (found := NAMED.match(node.name))
    }


@pytest.mark.parametrize("number", PROMISED)
def test_each_invariant_of_the_money_has_a_test_that_names_it(number: int):
    assert number in named_tests()
