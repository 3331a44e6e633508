"""What donors promised, counted by what it is worth."""

import pytest
from builders import NOW, TODAY, make_commitment, make_donor, make_world, put_money_in, sign_turn

from fundmgr.domain.lifecycle import Turn
from fundmgr.domain.permissions import Role
from fundmgr.models import Commitment
from fundmgr.queries import promises
from fundmgr.services import commitments

pytestmark = pytest.mark.django_db


def test_a_fund_without_donors_expects_nothing():
    assert promises.totals(make_world().fund.id) == promises.Promises(0, 0, 0, 0)


def test_what_was_paid_is_no_longer_owed():
    world = make_world()
    put_money_in(world, 100_000)
    make_commitment(world, make_donor(world), 40_000)

    assert promises.totals(world.fund.id) == promises.Promises(140_000, 40_000, 0, 38_000)


def test_a_cancelled_promise_counts_with_what_came_in_alone():
    world = make_world()
    row = make_commitment(world, make_donor(world), 40_000)
    Commitment.objects.filter(id=row.id).update(received_cents=15_000)
    commitments.cancel(commitment_id=row.id, reason="Asked.", by=world.actor(Role.DIRECTOR), now=NOW)

    assert promises.totals(world.fund.id) == promises.Promises(15_000, 0, 0, 0)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"state": "DEFAULTED"}, (40_000, 40_000, 0, 0)),
        ({"state": "DRAFT"}, (0, 0, 0, 0)),
        ({"state": "WRITTEN_OFF", "written_off_cents": 40_000}, (0, 0, 0, 0)),
        ({"collection_bp": 9_000}, (40_000, 40_000, 0, 36_000)),
        ({"is_conditional": True, "state": "CANCELLED", "received_cents": 15_000}, (0, 0, 0, 0)),
        (
            {"is_conditional": True, "state": "CANCELLED", "met_cents": 6_000, "received_cents": 15_000},
            (6_000, 0, 0, 0),
        ),
        (
            {"is_conditional": True, "state": "CANCELLED", "met_cents": 30_000, "received_cents": 15_000},
            (15_000, 0, 0, 0),
        ),
        (
            {"is_conditional": True, "state": "CONDITIONAL", "met_cents": 10_000},
            (10_000, 10_000, 30_000, 9_500),
        ),
    ],
)
def test_each_state_has_its_worth(changes, expected):
    world = make_world()
    row = make_commitment(world, make_donor(world), 40_000)
    sign_turn(world, row, Turn.DEFAULT)
    Commitment.objects.filter(id=row.id).update(**changes)

    assert promises.totals(world.fund.id) == promises.Promises(*expected)
    (counted,) = Commitment.objects.annotate(cents=promises.counted()).values_list("cents", flat=True)
    assert counted == expected[0] + expected[2]
    row.refresh_from_db()
    assert row.state == "DRAFT" or row.counted_cents == counted
    assert row.pledged_on == TODAY
