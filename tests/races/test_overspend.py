"""Many processes reserve money that is not there: not one cent too much, and not one reservation lost.

Beside it stands the way that reads a sum and then inserts: it overspends, so the test can tell the two apart.
"""

import multiprocessing
import os
from uuid import UUID, uuid5

import psycopg
import pytest
from builders import NOW, make_world, put_money_in
from django.db import connection, connections, transaction

from fundmgr.domain import actors, errors, postings
from fundmgr.domain.chart import Code
from fundmgr.models.ledger import Transfer
from fundmgr.ports import ledger
from fundmgr.queries import books, funds
from fundmgr.services import proof

PROCESSES = 8
START_CENTS = 100_000
# The control plays many small pots: each has its own last cent to be fought over.
POTS, POT_CENTS, NAIVE_CENTS = 60, 500, 100
NAMES = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


def in_processes(work, *arguments):
    """Run `work(number, *arguments)` in processes that start at one moment; return what each one returns."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    barrier, results = fork.Barrier(PROCESSES), fork.Queue()

    def run(number):
        # The parent's connections do not survive a fork; a fresh one reads the same settings.
        connections.close_all()
        connection.ensure_connection()
        barrier.wait()
        results.put(work(number, *arguments))
        connections.close_all()

    children = [fork.Process(target=run, args=(number,)) for number in range(PROCESSES)]
    for child in children:
        child.start()
    found = [results.get(timeout=280) for _ in children]
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0] * PROCESSES
    return found


def reserve(number, fund_id, restriction_id, attempts):
    """Try to reserve 1 to 997 cents over and over; return the amounts reserved and how many were refused."""
    reserved, refused = [], 0
    for attempt in range(attempts):
        cents = 1 + (number * 7_919 + attempt * 104_729) % 997
        award_id = uuid5(NAMES, f"{number}:{attempt}")
        posting = postings.hold(award_id=award_id, shares=[(restriction_id, cents)])
        try:
            with transaction.atomic(durable=True):
                ledger.post(posting, fund_id=fund_id, by=actors.SYSTEM, now=NOW)
            reserved.append(cents)
        except errors.InsufficientFunds:
            refused += 1
    return reserved, refused


def reserve_naively(number, attempts):
    """Read what is left, then insert: no lock and no constraint stands between the two."""
    for pot in range(POTS):
        for _ in range(attempts):
            with connection.cursor() as cursor:
                cursor.execute("SELECT COALESCE(SUM(cents), 0) FROM naive_hold WHERE pot = %s", [pot])
                (spent,) = cursor.fetchone()
                if spent + NAIVE_CENTS <= POT_CENTS:
                    cursor.execute("INSERT INTO naive_hold VALUES (%s, %s)", [pot, NAIVE_CENTS])
    return number


def try_to_overspend(attempts):
    world = make_world(reserve_bp=0)
    put_money_in(world, START_CENTS)
    restriction_id = funds.general_restriction(world.fund.id).id

    found = in_processes(reserve, world.fund.id, restriction_id, attempts)

    reserved = [cents for amounts, _ in found for cents in amounts]
    balances = {code: cents for code, _, cents in books.balances(world.fund.id)}
    assert len(reserved) + sum(refused for _, refused in found) == PROCESSES * attempts
    assert sum(refused for _, refused in found) > 0
    assert sum(reserved) <= START_CENTS
    assert balances[Code.RESERVED] == sum(reserved)
    assert balances[Code.AVAILABLE] == START_CENTS - sum(reserved)
    assert Transfer.objects.filter(fund=world.fund, move="HOLD").count() == len(reserved)
    assert proof.check_books() == []


def test_eight_processes_reserve_not_a_cent_too_much(committed_db):
    try_to_overspend(attempts=250)


@pytest.mark.slow
def test_eight_processes_with_two_thousand_attempts_each_reserve_not_a_cent_too_much(committed_db):
    try_to_overspend(attempts=2_000)


def test_the_control_without_a_guard_overspends(committed_db):
    with psycopg.connect(os.environ["FUNDMGR_OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("CREATE TABLE naive_hold (pot integer, cents bigint)")
        owner.execute(f"GRANT SELECT, INSERT ON naive_hold TO {os.environ['FUNDMGR_APP_ROLE']}")

    in_processes(reserve_naively, 4)

    with connection.cursor() as cursor:
        cursor.execute("SELECT pot, SUM(cents) FROM naive_hold GROUP BY pot")
        over = [int(spent) - POT_CENTS for _, spent in cursor.fetchall()]
    assert max(over) > 0


def test_the_floor_holds_without_the_lock_too(committed_db):
    """The CHECK is the second guard: even a plain UPDATE below zero is refused by the database."""
    world = make_world(reserve_bp=0)
    put_money_in(world, 1_000)

    with (
        pytest.raises(psycopg.errors.CheckViolation, match="balance_floor"),
        psycopg.connect(os.environ["DATABASE_URL"]) as app,
    ):
        app.execute(
            "UPDATE fundmgr_balance b SET balance_cents = balance_cents - 1001 "
            "FROM fundmgr_account a WHERE a.id = b.account_id AND a.code = '9100' AND b.fund_id = %s",
            [world.fund.id],
        )
