"""Books that hold a row of each kind, for those who bend them and look for what is found."""

from datetime import timedelta
from uuid import uuid4

from builders import NOW, TODAY, file_request, make_donor, make_world, put_money_in
from reserves import make_use, propose_reserve_use
from restricted import make_release, propose_release, tie_money

from fundmgr.domain import actors, postings
from fundmgr.domain.permissions import Role
from fundmgr.domain.schedules import Part
from fundmgr.models import Receipt
from fundmgr.ports import ledger
from fundmgr.queries import funds
from fundmgr.services import bank_imports, commitments, pledges, receipt_batches, receipts, refunds
from fundmgr.services.use_case import use_case


@use_case
def hold_twice(world):
    """Post three holds after the pledge and the receipt."""
    general = funds.general_restriction(world.fund.id).id
    made = [postings.hold(award_id=uuid4(), shares=[(general, cents)]) for cents in (100, 200, 300)]
    ledger.post_many(made, fund_id=world.fund.id, by=actors.SYSTEM, now=NOW)


def make_books():
    """A fund whose books hold a row of each kind."""
    world = make_world(reserve_bp=200)
    put_money_in(world, 10_000)
    hold_twice(world)
    file_request(world)
    release_some(world)
    take_money_of_many_kinds(world)
    make_use(world, propose_reserve_use(world, 100, is_there=True))
    return world


def take_money_of_many_kinds(world):
    """A promise in two parts, one paid before its condition, unmatched money that went back in part."""
    preparer, releaser = (world.actor(role) for role in (Role.TREASURER_PREPARES, Role.TREASURER_RELEASES))
    kept = {"fund_id": world.fund.id, "pledged_on": TODAY, "by": preparer, "now": NOW}
    donor = make_donor(world, name="The network")
    parts = [Part(TODAY + timedelta(days=days), 2_000) for days in (10, 40)]
    commitments.pledge(donor_id=donor.id, amount_cents=4_000, instalments=parts, **kept)
    early = commitments.pledge(
        donor_id=donor.id, amount_cents=3_000, is_conditional=True, condition="The show goes on.", **kept
    )
    arrive(world, 1_000, "EARLY", commitment_id=early.id)
    pledges.propose_condition(commitment_id=early.id, amount_cents=500, proof="Seen.", by=preparer, now=NOW)
    nobody = arrive(world, 600, "NOBODY", fund_id=world.fund.id)
    arrive(world, 700, "WAITS", fund_id=world.fund.id, is_reconciled=False)
    refund = refunds.propose(
        receipt_id=nobody.id, amount_cents=200, reason="Sent twice.", by=world.actor(Role.DIRECTOR), now=NOW
    )
    refunds.make(refund_id=refund.id, by=releaser, now=NOW)
    follow_gifts(world, early)


def follow_gifts(world, early):
    """A match with a gift, a condition that is met in part, a bank's file of which one row is matched."""
    preparer, releaser = (world.actor(role) for role in (Role.TREASURER_PREPARES, Role.TREASURER_RELEASES))
    (waiting,) = early.proofs.all()
    pledges.decide_condition(proof_id=waiting.id, is_met=True, by=releaser, now=NOW)
    commitments.pledge(
        fund_id=world.fund.id,
        donor_id=make_donor(world, name="The matcher").id,
        amount_cents=9_000,
        pledged_on=TODAY,
        is_conditional=True,
        condition="Public gifts.",
        match_percent=50,
        by=preparer,
        now=NOW,
    )
    arrive(world, 800, "GIFT", fund_id=world.fund.id, donor_id=make_donor(world, name="A giver").id)
    file = f"Date,Reference,Amount\n{TODAY},FILE-1,10.00\n{TODAY},FILE-2,20.00\n{TODAY},FILE-3,5.00\n"
    bank_imports.take_in(fund_id=world.fund.id, name="bank.csv", content=file.encode(), by=preparer, now=NOW)
    confirmed = [Receipt.objects.get(bank_reference=name).id for name in ("FILE-2", "FILE-3")]
    receipt_batches.reconcile_many(fund_id=world.fund.id, receipt_ids=confirmed, by=releaser, now=NOW)
    giver = Receipt.objects.get(bank_reference="GIFT").donor_id
    receipts.match(receipt_id=confirmed[0], donor_id=giver, by=releaser, now=NOW)


def arrive(world, amount_cents, reference, *, is_reconciled=True, **whose):
    """Money of one receipt, confirmed by a second person unless it waits."""
    row = receipts.record(
        amount_cents=amount_cents,
        bank_reference=reference,
        received_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
        **whose,
    )
    if is_reconciled:
        receipts.reconcile(receipt_id=row.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)
    return row


def release_some(world):
    """Set a part of restricted money free, by two people over a letter."""
    restriction = tie_money(world, 5_000)
    make_release(world, propose_release(world, restriction, 2_000))
