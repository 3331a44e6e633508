"""Guards inside the database: the books and the trail only grow, whoever writes and by whatever way."""

import os
from uuid import uuid4

import psycopg
import pytest
from builders import NOW, make_world, put_money_in
from django.apps import apps
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from fundmgr.domain import actors, chart
from fundmgr.domain.chart import Code
from fundmgr.models import Event, PolicyVersion
from fundmgr.models.ledger import Account, Balance, Entry, Transfer
from fundmgr.services import funds

APPEND_ONLY = sorted(
    model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)
)
BOOKS = ["fundmgr_transfer", "fundmgr_entry", "fundmgr_event", "fundmgr_eventlink"]
CHANGES = {
    "update": "UPDATE {table} SET {column} = {column}",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table} CASCADE",
}


def first_column(table):
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    return model._meta.pk.column


def change(kind, table):
    return CHANGES[kind].format(table=table, column=first_column(table))


@pytest.fixture
def world(db):
    made = make_world()
    put_money_in(made, 1_000)
    return made


def test_the_books_are_among_the_append_only_tables():
    assert set(BOOKS) <= set(APPEND_ONLY)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("kind", CHANGES)
def test_the_app_role_may_not_change_what_only_grows(db, table, kind):
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change(kind, table))


@pytest.mark.parametrize("table", BOOKS)
@pytest.mark.parametrize("kind", CHANGES)
def test_the_owner_too_is_refused_by_a_trigger(committed_db, table, kind):
    put_money_in(make_world(), 1_000)

    with (
        pytest.raises(psycopg.errors.CheckViolation, match="never changed or removed"),
        psycopg.connect(os.environ["FUNDMGR_OWNER_DATABASE_URL"]) as owner,
    ):
        owner.execute(change(kind, table))


def test_every_append_only_table_has_its_triggers(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname LIKE '%append_only' FROM pg_trigger "
            "WHERE tgname LIKE '%append_only' OR tgname LIKE '%no_truncate'"
        )
        guarded = cursor.fetchall()

    assert sorted(table for table, against_change in guarded if against_change) == sorted(APPEND_ONLY)
    assert {table for table, against_change in guarded if not against_change} >= set(APPEND_ONLY)


def test_the_orm_cannot_change_them_either(world):
    entry = Entry.objects.first()
    entry.amount_cents += 1
    attempts = (
        lambda: Entry.objects.update(amount_cents=1),
        lambda: Entry.objects.bulk_update([entry], ["amount_cents"]),
        entry.save,
        entry.delete,
        lambda: Event.objects.all().delete(),
        lambda: PolicyVersion.objects.update(award_cap_cents=1),
    )

    for attempt in attempts:
        with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
            attempt()


def insert_transfer(world, lines, *, key=None, sequence=None, resolves_id=None):
    """Write a transfer behind the ledger's back; lines are (code, cents)."""
    transfer = Transfer.objects.create(
        id=uuid4(),
        fund_id=world.fund.id,
        created_at=NOW,
        sequence=sequence or 900,
        move="HOLD",
        key=key or str(uuid4()),
        cause_type="award",
        cause_id=uuid4(),
        actor="system",
        resolves_id=resolves_id,
    )
    accounts = [Account.objects.get(fund=world.fund, code=code) for code, _cents in lines]
    insert_entries(transfer, [(account, cents) for account, (_, cents) in zip(accounts, lines, strict=True)])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return transfer


def insert_entries(transfer, lines):
    """Write entries in one statement; lines are (account, cents)."""
    Entry.objects.bulk_create(
        Entry(
            id=uuid4(),
            fund_id=transfer.fund_id,
            created_at=NOW,
            transfer=transfer,
            account=account,
            restriction_id=account.restriction_id,
            amount_cents=cents,
        )
        for account, cents in lines
    )


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [(Code.AVAILABLE, 5)],
        [(Code.AVAILABLE, 5), (Code.RESERVED, -4)],
        [(Code.AVAILABLE, 5), (Code.RESERVED, -5), (Code.COMMITTED, 1)],
    ],
)
def test_invariant_01_a_transfer_that_does_not_balance_is_refused(world, lines):
    with pytest.raises(IntegrityError, match=r"sum to zero|two sides"), transaction.atomic():
        insert_transfer(world, lines)

    insert_transfer(world, [(Code.AVAILABLE, 5), (Code.RESERVED, -5)])


def test_a_transfer_without_its_entries_is_refused_at_the_commit(committed_db):
    world = make_world()

    def write():
        with transaction.atomic():
            Transfer.objects.create(
                id=uuid4(),
                fund=world.fund,
                created_at=NOW,
                sequence=1,
                move="HOLD",
                key="k",
                cause_type="award",
                cause_id=uuid4(),
                actor="system",
            )

    with pytest.raises(IntegrityError, match="two sides"):
        write()
    assert not Transfer.objects.exists()


def test_an_old_transfer_takes_no_entry_that_bends_it(world):
    """Not at once, not bit by bit, and not two wrongs in two transfers that sum to zero together."""
    balanced = [(Code.AVAILABLE, 5), (Code.RESERVED, -5)]
    first = insert_transfer(world, balanced)
    second = insert_transfer(world, balanced, sequence=901)
    available = Account.objects.get(fund=world.fund, code=Code.AVAILABLE)

    def across():
        Entry.objects.bulk_create(
            Entry(
                id=uuid4(),
                fund_id=world.fund.id,
                created_at=NOW,
                transfer=transfer,
                account=available,
                restriction_id=available.restriction_id,
                amount_cents=cents,
            )
            for transfer, cents in ((first, 3), (second, -3))
        )

    for attempt in (
        lambda: insert_entries(first, [(available, 3)]),
        lambda: insert_entries(first, [(available, 3), (available, -2)]),
        across,
    ):
        with pytest.raises(IntegrityError, match="sum to zero"), transaction.atomic():
            attempt()


