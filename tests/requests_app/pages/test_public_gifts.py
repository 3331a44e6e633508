"""What new money does, from the dry run alone, and how promises were kept, as the fund's page tells them."""

import dataclasses
from datetime import date, timedelta

import pytest
from builders import NOW, make_world, put_money_in
from casework import paid_awards
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from waiting import make_requests

from fundmgr.domain.lifecycle import FundState
from fundmgr.domain.permissions import Role
from fundmgr.models import Fund
from fundmgr.queries.kept_promises import Kept, Sum
from fundmgr.services import funds
from requests_app.models import OddsRun
from requests_app.pages import public as fund_page
from requests_app.pages import public_gifts
from requests_app.queries import public
from requests_app.queries.honest_odds import Gift
from requests_app.services import odds, rule_publications

pytestmark = pytest.mark.django_db
EQUAL = {"version": 1, "rule": "equal_awards"}
QUEUE = {"version": 1, "rule": "queue", "last": "stop"}


@pytest.fixture
def world():
    cache.clear()
    return make_world(reserve_bp=0)


def publish(world, rule):
    rule_publications.publish(
        fund_id=world.fund.id, rule=rule, by=world.actor(Role.DIRECTOR), now=timezone.now()
    )


def page(world, **options):
    cache.clear()
    return Client().get(f"/f/{world.fund.slug}/", **options).content.decode()


def refresh(world):
    odds.refresh(fund_id=world.fund.id, now=timezone.now())
    return OddsRun.objects.get()


def test_each_gift_is_tried_beside_the_money_there_is(world):
    put_money_in(world, 400_000)
    make_requests(world, [100_000] * 40)
    publish(world, EQUAL)

    assert refresh(world).gifts == [[5_000, 40, 0, 125], [50_000, 40, 0, 1250], [5_000_000, 40, 0, 90_000]]
    text = page(world)
    assert "<dt>$50</dt><dd>About $1 more for each of 40 people</dd>" in text
    assert "<dt>$500</dt><dd>About $12 more for each of 40 people</dd>" in text
    assert "<dt>$50,000</dt><dd>About $900 more for each of 40 people</dd>" in text
    assert "<dt>$36,000</dt><dd>Everyone who qualifies</dd>" in text
    assert "by the rule shown above and with the people who waited." in text


def test_of_each_gift_the_reserve_is_kept_back(world):
    make_requests(world, [100_000] * 40)
    funds.adopt_policy(
        fund_id=world.fund.id,
        terms=funds.PolicyTerms(750_000, 150_000, 2_000, 10_000_000, "The board"),
        by=world.actor(Role.DIRECTOR),
        now=NOW,
    )
    publish(world, EQUAL)

    assert refresh(world).gifts[0] == [5_000, 40, 40, 100]


def test_a_rule_that_serves_one_after_another_says_for_how_many_more(world):
    put_money_in(world, 400_000)
    make_requests(world, [100_000] * 100)
    publish(world, QUEUE)
    refresh(world)

    text = page(world)

    assert "<dt>$50</dt><dd>Alone it changes nobody&#x27;s share</dd>" in text
    assert "<dt>$50,000</dt><dd>A share for 50 more people</dd>" in text


@pytest.mark.parametrize(
    ("gift", "words"),
    [
        (Gift(5_000, 0, 0, 0), "Alone it changes nobody's share"),
        (Gift(5_000, 9, 9, 500), "More for fewer than 10 people"),
        (Gift(5_000, 1205, 9, 4), "About 4 cents more for each of 1,205 people"),
        (Gift(5_000, 1205, 0, 0), "About less than 1 cent more for each of 1,205 people"),
        (Gift(5_000, 12, 10, 500), "A share for 10 more people"),
    ],
)
def test_few_people_are_never_counted(gift, words):
    assert public_gifts._does(gift) == words


def test_without_a_told_rule_it_cannot_be_told(world):
    put_money_in(world, 400_000)
    make_requests(world, [100_000] * 40)

    text = page(world)

    assert "It cannot be told: the fund has not said by which rule" in text
    assert "more for each" not in text


@pytest.mark.parametrize("why", ["few", "old", "another rule"])
def test_a_run_that_does_not_fit_tells_nothing(world, why):
    put_money_in(world, 400_000)
    make_requests(world, [100_000] * (19 if why == "few" else 40))
    publish(world, EQUAL)
    refresh(world)
    if why == "old":
        OddsRun.objects.update(created_at=timezone.now() - timedelta(hours=25))
    if why == "another rule":
        publish(world, QUEUE)

    text = page(world)

    assert "It cannot be told now: too few people wait, or the last count is too old." in text
    assert "<dt>$50</dt>" not in text


def test_a_paused_fund_is_tried_and_one_that_ends_asks_for_nothing(world):
    put_money_in(world, 400_000)
    make_requests(world, [100_000] * 40)
    publish(world, EQUAL)
    funds.pause_intake(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=NOW)
    assert odds.refresh_all(clock=timezone.now) == 1
    assert "<dt>$50</dt>" in page(world)

    Fund.objects.update(state=FundState.WINDING_DOWN)

    assert odds.refresh_all(clock=timezone.now) == 0
    assert "What new money does now" not in page(world)


def test_promises_are_told_by_what_came_of_them():
    found = Kept(
        on_time=Sum(2, 120_000, 0), to_come=Sum(1, 500_000, 400_000), overdue=Sum(1, 70_000, 60_000),
        next_on=date(2026, 12, 24),
    )  # fmt: skip

    told = public_gifts.kept(found)

    assert told["title"] == "2 of 4 promises were kept in full"
    assert [(row["label"], row["note"], row["count"]) for row in told["rows"]] == [
        ("Kept on time", "", 2),
        ("Not due yet", "the next on December\xa024,\xa02026", 1),
        ("The day is over", "$600 has not come", 1),
    ]
    assert public_gifts.kept(Kept()) is None


def test_the_page_tells_of_promises_and_names_no_donor_twice(world):
    put_money_in(world, 400_000)

    text = page(world)

    assert "1 of 1 promise was kept in full" in text
    assert '<th scope="row">Kept on time</th><td class="n">1</td><td class="n">$4,000</td>' in text
    assert text.count("The founder") == 1


def test_how_long_the_money_took_is_told_of_ten_people_at_least(world):
    put_money_in(world, 5_000_000)
    paid_awards(world, [10_000] * 10)

    figures = public.figures(world.fund.id, now=NOW)
    assert (figures.to_money.paid_count, figures.to_money.median_days) == (10, 1)
    told = dataclasses.replace(figures, pace=public.Pace(12, 3, 12, 14), to_money=public.ToMoney(10, 20))

    pace = fund_page._pace(told)
    assert (pace["widest"], pace["rows"][1]["shown"]) == (20, "20 days")
    assert len(fund_page._pace(dataclasses.replace(told, to_money=None))["rows"]) == 1
