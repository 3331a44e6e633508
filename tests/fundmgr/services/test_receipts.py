"""Money in: on a commitment, as a gift, unmatched; matched later; taken back by the bank."""

from datetime import timedelta
from uuid import uuid4

import pytest
from builders import NOW, TODAY, add_staff, make_commitment, make_donor, make_world, sign_turn

from fundmgr.domain import actors, errors, postings
from fundmgr.domain.chart import Code
from fundmgr.domain.lifecycle import CommitmentState, ReceiptState, Turn
from fundmgr.domain.permissions import Role
from fundmgr.models import Commitment, Receipt
from fundmgr.ports import ledger
from fundmgr.queries import books, funds
from fundmgr.services import commitments, proof, receipts, refunds
from fundmgr.services import funds as fund_services

pytestmark = pytest.mark.django_db


def record(world, amount_cents=1_000, *, bank_reference="A", **shape):
    by = shape.pop("by", world.actor(Role.TREASURER_PREPARES))
    if "commitment_id" not in shape:
        shape["fund_id"] = world.fund.id
    return receipts.record(
        amount_cents=amount_cents,
        bank_reference=bank_reference,
        received_on=shape.pop("received_on", TODAY),
        by=by,
        now=NOW,
        **shape,
    )


def reconcile(world, receipt):
    return receipts.reconcile(receipt_id=receipt.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)


def match(world, receipt, *, by=None, **to):
    by = by or world.actor(Role.TREASURER_RELEASES)
    return receipts.match(receipt_id=receipt.id, by=by, now=NOW, **to)


def bounce(world, receipt, *, now=NOW):
    by = world.actor(Role.TREASURER_PREPARES)
    return receipts.bounce(receipt_id=receipt.id, reason="No funds.", by=by, now=now)


def balances(world):
    return {code: cents for code, _, cents in books.balances(world.fund.id) if cents}


def promise_to_workers(world, cents):
    """Set money aside as a round does."""
    restriction_id = funds.general_restriction(world.fund.id).id
    hold = postings.hold(award_id=uuid4(), shares=[(restriction_id, cents)])
    ledger.post(hold, fund_id=world.fund.id, by=actors.SYSTEM, now=NOW)


def conditional(world, amount_cents=1_000):
    return commitments.pledge(
        fund_id=world.fund.id,
        donor_id=make_donor(world).id,
        amount_cents=amount_cents,
        pledged_on=TODAY,
        is_conditional=True,
        condition="Public gifts of as much.",
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )


def test_a_gift_of_a_known_donor_needs_no_promise():
    world = make_world()

    receipt = reconcile(world, record(world, 10_000, donor_id=make_donor(world).id))

    assert receipt.state == ReceiptState.RECONCILED
    assert balances(world) == {
        Code.CASH: 10_000,
        Code.CONTRIBUTIONS: 10_000,
        Code.CONTROL: 10_000,
        Code.AVAILABLE: 9_800,
        Code.RESERVE: 200,
    }
    assert proof.check_books() == []


def test_a_gift_keeps_its_restriction():
    world = make_world()
    treasurer = world.actor(Role.TREASURER_PREPARES)
    grips = fund_services.add_restriction(
        fund_id=world.fund.id, name="Grips", wording="For grips.", by=treasurer, now=NOW
    )

    reconcile(world, record(world, donor_id=make_donor(world).id, restriction_id=grips.id))

    assert books.available_by_restriction(world.fund.id)[grips.id] == 1_000


def test_a_restriction_needs_a_donor():
    world = make_world()
    general = funds.general_restriction(world.fund.id)

    with pytest.raises(errors.InvalidInput) as refused:
        record(world, restriction_id=general.id)

    assert refused.value.problems[0].field == "restriction_id"


