"""Which promises were kept: sorted by what came of them, with the first day on which money is due."""

from datetime import timedelta

import pytest
from builders import NOW, TODAY, make_donor, make_world

from fundmgr.domain.lifecycle import CommitmentState
from fundmgr.domain.permissions import Role
from fundmgr.domain.schedules import Part
from fundmgr.models import Commitment
from fundmgr.queries import kept_promises
from fundmgr.queries.kept_promises import Kept, Sum
from fundmgr.services import commitments, due_dates, receipts, turns

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SOON = NOW + 3 * DAY


@pytest.fixture
def world():
    return make_world()


def pledge(world, cents, **said):
    return commitments.pledge(
        fund_id=world.fund.id,
        donor_id=make_donor(world).id,
        amount_cents=cents,
        pledged_on=TODAY - 30 * DAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
        **said,
    )


def pay(world, commitment, cents, reference):
    row = receipts.record(
        commitment_id=commitment.id,
        amount_cents=cents,
        bank_reference=reference,
        received_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )
    receipts.reconcile(receipt_id=row.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)


def default(world, commitment):
    director, releaser = world.actor(Role.DIRECTOR), world.actor(Role.TREASURER_RELEASES)
    turn = turns.propose_default(commitment_id=commitment.id, reason="Gone.", by=director, now=SOON)
    turns.make(turn_id=turn.id, by=releaser, now=SOON)


def test_without_a_promise_there_is_nothing_to_tell(world):
    assert kept_promises.read(world.fund.id) == Kept()
    assert Kept().count == 0


def test_each_promise_is_where_its_money_and_its_day_put_it(world):
    on_time, undated, late = pledge(world, 1000, due_on=TODAY), pledge(world, 200), pledge(world, 30)
    pledge(world, 4000, due_on=TODAY + 9 * DAY)
    pledge(world, 50_000, is_conditional=True, condition="A match", right_of_return="Yes")
    for place, row in enumerate((on_time, undated, late)):
        pay(world, row, row.amount_cents, f"WIRE-{place}")
    Commitment.objects.filter(id=late.id).update(due_on=TODAY - DAY)
    pledge(world, 700, due_on=TODAY)
    lost = pledge(world, 89, due_on=TODAY)
    due_dates.mark_overdue(fund_id=world.fund.id, now=SOON)
    default(world, lost)
    for state in (CommitmentState.DRAFT, CommitmentState.CANCELLED):
        Commitment.objects.filter(id=pledge(world, 1).id).update(state=state)

    found = kept_promises.read(world.fund.id)

    assert found == Kept(
        on_time=Sum(2, 1200, 0),
        late=Sum(1, 30, 0),
        to_come=Sum(1, 4000, 4000),
        conditional=Sum(1, 50_000, 50_000),
        overdue=Sum(1, 700, 700),
        given_up=Sum(1, 89, 89),
        next_on=TODAY + 9 * DAY,
    )
    assert found.count == 7


def test_the_next_day_is_of_the_first_part_that_has_not_come(world):
    dates = [Part(TODAY + days * DAY, 1000) for days in (5, 20, 40)]
    row = pledge(world, 3000, instalments=dates)
    assert kept_promises.read(world.fund.id).next_on == TODAY + 5 * DAY

    pay(world, row, 1000, "WIRE-1")

    found = kept_promises.read(world.fund.id)
    assert found.next_on == TODAY + 20 * DAY
    assert found.to_come == Sum(1, 3000, 2000)


def test_it_takes_two_queries_however_many_promises_there_are(world, django_assert_num_queries):
    for number in range(5):
        pledge(world, 1000 + number, due_on=TODAY + 9 * DAY)

    with django_assert_num_queries(2):
        kept_promises.read(world.fund.id)
