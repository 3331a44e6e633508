"""A second look: asked for once and in time, answered by somebody who had no part before."""

from datetime import timedelta

import builders
import pytest
from builders import NOW, World
from casework import add_role, decide, file_request, make_awards, propose, worker_of
from django.db import connection, transaction
from django.db.utils import IntegrityError

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.appeals import AppealGround
from fundmgr.domain.eligibility import Reason
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, OutboxMessage
from requests_app.models import Appeal, AssistanceRequest
from requests_app.services import appeals, reviews


@pytest.fixture
def world(db: None) -> World:
    return builders.make_world()


@pytest.fixture
def refused(world: World) -> AssistanceRequest:
    return refuse(world)


@pytest.fixture
def another(world: World) -> Actor:
    """An approver who had no part in the decision."""
    return builders.add_staff(world.fund, Role.APPROVER, name="Second Reader")


def refuse(world: World, *reasons: Reason, contact: str = "river@example.org") -> AssistanceRequest:
    request = file_request(world, contact=contact)
    decide(world, propose(world, request, is_eligible=False, reasons=reasons or [Reason.NO_LOSS_LINK]))
    request.refresh_from_db()
    return request


def ask(world: World, request: AssistanceRequest, *, by: Actor | None = None, now=NOW, **terms) -> Appeal:
    terms.setdefault("text", "There is a pay stub.")
    return appeals.file(
        request_id=request.id,
        ground=AppealGround.MISSED,
        by=by or world.actor(Role.INTAKE),
        now=now,
        **terms,
    )


def answer(row: Appeal, by: Actor, *, overturn: bool = True) -> Appeal:
    return appeals.decide(appeal_id=row.id, overturn=overturn, answer="I looked.", by=by, now=NOW)


def test_the_worker_asks_and_is_promised_a_day(world: World, refused: AssistanceRequest):
    row = ask(world, refused, by=worker_of(refused))

    assert (row.state, row.reader_id, row.answer_by.isoformat()) == ("FILED", None, "2023-10-02")
    assert row.decision == refused.decisions.get()
    assert OutboxMessage.objects.filter(payload__kind="appeal_received").count() == 1
    assert b"pay stub" not in bytes(Event.objects.get(verb="appeal.filed").body)


def test_it_can_be_asked_once_and_until_the_end_of_the_last_day(world: World, refused: AssistanceRequest):
    last = NOW + timedelta(days=30, hours=14, minutes=59)
    with pytest.raises(errors.AppealTooLate):
        ask(world, refused, now=last + timedelta(minutes=1))
    ask(world, refused, now=last)

    with pytest.raises(errors.AppealIsFinal):
        ask(world, refused)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(
            **{
                **{
                    field.attname: getattr(Appeal.objects.get(), field.attname)
                    for field in Appeal._meta.fields
                },
                "id": refused.id,
            }
        )


def test_nobody_else_asks(world: World, refused: AssistanceRequest):
    other = worker_of(refuse(world, contact="lake@example.org"))

    for stranger in (other, world.actor(Role.REVIEWER), world.actor(Role.DIRECTOR)):
        with pytest.raises(errors.NotFound):
            ask(world, refused, by=stranger)


def test_money_that_is_not_there_is_not_looked_for_again(world: World):
    with pytest.raises(errors.NotAppealable):
        ask(world, refuse(world, Reason.NOT_FUNDED_BUDGET))
    builders.put_money_in(world, 10_000_000)
    with pytest.raises(errors.NotAppealable):
        ask(world, make_awards(world, [100_000])[0].request)


def test_an_undecided_request_has_nothing_to_look_at_again(world: World):
    with pytest.raises(errors.WrongState):
        ask(world, file_request(world))


def test_an_empty_ask_is_refused(world: World, refused: AssistanceRequest):
    with pytest.raises(errors.InvalidInput):
        ask(world, refused, text=" ")


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER])
def test_those_who_decided_do_not_read_it(world: World, refused: AssistanceRequest, another, role: Role):
    row = ask(world, refused)

    with pytest.raises(errors.SelfApproval):
        appeals.take(appeal_id=row.id, by=world.actor(role), now=NOW)
    with pytest.raises(errors.SelfApproval):
        answer(row, world.actor(role))
    assert answer(row, another).reader_id == another.person_id


