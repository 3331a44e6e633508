"""Whom rules are tried on: words that narrow it, written and read."""

import pytest

from fundmgr.domain.populations import EVERYBODY, Population, Pressing


def test_only_what_narrows_is_written_and_it_is_read_again():
    some = Population(craft="Grip", urgency=Pressing.URGENT)

    assert some.to_json() == {"craft": "Grip", "urgency": "URGENT"}
    assert Population.of({**some.to_json(), "zip": "90001"}) == some
    assert EVERYBODY.to_json() == {}
    assert Population.of({}) == EVERYBODY


@pytest.mark.parametrize("word", ["show", "craft", "union_local", "urgency"])
def test_any_word_makes_it_a_part(word):
    assert EVERYBODY.is_everybody
    assert not Population(**{word: "x"}).is_everybody
