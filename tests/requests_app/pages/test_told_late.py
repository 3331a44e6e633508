"""What a worker is told when something went late or came back."""

from datetime import timedelta

import casework
import pytest
from builders import World, make_world, put_money_in
from django.utils import timezone
from walking import Walk

from fundmgr.domain.permissions import Role
from fundmgr.services import funds
from requests_app.models import AssistanceRequest, Award
from requests_app.services import payouts


@pytest.fixture
def world(db: None) -> World:
    return make_world(now=timezone.now() - timedelta(days=1))


@pytest.fixture
def walk(world: World) -> Walk:
    walk = Walk(world)
    walk.fill()
    walk.send()
    return walk


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("days", [17, 30, 100])
def test_a_broken_promise_is_told_with_a_new_date_to_come(walk: Walk, days: int):
    AssistanceRequest.objects.update(submitted_at=timezone.now() - timedelta(days=days))

    page = text_of(walk.get("request/"))

    assert "We said" in page
    assert "We are late. New date:" in page


def test_in_time_nothing_is_said(walk: Walk):
    assert "We are late" not in text_of(walk.get("request/"))


def test_a_paused_fund_says_that_it_goes_on(world: World, walk: Walk):
    funds.pause_intake(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=timezone.now())

    assert "We go on with yours." in text_of(walk.get("request/"))


@pytest.mark.parametrize(
    ("code", "cause"), [("R02", "The account is closed."), ("R04", "The account number is not right.")]
)
def test_a_payment_that_came_back_says_why_and_from_which_account(
    world: World, walk: Walk, code: str, cause: str
):
    now = timezone.now()
    put_money_in(world, 50_000_000, now=now)
    casework.make_eligible(world, list(AssistanceRequest.objects.all()))
    director, approver = world.actor(Role.DIRECTOR), world.actor(Role.APPROVER)
    row = casework.rounds.propose_rule(fund_id=world.fund.id, rule=casework.EQUAL, by=director, now=now)
    casework.rounds.approve(round_id=row.id, result_digest=row.result_digest, by=approver, now=now)
    award = Award.objects.get()
    details = {"name_on_account": "Ana", "routing_number": casework.ROUTING, "account_number": "000123456789"}
    walk.post("request/pay/bank/", {"confirm": "1", **details})
    now = timezone.now()
    batch = casework.release(world, casework.build(world, award_ids=[award.id], now=now), now=now)
    payouts.record_return(
        payout_id=batch.payouts.get().id, code=code, by=world.actor(Role.TREASURER_PREPARES), now=now
    )

    page = text_of(walk.get("request/"))

    assert f"{cause} It went to the account ending in 6789." in page
    assert "The money is still yours." in page
