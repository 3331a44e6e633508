"""docs/api.md says what is so."""

import json
import re
from pathlib import Path

import pytest
from calling import make_things

from fundmgr.domain.permissions import Role
from fundmgr.domain.scopes import SCOPES
from requests_app.api.problems import PROBLEMS
from requests_app.api.urls import DOORS, PREFIXES

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text()


def rows(columns: int) -> list[tuple[str, ...]]:
    """The rows of the tables with that many columns, after their heads."""
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line[:1] == "|"
    ]
    return [tuple(row) for row in cells if len(row) == columns and row[0].startswith("`")]


def test_every_code_stands_there_with_cause_and_remedy():
    written = {(code.strip("`"), int(status), cause, remedy) for code, status, cause, remedy in rows(4)}

    assert written == {(code, about.status, about.cause, about.remedy) for code, about in PROBLEMS.items()}


def test_every_scope_stands_there():
    assert {(name.strip("`"), caption) for name, caption in rows(2)} == set(SCOPES.items())


def test_every_prefix_stands_there():
    line = re.search(r"a prefix \(`([a-z_ ]+)`\)", PAGE)

    assert line
    assert line[1].split() == [f"{prefix}_" for prefix in PREFIXES]


def test_every_address_it_names_is_ours():
    named = set(re.findall(r"/api/v1/([a-z]+(?:/[a-z]+)?)", PAGE)) - {
        "docs",
        "openapi",
        "problems/validation",
    }

    assert named <= set(DOORS)


@pytest.mark.parametrize("block", re.findall(r"-d '(\{.*?\})'", PAGE, flags=re.DOTALL))
def test_its_bodies_are_taken(program, world, block):
    make_things(world)

    answer = program(Role.INTAKE).post("requests", json.loads(block))

    assert answer.status_code == 201, answer.content
