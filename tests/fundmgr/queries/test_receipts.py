"""Money in as it is asked for."""

from uuid import uuid4

import pytest
from builders import NOW, TODAY, make_world, put_money_in

from fundmgr.domain import actors, errors, postings
from fundmgr.domain.lifecycle import ReceiptState
from fundmgr.domain.permissions import Role
from fundmgr.ports import ledger
from fundmgr.queries import receipts as found
from fundmgr.services import bank_fees, receipts, refunds

pytestmark = pytest.mark.django_db


def test_receipts_are_chosen_by_all_that_is_named():
    world = make_world()
    paid = put_money_in(world, 1_000)
    lost = receipts.record(
        fund_id=world.fund.id,
        amount_cents=5,
        bank_reference="L",
        received_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )

    def chosen(**what):
        return list(found.chosen(world.actor(Role.BOARD), fund_id=world.fund.id, **what))

    assert set(chosen()) == {paid, lost}
    assert chosen(states=[ReceiptState.RECEIVED]) == [lost]
    assert chosen(donor_id=paid.donor_id) == chosen(commitment_id=paid.commitment_id) == [paid]
    assert chosen(donor_id=paid.donor_id, states=[ReceiptState.RECEIVED]) == []
    with pytest.raises(errors.Forbidden):
        found.chosen(world.actor(Role.REVIEWER), fund_id=world.fund.id)


def test_what_is_lacking_is_said_by_restriction():
    world = make_world(reserve_bp=0)
    row = put_money_in(world, 1_000)
    assert found.lacking(world.fund.id) == {}
    hold = postings.hold(award_id=uuid4(), shares=[(row.restriction_id, 700)])
    ledger.post(hold, fund_id=world.fund.id, by=actors.SYSTEM, now=NOW)

    receipts.bounce(receipt_id=row.id, reason="x", by=world.actor(Role.TREASURER_PREPARES), now=NOW)

    lacking = found.lacking(world.fund.id)[row.restriction_id]
    assert (lacking.restriction, lacking.uncovered_cents, lacking.deficit_cents) == ("General", 700, 0)


def test_refunds_and_fees_are_seen_by_those_who_read_money():
    world, other = make_world(), make_world(name="Another fund")
    row = put_money_in(world, 10_000)
    refund = refunds.propose(
        receipt_id=row.id, amount_cents=5, reason="x", by=world.actor(Role.DIRECTOR), now=NOW
    )
    fee = bank_fees.record(
        fund_id=world.fund.id,
        amount_cents=5,
        bank_reference="F",
        charged_on=TODAY,
        by=world.actor(Role.TREASURER_RELEASES),
        now=NOW,
    )
    auditor, stranger = world.actor(Role.AUDITOR), other.actor(Role.AUDITOR)

    assert found.visible_refund(auditor, refund_id=refund.id) == refund
    assert list(found.refunds_of(auditor, receipt_id=row.id)) == [refund]
    assert found.visible_bank_fee(auditor, fee_id=fee.id) == fee
    assert list(found.bank_fees(auditor, fund_id=world.fund.id)) == [fee]
    for ask in (
        lambda: found.visible_refund(stranger, refund_id=refund.id),
        lambda: found.visible_bank_fee(stranger, fee_id=fee.id),
        lambda: found.visible_refund(auditor, refund_id=uuid4()),
        lambda: found.visible_bank_fee(auditor, fee_id=uuid4()),
    ):
        with pytest.raises(errors.NotFound):
            ask()
