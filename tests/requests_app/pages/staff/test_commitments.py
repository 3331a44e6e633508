"""A commitment's page shows which reminders went to its donor and which are to come."""

from datetime import timedelta

import pytest
from builders import make_donor, make_world
from console import Staff, text_of
from django.utils import timezone
from giving import give_address

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.services import commitments, entered

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
