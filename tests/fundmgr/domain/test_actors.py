"""Who acts, and who answers for it."""

from uuid import UUID

from fundmgr.domain import actors

PERSON, CLIENT = UUID(int=1), UUID(int=2)


def test_a_client_answers_with_its_owner_and_keeps_its_own_name():
    client = actors.client(CLIENT, owner_id=PERSON)

    assert client.person_id == actors.person(PERSON).person_id
    assert client.key == f"client:{CLIENT}"
    assert actors.person(PERSON).key == f"user:{PERSON}"


def test_the_system_is_nobody():
    assert actors.SYSTEM.person_id is None
    assert actors.SYSTEM.key == "system"


def test_actors_are_equal_by_what_they_are():
    assert actors.person(PERSON) == actors.person(PERSON)
    assert actors.person(PERSON) != actors.client(CLIENT, owner_id=PERSON)
