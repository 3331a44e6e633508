"""Steps that several use cases take with requests."""

from uuid import uuid4

import pytest
from builders import NOW, add_staff, make_world
from casework import add_client, file_request, propose, worker_of

from fundmgr.domain import actors, errors
from fundmgr.domain.lifecycle import DecisionState, RequestState
from fundmgr.domain.permissions import Action, Role
from fundmgr.models import Membership
from requests_app.models import AssistanceRequest, Decision, RequestTransition
from requests_app.services import cases


@pytest.fixture
def world(db):
    return make_world()


def test_requests_are_locked_together_or_not_at_all(world):
    first, second = (file_request(world, contact=f"w{number}@example.org") for number in range(2))
    reviewer = world.actor(Role.REVIEWER)

    found = cases.locked([second.id, first.id, first.id], by=reviewer, action=Action.REQUEST_REVIEW)

    assert [row.id for row in found] == sorted([first.id, second.id])
    for wanted in ([], [first.id, uuid4()], [uuid4()]):
        with pytest.raises(errors.NotFound):
            cases.locked(wanted, by=reviewer, action=Action.REQUEST_REVIEW)


def test_a_request_is_the_workers_and_the_helpers_own(world):
    request = file_request(world)

    for actor in (worker_of(request), world.actor(Role.INTAKE), actors.SYSTEM):
        assert cases.lock_own(request.id, by=actor) == request
    for stranger in (world.actor(Role.REVIEWER), actors.person(uuid4())):
        with pytest.raises(errors.NotFound):
            cases.lock_own(request.id, by=stranger)


def test_a_helper_who_left_the_fund_is_a_stranger(world):
    request, helper = file_request(world), world.actor(Role.INTAKE)
    Membership.objects.filter(user_id=helper.person_id).update(ended_at=NOW)

    with pytest.raises(errors.NotFound):
        cases.lock_own(request.id, by=helper)


def test_the_person_behind_a_key_is_the_user_or_the_programs_owner(world):
    owner = add_staff(world.fund, Role.BOARD, name="Owner")
    program, person, gone = add_client(world, owner, Role.INTAKE), actors.person(uuid4()), uuid4()

    found = cases.people_behind({program.key, person.key, "system", f"client:{gone}"})

    assert found == {program.key: owner.person_id, person.key: person.person_id}


def test_every_move_leaves_a_transition_with_its_reason(world):
    request = file_request(world)

    cases.move_requests(
        [request], RequestState.ON_HOLD, by=world.actor(Role.DIRECTOR), now=NOW, reason="FRAUD_CHECK"
    )

    row = RequestTransition.objects.get(request=request, new_state=RequestState.ON_HOLD)
    assert (row.old_state, row.reason, row.actor) == (
        RequestState.SUBMITTED,
        "FRAUD_CHECK",
        world.actor(Role.DIRECTOR).key,
    )
    assert request.state == AssistanceRequest.objects.get(id=request.id).state == RequestState.ON_HOLD


def test_one_request_that_cannot_move_holds_back_all(world):
    first, second = (file_request(world, contact=f"w{number}@example.org") for number in range(2))
    AssistanceRequest.objects.filter(id=second.id).update(state=RequestState.WITHDRAWN)

    with pytest.raises(errors.WrongState):
        cases.move_requests([first, second], RequestState.ON_HOLD, by=actors.SYSTEM, now=NOW)


def test_open_proposals_are_voided_and_final_ones_stay(world):
    request = file_request(world)
    decision = propose(world, request)

    assert cases.void_proposals([request]) == 1
    assert cases.void_proposals([request]) == 0
    assert Decision.objects.get(id=decision.id).state == DecisionState.VOID


def test_notes_are_cleaned_or_refused_by_name():
    assert cases.plain_note("  Lease seen.\r\n") == "Lease seen."
    for note, terms in (
        ("a\x00b", {}),
        ("x" * (cases.NOTE_MOST + 1), {}),
        ("  ", {"required": True}),
    ):
        with pytest.raises(errors.InvalidInput) as refused:
            cases.plain_note(note, field="text", **terms)
        assert refused.value.problems[0].field == "text"
