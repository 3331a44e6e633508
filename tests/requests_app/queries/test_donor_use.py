"""Purposes are told only where ten people share them, and nobody can subtract the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.queries.donor_use import OTHER, Purpose, shown


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([], ()),
        ([("RENT", 500, 10), ("FOOD", 900, 12)], (("FOOD", 900), ("RENT", 500))),
        ([("RENT", 500, 30), ("FOOD", 200, 11), ("CARE", 50, 1)], (("RENT", 500), (OTHER, 250))),
        ([("RENT", 500, 30), ("CARE", 50, 1)], ((OTHER, 550),)),
        ([("RENT", 500, 9), ("CARE", 50, 9)], ()),
    ],
    ids=["nothing", "all", "a few beside others", "a few beside one", "few"],
)
def test_purposes_of_few_people_are_told_with_others(found, told):
    assert shown([Purpose(*one) for one in found]) == told


sizes = st.lists(st.tuples(st.integers(1, 1_000), st.integers(1, 30)), max_size=7)


@given(sizes)
def test_each_line_stands_for_ten_people_and_the_lines_add_up(sizes):
    found = [Purpose(f"N{number}", *one) for number, one in enumerate(sizes)]
    lines = shown(found)
    named = {one.category: one for one in found}

    assert all(named[category].people >= 10 for category, _ in lines if category != OTHER)
    if lines:
        assert sum(cents for _, cents in lines) == sum(one.cents for one in found)
    folded = [one for one in found if one.category not in dict(lines)]
    if lines and folded:
        assert max(one.people for one in folded) >= 10
