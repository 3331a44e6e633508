"""The books proved from the rows: whatever somebody bends behind the guards is found and named."""

import os
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from builders import NOW, TODAY, file_request, make_donor, make_world, put_money_in
from restricted import make_release, propose_release, tie_money

from fundmgr.domain import actors, postings
from fundmgr.domain.permissions import Role
from fundmgr.domain.schedules import Part
from fundmgr.ports import ledger
from fundmgr.queries import funds
from fundmgr.services import commitments, pledges, proof, receipts, refunds
from fundmgr.services.use_case import use_case

BENDS = {
    "an entry is changed": (
        "UPDATE fundmgr_entry SET amount_cents = amount_cents + 1 WHERE id = (SELECT MAX(id::text)::uuid "
        "FROM fundmgr_entry)",
        {"transfers_balance", "balances_equal_entries"},
    ),
    "an entry is removed": (
        "DELETE FROM fundmgr_entry WHERE id = (SELECT MAX(id::text)::uuid FROM fundmgr_entry)",
        {"transfers_balance", "balances_equal_entries"},
    ),
    "all entries of a transfer are removed": (
        "DELETE FROM fundmgr_entry WHERE transfer_id = (SELECT id FROM fundmgr_transfer WHERE sequence = 3)",
        {"transfers_have_entries", "balances_equal_entries"},
    ),
    "a balance is changed": (
        "UPDATE fundmgr_balance SET balance_cents = balance_cents + 1 "
        "WHERE account_id IN (SELECT id FROM fundmgr_account WHERE code = '9100')",
        {"balances_equal_entries", "available_is_backed"},
    ),
    "a balance is taken below zero": (
        "ALTER TABLE fundmgr_balance DROP CONSTRAINT balance_floor;"
        "UPDATE fundmgr_balance SET balance_cents = -1 "
        "WHERE account_id IN (SELECT id FROM fundmgr_account WHERE code = '9100')",
        {"floors", "balances_equal_entries", "available_is_backed"},
    ),
    "a transfer is removed from the middle": (
        "DELETE FROM fundmgr_entry WHERE transfer_id = (SELECT id FROM fundmgr_transfer WHERE sequence = 3);"
        "DELETE FROM fundmgr_transfer WHERE sequence = 3",
        {"sequence_has_no_gap", "balances_equal_entries"},
    ),
    "a hold is resolved twice": (
        "DROP INDEX transfer_resolves_once;"
        "UPDATE fundmgr_transfer SET resolves_id = (SELECT id FROM fundmgr_transfer WHERE sequence = 3) "
        "WHERE sequence IN (4, 5)",
        {"holds_resolved_once"},
    ),
    "a transfer resolves a receipt": (
        "UPDATE fundmgr_transfer SET resolves_id = (SELECT id FROM fundmgr_transfer WHERE sequence = 2) "
        "WHERE sequence = 4",
        {"holds_are_holds"},
    ),
    "an entry leaves its fund": (
        "UPDATE fundmgr_entry SET fund_id = gen_random_uuid() WHERE id = (SELECT MAX(id::text)::uuid "
        "FROM fundmgr_entry)",
        {"entries_stand_in_their_account", "funds_are_there"},
    ),
    "a donor leaves its fund": (
        "UPDATE fundmgr_donor SET fund_id = gen_random_uuid()",
        {"funds_are_there"},
    ),
    "a request is decided by no policy": (
        "UPDATE requests_app_assistancerequest SET policy_id = gen_random_uuid()",
        {"policies_are_there"},
    ),
    "restricted money leaves for no reason": (
        "UPDATE fundmgr_transfer SET move = 'BANK_FEE' WHERE move = 'RESTRICTION_RELEASE'",
        {"restricted_money_leaves_by_right", "releases_are_decided"},
    ),
    "a release was never decided": (
        "ALTER TABLE fundmgr_restrictionrelease DISABLE TRIGGER USER;"
        "UPDATE fundmgr_restrictionrelease SET state = 'PROPOSED', decided_at = NULL",
        {"releases_are_decided"},
    ),
    "a release was of another amount": (
        "ALTER TABLE fundmgr_restrictionrelease DISABLE TRIGGER USER;"
        "UPDATE fundmgr_restrictionrelease SET amount_cents = amount_cents + 1",
        {"releases_are_decided"},
    ),
    "a release was made by one person": (
        "ALTER TABLE fundmgr_restrictionrelease DISABLE TRIGGER USER;"
        "ALTER TABLE fundmgr_restrictionrelease DROP CONSTRAINT release_four_eyes;"
        "UPDATE fundmgr_restrictionrelease SET decided_by_id = proposed_by_id",
        {"releases_are_decided"},
    ),
    "a receipt is made larger": (
        "UPDATE fundmgr_receipt SET amount_cents = amount_cents + 1 WHERE bank_reference = 'WIRE-1'",
        {"receipts_equal_ledger"},
    ),
    "a receipt is said to have bounced": (
        "UPDATE fundmgr_receipt SET state = 'REVERSED' WHERE bank_reference = 'WIRE-1'",
        {"receipts_equal_ledger"},
    ),
    "a receipt is said to be confirmed": (
        "UPDATE fundmgr_receipt SET state = 'RECONCILED' WHERE bank_reference = 'WAITS'",
        {"receipts_equal_ledger"},
    ),
    "a receipt's posting is taken for another's": (
        "UPDATE fundmgr_transfer SET cause_id = "
        "(SELECT id FROM fundmgr_receipt WHERE bank_reference = 'WAITS') WHERE move = 'SUSPENSE'",
        {"receipts_equal_ledger"},
    ),
    "a receipt pays another promise": (
        "UPDATE fundmgr_receipt SET commitment_id = (SELECT id FROM fundmgr_commitment "
        "WHERE is_conditional LIMIT 1) WHERE bank_reference = 'WIRE-1'",
        {"commitments_equal_ledger"},
    ),
    "a receipt is gone": (
        "DELETE FROM fundmgr_receipt WHERE bank_reference = 'WIRE-1'",
        {"money_in_has_its_row", "commitments_equal_ledger"},
    ),
    "a promise is said to be paid further": (
        "UPDATE fundmgr_commitment SET received_cents = received_cents + 1 "
        "WHERE received_cents < amount_cents",
        {"commitments_equal_ledger"},
    ),
    "a promise is said to be paid less": (
        "UPDATE fundmgr_commitment SET received_cents = received_cents - 1 WHERE received_cents > 0",
        {"commitments_equal_ledger"},
    ),
    "a promise is made larger": (
        "UPDATE fundmgr_commitment SET amount_cents = amount_cents + 1 WHERE NOT is_conditional",
        {"commitments_equal_ledger", "schedules_add_up"},
    ),
    "a condition is said to be met": (
        "UPDATE fundmgr_commitment SET met_cents = met_cents + 1 WHERE is_conditional",
        {"commitments_equal_ledger"},
    ),
    "a promise is written off in silence": (
        "UPDATE fundmgr_commitment SET written_off_cents = 1 WHERE received_cents < amount_cents",
        {"commitments_equal_ledger"},
    ),
    "a promise is cancelled in silence": (
        "UPDATE fundmgr_commitment SET state = 'CANCELLED' WHERE NOT is_conditional AND due_on IS NOT NULL",
        {"commitments_equal_ledger"},
    ),
    "a part of a promise is changed": (
        "ALTER TABLE fundmgr_instalment DISABLE TRIGGER USER;"
        "UPDATE fundmgr_instalment SET amount_cents = amount_cents + 1 WHERE number = 1",
        {"schedules_add_up"},
    ),
    "a part of a promise is put off": (
        "ALTER TABLE fundmgr_instalment DISABLE TRIGGER USER;"
        "UPDATE fundmgr_instalment SET due_on = due_on + 400 WHERE number = 2",
        {"schedules_add_up"},
    ),
    "a part of a promise is gone": (
        "ALTER TABLE fundmgr_instalment DISABLE TRIGGER USER;DELETE FROM fundmgr_instalment WHERE number = 1",
        {"schedules_add_up"},
    ),
    "a condition is proved by another's file": (
        "UPDATE fundmgr_conditionproof SET evidence_id = (SELECT id FROM fundmgr_storedfile "
        "WHERE subject_type = 'RESTRICTION' LIMIT 1)",
        {"conditions_have_their_evidence"},
    ),
    "a refund is made larger": (
        "UPDATE fundmgr_refund SET amount_cents = amount_cents + 1",
        {"refunds_equal_ledger"},
    ),
    "a refund is said to be refused": (
        "UPDATE fundmgr_refund SET state = 'REFUSED'",
        {"refunds_equal_ledger"},
    ),
    "more of a receipt is said to have gone back": (
        "UPDATE fundmgr_receipt SET refunded_cents = refunded_cents + 1 WHERE bank_reference = 'NOBODY'",
        {"refunds_equal_ledger"},
    ),
    "an account is closed": (
        "ALTER TABLE fundmgr_account DISABLE TRIGGER USER;"
        "DELETE FROM fundmgr_balance WHERE account_id IN "
        "(SELECT id FROM fundmgr_account WHERE code = '1200');"
        "DELETE FROM fundmgr_account WHERE code = '1200'",
        {"charts_are_whole"},
    ),
}


