"""The honest odds: from the books and the rule's last dry run alone, and kept as each worker read them."""

from datetime import datetime, timedelta

import pytest
from builders import World, make_world, put_money_in
from console import Staff, text_of
from django.core.cache import cache
from django.utils import timezone
from waiting import make_requests
from walking import Walk

from fundmgr.domain import ids
from fundmgr.domain.eligibility import Urgency
from fundmgr.domain.permissions import Role
from requests_app.models import AssistanceRequest, OddsRun
from requests_app.queries import honest_odds, public
from requests_app.services import odds, rounds, rule_publications

EQUAL = {"version": 1, "rule": "equal_awards"}
DRAW = {"version": 1, "rule": "draw", "last": "stop"}
TOO_EARLY = "It is too early to say"
RANGE = "If we paid today, most people would get"


@pytest.fixture
def world(db: None) -> World:
    cache.clear()
    return make_world(reserve_bp=0)


def publish(world: World, rule: dict) -> None:
    rule_publications.publish(
        fund_id=world.fund.id, rule=rule, by=world.actor(Role.DIRECTOR), now=timezone.now()
    )


def run(world: World, *, at: datetime | None = None) -> OddsRun | None:
    row = odds.refresh(fund_id=world.fund.id, now=at or timezone.now())
    cache.clear()
    return row


def decide(world: World) -> None:
    """A round of equal awards, proposed and approved."""
    row = rounds.propose_rule(
        fund_id=world.fund.id, rule=EQUAL, by=world.actor(Role.DIRECTOR), now=timezone.now()
    )
    rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=timezone.now())


def start_page(world: World) -> str:
    cache.clear()
    return Walk(world).get("apply/").content.decode()


def test_under_twenty_who_wait_nothing_is_said(world: World) -> None:
    put_money_in(world, 100_000)
    make_requests(world, [50_000] * 19)
    assert TOO_EARLY in start_page(world)

    make_requests(world, [50_000])
    page = start_page(world)
    assert TOO_EARLY not in page
    assert "The fund has 10 cents left for each dollar asked for" in page
    assert "People who wait have asked for $10,000. The fund can still share $1,000." in page


def test_the_odds_of_today_stand_on_the_request_while_its_share_is_open(world: World) -> None:
    walk = Walk(world)
    walk.fill()
    walk.send()
    assert TOO_EARLY in walk.get("request/").content.decode()
    put_money_in(world, 100_000)
    make_requests(world, [50_000] * 20)
    cache.clear()
    assert "cents left for each dollar asked for" in walk.get("request/").content.decode()

    AssistanceRequest.objects.update(state="WITHDRAWN")
    assert "for each dollar asked for" not in walk.get("request/").content.decode()


def test_money_that_is_given_out_and_people_who_got_it_count_no_more(world: World) -> None:
    put_money_in(world, 100_000)
    make_requests(world, [50_000] * 20)
    decide(world)
    make_requests(world, [50_000] * 20)

    page = start_page(world)

    assert "The fund has no money left to share now" in page
    assert "If new money comes, we look at everyone who waits." in page
    assert "$10,000</b> asked for by people who wait" in page
    assert "can still share" not in page


def test_what_a_round_gave_out_is_not_told_as_what_would_be_paid_today(world: World) -> None:
    put_money_in(world, 100_000)
    make_requests(world, [50_000] * 20)
    publish(world, EQUAL)
    run(world)
    assert RANGE in start_page(world)
    decide(world)
    make_requests(world, [50_000] * 20)
    assert RANGE not in start_page(world)

    put_money_in(world, 200_000, bank_reference="WIRE-2")
    assert RANGE not in start_page(world)
    run(world)
    assert f"{RANGE} $100." in start_page(world)


def test_a_little_that_is_left_is_not_nothing(world: World) -> None:
    put_money_in(world, 1_000)
    make_requests(world, [50_000] * 40)

    assert "The fund has less than 1 cent left for each dollar asked for" in start_page(world)


