"""Demand in SQL: each layer, each grouping, to the cent."""

from datetime import UTC, datetime, timedelta

import pytest
from builders import NOW, make_world
from waiting import make_requests

from fundmgr.domain.eligibility import NeedCategory
from fundmgr.domain.lifecycle import RequestState
from fundmgr.domain.shortfall import DemandLayer
from requests_app.models import AssistanceRequest
from requests_app.queries import demand

CAP = 150_000


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def fund(world):
    for state in (
        RequestState.WITHDRAWN,
        RequestState.DUPLICATE_MERGED,
        RequestState.INELIGIBLE,
        RequestState.NEEDS_INFO,
        RequestState.LAPSED,
        RequestState.SUBMITTED,
        RequestState.ON_HOLD,
    ):
        make_requests(world, [100_000], state=state, craft="Camera")
    make_requests(world, [200_000, 50_000], asked_cents=[300_000, 60_000], production_name="Northlight")
    make_requests(world, [80_000], state=RequestState.AWARDED, asked_cents=[90_000])
    other = make_world(name="Another Fund")
    make_requests(other, [999_999])
    return world.fund


def test_layers_split_what_is_asked_by_what_became_of_it(fund):
    found = demand.layers(fund.id, award_cap_cents=CAP)

    assert found.requested == DemandLayer(10, 1_150_000)
    assert found.withdrawn == found.duplicates == found.ineligible == DemandLayer(1, 100_000)
    assert found.incomplete == found.unsorted == DemandLayer(2, 200_000)
    assert found.eligible == DemandLayer(3, 450_000)
    assert found.verified == DemandLayer(3, 330_000)
    assert found.capped == DemandLayer(3, 280_000)


def test_an_empty_fund_has_layers_of_nobody(world):
    found = demand.layers(world.fund.id, award_cap_cents=CAP)

    assert found.requested == found.capped == DemandLayer(0, 0)


@pytest.mark.parametrize("by", ["craft", "production", "day"])
def test_each_grouping_adds_up_to_the_layers(fund, by):
    rows = demand.groups(fund.id, by=by, award_cap_cents=CAP, time_zone="America/Los_Angeles")

    assert sum(row.people_count for row in rows) == 10
    assert sum(row.asked_cents for row in rows) == 1_150_000
    assert sum(row.eligible_count for row in rows) == 3
    assert sum(row.eligible_cents for row in rows) == 450_000
    assert sum(row.verified_cents for row in rows) == 330_000
    assert sum(row.capped_cents for row in rows) == 280_000


def test_a_day_is_counted_in_the_zone_of_the_fund(world):
    late_evening = datetime(2023, 9, 9, 6, 30, tzinfo=UTC)
    make_requests(world, [1_000], submitted_at=late_evening)

    rows = demand.groups(world.fund.id, by="day", award_cap_cents=CAP, time_zone="America/Los_Angeles")

    assert [row.label for row in rows] == ["2023-09-08"]


def test_verified_need_is_split_over_categories_as_the_ask_was(world):
    lines = [(NeedCategory.RENT, 200), (NeedCategory.FOOD, 100)]
    make_requests(world, [100], asked_cents=[300], need_lines=lines)

    found = {row.category: row for row in demand.categories(world.fund.id, award_cap_cents=CAP)}

    assert (found["RENT"].asked_cents, found["FOOD"].asked_cents) == (200, 100)
    assert abs(sum(row.verified_cents for row in found.values()) - 100) < 1e-9


def test_asks_come_back_one_by_one_smallest_first(fund):
    assert demand.asks(fund.id) == [60_000, 90_000, *[100_000] * 7, 300_000]


def test_ages_are_whole_days_in_the_state(world):
    rows = make_requests(world, [1, 2, 3])
    for row, days in zip(rows, (0, 3, 3), strict=True):
        since = NOW - timedelta(days=days, hours=5)
        AssistanceRequest.objects.filter(id=row.id).update(state_since=since)

    assert demand.ages(world.fund.id, as_of=NOW) == {"ELIGIBLE": [0, 3, 3]}


def test_overdue_counts_undecided_requests_older_than_promised(world):
    make_requests(world, [1], state=RequestState.SUBMITTED, submitted_at=NOW - timedelta(days=15))
    make_requests(world, [1], state=RequestState.SUBMITTED, submitted_at=NOW - timedelta(days=14))
    make_requests(world, [1], state=RequestState.ELIGIBLE, submitted_at=NOW - timedelta(days=30))

    assert demand.overdue_count(world.fund.id, before=NOW - timedelta(days=14)) == 1


def test_households_are_counted_once(fund):
    assert demand.households(fund.id, award_cap_cents=CAP) == (3, 0)
