"""Undo: what was taken back gets its state and place again, in time; money that was given up does not."""

from datetime import timedelta

import builders
import pytest
from builders import NOW, World
from casework import EQUAL, file_request, make_awards, make_eligible, propose, worker_of

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from fundmgr.queries import books
from requests_app.models import AssistanceRequest, Award
from requests_app.services import awards, intake, reviews, rounds, taking_back

IN_TIME, TOO_LATE = NOW + timedelta(hours=72), NOW + timedelta(hours=72, seconds=1)


@pytest.fixture
def world(db: None) -> World:
    return builders.make_world()


def take_back(world: World, row: AssistanceRequest) -> None:
    intake.withdraw(request_id=row.id, by=world.actor(Role.INTAKE), now=NOW)


def undo(world: World, row: AssistanceRequest, *, by=None, now=IN_TIME) -> AssistanceRequest:
    taking_back.undo(request_id=row.id, by=by or world.actor(Role.INTAKE), now=now)
    row.refresh_from_db()
    return row


def test_a_request_comes_back_where_it_was_and_keeps_its_place(world: World):
    row = file_request(world)
    take_back(world, row)

    undo(world, row)

    assert (row.state, row.submitted_at, row.version) == ("SUBMITTED", NOW, 3)
    assert Event.objects.filter(verb="request.restored", object_id=row.id).count() == 1


def test_each_state_comes_back_and_a_proposal_stays_void(world: World):
    read, asked, good = (file_request(world, contact=f"w{number}@example.org") for number in range(3))
    proposal = propose(world, read)
    reviews.ask_for_info(request_id=asked.id, text="Which show?", by=world.actor(Role.REVIEWER), now=NOW)
    make_eligible(world, [good])
    for row in (read, asked, good):
        take_back(world, row)
        undo(world, row)

    assert [row.state for row in (read, asked, good)] == ["IN_REVIEW", "NEEDS_INFO", "ELIGIBLE"]
    proposal.refresh_from_db()
    assert proposal.state == "VOID"
    assert good.verified_cents


def test_out_of_a_round_it_waits_for_the_next_one(world: World):
    builders.put_money_in(world, 10_000_000)
    row = file_request(world)
    make_eligible(world, [row])
    rounds.propose_rule(fund_id=world.fund.id, rule=EQUAL, by=world.actor(Role.DIRECTOR), now=NOW)
    take_back(world, row)

    assert undo(world, row).state == "ELIGIBLE"


def test_after_the_hours_it_stays_taken_back(world: World):
    row = file_request(world)
    take_back(world, row)

    with pytest.raises(errors.WrongState):
        undo(world, row, now=TOO_LATE)
    assert undo(world, row, now=IN_TIME).state == "SUBMITTED"
    with pytest.raises(errors.WrongState):
        undo(world, row)


def test_one_who_asked_anew_has_that_request(world: World):
    row = file_request(world)
    take_back(world, row)
    file_request(world)

    with pytest.raises(errors.LiveRequestExists):
        undo(world, row)


def test_strangers_undo_nothing(world: World):
    row = file_request(world)
    take_back(world, row)
    other = worker_of(file_request(world, contact="lake@example.org"))

    with pytest.raises(errors.NotFound):
        undo(world, row, by=other)
    with pytest.raises(errors.Forbidden):
        undo(world, row, by=world.actor(Role.BOARD))
    assert undo(world, row, by=worker_of(row)).state == "SUBMITTED"


def test_money_that_was_given_up_is_free_at_once_and_undo_leads_to_the_waiting_list(world: World):
    builders.put_money_in(world, 10_000_000)
    before = books.available_cents(world.fund.id)
    (award,) = make_awards(world, [100_000])
    awards.decline(award_id=award.id, by=world.actor(Role.INTAKE), now=NOW)
    assert books.available_cents(world.fund.id) == before

    row = undo(world, award.request)

    assert row.state == "WAITLISTED"
    assert books.available_cents(world.fund.id) == before
    again = rounds.propose_rule(fund_id=world.fund.id, rule=EQUAL, by=world.actor(Role.DIRECTOR), now=IN_TIME)
    rounds.approve(round_id=again.id, result_digest=None, by=world.actor(Role.APPROVER), now=IN_TIME)
    assert sorted(Award.objects.values_list("state", flat=True)) == ["DECLINED", "RESERVED"]


def test_a_fund_that_ends_takes_nothing_back(world: World):
    row = file_request(world)
    take_back(world, row)
    builders.close_fund(world)

    with pytest.raises(errors.WrongState):
        undo(world, row)