def test_a_range_is_told_from_a_dry_run_of_the_rule_that_is_told(world: World) -> None:
    put_money_in(world, 100_000)
    make_requests(world, [2_000] * 5 + [50_000] * 20)
    publish(world, EQUAL)
    assert RANGE not in start_page(world)

    run(world)
    assert f"{RANGE} $20 to $45." in start_page(world)

    publish(world, {"version": 1, "rule": "proportional"})
    assert RANGE not in start_page(world)
    run(world)
    assert RANGE in start_page(world)


def test_of_a_draw_only_counts_are_told(world: World) -> None:
    put_money_in(world, 100_000)
    make_requests(world, [50_000] * 40)
    publish(world, DRAW)

    run(world)

    page = start_page(world)
    assert "If we drew names today, about 5 of each 100 people would get money." in page
    assert RANGE not in page


def test_of_a_rule_that_shares_by_groups_the_receipt_tells_ones_own(world: World) -> None:
    put_money_in(world, 1_100_000)
    make_requests(world, [50_000] * 20, urgency=[Urgency.EVICTION])
    make_requests(world, [50_000] * 20)
    publish(world, {**EQUAL, "tiers": "urgency"})
    run(world)
    assert f"{RANGE} $50 to $500" in start_page(world)

    walk = Walk(world)
    walk.fill()
    cache.clear()
    walk.send()

    receipt = walk.get("request/receipt/").content.decode()
    assert "If we paid today, most people in your group would get $50." in receipt


def test_without_a_rule_there_is_no_run_and_an_old_run_tells_nothing(world: World) -> None:
    put_money_in(world, 100_000)
    make_requests(world, [50_000] * 20)
    assert run(world) is None

    publish(world, EQUAL)
    run(world, at=timezone.now() - timedelta(hours=25))

    assert OddsRun.objects.count() == 1
    assert RANGE not in start_page(world)


def test_every_open_fund_is_run_and_a_run_writes_over_the_last(world: World) -> None:
    put_money_in(world, 100_000)
    make_requests(world, [50_000] * 20)
    publish(world, EQUAL)

    assert odds.refresh_all(clock=timezone.now) == 1
    assert odds.refresh_all(clock=timezone.now) == 1
    assert OddsRun.objects.get().paid_count == 20


def test_figures_of_more_than_a_day_say_that_they_are_old(world: World) -> None:
    now = timezone.now()
    found = public.fund_odds(world.fund.id, now=now)
    assert not found.is_stale

    old = found.seen(now + timedelta(hours=24, seconds=1))

    assert old.too_early
    assert honest_odds.from_snapshot(old.snapshot()) == old


@pytest.mark.parametrize(
    ("awards", "low", "high"),
    [([], 0, 0), ([7], 7, 7), ([0, 100], 0, 100), (list(range(0, 1100, 100)), 100, 900)],
)
def test_most_people_are_eight_of_ten(awards: list[int], low: int, high: int) -> None:
    assert odds.middle(awards) == (low, high)


def test_what_was_shown_at_the_start_and_on_the_receipt_is_kept_and_staff_read_it(world: World) -> None:
    put_money_in(world, 100_000)
    make_requests(world, [50_000] * 20)
    publish(world, EQUAL)
    run(world)
    walk = Walk(world)
    walk.fill()
    make_requests(world, [50_000] * 20)
    cache.clear()
    walk.send()

    receipt = walk.get("request/receipt/").content.decode()
    assert "The fund has 5 cents left for each dollar asked for" in receipt
    put_money_in(world, 9_000_000, bank_reference="WIRE-2")
    cache.clear()
    # Money that came later does not change what the receipt said.
    assert (
        "The fund has 5 cents left for each dollar asked for" in walk.get("request/receipt/").content.decode()
    )

    row = AssistanceRequest.objects.get(channel="WEB", filed_by__startswith="user")
    assert row.odds_shown["start"]["cents_per_dollar"] == 10
    assert row.odds_shown["start"]["run"]["people"] == 20
    assert row.odds_shown["receipt"]["cents_per_dollar"] == 5
    page = text_of(Staff(world, Role.REVIEWER).get(f"requests/{ids.public('req', row.id)}/"))
    assert "10 cents for each dollar at the start, 5 cents for each dollar on the receipt" in page
