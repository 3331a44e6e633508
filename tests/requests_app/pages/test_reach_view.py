"""How far the money went, told to one whom it did not reach: by group, never of few people."""

from datetime import timedelta

import casework
import pytest
from builders import World, make_world, put_money_in
from django.utils import timezone
from waiting import make_requests
from walking import Walk

from fundmgr.domain.eligibility import Urgency
from fundmgr.domain.permissions import Role
from requests_app.models import AssistanceRequest

QUEUE = {"version": 1, "rule": "queue"}
TIERED = {**QUEUE, "tiers": "urgency"}


@pytest.fixture
def world(db: None) -> World:
    return make_world(now=timezone.now() - timedelta(days=1), reserve_bp=0)


def page_of_the_last(world: World, *, rule: dict, urgent: int, others: int, money_cents: int) -> str:
    """Put one behind others who asked for $1,000 each, share the money, and read the last one's page."""
    walk = Walk(world)
    walk.fill()
    walk.send()
    casework.make_eligible(world, [AssistanceRequest.objects.get()])
    if urgent:
        make_requests(world, [100_000] * urgent, urgency=[Urgency.EVICTION])
    make_requests(world, [100_000] * others)
    put_money_in(world, money_cents, now=timezone.now())
    by, now = world.actor(Role.DIRECTOR), timezone.now()
    row = casework.rounds.propose_rule(fund_id=world.fund.id, rule=rule, by=by, now=now)
    casework.rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=now)
    return walk.get("request/").content.decode()


def test_each_group_is_told_with_ones_own(world: World) -> None:
    page = page_of_the_last(world, rule=TIERED, urgent=12, others=30, money_cents=2_200_000)

    assert "We could not pay you this time" in page
    assert "The money reached 22 of 43 people" in page
    assert "12 of 12" in page
    assert "<b>Other requests (your group)</b>" in page
    assert "10 of 31" in page
    assert "In the order of asking, each gets what they need" in page
    assert f'href="/f/{world.fund.slug}/rounds/"' in page
    assert "Decision: not this time" in page
    assert "If new money comes, we write to you." in page
    assert "If yes, you tell us how to pay you then." not in page


def test_a_rule_without_groups_tells_of_all_people(world: World) -> None:
    page = page_of_the_last(world, rule=QUEUE, urgent=0, others=30, money_cents=2_000_000)

    assert "The money reached 20 of 31 people" in page
    assert "People paid" in page
    assert "your group" not in page


@pytest.mark.parametrize(("urgent", "money_cents"), [(3, 2_200_000), (12, 1_300_000)])
def test_groups_that_would_show_few_people_are_told_as_one(
    world: World, urgent: int, money_cents: int
) -> None:
    page = page_of_the_last(world, rule=TIERED, urgent=urgent, others=30, money_cents=money_cents)

    assert "The money reached" in page
    assert "your group" not in page
    assert "People paid" in page


def test_a_round_of_few_people_tells_no_figures(world: World) -> None:
    page = page_of_the_last(world, rule=QUEUE, urgent=0, others=4, money_cents=200_000)

    assert "We could not pay you this time" in page
    assert "The money reached" not in page
