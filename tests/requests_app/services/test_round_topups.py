"""An offered round and the one before it: one big round, or the reason why not."""

from dataclasses import replace

import pytest
from builders import NOW, make_world, put_money_in
from waiting import make_requests

from fundmgr.domain.eligibility import Urgency
from fundmgr.domain.lifecycle import RequestState
from fundmgr.domain.permissions import Role
from fundmgr.services import funds
from fundmgr.services.funds import PolicyTerms
from requests_app.models import AssistanceRequest
from requests_app.services import next_rounds, rounds

EQUAL = {"version": 1, "rule": "equal_awards"}
FIRST = {**EQUAL, "tiers": "urgency"}
SAME = "Round 1 and this one together give what one big round would have given."
OTHER = "Round 1 and this one together give something else than one big round would have: "


@pytest.fixture
def world(db):
    made = make_world(reserve_bp=0, next_round_from_cents=1)
    make_requests(made, [100_000, 100_000])
    make_requests(made, [90_000, 60_000], urgency=[Urgency.EVICTION])
    return made


def decided(world, rule, cents):
    put_money_in(world, cents)
    row = rounds.propose_rule(fund_id=world.fund.id, rule=rule, by=world.actor(Role.DIRECTOR), now=NOW)
    rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)


def offered(world, cents):
    put_money_in(world, cents, bank_reference="WIRE-9")
    return next_rounds.offer(fund_id=world.fund.id, now=NOW)


def test_where_everybody_of_before_was_paid_in_full_two_rounds_are_one(world):
    decided(world, FIRST, 150_000)

    row = offered(world, 80_001)

    assert row.topup_note == SAME
    assert sorted(row.members.values_list("award_cents", flat=True)) == [40_000, 40_001]


def test_who_got_a_part_is_not_asked_again_and_the_page_says_so(world):
    decided(world, FIRST, 160_000)
    make_waiting(world)

    row = offered(world, 80_000)

    assert row.topup_note == f"{OTHER}2 of 2 people here were not in round 1."


def make_waiting(world):
    make_requests(world, [50_000, 50_000])


def test_a_part_of_before_would_grow_in_one_big_round(world):
    # The last cent goes to one of the two others: the second waits, the first got a part.
    decided(world, FIRST, 150_001)

    row = offered(world, 80_000)

    assert (
        row.topup_note
        == f"{OTHER}1 person who got a part then would get more of it, and they are not in this one."
    )


def test_a_rule_that_does_not_compose_says_so_itself(world):
    decided(world, {**FIRST, "tier_shares_bp": [10_000, 0]}, 150_000)

    row = offered(world, 80_000)

    assert row.topup_note.startswith(OTHER)
    assert "because each tier has a fixed part" in row.topup_note


def test_another_policy_is_no_second_round(world):
    decided(world, FIRST, 150_000)
    terms = replace(PolicyTerms(750_000, 150_000, 0, 10**9, "The board"), next_round_from_cents=1)
    funds.adopt_policy(fund_id=world.fund.id, terms=terms, by=world.actor(Role.DIRECTOR), now=NOW)

    assert offered(world, 80_000).topup_note == f"{OTHER}the rule or the policy is another."


def test_a_changed_need_is_no_second_round(world):
    decided(world, FIRST, 150_000)
    one = AssistanceRequest.objects.filter(state=RequestState.WAITLISTED).first()
    AssistanceRequest.objects.filter(id=one.id).update(verified_cents=120_000, version=one.version + 1)

    assert offered(world, 80_000).topup_note == f"{OTHER}the need of 1 person changed since."


def test_a_round_of_a_person_says_nothing_of_it(world):
    decided(world, FIRST, 150_000)
    put_money_in(world, 80_000, bank_reference="WIRE-9")

    row = rounds.propose_rule(fund_id=world.fund.id, rule=FIRST, by=world.actor(Role.DIRECTOR), now=NOW)

    assert row.topup_note == ""
