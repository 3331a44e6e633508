"""Money promised and money in."""

from datetime import UTC, datetime, timedelta

import pytest
from builders import NOW, TODAY, add_staff, make_commitment, make_donor, make_world, put_money_in

from fundmgr.domain import actors, errors
from fundmgr.domain.chart import Code
from fundmgr.domain.lifecycle import CommitmentState
from fundmgr.domain.permissions import Role
from fundmgr.queries import books, trail
from fundmgr.services import background, commitments, funds, proof, receipts

pytestmark = pytest.mark.django_db


def test_reconciled_money_may_be_awarded_less_the_reserve():
    world = make_world()

    put_money_in(world, 50_000_000)

    assert books.available_cents(world.fund.id) == 49_000_000
    position = books.position(world.fund.id)
    assert (position.received_cents, position.reserve_cents, position.available_cents) == (
        50_000_000,
        1_000_000,
        49_000_000,
    )
    assert proof.check_books() == []
    background.link_events()
    assert trail.verify_chain().problem is None


def test_a_promise_is_a_receivable_and_not_available():
    world = make_world()

    make_commitment(world, make_donor(world), 50_000_000)

    found = {(code, name): cents for code, name, cents in books.balances(world.fund.id)}
    assert found[Code.PLEDGES_RECEIVABLE, "General"] == 50_000_000
    assert books.available_cents(world.fund.id) == 0


def test_the_recorder_cannot_reconcile():
    world = make_world()
    commitment = make_commitment(world, make_donor(world), 1_000)
    treasurer = world.actor(Role.TREASURER_PREPARES)
    receipt = receipts.record(
        commitment_id=commitment.id,
        amount_cents=1_000,
        bank_reference="A",
        received_on=NOW.date(),
        by=treasurer,
        now=NOW,
    )

    with pytest.raises(errors.Forbidden):
        receipts.reconcile(receipt_id=receipt.id, by=treasurer, now=NOW)


def pledge(world, amount_cents=1_000, **terms):
    terms.setdefault("pledged_on", TODAY)
    terms.setdefault("by", world.actor(Role.TREASURER_PREPARES))
    return commitments.pledge(
        fund_id=world.fund.id,
        donor_id=make_donor(world).id,
        amount_cents=amount_cents,
        now=NOW,
        **terms,
    )


def receive(world, commitment, amount_cents=1_000, *, bank_reference="A", received_on=TODAY, by=None):
    return receipts.record(
        commitment_id=commitment.id,
        amount_cents=amount_cents,
        bank_reference=bank_reference,
        received_on=received_on,
        by=by or world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )


def reconcile(world, receipt, *, by=None):
    by = by or world.actor(Role.TREASURER_RELEASES)
    return receipts.reconcile(receipt_id=receipt.id, by=by, now=NOW)


def fields_of(refused):
    return [problem.field for problem in refused.value.problems]


@pytest.mark.parametrize("amount_cents", [0, -1])
def test_a_promise_and_a_receipt_are_at_least_one_cent(amount_cents):
    world = make_world()
    commitment = pledge(world)

    with pytest.raises(errors.InvalidInput) as refused:
        pledge(world, amount_cents)
    assert fields_of(refused) == ["amount"]
    with pytest.raises(errors.InvalidInput) as refused:
        receive(world, commitment, amount_cents)
    assert fields_of(refused) == ["amount"]


def test_days_that_have_not_come_are_refused():
    world = make_world()
    tomorrow = TODAY + timedelta(days=1)

    with pytest.raises(errors.InvalidInput) as refused:
        pledge(world, pledged_on=tomorrow)
    assert fields_of(refused) == ["pledged_on"]
    with pytest.raises(errors.InvalidInput) as refused:
        receive(world, pledge(world), received_on=tomorrow)
    assert fields_of(refused) == ["received_on"]


def test_the_day_is_the_funds_own_day():
    world = make_world()
    late_evening = datetime(2023, 9, 19, 5, 0, tzinfo=UTC)  # still the 18th in Los Angeles

    with pytest.raises(errors.InvalidInput):
        commitments.pledge(
            fund_id=world.fund.id,
            donor_id=make_donor(world).id,
            amount_cents=1,
            pledged_on=late_evening.date(),
            by=world.actor(Role.TREASURER_PREPARES),
            now=late_evening,
        )


def test_days_follow_one_another_and_a_condition_has_words():
    world = make_world()

    with pytest.raises(errors.InvalidInput) as refused:
        pledge(world, due_on=TODAY - timedelta(days=1), is_conditional=True)
    assert fields_of(refused) == ["due_on", "condition"]
    with pytest.raises(errors.InvalidInput) as refused:
        receive(world, pledge(world), received_on=TODAY - timedelta(days=1))
    assert fields_of(refused) == ["received_on"]


def test_no_more_arrives_than_was_promised_even_in_parts():
    world = make_world()
    commitment = pledge(world, 1_000)
    reconcile(world, receive(world, commitment, 600))
    receive(world, commitment, 300, bank_reference="B")

    with pytest.raises(errors.InvalidInput) as refused:
        receive(world, commitment, 101, bank_reference="C")

    assert fields_of(refused) == ["amount"]
    reconcile(world, receive(world, commitment, 100, bank_reference="D"))


