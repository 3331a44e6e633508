"""Who may do what in which fund."""

from uuid import uuid4

import pytest
from builders import NOW, add_staff, make_world
from casework import add_client, add_role

from fundmgr.domain import actors, errors
from fundmgr.domain.permissions import Action, Role
from fundmgr.models import ApiClient, Membership, User
from fundmgr.queries import access

pytestmark = pytest.mark.django_db


def test_roles_are_those_of_one_fund():
    world, other = make_world(), make_world(name="Another fund")
    reviewer = world.actor(Role.REVIEWER)
    add_role(world, reviewer, Role.APPROVER)

    assert access.roles_of(reviewer, fund_id=world.fund.id) == {Role.REVIEWER, Role.APPROVER}
    assert access.roles_of(reviewer, fund_id=other.fund.id) == frozenset()
    assert access.fund_ids_of(reviewer) == [world.fund.id]


def test_the_system_may_all_and_a_stranger_nothing():
    world, stranger = make_world(), actors.person(uuid4())

    assert access.roles_of(actors.SYSTEM, fund_id=world.fund.id) == set(Role)
    assert access.roles_of(stranger, fund_id=world.fund.id) == frozenset()
    assert access.fund_ids_of(stranger) == []


def test_require_tells_a_stranger_nothing_and_a_colleague_no():
    world = make_world()

    assert Role.REVIEWER in access.require(
        world.actor(Role.REVIEWER), Action.REQUEST_REVIEW, fund_id=world.fund.id
    )
    with pytest.raises(errors.NotFound):
        access.require(actors.person(uuid4()), Action.REQUEST_REVIEW, fund_id=world.fund.id)
    with pytest.raises(errors.NotFound):
        access.require(world.actor(Role.REVIEWER), Action.REQUEST_REVIEW, fund_id=uuid4())
    with pytest.raises(errors.Forbidden):
        access.require(world.actor(Role.BOARD), Action.REQUEST_REVIEW, fund_id=world.fund.id)
    assert not access.may(world.actor(Role.BOARD), Action.REQUEST_REVIEW, fund_id=world.fund.id)


def test_who_left_has_no_roles():
    world = make_world()
    reviewer, auditor = world.actor(Role.REVIEWER), world.actor(Role.AUDITOR)
    User.objects.filter(id=reviewer.person_id).update(is_active=False)
    Membership.objects.filter(user_id=auditor.person_id).update(ended_at=NOW)

    for actor in (reviewer, auditor):
        assert access.roles_of(actor, fund_id=world.fund.id) == frozenset()
        assert access.fund_ids_of(actor) == []


def test_a_program_has_one_role_while_it_and_its_owner_are_active():
    world = make_world()
    owner = add_staff(world.fund, Role.BOARD, name="Owner")
    program = add_client(world, owner, Role.REVIEWER)
    row = ApiClient.objects.get(id=program.client_id)

    assert access.roles_of(program, fund_id=world.fund.id) == {Role.REVIEWER}
    assert access.fund_ids_of(program) == [world.fund.id]
    assert access.client_actor(oauth_client_id=row.oauth_client_id) == (program, world.fund.id)
    User.objects.filter(id=owner.person_id).update(is_active=False)
    assert access.roles_of(program, fund_id=world.fund.id) == frozenset()
    assert access.client_actor(oauth_client_id=row.oauth_client_id) is None
    User.objects.filter(id=owner.person_id).update(is_active=True)
    ApiClient.objects.filter(id=row.id).update(is_active=False)
    assert access.roles_of(program, fund_id=world.fund.id) == frozenset()
    assert access.client_scopes(oauth_client_id=row.oauth_client_id) == []


def test_roles_read_with_a_token_hold_in_their_fund_alone():
    fund_id = uuid4()
    program = actors.client(uuid4(), owner_id=uuid4(), roles_in=(fund_id, frozenset({Role.REVIEWER})))

    assert access.roles_of(program, fund_id=fund_id) == {Role.REVIEWER}
    assert access.roles_of(program, fund_id=uuid4()) == frozenset()


def test_only_a_signed_in_person_is_a_person():
    person, owner_id = actors.person(uuid4()), uuid4()
    program = actors.client(uuid4(), owner_id=owner_id)

    assert access.require_person(person) == person.person_id
    assert access.person_id(program) == owner_id
    for actor in (program, actors.SYSTEM):
        with pytest.raises(errors.PersonRequired):
            access.require_person(actor)
    with pytest.raises(errors.PersonRequired):
        access.person_id(actors.SYSTEM)


def test_names_of_staff_are_read_by_id():
    world = make_world()
    reviewer = world.actor(Role.REVIEWER)

    assert access.staff_names({reviewer.person_id, uuid4()}) == {
        reviewer.person_id: f"Reviewer of {world.fund.slug}"
    }
