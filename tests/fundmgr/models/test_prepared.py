"""Arrays written as text arrive as the same values."""

from uuid import uuid4

import pytest
from django.db import connection

from fundmgr.models import prepared


def came_back(written: str, kind: str) -> list[object]:
    [(values,)] = prepared.rows(f"SELECT $1::{kind}[]", [written])
    return values


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        [],
        ["plain"],
        ["", " ", "NULL", "null"],
        ['"', "\\", '\\"', "{a,b}"],
        ["é", "\u2028", "a\nb\tc", "'; --"],
    ],
)
def test_words_of_any_letters(values):
    assert came_back(prepared.words(values), "text") == values


@pytest.mark.django_db
def test_keys_numbers_and_what_is_missing():
    keys = [uuid4(), None, uuid4()]
    assert came_back(prepared.uuids(keys), "uuid") == keys
    assert came_back(prepared.uuids([]), "uuid") == []
    assert came_back(prepared.numbers([-(2**62), 0, 7]), "bigint") == [-(2**62), 0, 7]
    assert connection.is_usable()