def test_two_restrictions_do_not_balance_each_other(world):
    transfer = insert_transfer(world, [(Code.AVAILABLE, 5), (Code.RESERVED, -5)])
    here = Account.objects.get(fund=world.fund, code=Code.AVAILABLE)
    other = funds.add_restriction(
        fund_id=world.fund.id, name="Grips only", wording="", by=actors.SYSTEM, now=NOW
    )
    there = Account.objects.get(fund=world.fund, code=Code.AVAILABLE, restriction=other)

    with pytest.raises(IntegrityError, match="sum to zero"), transaction.atomic():
        insert_entries(transfer, [(here, 5), (there, -5)])


def test_entries_that_are_copied_in_are_guarded_too(committed_db):
    world = make_world(reserve_bp=0)
    put_money_in(world, 1_000)
    entry = Entry.objects.order_by("id")[0]
    row = (uuid4(), NOW, 7, entry.account_id, entry.fund_id, entry.restriction_id, entry.transfer_id)

    with (
        pytest.raises(psycopg.errors.CheckViolation, match="sum to zero"),
        psycopg.connect(os.environ["DATABASE_URL"]) as app,
        app.cursor() as cursor,
        cursor.copy(
            "COPY fundmgr_entry (id, created_at, amount_cents, account_id, fund_id, restriction_id,"
            " transfer_id) FROM STDIN"
        ) as copy,
    ):
        copy.write_row(row)


def test_an_entry_stands_in_the_restriction_and_fund_of_its_account(world):
    other = make_world(name="Another fund")
    foreign = Account.objects.get(fund=other.fund, code=Code.AVAILABLE)
    transfer = insert_transfer(world, [(Code.AVAILABLE, 5), (Code.RESERVED, -5)])

    with pytest.raises(IntegrityError, match="another fund or restriction"), transaction.atomic():
        insert_entries(transfer, [(foreign, 5), (foreign, -5)])


def test_an_entry_needs_a_transfer_of_its_own_fund(world):
    """The entries' rows have no foreign keys: a trigger looks for what they name."""
    other = make_world(name="Another fund")
    foreign = insert_transfer(other, [(Code.AVAILABLE, 5), (Code.RESERVED, -5)])
    available, reserved = (
        Account.objects.get(fund=world.fund, code=code) for code in (Code.AVAILABLE, Code.RESERVED)
    )

    for transfer in (Transfer(id=uuid4(), fund=world.fund), foreign):
        with pytest.raises(IntegrityError, match="no transfer in its fund"), transaction.atomic():
            Entry.objects.bulk_create(
                Entry(
                    id=uuid4(),
                    fund_id=world.fund.id,
                    created_at=NOW,
                    transfer=transfer,
                    account=account,
                    restriction_id=account.restriction_id,
                    amount_cents=cents,
                )
                for account, cents in ((available, 5), (reserved, -5))
            )


def test_an_entry_needs_an_account_that_is_there(world):
    transfer = insert_transfer(world, [(Code.AVAILABLE, 5), (Code.RESERVED, -5)])
    nowhere = Account.objects.get(fund=world.fund, code=Code.AVAILABLE)
    nowhere.id = uuid4()

    with pytest.raises(IntegrityError, match="another fund or restriction"), transaction.atomic():
        insert_entries(transfer, [(nowhere, 5), (nowhere, -5)])


def test_a_hold_is_resolved_once_and_keys_and_numbers_are_used_once(world):
    lines = [(Code.AVAILABLE, 5), (Code.RESERVED, -5)]
    hold = insert_transfer(world, lines, key="k", sequence=900)
    insert_transfer(world, lines, sequence=901, resolves_id=hold.id)

    for terms, constraint in (
        ({"sequence": 902, "resolves_id": hold.id}, "resolves_id"),
        ({"sequence": 902, "key": "k"}, "transfer_key"),
        ({"sequence": 900}, "transfer_sequence"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            insert_transfer(world, lines, **terms)


def test_an_entry_of_nothing_is_refused(world):
    with pytest.raises(IntegrityError, match="entry_amount"), transaction.atomic():
        insert_transfer(world, [(Code.AVAILABLE, 0), (Code.RESERVED, 0)])


@pytest.mark.parametrize("code", sorted(chart.GUARDED))
def test_no_guarded_balance_goes_below_zero(world, code):
    with pytest.raises(IntegrityError, match="balance_floor"), transaction.atomic():
        Balance.objects.filter(fund=world.fund, account__code=code).update(balance_cents=-1)


def test_the_app_role_owns_nothing_and_is_no_superuser(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False)
        cursor.execute("SELECT COUNT(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        assert cursor.fetchone() == (0,)


def test_the_app_role_cannot_take_the_guards_away(db):
    for statement in (
        "ALTER TABLE fundmgr_entry DISABLE TRIGGER ALL",
        "DROP TABLE fundmgr_entry CASCADE",
        "DROP FUNCTION fundmgr_refuse_change() CASCADE",
        "ALTER TABLE fundmgr_balance DROP CONSTRAINT balance_floor",
        "SET session_replication_role = replica",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
