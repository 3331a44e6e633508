"""A relation to insiders and its note belong together."""

import pytest

from fundmgr.domain.insiders import InsiderRelation, problems


@pytest.mark.parametrize(
    ("relation", "note", "field"),
    [(InsiderRelation.OTHER, "", "relation_note"), (InsiderRelation.NONE, "a cousin", "relation")],
)
def test_a_note_without_a_relation_and_other_without_a_note_are_refused(relation, note, field):
    assert [problem.field for problem in problems(relation, note)] == [field]


@pytest.mark.parametrize("relation", InsiderRelation)
def test_a_known_relation_needs_no_more_words(relation):
    note = "lends us a hall" if relation is InsiderRelation.OTHER else ""
    assert problems(relation, note) == []
