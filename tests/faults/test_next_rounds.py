"""A real worker offers the next round: delivered very often, or killed in the middle, there is one."""

import failpoints
import pytest
from builders import make_world, put_money_in
from casework import file_request, make_awards, make_eligible
from failpoints import Order
from fault_ground import breaks, ground_of

from requests_app.models import AllocationRound, Notice

TASK = "fundmgr.next_rounds"


@pytest.fixture
def ground(servers, committed_db, tmp_path):
    with ground_of(servers, committed_db, tmp_path) as one:
        world = make_world(reserve_bp=0, next_round_from_cents=50_000)
        put_money_in(world, 200_000)
        make_awards(world, [100_000, 100_000])
        asks = [(90_000, "one@example.org"), (40_000, "two@example.org")]
        make_eligible(world, [file_request(world, cents, contact=contact) for cents, contact in asks])
        put_money_in(world, 80_000, bank_reference="WIRE-9")
        yield one


def is_offered():
    return AllocationRound.objects.filter(state="PROPOSED").exists()


def is_told():
    return Notice.objects.filter(kind="next_round").exists()


def test_delivered_again_and_again_it_offers_one_round_and_tells_once(ground):
    for _ in range(8):
        ground.sweep(TASK)
    ground.start("worker")
    ground.sweep_until(is_offered, task=TASK)
    ground.sweep_until(is_told)
    ground.sweep(TASK)
    ground.sweep_until(is_told)

    assert AllocationRound.objects.filter(cause="NEW_MONEY").count() == 1
    assert Notice.objects.filter(kind="next_round").count() == 1
    assert breaks() == []


@pytest.mark.parametrize("step", [4, 25, 45])
def test_a_worker_that_is_killed_in_the_middle_leaves_nothing_half_done(ground, step):
    order = Order("next_rounds.offer", step, failpoints.KILL)
    ground.points.order(order)
    ground.start("worker")
    ground.sweep_until(is_offered, task=TASK)

    row = AllocationRound.objects.get(cause="NEW_MONEY")
    assert ground.points.hits() == [order.name]
    assert (row.state, row.number, row.members.count()) == ("PROPOSED", 2, 2)
    assert breaks() == []
