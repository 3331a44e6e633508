"""The books proved from the rows: whatever somebody bends behind the guards is found and named."""

import os

import psycopg
import pytest
from sound_books import make_books

from fundmgr.services import proof, proof_facts

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
    "a use of the reserve was never decided": (
        "ALTER TABLE fundmgr_reserveuse DISABLE TRIGGER USER;"
        "UPDATE fundmgr_reserveuse SET state = 'PROPOSED', decided_at = NULL",
        {"reserve_uses_are_decided"},
    ),
    "a use of the reserve was of another amount": (
        "ALTER TABLE fundmgr_reserveuse DISABLE TRIGGER USER;"
        "UPDATE fundmgr_reserveuse SET amount_cents = amount_cents + 1",
        {"reserve_uses_are_decided"},
    ),
    "a use of the reserve was made by one person": (
        "ALTER TABLE fundmgr_reserveuse DISABLE TRIGGER USER;"
        "ALTER TABLE fundmgr_reserveuse DROP CONSTRAINT reserve_use_four_eyes;"
        "UPDATE fundmgr_reserveuse SET decided_by_id = proposed_by_id",
        {"reserve_uses_are_decided"},
    ),
    "the reserve was used for no reason": (
        "UPDATE fundmgr_transfer SET move = 'BANK_FEE' WHERE move = 'RESERVE_USE'",
        {"reserve_uses_are_decided"},
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
    "a receipt changes its donor and not its promise": (
        "UPDATE fundmgr_receipt SET donor_id = (SELECT id FROM fundmgr_donor WHERE name = 'The network' "
        "LIMIT 1) WHERE bank_reference = 'WIRE-1'",
        {"receipts_follow_their_promise", "receipt_says_what_was_recorded"},
    ),
    "a promise changes its donor with all that was paid": (
        "UPDATE fundmgr_commitment SET donor_id = (SELECT id FROM fundmgr_donor WHERE name = 'The network' "
        "LIMIT 1) WHERE NOT is_conditional; UPDATE fundmgr_receipt r SET donor_id = c.donor_id "
        "FROM fundmgr_commitment c WHERE c.id = r.commitment_id",
        {"commitment_says_what_was_recorded", "receipt_says_what_was_recorded"},
    ),
    "unmatched money is said to be reconciled": (
        "UPDATE fundmgr_receipt SET state = 'RECONCILED' WHERE bank_reference = 'NOBODY'",
        {"receipts_follow_their_promise"},
    ),
    "a gift came on another day, before the promise that matches it": (
        "UPDATE fundmgr_receipt SET received_on = received_on - 400 WHERE bank_reference = 'GIFT'",
        {"receipt_says_what_was_recorded", "conditions_equal_what_met_them"},
    ),
    "more of a match is said to be met": (
        "UPDATE fundmgr_commitment SET met_cents = met_cents + 1 WHERE match_percent IS NOT NULL",
        {"conditions_equal_what_met_them", "commitments_equal_ledger"},
    ),
    "a match follows the gifts no further": (
        "UPDATE fundmgr_commitment SET match_percent = NULL WHERE match_percent IS NOT NULL",
        {"conditions_equal_what_met_them", "commitment_says_what_was_recorded"},
    ),
    "the proof of a condition was never confirmed": (
        "UPDATE fundmgr_conditionproof SET state = 'REFUSED' WHERE state = 'MADE'",
        {"conditions_equal_what_met_them"},
    ),
    "a part of a promise is moved to a later one": (
        "ALTER TABLE fundmgr_instalment DISABLE TRIGGER USER;"
        "UPDATE fundmgr_instalment SET amount_cents = amount_cents "
        "+ CASE number WHEN 1 THEN -500 ELSE 500 END "
        "WHERE commitment_id = (SELECT commitment_id FROM fundmgr_instalment WHERE number = 2)",
        {"dates_were_agreed"},
    ),
    "a promise is due later, with its last part": (
        "ALTER TABLE fundmgr_instalment DISABLE TRIGGER USER;"
        "UPDATE fundmgr_instalment SET due_on = due_on + 90 WHERE number = 2;"
        "UPDATE fundmgr_commitment SET due_on = due_on + 90 "
        "WHERE id = (SELECT commitment_id FROM fundmgr_instalment WHERE number = 2)",
        {"dates_were_agreed", "commitment_says_what_was_recorded"},
    ),
    "dates are added that nobody agreed on": (
        "INSERT INTO fundmgr_instalment (id, fund_id, created_at, commitment_id, schedule, number, due_on, "
        "amount_cents) SELECT gen_random_uuid(), fund_id, created_at, commitment_id, schedule + 1, number, "
        "due_on, amount_cents FROM fundmgr_instalment",
        {"dates_were_agreed"},
    ),
    "a row of a bank's file is made larger": (
        "UPDATE fundmgr_receipt SET amount_cents = amount_cents + 1 WHERE bank_reference = 'FILE-1'",
        {"imports_are_whole"},
    ),
    "a row of a bank's file has another reference": (
        "UPDATE fundmgr_receipt SET bank_reference = 'OTHER' WHERE bank_reference = 'FILE-1'",
        {"imports_are_whole"},
    ),
    "a row of a bank's file is gone": (
        "DELETE FROM fundmgr_receipt WHERE bank_reference = 'FILE-1'",
        {"imports_are_whole"},
    ),
    "a row of a bank's file names a promise": (
        "UPDATE fundmgr_receipt r SET (commitment_id, donor_id, restriction_id) = "
        "(SELECT id, donor_id, restriction_id FROM fundmgr_commitment WHERE match_percent IS NOT NULL) "
        "WHERE bank_reference = 'FILE-1'",
        {"imports_are_whole"},
    ),
    "an account is closed": (
        "ALTER TABLE fundmgr_account DISABLE TRIGGER USER;"
        "DELETE FROM fundmgr_balance WHERE account_id IN "
        "(SELECT id FROM fundmgr_account WHERE code = '1200');"
        "DELETE FROM fundmgr_account WHERE code = '1200'",
        {"charts_are_whole"},
    ),
}


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
    bent = set.union(*(checks for _, checks in BENDS.values()))
    assert set(proof.checks()) <= bent <= {*proof.checks(), *proof_facts.CHECKS}
