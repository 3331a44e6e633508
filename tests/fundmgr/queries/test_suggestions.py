"""Whose an unmatched receipt could be."""

import pytest
from builders import NOW, TODAY, make_commitment, make_donor, make_world

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.models import Instalment
from fundmgr.queries import suggestions
from fundmgr.services import commitments, receipts

pytestmark = pytest.mark.django_db


def unmatched(world, amount_cents, payer=""):
    return receipts.record(
        fund_id=world.fund.id,
        amount_cents=amount_cents,
        bank_reference="A",
        received_on=TODAY,
        payer=payer,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )


def found(world, row):
    return [
        (one.donor_name, one.commitment_id is not None, one.why)
        for one in suggestions.suggestions(world.fund.id, [row])[row.id]
    ]


def test_the_same_amount_and_the_same_name_come_first():
    world = make_world()
    make_commitment(world, make_donor(world, name="Somebody else"), 1_000)
    make_commitment(world, make_donor(world, name="José Álvarez"), 1_000)

    assert found(world, unmatched(world, 1_000, "ALVAREZ JOSE")) == [
        ("José Álvarez", True, "owes just this much, and has the payer's name"),
        ("Somebody else", True, "owes just this much"),
    ]


def test_an_instalment_of_the_schedule_in_force_fits_too():
    world = make_world()
    commitment = make_commitment(world, make_donor(world), 1_000)
    for schedule, cents in ((1, 400), (2, 300)):
        Instalment.objects.create(
            id=ids.new_id(NOW), fund=world.fund, created_at=NOW, commitment=commitment,
            schedule=schedule, number=7, due_on=TODAY, amount_cents=cents,
        )  # fmt: skip

    assert [why for _, _, why in found(world, unmatched(world, 400))] == ["owes just this much"]


def test_a_name_alone_suggests_a_gift_or_what_is_still_owed():
    world = make_world()
    make_donor(world, name="Kenji Ota")
    make_commitment(world, make_donor(world, name="Ardsley Foundation"), 9_000)

    assert found(world, unmatched(world, 50, "Kenji Ota")) == [
        ("Kenji Ota", False, "has the payer's name; as a gift")
    ]
    other = receipts.record(
        fund_id=world.fund.id,
        amount_cents=50,
        bank_reference="B",
        received_on=TODAY,
        payer="Ardsley Foundaton",
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )
    assert found(world, other) == [("Ardsley Foundation", True, "has the payer's name, and still owes")]


def test_promises_that_ended_and_strangers_are_not_suggested():
    world = make_world()
    commitment = make_commitment(world, make_donor(world), 1_000)
    commitments.cancel(commitment_id=commitment.id, reason="x", by=world.actor(Role.DIRECTOR), now=NOW)

    assert found(world, unmatched(world, 1_000, "Nobody We Know")) == []
    assert suggestions.open_commitments(world.fund.id) == []