def test_unmatched_money_lies_in_suspense_and_may_not_be_awarded():
    world = make_world()

    receipt = reconcile(world, record(world, payer="K. Ota"))

    assert (receipt.state, Receipt.objects.get().payer) == (ReceiptState.UNMATCHED, "K. Ota")
    assert balances(world) == {Code.CASH: 1_000, Code.SUSPENSE: 1_000}
    position = books.position(world.fund.id)
    assert (position.received_cents, position.suspense_cents, position.available_cents) == (1_000, 1_000, 0)


def test_unmatched_money_is_matched_to_a_commitment():
    world = make_world(reserve_bp=0)
    commitment = make_commitment(world, make_donor(world), 1_000)
    receipt = reconcile(world, record(world))

    row = match(world, receipt, commitment_id=commitment.id)

    assert (row.state, row.receivable_cents) == (ReceiptState.RECONCILED, 1_000)
    assert Commitment.objects.get().state == CommitmentState.FULFILLED
    assert balances(world) == {
        Code.CASH: 1_000,
        Code.PLEDGED_CONTRIBUTIONS: 1_000,
        Code.CONTROL: 1_000,
        Code.AVAILABLE: 1_000,
    }
    assert proof.check_books() == []


def test_unmatched_money_moves_to_the_accounts_of_what_it_is_for():
    world = make_world()
    grips = fund_services.add_restriction(
        fund_id=world.fund.id,
        name="Grips",
        wording="For grips.",
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )
    receipt = reconcile(world, record(world))

    match(world, receipt, donor_id=make_donor(world).id, restriction_id=grips.id)

    found = {(code, name): cents for code, name, cents in books.balances(world.fund.id) if cents}
    assert found[Code.CASH, "Grips"] == found[Code.AVAILABLE, "Grips"] == 1_000
    assert (Code.CASH, "General") not in found
    assert proof.check_books() == []


def test_a_receipt_that_waits_for_the_bank_is_only_named():
    world = make_world(reserve_bp=0)
    receipt = match(world, record(world), donor_id=make_donor(world).id)

    assert (receipt.state, balances(world)) == (ReceiptState.RECEIVED, {})

    reconcile(world, receipt)
    assert books.available_cents(world.fund.id) == 1_000


def test_the_recorder_does_not_match():
    world = make_world()
    receipt = record(world)

    with pytest.raises(errors.SelfApproval):
        match(world, receipt, donor_id=make_donor(world).id, by=world.actor(Role.TREASURER_PREPARES))


def test_another_preparer_may_match():
    world = make_world()
    other = add_staff(world.fund, Role.TREASURER_PREPARES, name="Second preparer")

    assert match(world, record(world), donor_id=make_donor(world).id, by=other).matched_by_id


def test_a_receipt_is_matched_once():
    world = make_world()
    receipt = reconcile(world, record(world))
    match(world, receipt, donor_id=make_donor(world).id)

    with pytest.raises(errors.WrongState):
        match(world, receipt, donor_id=make_donor(world, name="Another").id)


def test_a_match_needs_somebody():
    world = make_world()

    with pytest.raises(errors.InvalidInput):
        match(world, record(world))


def test_a_receipt_larger_than_the_commitment_is_refused_and_says_what_to_do():
    world = make_world()
    commitment = make_commitment(world, make_donor(world), 600)

    with pytest.raises(errors.InvalidInput) as refused:
        record(world, 1_000, commitment_id=commitment.id)
    assert "which is $6.00. Record that much on it" in refused.value.problems[0].sentence
    with pytest.raises(errors.InvalidInput):
        match(world, record(world), commitment_id=commitment.id)


def test_a_doubled_bank_reference_is_refused():
    world = make_world()
    record(world)

    with pytest.raises(errors.Duplicate):
        record(world)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount_cents": 0}, "amount"),
        ({"amount_cents": -5}, "amount"),
        ({"bank_reference": " "}, "bank_reference"),
        ({"received_on": TODAY + timedelta(days=1)}, "received_on"),
    ],
)
def test_what_cannot_be_is_refused(changes, field):
    world = make_world()
    amount_cents = changes.pop("amount_cents", 1_000)

    with pytest.raises(errors.InvalidInput) as refused:
        record(world, amount_cents, **changes)

    assert [problem.field for problem in refused.value.problems] == [field]


