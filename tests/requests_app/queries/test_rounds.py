"""What the workbench and the approval page read about rounds."""

import pytest
from builders import NOW, make_world, put_money_in
from waiting import make_requests

from fundmgr.domain import actors, errors, ids
from fundmgr.domain.lifecycle import RequestState
from fundmgr.domain.permissions import Role
from fundmgr.services import funds
from requests_app.models import AssistanceRequest
from requests_app.queries import rounds as queries
from requests_app.services import rounds

EQUAL = {"version": 1, "rule": "equal_awards"}


@pytest.fixture
def world(db):
    made = make_world(two_approvers_from_cents=50_000)
    put_money_in(made, 100_000)
    make_requests(made, [100_000, 200_000])
    return made


@pytest.fixture
def proposed(world):
    director = world.actor(Role.DIRECTOR)
    return rounds.propose_rule(fund_id=world.fund.id, rule=EQUAL, by=director, now=NOW)


def test_pool_shows_money_kept_money_tied_and_who_waits(world):
    health = funds.add_restriction(
        fund_id=world.fund.id, name="Health", wording="", by=world.actor(Role.DIRECTOR), now=NOW
    )
    put_money_in(world, 7_000, bank_reference="WIRE-2", restriction_id=health.id)

    pool = queries.pool(world.actor(Role.DIRECTOR), fund_id=world.fund.id, now=NOW)

    assert (pool.received_cents, pool.reserve_cents) == (107_000, 2_000)
    assert (pool.to_share_cents, pool.restricted_cents, pool.held_cents) == (98_000, 7_000, 0)
    assert (pool.people_count, pool.verified_cents, pool.capped_cents) == (2, 300_000, 250_000)


def test_standing_tells_who_approved_and_whether_this_person_may(world, proposed):
    seen_by = {
        role: queries.standing(world.actor(role), round_id=proposed.id)
        for role in (Role.APPROVER, Role.DIRECTOR, Role.BOARD)
    }

    assert seen_by[Role.APPROVER].may_approve
    assert seen_by[Role.APPROVER].needed_count == 2
    assert seen_by[Role.DIRECTOR].is_maker
    assert not seen_by[Role.DIRECTOR].may_approve
    assert not seen_by[Role.BOARD].may_approve

    rounds.approve(round_id=proposed.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)
    after = queries.standing(world.actor(Role.APPROVER), round_id=proposed.id)
    assert [name for name, _ in after.given] == ["Approver of lanternlight-crew-fund"]
    assert after.has_approved
    assert not after.may_approve


def test_standing_says_beforehand_what_would_void_the_round(world, proposed):
    AssistanceRequest.objects.update(state=RequestState.ON_HOLD)

    found = queries.standing(world.actor(Role.APPROVER), round_id=proposed.id)

    assert "changed after this round was proposed" in found.void_reason
    assert not found.may_approve


def test_members_stand_in_the_order_of_the_frozen_set(world, proposed):
    rows = queries.members(world.actor(Role.AUDITOR), round_id=proposed.id)

    assert [(row.position, row.award_cents) for row in rows] == [(0, 49_000), (1, 49_000)]


def test_rounds_are_not_there_for_strangers_and_reviewers(world, proposed):
    stranger = actors.person(ids.new_id(NOW))
    for actor in (stranger, world.actor(Role.REVIEWER)):
        with pytest.raises(errors.NotFound):
            queries.visible_round(actor, round_id=proposed.id)
    with pytest.raises(errors.Forbidden):
        queries.visible_rounds(world.actor(Role.REVIEWER), fund_id=world.fund.id)
    with pytest.raises(errors.NotFound):
        queries.visible_rounds(stranger, fund_id=world.fund.id)
    assert list(queries.visible_rounds(world.actor(Role.BOARD), fund_id=world.fund.id)) == [proposed]
