"""A commitment's page shows which reminders went to its donor and which are to come."""

from datetime import timedelta

import pytest
from builders import make_donor, make_world
from console import Staff, text_of
from django.utils import timezone
from giving import give_address

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.services import commitments, entered, receipts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "state"), [("founder@example.org", "To come"), (None, "Cannot go: no mail address")]
)
def test_reminders_are_told_with_their_day_and_state(address, state):
    world = make_world()
    today = entered.today(world.fund.id, timezone.now())
    row = commitments.pledge(
        fund_id=world.fund.id,
        donor_id=give_address(world, make_donor(world), address).id,
        amount_cents=30_000,
        pledged_on=today - timedelta(days=2),
        due_on=today + timedelta(days=60),
        by=world.actor(Role.TREASURER_PREPARES),
        now=timezone.now(),
    )

    shown = text_of(Staff(world, Role.AUDITOR).get(f"commitments/{public('com', row.id)}/"))

    assert "Reminders to the donor" in shown
    assert "a week before" in shown
    assert shown.count(state) == 4


def test_the_figures_add_up_while_money_waits_to_be_reconciled():
    world = make_world()
    now, by = timezone.now(), world.actor(Role.TREASURER_PREPARES)
    row = commitments.pledge(
        fund_id=world.fund.id,
        donor_id=make_donor(world).id,
        amount_cents=30_000,
        pledged_on=now.date() - timedelta(days=2),
        due_on=now.date() + timedelta(days=60),
        by=by,
        now=now,
    )
    receipts.record(
        fund_id=world.fund.id,
        commitment_id=row.id,
        amount_cents=10_000,
        bank_reference="FED-1",
        received_on=now.date() - timedelta(days=1),
        by=by,
        now=now,
    )

    shown = text_of(Staff(world, Role.AUDITOR).get(f"commitments/{public('com', row.id)}/"))

    assert (
        "<dt>Waits to be reconciled</dt><dd>$100</dd></div><div><dt>Still to come</dt><dd>$200</dd>" in shown
    )
    assert "What waits to be reconciled is still open here." in shown
