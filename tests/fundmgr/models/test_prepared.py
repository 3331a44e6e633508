"""Arrays written as text arrive as the same values."""

from uuid import uuid4

import pytest
from builders import file_request, make_world
from django.db import connection
from django.forms.models import model_to_dict

from fundmgr.models import Fund, PolicyVersion, prepared
from requests_app.models import Applicant


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


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Fund, PolicyVersion, Applicant])
def test_a_model_s_rows_are_those_of_its_manager(model):
    world = make_world()
    file_request(world)
    usual = model.objects.order_by("id").first()

    found = prepared.found(model, "id = $1", [usual.id])

    assert [model_to_dict(row) for row in found] == [model_to_dict(usual)]
    assert not found[0]._state.adding
    assert prepared.found(model, "id = $1", [uuid4()]) == []
