"""Two people at one receipt, and one bank file sent twice at once: each is counted once."""

import multiprocessing
import os

import psycopg
from bank_files import MAPPING, bank_file, many
from builders import NOW, TODAY, make_donor, make_world
from django.db import connection, connections

from fundmgr.domain import errors
from fundmgr.domain.chart import Code
from fundmgr.domain.permissions import Role
from fundmgr.models import BankImport, Receipt
from fundmgr.queries import books
from fundmgr.services import bank_imports, proof, receipt_batches, receipts, refunds

PROCESSES = 6


def at_once(work):
    """Run `work(number)` in processes that start at one moment; return what each one returns."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    barrier, results = fork.Barrier(PROCESSES), fork.Queue()

    def run(number):
        connections.close_all()
        connection.ensure_connection()
        barrier.wait()
        results.put(work(number))
        connections.close_all()

    children = [fork.Process(target=run, args=(number,)) for number in range(PROCESSES)]
    for child in children:
        child.start()
    found = [results.get(timeout=120) for _ in children]
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0] * PROCESSES
    return found


def tried(call):
    """The call's outcome in a word: done, or the code of its refusal."""
    try:
        call()
    except errors.FundError as error:
        return error.code
    return "done"


def record(world, reference="A", **shape):
    return receipts.record(
        fund_id=world.fund.id,
        amount_cents=1_000,
        bank_reference=reference,
        received_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
        **shape,
    )


def reconcile(world, row):
    return receipts.reconcile(receipt_id=row.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)


def balances(world):
    return {code: cents for code, _, cents in books.balances(world.fund.id) if cents}


def test_of_those_who_match_one_receipt_exactly_one_wins(committed_db):
    world = make_world(reserve_bp=0)
    row = reconcile(world, record(world))
    donors = [make_donor(world, name=f"Donor {number}").id for number in range(PROCESSES)]
    by = world.actor(Role.TREASURER_RELEASES)

    found = at_once(
        lambda number: tried(
            lambda: receipts.match(receipt_id=row.id, donor_id=donors[number], by=by, now=NOW)
        )
    )

    assert sorted(found) == ["done", *["wrong_state"] * (PROCESSES - 1)]
    assert balances(world)[Code.CONTRIBUTIONS] == 1_000
    assert Code.SUSPENSE not in balances(world)
    assert proof.check_books() == []


def test_one_file_sent_many_times_at_once_is_imported_once(committed_db):
    world = make_world()
    content = many(300)
    by = world.actor(Role.TREASURER_PREPARES)

    found = at_once(
        lambda number: tried(
            lambda: bank_imports.take_in(
                fund_id=world.fund.id, name="a.csv", content=content, mapping=MAPPING, by=by, now=NOW
            )
        )
    )

    assert found == ["done"] * PROCESSES
    assert (BankImport.objects.count(), Receipt.objects.count()) == (1, 300)


def test_files_that_share_a_row_at_once_record_it_once(committed_db):
    world = make_world()
    by = world.actor(Role.TREASURER_PREPARES)

    found = at_once(
        lambda number: tried(
            lambda: bank_imports.take_in(
                fund_id=world.fund.id,
                name="a.csv",
                content=bank_file("2023-09-18,SAME,1.00,x,x", f"2023-09-18,OWN-{number},1.00,x,x"),
                mapping=MAPPING,
                by=by,
                now=NOW,
            )
        )
    )

    assert found == ["done"] * PROCESSES
    assert Receipt.objects.filter(bank_reference="SAME").count() == 1
    assert Receipt.objects.count() == PROCESSES + 1


def test_the_control_without_the_unique_reference_records_a_row_many_times(committed_db):
    """Looking before writing is no guard: without the constraint the same row is written by each."""
    with psycopg.connect(os.environ["FUNDMGR_OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("CREATE TABLE naive_receipt (reference text)")
        owner.execute(f"GRANT SELECT, INSERT ON naive_receipt TO {os.environ['FUNDMGR_APP_ROLE']}")

    def record_naively(number):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), pg_sleep(0.05) FROM naive_receipt WHERE reference = 'SAME'")
            if cursor.fetchone()[0] == 0:
                cursor.execute("INSERT INTO naive_receipt VALUES ('SAME')")
        return number

    at_once(record_naively)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM naive_receipt")
        assert cursor.fetchone()[0] > 1


def test_a_receipt_confirmed_alone_and_in_a_batch_at_once_is_booked_once(committed_db):
    world = make_world(reserve_bp=0)
    rows = [record(world, name, donor_id=make_donor(world).id) for name in "ABC"]
    by = world.actor(Role.TREASURER_RELEASES)

    def confirm(number):
        if number % 2:
            return tried(lambda: reconcile(world, rows[0]))
        ids = [row.id for row in rows]
        return tried(
            lambda: receipt_batches.reconcile_many(fund_id=world.fund.id, receipt_ids=ids, by=by, now=NOW)
        )

    found = at_once(confirm)

    assert found.count("done") == 1
    assert balances(world)[Code.CASH] in {1_000, 3_000}
    assert proof.check_books() == []


def test_a_bounce_and_a_refund_at_once_do_not_take_the_money_twice(committed_db):
    world = make_world(reserve_bp=0)
    row = reconcile(world, record(world, donor_id=make_donor(world).id))
    refund = refunds.propose(
        receipt_id=row.id, amount_cents=1_000, reason="x", by=world.actor(Role.DIRECTOR), now=NOW
    )
    by = world.actor(Role.TREASURER_RELEASES)

    def act(number):
        if number % 2:
            return tried(lambda: refunds.make(refund_id=refund.id, by=by, now=NOW))
        return tried(lambda: receipts.bounce(receipt_id=row.id, reason="x", by=by, now=NOW))

    found = at_once(act)

    assert found.count("done") == 1
    assert balances(world) == {}
    assert proof.check_books() == []
