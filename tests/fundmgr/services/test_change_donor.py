"""A donor is changed by who read it last, and nobody's change is lost."""

import builders
import pytest

from fundmgr.domain import errors
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
