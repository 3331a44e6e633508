"""The books proved from the rows: whatever somebody bends behind the guards is found and named."""

import os
from uuid import uuid4

import psycopg
import pytest
from builders import NOW, file_request, make_world, put_money_in
from restricted import make_release, propose_release, tie_money

from fundmgr.domain import actors, postings
from fundmgr.ports import ledger
from fundmgr.queries import funds
from fundmgr.services import proof
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
    return world


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
