"""Money that goes back to a donor."""

from uuid import uuid4

import pytest
from builders import NOW, TODAY, make_commitment, make_donor, make_world

from fundmgr.domain import actors, errors, postings
from fundmgr.domain.chart import Code
from fundmgr.domain.lifecycle import CommitmentState, ProposalState, ReceiptState
from fundmgr.domain.permissions import Role
from fundmgr.models import Commitment, Receipt, Refund
from fundmgr.ports import ledger
from fundmgr.queries import books, funds
from fundmgr.services import commitments, proof, receipts, refunds
from fundmgr.services import funds as fund_services

pytestmark = pytest.mark.django_db


def receive(world, amount_cents=1_000, *, reference="A", **shape):
    """Money that another person reconciled."""
    if "commitment_id" not in shape:
        shape["fund_id"] = world.fund.id
    row = receipts.record(
        amount_cents=amount_cents,
        bank_reference=reference,
        received_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
        **shape,
    )
    return receipts.reconcile(receipt_id=row.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)


def gift(world, amount_cents=1_000):
    return receive(world, amount_cents, donor_id=make_donor(world).id)


def propose(world, receipt, amount_cents=1_000, *, reason="The donor asked.", by=None):
    by = by or world.actor(Role.DIRECTOR)
    return refunds.propose(receipt_id=receipt.id, amount_cents=amount_cents, reason=reason, by=by, now=NOW)


def make(world, refund, *, by=None):
    return refunds.make(refund_id=refund.id, by=by or world.actor(Role.TREASURER_RELEASES), now=NOW)


def balances(world):
    return {code: cents for code, _, cents in books.balances(world.fund.id) if cents}


def test_two_people_give_a_gift_back_with_its_reserve():
    world = make_world(reserve_bp=200)
    receipt = gift(world, 10_000)

    refund = propose(world, receipt, 10_000)
    assert balances(world)[Code.CASH] == 10_000
    assert make(world, refund).state == ProposalState.MADE

    assert balances(world) == {}
    assert Receipt.objects.get().state == ReceiptState.REFUNDED
    position = books.position(world.fund.id)
    assert (position.received_cents, position.refunded_cents) == (10_000, 10_000)
    assert proof.check_books() == []


def test_a_part_may_go_back_and_then_another():
    world = make_world(reserve_bp=1_000)
    receipt = gift(world, 1_000)

    make(world, propose(world, receipt, 300))
    row = Receipt.objects.get()
    assert (row.state, row.refunded_cents, row.reserve_cents) == (ReceiptState.RECONCILED, 300, 70)
    with pytest.raises(errors.InvalidInput) as refused:
        propose(world, receipt, 701)
    assert "Only $7.00 of this receipt is left" in refused.value.problems[0].sentence
    make(world, propose(world, receipt, 700))

    assert (Receipt.objects.get().state, balances(world)) == (ReceiptState.REFUNDED, {})


def test_money_that_is_promised_does_not_go_back():
    world = make_world(reserve_bp=0)
    receipt = gift(world)
    restriction_id = funds.general_restriction(world.fund.id).id
    hold = postings.hold(award_id=uuid4(), shares=[(restriction_id, 700)])
    ledger.post(hold, fund_id=world.fund.id, by=actors.SYSTEM, now=NOW)
    refund = propose(world, receipt)

    with pytest.raises(errors.InsufficientFunds, match=r"Only \$3.00 of this money is free"):
        make(world, refund)

    assert Refund.objects.get().state == ProposalState.PROPOSED
    assert Receipt.objects.get().refunded_cents == 0


def test_paid_money_of_a_promise_comes_out_of_what_it_was_booked_to():
    world = make_world(reserve_bp=0)
    commitment = make_commitment(world, make_donor(world), 1_000)
    receipt = receive(world, commitment_id=commitment.id)

    make(world, propose(world, receipt))

    assert balances(world) == {}
    row = Commitment.objects.get()
    assert (row.state, row.owed_cents) == (CommitmentState.FULFILLED, 0)