def test_who_filed_for_the_worker_does_not_read_it(world: World, refused: AssistanceRequest):
    helper = world.actor(Role.INTAKE)
    add_role(world, helper, Role.APPROVER)

    with pytest.raises(errors.SelfApproval):
        answer(ask(world, refused), helper)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER])
def test_the_database_keeps_earlier_deciders_out_too(world: World, refused, another, role: Role):
    row = ask(world, refused)
    rows = Appeal.objects.filter(id=row.id)

    with pytest.raises(IntegrityError, match="earlier decider"), transaction.atomic():
        rows.update(state="READING", reader_id=world.actor(role).person_id)
    # The same statement with another person goes through: the guard is what refused.
    assert rows.update(state="READING", reader_id=another.person_id) == 1


def test_other_roles_do_not_answer(world: World, refused: AssistanceRequest):
    row = ask(world, refused)

    for role in (Role.DIRECTOR, Role.AUDITOR, Role.BOARD, Role.INTAKE):
        with pytest.raises(errors.Forbidden):
            answer(row, world.actor(role))


def test_upheld_the_decision_stands_and_the_worker_is_told(world: World, refused, another):
    row = answer(ask(world, refused), another, overturn=False)

    refused.refresh_from_db()
    assert (row.state, refused.state) == ("UPHELD", "INELIGIBLE")
    assert OutboxMessage.objects.filter(payload__kind="appeal_upheld").count() == 1
    with pytest.raises(errors.AlreadyDecided):
        answer(row, another)
    with pytest.raises(errors.AlreadyDecided):
        appeals.take(appeal_id=row.id, by=another, now=NOW)


def test_overturned_two_people_decide_anew(world: World, refused, another):
    answer(ask(world, refused), another)

    refused.refresh_from_db()
    assert (refused.state, refused.assignee_id, refused.version) == ("IN_REVIEW", None, 2)
    decide(world, propose(world, refused))
    refused.refresh_from_db()
    assert refused.state == "ELIGIBLE"
    assert refused.decisions.filter(state="FINAL").count() == 2
    with pytest.raises(errors.AppealIsFinal):
        ask(world, refused)


def test_a_duplicate_can_be_looked_at_again_unless_the_worker_has_another_request(world: World, another):
    first = ask(world, refuse(world, Reason.DUPLICATE_HOUSEHOLD))
    answer(first, another)
    assert AssistanceRequest.objects.get(id=first.request_id).state == "IN_REVIEW"

    second = ask(world, refuse(world, Reason.DUPLICATE_PERSON, contact="lake@example.org"))
    file_request(world, contact="lake@example.org")
    with pytest.raises(errors.LiveRequestExists):
        answer(second, another)


def test_it_goes_from_hand_to_hand(world: World, refused, another):
    row = ask(world, refused)
    third = builders.add_staff(world.fund, Role.REVIEWER, name="Third Reader")
    appeals.take(appeal_id=row.id, by=another, now=NOW)

    taken = appeals.take(appeal_id=row.id, by=third, now=NOW)

    assert (taken.state, taken.reader_id) == ("READING", third.person_id)


def test_what_was_asked_and_answered_stays(world: World, refused, another):
    row = answer(ask(world, refused), another, overturn=False)
    rows = Appeal.objects.filter(id=row.id)

    for change in ({"state": "OVERTURNED"}, {"text": "Other words"}, {"answer": "Other words"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM requests_app_appeal")
    # Erasing is not changing.
    assert rows.update(text=None, answer=None) == 1


def test_reopening_is_still_for_held_requests_alone(world: World, refused):
    with pytest.raises(errors.WrongState):
        reviews.reopen(request_id=refused.id, reason="AGAIN", by=world.actor(Role.REVIEWER), now=NOW)