@use_case
def hold_twice(world):
    """Post three holds after the pledge and the receipt."""
    general = funds.general_restriction(world.fund.id).id
    made = [postings.hold(award_id=uuid4(), shares=[(general, cents)]) for cents in (100, 200, 300)]
    ledger.post_many(made, fund_id=world.fund.id, by=actors.SYSTEM, now=NOW)


def make_books():
    world = make_world(reserve_bp=0)
    put_money_in(world, 10_000)
    hold_twice(world)
    file_request(world)
    release_some(world)
    take_money_of_many_kinds(world)
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


def bend(statements):
    """Change rows as a database owner could who first takes the guards away."""
    with psycopg.connect(os.environ["FUNDMGR_OWNER_DATABASE_URL"]) as owner:
        for table in ("fundmgr_entry", "fundmgr_transfer"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute(statements)


def test_sound_books_have_nothing_to_find(db):
    make_books()

    assert proof.check_books() == []


@pytest.mark.parametrize("name", BENDS)
def test_bent_books_are_found(committed_db, name):
    make_books()
    statements, checks = BENDS[name]
    bend(statements)

    found = proof.check_books()

    assert checks <= {finding.check for finding in found}
    assert all(finding.row_id in finding.sentence for finding in found)


def test_every_check_is_bent_once():
    assert set.union(*(checks for _, checks in BENDS.values())) == set(proof.checks())