def test_early_money_goes_back_and_may_come_again():
    world = make_world(reserve_bp=0)
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
    receipt = receive(world, commitment_id=commitment.id)

    make(world, propose(world, receipt))

    assert balances(world) == {}
    assert Commitment.objects.get().received_cents == 0
    receive(world, commitment_id=commitment.id, reference="B")


def test_unmatched_money_goes_back_out_of_suspense():
    world = make_world()
    receipt = receive(world)

    make(world, propose(world, receipt, 400))
    assert balances(world) == {Code.CASH: 600, Code.SUSPENSE: 600}
    by = world.actor(Role.TREASURER_RELEASES)
    receipts.match(receipt_id=receipt.id, donor_id=make_donor(world).id, by=by, now=NOW)

    assert balances(world)[Code.CONTRIBUTIONS] == 600
    assert proof.check_books() == []


def test_the_proposer_does_not_make_it():
    world = make_world()
    both = world.actor(Role.DIRECTOR)
    fund_services.appoint(
        fund_id=world.fund.id,
        user_id=both.person_id,
        role=Role.TREASURER_RELEASES,
        by=actors.SYSTEM,
        now=NOW,
    )
    refund = propose(world, gift(world))

    with pytest.raises(errors.SelfApproval):
        make(world, refund, by=both)
    with pytest.raises(errors.SelfApproval):
        refunds.refuse(refund_id=refund.id, by=both, now=NOW)


def test_a_refused_refund_leaves_the_money_and_another_may_be_proposed():
    world = make_world()
    receipt = gift(world)
    refund = propose(world, receipt)

    refunds.refuse(refund_id=refund.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)

    assert Refund.objects.get().state == ProposalState.REFUSED
    with pytest.raises(errors.AlreadyDecided):
        make(world, refund)
    assert propose(world, receipt).state == ProposalState.PROPOSED


def test_one_refund_of_a_receipt_waits_at_a_time():
    world = make_world()
    receipt = gift(world)
    propose(world, receipt, 100)

    with pytest.raises(errors.Duplicate):
        propose(world, receipt, 100)


def test_a_bounce_ends_a_refund_that_waits():
    world = make_world()
    receipt = gift(world)
    refund = propose(world, receipt)

    receipts.bounce(
        receipt_id=receipt.id, reason="No funds.", by=world.actor(Role.TREASURER_PREPARES), now=NOW
    )

    with pytest.raises(errors.AlreadyDecided):
        make(world, refund)


def test_money_that_nobody_reconciled_does_not_go_back():
    world = make_world()
    row = receipts.record(
        fund_id=world.fund.id,
        amount_cents=1_000,
        bank_reference="A",
        received_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )

    with pytest.raises(errors.WrongState):
        propose(world, row)


@pytest.mark.parametrize(
    ("amount_cents", "reason", "field"), [(0, "x", "amount"), (-1, "x", "amount"), (1, " ", "reason")]
)
def test_a_refund_has_an_amount_and_a_reason(amount_cents, reason, field):
    world = make_world()
    receipt = gift(world)

    with pytest.raises(errors.InvalidInput) as refused:
        propose(world, receipt, amount_cents, reason=reason)

    assert [problem.field for problem in refused.value.problems] == [field]


def test_who_may_propose_and_who_may_make():
    world = make_world()
    receipt = gift(world)

    with pytest.raises(errors.Forbidden):
        propose(world, receipt, by=world.actor(Role.TREASURER_RELEASES))
    refund = propose(world, receipt)
    with pytest.raises(errors.Forbidden):
        make(world, refund, by=world.actor(Role.TREASURER_PREPARES))
    with pytest.raises(errors.NotFound):
        refunds.make(refund_id=uuid4(), by=world.actor(Role.TREASURER_RELEASES), now=NOW)
