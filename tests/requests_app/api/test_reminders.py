"""A promise's reminders over the API."""

import builders
from calling import code_of
from giving import give_address

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.services import commitments


def path_of(world) -> str:
    row = commitments.pledge(
        fund_id=world.fund.id,
        donor_id=give_address(world, builders.make_donor(world)).id,
        amount_cents=30_000,
        pledged_on=builders.TODAY,
        due_on=builders.TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=builders.NOW,
    )
    return f"commitments/{ids.public('com', row.id)}/reminders"


def test_the_reminder_of_a_late_promise_is_told(program, world):
    path = path_of(world)

    found = program(Role.AUDITOR).get(path).json()

    assert found["commitment_id"] == path.split("/")[1]
    (line,) = found["reminders"]
    assert (line["due_on"], line["which"], line["state"]) == ("2023-09-18", "month", "PLANNED")
    assert line["open"] == {"amount": "300.00", "currency": "USD"}


def test_only_who_reads_money_sees_them(program, world):
    path = path_of(world)

    assert code_of(program(Role.REVIEWER).get(path)) == "forbidden"
    assert code_of(program(Role.AUDITOR).get(path.replace("com_", "com_0")[:-1])) == "not_found"
