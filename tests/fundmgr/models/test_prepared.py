"""Prepared statements read and write what a manager would; arrays come back as they were written."""

from uuid import uuid4

import pytest
from builders import NOW, file_request, make_world
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict

from fundmgr.models import Fund, OutboxMessage, PolicyVersion, prepared
from fundmgr.ports import outbox
from fundmgr.ports.outbox import Effect
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
def test_a_row_that_is_added_is_the_one_that_its_manager_would_add():
    world = make_world()
    usual = OutboxMessage.objects.create(**owed(world, "a"))

    added = prepared.added(OutboxMessage(**owed(world, "b")))

    found = OutboxMessage.objects.get(id=added.id)
    left_out = ["id", "effect_key"]
    assert model_to_dict(found, exclude=left_out) == model_to_dict(usual, exclude=left_out)
    assert found.payload == {"n": 1}
    assert not added._state.adding


@pytest.mark.django_db
def test_a_row_whose_like_exists_is_refused_or_left_out():
    world = make_world()
    prepared.added(OutboxMessage(**owed(world, "a")))

    prepared.added(OutboxMessage(**owed(world, "a")), else_nothing=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        prepared.added(OutboxMessage(**owed(world, "a")))

    assert OutboxMessage.objects.count() == 1


@pytest.mark.django_db
def test_a_row_is_changed_where_the_condition_still_holds():
    row = prepared.added(OutboxMessage(**owed(make_world(), "a")))
    row.attempts, row.last_error = 3, "none"

    assert not prepared.changed(row, ("attempts",), where="attempts = $2", parameters=[1])
    assert prepared.changed(row, ("attempts", "last_error"), where="attempts = $2", parameters=[0])

    kept = OutboxMessage.objects.get()
    assert (kept.attempts, kept.last_error, kept.effect_key) == (3, "none", "a")


def owed(world, key):
    return {**outbox.values(Effect("test", key, {"n": 1}), fund_id=world.fund.id, now=NOW), "attempts": 0}


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
