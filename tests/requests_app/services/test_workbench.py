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


def test_what_bending_gains_under_a_list_is_told_for_one_who_stands_first(world):
    make_requests(world, [200_000, 200_000])
    queue, draw = (one.figures for one in compared(world, QUEUE, {"version": 1, "rule": "draw"}).rules)

    # In the middle of the list the money is gone, so that nothing would help there.
    assert (queue.inflating_gains_cents, queue.splitting_gains_cents) == (100_000, 0)
    assert (draw.inflating_gains_cents, draw.splitting_gains_cents) == (100_000, 0)


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


def test_a_need_may_count_further_than_the_policys_cap(world):
    small = make_world(name="Small", reserve_bp=0, award_cap_cents=100_000)
    put_money_in(small, 300_000)
    make_requests(small, [100_000, 200_000, 450_000])

    capped, whole = compared(small, QUEUE, {**QUEUE, "need_up_to_cents": 750_000}).rules

    assert (capped.row.spread.paid_count, capped.row.spread.highest_cents) == (3, 100_000)
    assert (whole.row.spread.paid_count, whole.row.spread.highest_cents) == (2, 200_000)
    assert (capped.need_up_to_cents, whole.need_up_to_cents) == (100_000, 750_000)
    assert (capped.row.capped_cents, whole.row.capped_cents) == (300_000, 750_000)


def test_a_draw_is_shown_in_an_order_of_example_and_no_one_is_drawn(world):
    draw = {"version": 1, "rule": "draw", "last": "stop", "need_up_to_cents": 200_000}

    first, again = (compared(world, draw).rules[0] for _ in range(2))

    assert first == again
    assert first.row.spread.paid_cents + first.row.leftover_cents == 300_000
    assert first.figures.minimums == ()
    assert not AllocationRound.objects.exists()


def test_people_in_a_round_that_is_not_approved_are_still_compared(world):
    before = compared(world, EQUAL)
    rounds.propose_rule(fund_id=world.fund.id, rule=EQUAL, by=world.actor(Role.DIRECTOR), now=NOW)

    assert compared(world, EQUAL) == before


def test_a_digest_binds_people_money_rules_and_awards(world):
    first, again, other = compared(world, EQUAL), compared(world, EQUAL), compared(world, QUEUE)
    put_money_in(world, 100, bank_reference="WIRE-2")
    richer = compared(world, EQUAL)

    assert first.digest == again.digest
    assert len({first.digest, other.digest, richer.digest}) == 3
    assert first.snapshot_digest == other.snapshot_digest != richer.snapshot_digest
