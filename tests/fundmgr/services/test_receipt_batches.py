"""Many receipts confirmed at once."""

from uuid import uuid4

import pytest
from builders import NOW, TODAY, add_staff, make_commitment, make_donor, make_world

from fundmgr.domain import actors, errors, postings
from fundmgr.domain.chart import Code
from fundmgr.domain.lifecycle import CommitmentState, ReceiptState
from fundmgr.domain.permissions import Role
from fundmgr.models import Commitment, Receipt
from fundmgr.ports import ledger
from fundmgr.queries import books, funds
from fundmgr.services import commitments, proof, receipt_batches, receipts
from fundmgr.services import funds as fund_services

pytestmark = pytest.mark.django_db


def record(world, reference, amount_cents=1_000, **shape):
    if "commitment_id" not in shape:
        shape["fund_id"] = world.fund.id
    return receipts.record(
        amount_cents=amount_cents,
        bank_reference=reference,
        received_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
        **shape,
    )


def reconcile(world, rows, *, by=None):
    return receipt_batches.reconcile_many(
        fund_id=world.fund.id,
        receipt_ids=[row.id for row in rows],
        by=by or world.actor(Role.TREASURER_RELEASES),
        now=NOW,
    )


def balances(world):
    return {code: cents for code, _, cents in books.balances(world.fund.id) if cents}


def test_each_kind_is_booked_as_it_would_be_alone():
    world = make_world(reserve_bp=1_000)
    commitment = make_commitment(world, make_donor(world), 1_500)
    rows = [
        record(world, "A", 900, commitment_id=commitment.id),
        record(world, "B", 600, commitment_id=commitment.id),
        record(world, "C", donor_id=make_donor(world).id),
        record(world, "D"),
    ]

    reconcile(world, rows)

    assert balances(world) == {
        Code.CASH: 3_500,
        Code.SUSPENSE: 1_000,
        Code.CONTRIBUTIONS: 1_000,
        Code.PLEDGED_CONTRIBUTIONS: 1_500,
        Code.CONTROL: 2_500,
        Code.AVAILABLE: 2_250,
        Code.RESERVE: 250,
    }
    assert Commitment.objects.get().state == CommitmentState.FULFILLED
    assert [row.state for row in Receipt.objects.order_by("bank_reference")] == [
        ReceiptState.RECONCILED,
        ReceiptState.RECONCILED,
        ReceiptState.RECONCILED,
        ReceiptState.UNMATCHED,
    ]
    assert proof.check_books() == []


def test_money_of_two_receipts_fills_a_hole_once():
    world = make_world(reserve_bp=0)
    gone = record(world, "A", donor_id=make_donor(world).id)
    reconcile(world, [gone])
    restriction_id = funds.general_restriction(world.fund.id).id
    hold = postings.hold(award_id=uuid4(), shares=[(restriction_id, 1_000)])
    ledger.post(hold, fund_id=world.fund.id, by=actors.SYSTEM, now=NOW)
    receipts.bounce(receipt_id=gone.id, reason="x", by=world.actor(Role.TREASURER_RELEASES), now=NOW)

    donor = make_donor(world)
    reconcile(world, [record(world, name, 700, donor_id=donor.id) for name in "BC"])

    assert balances(world)[Code.AVAILABLE] == 400
    assert Code.UNCOVERED not in balances(world)
    assert proof.check_books() == []


def test_all_of_them_or_none():
    world = make_world()
    first, second = record(world, "A"), record(world, "B")
    reconcile(world, [first])

    with pytest.raises(errors.WrongState):
        reconcile(world, [first, second])

    assert Receipt.objects.get(id=second.id).state == ReceiptState.RECEIVED


def test_nobody_confirms_what_they_recorded():
    world = make_world()
    both = add_staff(world.fund, Role.TREASURER_PREPARES, name="Both")
    fund_services.appoint(
        fund_id=world.fund.id,
        user_id=both.person_id,
        role=Role.TREASURER_RELEASES,
        by=actors.SYSTEM,
        now=NOW,
    )
    own = receipts.record(
        fund_id=world.fund.id, amount_cents=1, bank_reference="O", received_on=TODAY, by=both, now=NOW
    )

    with pytest.raises(errors.SelfApproval):
        reconcile(world, [record(world, "A"), own], by=both)


def test_a_promise_that_ended_is_named():
    world = make_world()
    commitment = make_commitment(world, make_donor(world), 1_000)
    row = record(world, "A", commitment_id=commitment.id)
    Commitment.objects.filter(id=commitment.id).update(state=CommitmentState.CANCELLED)

    with pytest.raises(errors.WrongState, match="Take the money as a gift"):
        reconcile(world, [row])
    done = receipts.match(
        receipt_id=row.id,
        donor_id=commitment.donor_id,
        by=world.actor(Role.TREASURER_RELEASES),
        now=NOW,
    )
    assert done.commitment_id is None
    reconcile(world, [row])
    assert balances(world)[Code.CONTRIBUTIONS] == 1_000


def test_none_and_too_many_are_refused():
    world = make_world()

    with pytest.raises(errors.InvalidInput):
        reconcile(world, [])
    with pytest.raises(errors.InvalidInput):
        receipt_batches.reconcile_many(
            fund_id=world.fund.id,
            receipt_ids=[uuid4() for _ in range(receipt_batches.MOST + 1)],
            by=world.actor(Role.TREASURER_RELEASES),
            now=NOW,
        )


def test_a_conditional_promise_takes_early_money_in_a_batch():
    world = make_world()
    commitment = commitments.pledge(
        fund_id=world.fund.id,
        donor_id=make_donor(world).id,
        amount_cents=1_000,
        pledged_on=TODAY,
        is_conditional=True,
        condition="A match.",
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )

    reconcile(world, [record(world, "A", commitment_id=commitment.id)])

    assert balances(world) == {Code.CASH: 1_000, Code.REFUNDABLE_ADVANCE: 1_000}
