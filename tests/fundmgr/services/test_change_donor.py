"""A donor is changed by who read it last, and nobody's change is lost."""

import builders
import pytest
from django.db import connection

from fundmgr.domain import errors
from fundmgr.domain.insiders import InsiderRelation
from fundmgr.domain.permissions import Role
from fundmgr.models import Donor, Event
from fundmgr.services import donors


@pytest.fixture
def world(db) -> builders.World:
    return builders.make_world()


@pytest.fixture
def donor(world) -> Donor:
    return builders.make_donor(world)


def change(world, donor, *, version: int = 1, role: Role = Role.DIRECTOR, **said) -> Donor:
    return donors.change(donor_id=donor.id, version=version, by=world.actor(role), now=builders.NOW, **said)


def test_what_is_not_said_stays(world, donor):
    changed = change(world, donor, is_anonymous=True)

    assert (changed.name, changed.is_anonymous, changed.version) == (donor.name, True, 2)


def test_a_change_leaves_an_event_without_the_name(world, donor):
    change(world, donor, name="Else")

    body = bytes(Event.objects.get(verb="donor.changed").body).decode()
    assert '"fields":["name"]' in body
    assert "Else" not in body


def test_an_old_version_changes_nothing(world, donor):
    change(world, donor, name="First")

    with pytest.raises(errors.StaleVersion):
        change(world, donor, name="Second")
    assert Donor.objects.get(id=donor.id).name == "First"


def test_a_role_without_commitments_may_not(world, donor):
    with pytest.raises(errors.Forbidden):
        change(world, donor, role=Role.REVIEWER, name="Else")


def test_a_donor_that_is_not_there_is_not_found(world, donor):
    donor.id = world.fund.id

    with pytest.raises(errors.NotFound):
        change(world, donor, name="Else")


def test_a_change_may_not_leave_a_relation_without_words(world, donor):
    with pytest.raises(errors.InvalidInput):
        change(world, donor, relation=InsiderRelation.OTHER)

    donor.refresh_from_db()
    assert (donor.relation, donor.version) == ("NONE", 1)


def test_one_contact_has_one_hash_and_lies_encrypted(world, donor):
    other = builders.make_donor(world, name="Else")
    changed = change(world, donor, contact="Gifts@Example.org", address="1 Main St")
    same = change(world, other, contact="gifts@example.org")

    assert changed.contact_hash == same.contact_hash != ""
    assert (changed.contact, changed.address) == ("Gifts@Example.org", "1 Main St")
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact, address FROM fundmgr_donor WHERE id = %s", [donor.id])
        assert not any(b"Main" in bytes(value) or b"xample" in bytes(value) for value in cursor.fetchone())