def test_invariant_16_conditional_money_received_early_is_a_liability():
    world = make_world(reserve_bp=0)

    receipt = reconcile(world, record(world, commitment_id=conditional(world).id))

    assert (receipt.advance_cents, balances(world)) == (
        1_000,
        {Code.CASH: 1_000, Code.REFUNDABLE_ADVANCE: 1_000},
    )
    assert books.available_cents(world.fund.id) == 0


def test_a_bounced_gift_leaves_the_books_as_if_it_had_not_come():
    world = make_world()
    receipt = reconcile(world, record(world, donor_id=make_donor(world).id))

    assert bounce(world, receipt).state == ReceiptState.REVERSED

    assert balances(world) == {}
    assert books.position(world.fund.id).received_cents == 0
    assert proof.check_books() == []


def test_a_bounced_payment_is_owed_again():
    world = make_world()
    commitment = make_commitment(world, make_donor(world), 1_000)
    receipt = reconcile(world, record(world, commitment_id=commitment.id))

    bounce(world, receipt)

    row = Commitment.objects.get()
    assert (row.state, row.received_cents) == (CommitmentState.PLEDGED, 0)
    assert balances(world)[Code.PLEDGES_RECEIVABLE] == 1_000
    reconcile(world, record(world, commitment_id=commitment.id, bank_reference="A-again"))
    assert Commitment.objects.get().state == CommitmentState.FULFILLED


def test_a_bounced_payment_of_a_late_promise_is_overdue():
    world = make_world()
    commitment = commitments.pledge(
        fund_id=world.fund.id,
        donor_id=make_donor(world).id,
        amount_cents=1_000,
        pledged_on=TODAY,
        due_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )
    receipt = reconcile(world, record(world, commitment_id=commitment.id))

    bounce(world, receipt, now=NOW + timedelta(days=3))

    assert Commitment.objects.get().state == CommitmentState.OVERDUE


@pytest.mark.parametrize("state", [CommitmentState.DEFAULTED, CommitmentState.RENEGOTIATED])
def test_what_was_agreed_with_a_donor_stands_when_an_earlier_payment_bounces(state):
    world = make_world()
    commitment = make_commitment(world, make_donor(world), 1_000)
    receipt = reconcile(world, record(world, 400, commitment_id=commitment.id))
    sign_turn(world, commitment, Turn.DEFAULT if state == CommitmentState.DEFAULTED else Turn.NEW_DATES)
    Commitment.objects.filter(id=commitment.id).update(state=state)

    bounce(world, receipt)

    row = Commitment.objects.get()
    assert (row.state, row.received_cents) == (state, 0)
    assert balances(world)[Code.PLEDGES_RECEIVABLE] == 1_000


def test_a_promise_of_which_a_part_was_given_up_is_fulfilled_by_the_rest():
    world = make_world()
    commitment = make_commitment(world, make_donor(world), 1_000)
    Commitment.objects.filter(id=commitment.id).update(written_off_cents=300)

    reconcile(world, record(world, 700, commitment_id=commitment.id))

    assert Commitment.objects.get().state == CommitmentState.FULFILLED
    with pytest.raises(errors.InvalidInput):
        record(world, 1, commitment_id=commitment.id, bank_reference="B")


def test_a_gift_that_bounces_after_it_was_promised_leaves_a_hole():
    world = make_world(reserve_bp=0)
    receipt = reconcile(world, record(world, donor_id=make_donor(world).id))
    promise_to_workers(world, 700)

    bounce(world, receipt)

    assert balances(world) == {Code.UNCOVERED: 700, Code.RESERVED: 700}
    assert books.position(world.fund.id).available_cents == -700
    reconcile(world, record(world, 1_000, donor_id=make_donor(world).id, bank_reference="B"))
    assert balances(world)[Code.AVAILABLE] == 300
    assert proof.check_books() == []


