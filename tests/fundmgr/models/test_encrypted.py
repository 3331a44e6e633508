"""Encrypted columns: unreadable in the database, bound to their place, readable after a change of keys."""

import pytest
from builders import NOW, make_donor, make_world
from cryptography.exceptions import InvalidTag
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.models import Donor, encrypted
from fundmgr.models.encrypted import lookup_hash, seal, unseal
from fundmgr.services import sealing

PLACE = "table.column"


@pytest.fixture
def keys(settings):
    """Set the key ring, newest first; the module's cache is renewed around it."""

    def use(*secrets):
        settings.FIELD_KEYS = list(secrets)
        encrypted._ring.cache_clear()

    yield use
    encrypted._ring.cache_clear()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_what_is_sealed_is_read_back_at_its_place(text):
    sealed = seal(text, place=PLACE)

    assert unseal(sealed, place=PLACE) == text
    assert sealing.unseal_text(sealing.seal_text(text, place=PLACE), place=PLACE) == text


def test_the_same_text_is_never_sealed_the_same():
    assert seal("000123456789", place=PLACE) != seal("000123456789", place=PLACE)


def test_a_value_cannot_be_moved_to_another_column():
    with pytest.raises(InvalidTag):
        unseal(seal("secret", place=PLACE), place="table.other")


@pytest.mark.parametrize("position", [4, 10, 16, 20, -1])
def test_a_changed_byte_is_found(position):
    sealed = bytearray(seal("a longer secret", place=PLACE))
    sealed[position] ^= 1

    with pytest.raises(InvalidTag):
        unseal(bytes(sealed), place=PLACE)


def test_old_values_are_read_with_the_old_key_while_it_is_on_the_ring(keys):
    keys("old")
    sealed = seal("secret", place=PLACE)

    keys("new", "old")
    assert unseal(sealed, place=PLACE) == "secret"
    assert seal("secret", place=PLACE)[:4] != sealed[:4]
    keys("new")
    with pytest.raises(KeyError):
        unseal(sealed, place=PLACE)


def test_lookup_hashes_are_equal_for_equal_values_of_one_purpose(settings):
    found = lookup_hash("contact", "river@example.org")

    assert found == lookup_hash("contact", "river@example.org")
    assert found != lookup_hash("name", "river@example.org")
    settings.LOOKUP_KEY = "another key"
    assert found != lookup_hash("contact", "river@example.org")


def test_a_column_is_sealed_on_the_way_in_and_read_on_the_way_out(db):
    world = make_world()
    donor = make_donor(world)
    Donor.objects.filter(id=donor.id).update(contact="river@example.org")

    with connection.cursor() as cursor:
        cursor.execute("SELECT contact FROM fundmgr_donor WHERE id = %s", [donor.id])
        stored = bytes(cursor.fetchone()[0])

    assert b"river" not in stored
    assert Donor.objects.get(id=donor.id).contact == "river@example.org"


def test_an_empty_column_stays_empty(db):
    donor = make_donor(make_world(now=NOW))

    assert Donor.objects.get(id=donor.id).contact is None