def test_parts_fill_a_promise():
    world = make_world()
    commitment = pledge(world, 1_000)

    reconcile(world, receive(world, commitment, 400))
    assert fresh(commitment).state == CommitmentState.PARTIALLY_RECEIVED
    reconcile(world, receive(world, commitment, 600, bank_reference="B"))

    row = fresh(commitment)
    assert (row.state, row.received_cents) == (CommitmentState.FULFILLED, 1_000)
    assert balance(world, Code.PLEDGES_RECEIVABLE) == 0


def fresh(row):
    return type(row).objects.get(id=row.id)


def balance(world, code):
    return sum(cents for found, _, cents in books.balances(world.fund.id) if found == code)


def test_a_bank_reference_is_entered_once():
    world = make_world()
    commitment = pledge(world, 2_000)
    receive(world, commitment)

    with pytest.raises(errors.Duplicate):
        receive(world, commitment)


def test_a_receipt_is_reconciled_once():
    world = make_world()
    receipt = receive(world, pledge(world))
    reconcile(world, receipt)

    with pytest.raises(errors.WrongState):
        reconcile(world, receipt)

    assert balance(world, Code.CASH) == 1_000


def test_one_person_with_both_roles_cannot_record_and_reconcile():
    world = make_world()
    both = add_staff(world.fund, Role.TREASURER_PREPARES, name="Both")
    funds.appoint(
        fund_id=world.fund.id,
        user_id=both.person_id,
        role=Role.TREASURER_RELEASES,
        by=actors.SYSTEM,
        now=NOW,
    )
    receipt = receive(world, pledge(world), by=both)

    with pytest.raises(errors.SelfApproval):
        reconcile(world, receipt, by=both)


def test_conditional_money_is_a_liability_and_may_not_be_awarded():
    world = make_world(reserve_bp=0)
    commitment = pledge(world, is_conditional=True, condition="The strike lasts into October.")
    assert balance(world, Code.PLEDGES_RECEIVABLE) == 0

    reconcile(world, receive(world, commitment))

    assert books.available_cents(world.fund.id) == 0
    assert balance(world, Code.REFUNDABLE_ADVANCE) == balance(world, Code.CASH) == 1_000
    assert proof.check_books() == []


def test_cancelling_gives_up_what_is_owed_and_keeps_what_came():
    world = make_world(reserve_bp=0)
    commitment = pledge(world, 1_000)
    reconcile(world, receive(world, commitment, 400))

    commitments.cancel(
        commitment_id=commitment.id,
        reason="The donor asked.",
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )

    assert (fresh(commitment).state, fresh(commitment).owed_cents) == (CommitmentState.CANCELLED, 0)
    assert balance(world, Code.PLEDGES_RECEIVABLE) == 0
    assert balance(world, Code.PLEDGES_WRITTEN_OFF) == 600
    assert books.available_cents(world.fund.id) == 400
    with pytest.raises(errors.WrongState):
        receive(world, commitment, 1, bank_reference="B")


def test_a_promise_is_not_cancelled_while_a_receipt_waits():
    world = make_world()
    commitment = pledge(world, 1_000)
    receive(world, commitment, 400)

    with pytest.raises(errors.WrongState):
        commitments.cancel(commitment_id=commitment.id, reason="", by=world.actor(Role.DIRECTOR), now=NOW)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.AUDITOR, Role.BOARD, Role.INTAKE])
def test_others_write_no_money(role):
    world = make_world()
    commitment = pledge(world)

    with pytest.raises(errors.Forbidden):
        pledge(world, by=world.actor(role))
    with pytest.raises(errors.Forbidden):
        receive(world, commitment, by=world.actor(role))
    with pytest.raises(errors.Forbidden):
        reconcile(world, receive(world, commitment), by=world.actor(role))


def test_money_of_another_fund_is_not_found():
    world, other = make_world(), make_world(name="Another fund")
    stranger = other.actor(Role.TREASURER_PREPARES)

    with pytest.raises(errors.NotFound):
        receive(world, pledge(world), by=stranger)
    with pytest.raises(errors.NotFound):
        commitments.pledge(
            fund_id=other.fund.id,
            donor_id=make_donor(world).id,
            amount_cents=1,
            pledged_on=TODAY,
            by=stranger,
            now=NOW,
        )


def test_restricted_money_stays_in_its_restriction_without_a_reserve():
    world = make_world(reserve_bp=1_000)
    treasurer = world.actor(Role.TREASURER_PREPARES)
    grips = funds.add_restriction(
        fund_id=world.fund.id, name="Grips", wording="For grips.", by=treasurer, now=NOW
    )

    put_money_in(world, 1_000)
    put_money_in(world, 500, bank_reference="WIRE-2", restriction_id=grips.id)

    found = {(code, name): cents for code, name, cents in books.balances(world.fund.id)}
    assert found[Code.AVAILABLE, "General"] == 900
    assert found[Code.RESERVE, "General"] == 100
    assert found[Code.AVAILABLE, "Grips"] == 500
    assert proof.check_books() == []
