"""Rules side by side in depth, on those who wait and the money there is."""

import pytest
from builders import NOW, make_world, put_money_in
from waiting import make_requests

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from requests_app.models import AllocationRound
from requests_app.services import rounds, workbench

pytestmark = pytest.mark.django_db
EQUAL = {"version": 1, "rule": "equal_awards"}
SHARES = {"version": 1, "rule": "proportional"}
QUEUE = {"version": 1, "rule": "queue"}


@pytest.fixture
def world(db):
    made = make_world(reserve_bp=0, award_cap_cents=500_000)
    put_money_in(made, 300_000)
    make_requests(made, [100_000, 200_000, 450_000])
    return made


def compared(world, *rules, **more):
    return workbench.compare(
        fund_id=world.fund.id, rules=rules, by=world.actor(Role.DIRECTOR), now=NOW, **more
    )


def test_the_totals_are_those_of_a_preview_and_nothing_is_kept(world):
    rows = rounds.preview(fund_id=world.fund.id, rules=[EQUAL, QUEUE], by=world.actor(Role.DIRECTOR), now=NOW)

    found = compared(world, EQUAL, QUEUE)

    assert [one.row for one in found.rules] == rows
    assert found.changes is None
    assert not AllocationRound.objects.exists()


def test_each_size_of_need_is_told_apart(world):
    bands = compared(world, QUEUE).rules[0].figures.bands

    assert [(band.band, band.people_count, band.paid_count, band.met_bp) for band in bands] == [
        (1, 1, 1, 10_000),
        (2, 1, 1, 10_000),
        (3, 1, 0, 0),
    ]


def test_a_smallest_grant_shows_whom_it_leaves_with_nothing(world):
    minimums = compared(world, EQUAL).rules[0].figures.minimums

    assert [(row.floor_cents, row.losing_count) for row in minimums][-2:] == [(100_000, 0), (150_000, 1)]
    assert compared(world, QUEUE).rules[0].figures.minimums == ()


def test_bending_and_money_are_tried_out(world):
    equal, shares = (one.figures for one in compared(world, EQUAL, SHARES).rules)

    assert (equal.inflating_gains_cents, equal.splitting_gains_cents) == (0, 50_000)
    assert (shares.inflating_gains_cents, shares.splitting_gains_cents) == (46_316, 0)
    assert [(row.percent, row.paid_cents) for row in equal.money] == [(90, 270_000), (110, 330_000)]
    assert "Sending early does not help." in equal.promises


def test_those_who_change_most_are_named_by_reference_alone(world):
    changes = compared(world, EQUAL, QUEUE, pair=(0, 1)).changes

    assert (changes.more_count, changes.less_count, changes.same_count) == (1, 1, 1)
    assert [(row.before_cents, row.after_cents) for row in changes.most] == [(100_000, 200_000), (100_000, 0)]
    assert all(row.reference.startswith("R-") for row in changes.most)


def test_nobody_waiting_gives_empty_figures():
    world = make_world()

    found = compared(world, EQUAL, SHARES, pair=(0, 1))

    assert [one.figures.bands for one in found.rules] == [(), ()]
    assert found.changes.most == ()


def test_strangers_see_nothing(world):
    with pytest.raises((errors.NotFound, errors.Forbidden)):
        workbench.compare(
            fund_id=world.fund.id, rules=[EQUAL], by=make_world(name="Another").actor(Role.DIRECTOR), now=NOW
        )
