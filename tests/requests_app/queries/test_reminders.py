"""A promise's reminders: what went, what waits, what is to come."""

from datetime import date, datetime, timedelta

import pytest
from builders import NOW, TODAY, World, make_donor, make_world
from giving import give_address

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from fundmgr.domain.schedules import Part
from fundmgr.models import Commitment, OutboxMessage
from fundmgr.services import commitments, due_dates, receipts, turns
from requests_app.queries import reminders
from requests_app.services import donor_notices

pytestmark = pytest.mark.django_db
DUE = TODAY + timedelta(days=10)


@pytest.fixture
def world() -> World:
    return make_world()


def promise(world: World, *, address: str | None = "founder@example.org") -> Commitment:
    return commitments.pledge(
        fund_id=world.fund.id,
        donor_id=give_address(world, make_donor(world), address).id,
        amount_cents=30_000,
        pledged_on=TODAY,
        instalments=[Part(DUE, 10_000), Part(DUE + timedelta(days=60), 20_000)],
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )


def remind(world: World, now: datetime, *, deliver: bool = True) -> None:
    due_dates.remind(fund_id=world.fund.id, now=now)
    for message in OutboxMessage.objects.filter(kind="donor_notice", done_at__isnull=True) if deliver else ():
        donor_notices.send(message=message, now=now)
        OutboxMessage.objects.filter(id=message.id).update(done_at=now)


def lines(world: World, row: Commitment, *, days: int = 0) -> list[tuple[date, str, str]]:
    found = reminders.of_commitment(
        world.actor(Role.AUDITOR), commitment_id=row.id, now=NOW + timedelta(days=days)
    )
    return [(one.on, one.word, one.state.value) for one in found]


def test_a_new_promise_has_its_reminders_before_it(world):
    found = lines(world, promise(world))

    assert [state for _, _, state in found] == ["PLANNED"] * 8
    assert found[0] == (DUE - timedelta(days=7), "before", "PLANNED")
    assert found[3] == (DUE + timedelta(days=30), "month", "PLANNED")


def test_one_that_went_and_one_that_waits_are_told_apart(world):
    row = promise(world)
    remind(world, NOW + timedelta(days=4))
    remind(world, NOW + timedelta(days=12), deliver=False)

    found = lines(world, row, days=12)

    assert found[0] == (TODAY + timedelta(days=4), "before", "SENT")
    assert found[1] == (DUE + timedelta(days=1), "day", "WAITING")
    assert found[2] == (DUE + timedelta(days=14), "fortnight", "PLANNED")
    assert len(found) == 8


def test_of_those_that_passed_unsent_the_latest_is_next(world):
    found = lines(world, promise(world), days=30)

    assert found[0] == (TODAY + timedelta(days=30), "fortnight", "PLANNED")
    assert [word for on, word, _ in found if on <= DUE + timedelta(days=30)] == ["fortnight", "month"]


def test_money_that_came_in_first_needs_no_reminder(world):
    row = promise(world)
    remind(world, NOW + timedelta(days=4), deliver=False)
    receipt = receipts.record(
        commitment_id=row.id,
        amount_cents=30_000,
        bank_reference="WIRE-1",
        received_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW + timedelta(days=4),
    )
    receipts.reconcile(
        receipt_id=receipt.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW + timedelta(days=4)
    )
    remind(world, NOW + timedelta(days=5))

    assert lines(world, row, days=5) == [(DUE - timedelta(days=7), "before", "NOT_NEEDED")]


@pytest.mark.parametrize("address", [None, "(213) 555-0100"])
def test_a_donor_without_a_mail_address_cannot_be_reminded(world, address):
    found = lines(world, promise(world, address=address))

    assert {state for _, _, state in found} == {"NO_ADDRESS"}


def test_letters_about_old_dates_stay_in_sight(world):
    row = promise(world)
    remind(world, NOW + timedelta(days=12))
    due_dates.mark_overdue(fund_id=world.fund.id, now=NOW + timedelta(days=12))
    turned = turns.propose_dates(
        commitment_id=row.id,
        instalments=[Part(TODAY + timedelta(days=90), 30_000)],
        reason="The donor asked.",
        by=world.actor(Role.DIRECTOR),
        now=NOW + timedelta(days=12),
    )
    turns.make(turn_id=turned.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW + timedelta(days=12))

    found = lines(world, row, days=12)

    assert found[0] == (TODAY + timedelta(days=12), "day", "SENT")
    assert [state for _, _, state in found[1:]] == ["PLANNED"] * 4


def test_another_fund_sees_nothing(world):
    other = make_world(name="Other fund")

    with pytest.raises(errors.NotFound):
        lines(other, promise(world))