def test_invariant_18_bounced_money_never_stays_available():
    world = make_world(reserve_bp=500)
    kept = reconcile(world, record(world, 2_000, donor_id=make_donor(world).id))
    gone = reconcile(world, record(world, 1_000, donor_id=make_donor(world).id, bank_reference="B"))

    bounce(world, gone)

    assert books.available_cents(world.fund.id) == kept.amount_cents - kept.reserve_cents
    assert balances(world)[Code.CONTRIBUTIONS] == 2_000


def test_unmatched_money_bounces_out_of_suspense():
    world = make_world()
    receipt = reconcile(world, record(world))

    bounce(world, receipt)

    assert balances(world) == {}
    assert proof.check_books() == []


def test_matched_money_bounces_where_it_went():
    world = make_world()
    receipt = match(world, reconcile(world, record(world)), donor_id=make_donor(world).id)

    bounce(world, receipt)

    assert balances(world) == {}


def test_money_that_the_bank_never_confirmed_bounces_without_an_entry():
    world = make_world()

    assert bounce(world, record(world)).state == ReceiptState.REVERSED

    assert books.last_sequence(world.fund.id) == 0


def test_a_receipt_bounces_once():
    world = make_world()
    receipt = bounce(world, record(world))

    with pytest.raises(errors.WrongState):
        bounce(world, receipt)


def test_early_money_bounces_out_of_the_liability():
    world = make_world()
    commitment = conditional(world)
    receipt = reconcile(world, record(world, commitment_id=commitment.id))

    bounce(world, receipt)

    assert balances(world) == {}
    assert Commitment.objects.get().state == CommitmentState.CONDITIONAL


def test_a_cancelled_promise_owes_nothing_when_its_earlier_money_bounces():
    world = make_world()
    commitment = make_commitment(world, make_donor(world), 1_000)
    receipt = reconcile(world, record(world, 400, commitment_id=commitment.id))
    commitments.cancel(commitment_id=commitment.id, reason="Moved.", by=world.actor(Role.DIRECTOR), now=NOW)

    bounce(world, receipt)

    assert Code.PLEDGES_RECEIVABLE not in balances(world)
    found = Commitment.objects.get()
    assert (found.state, found.owed_cents) == (CommitmentState.CANCELLED, 0)
    assert proof.check_books() == []


def test_what_went_back_to_the_donor_does_not_bounce_twice():
    world = make_world(reserve_bp=0)
    receipt = reconcile(world, record(world, donor_id=make_donor(world).id))
    refund = refunds.propose(
        receipt_id=receipt.id, amount_cents=400, reason="Half.", by=world.actor(Role.DIRECTOR), now=NOW
    )
    refunds.make(refund_id=refund.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)

    bounce(world, receipt)

    assert balances(world) == {}


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.AUDITOR, Role.BOARD, Role.INTAKE])
def test_others_move_no_money(role):
    world = make_world()
    receipt = record(world)
    by = world.actor(role)

    with pytest.raises(errors.Forbidden):
        record(world, bank_reference="B", by=by)
    with pytest.raises(errors.Forbidden):
        match(world, receipt, donor_id=make_donor(world).id, by=by)
    with pytest.raises(errors.Forbidden):
        receipts.bounce(receipt_id=receipt.id, reason="x", by=by, now=NOW)


def test_money_of_another_fund_is_not_there():
    world, other = make_world(), make_world(name="Another fund")
    receipt = record(world)

    with pytest.raises(errors.NotFound):
        match(world, receipt, donor_id=make_donor(other).id)
    with pytest.raises(errors.NotFound):
        match(world, receipt, commitment_id=make_commitment(other, make_donor(other), 1_000).id)
    with pytest.raises(errors.NotFound):
        match(world, receipt, donor_id=make_donor(world).id, by=other.actor(Role.TREASURER_RELEASES))
