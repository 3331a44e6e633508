"""Many processes reserve money that is not there: not one cent too much, and not one reservation lost.

Beside it stands the way that reads a sum and then inserts: it overspends, so the test can tell the two apart.
"""

import os
import random
from uuid import UUID, uuid4, uuid5

import psycopg
import pytest
from builders import NOW, make_world, put_money_in
from django.db import connection, transaction
from racing import in_processes

from fundmgr.domain import actors, errors, postings
from fundmgr.domain.chart import Code
from fundmgr.domain.pledges import Split
from fundmgr.models.ledger import Transfer
from fundmgr.ports import ledger
from fundmgr.queries import books, funds
from fundmgr.services import proof

PROCESSES = 8
START_CENTS = 100_000
# The control plays many small pots: each has its own last cent to be fought over.
POTS, POT_CENTS, NAIVE_CENTS = 60, 500, 100
NAMES = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


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


class Actor:
    """One process of many that holds, posts, voids, reverses and receives, and remembers what it did."""

    def __init__(self, seed, number, fund_id, restriction_id):
        self.choices = random.Random(f"{seed}:{number}")  # noqa: S311  # repeatable on purpose
        self.restriction_id = restriction_id
        self.acting = {"fund_id": fund_id, "by": actors.SYSTEM, "now": NOW}
        self.held, self.sums = {}, {"held": 0, "posted": 0, "received": 0, "refused": 0}

    def act(self):
        move = self.choices.choices(
            (self.hold, self.post_hold, self.void_hold, self.reverse, self.receive), (60, 10, 14, 10, 6)
        )[0]
        with transaction.atomic(durable=True):
            move()

    def hold(self):
        cents = self.choices.randint(1, 997)
        try:
            key = ledger.hold(award_id=uuid4(), shares=[(self.restriction_id, cents)], **self.acting)
        except errors.InsufficientFunds:
            self.sums["refused"] += 1
        else:
            self.held[key] = cents

    def post_hold(self):
        self._end(ledger.post_hold, "posted")

    def void_hold(self):
        self._end(ledger.void_hold)

    def reverse(self):
        self._end(ledger.reverse)

    def _end(self, way, counted=None):
        if self.held:
            key = self.choices.choice(list(self.held))
            way(key, **self.acting)
            cents = self.held.pop(key)
            if counted:
                self.sums[counted] += cents

    def receive(self):
        cents = self.choices.randint(1, 50)
        gift = postings.receipt(receipt_id=uuid4(), restriction_id=self.restriction_id, split=Split(cents))
        ledger.post(gift, **self.acting)
        self.sums["received"] += cents


def act_many_times(number, seed, fund_id, restriction_id, attempts):
    actor = Actor(seed, number, fund_id, restriction_id)
    for _ in range(attempts):
        actor.act()
    return {**actor.sums, "held": sum(actor.held.values())}


def try_all_moves(seed, processes, attempts, most_seconds=280):
    world = make_world(reserve_bp=0)
    put_money_in(world, START_CENTS // 20)
    restriction_id = funds.general_restriction(world.fund.id).id

    found = in_processes(
        act_many_times,
        seed,
        world.fund.id,
        restriction_id,
        attempts,
        processes=processes,
        most_seconds=most_seconds,
    )

    total = {key: sum(sums[key] for sums in found) for key in found[0]}
    balances = {code: cents for code, _, cents in books.balances(world.fund.id)}
    assert total["refused"] > 0
    assert balances[Code.RESERVED] == total["held"]
    assert balances[Code.COMMITTED] == total["posted"]
    left = START_CENTS // 20 + total["received"] - total["held"] - total["posted"]
    assert balances[Code.AVAILABLE] == left >= 0
    # Money came in at the ledger's own door, which writes no receipt; nothing else is found.
    assert {found.check for found in proof.check_books()} <= {"money_in_has_its_row"}


@pytest.mark.parametrize(("seed", "processes", "attempts"), [(1, 8, 40), (2, 32, 8)])
def test_invariant_02_no_move_of_many_at_once_spends_what_is_not_available(
    committed_db, seed, processes, attempts
):
    try_all_moves(seed, processes, attempts)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("processes", [8, 32])
def test_invariant_02_a_hundred_thousand_attempts_over_three_seeds(committed_db, seed, processes):
    try_all_moves(seed, processes, attempts=-(-100_000 // (6 * processes)), most_seconds=3500)


def test_the_control_without_its_floor_overspends_through_the_ledger(committed_db):
    world = make_world(reserve_bp=0)
    put_money_in(world, 1_000)
    restriction_id = funds.general_restriction(world.fund.id).id
    with psycopg.connect(os.environ["FUNDMGR_OWNER_DATABASE_URL"]) as owner:
        owner.execute("ALTER TABLE fundmgr_balance DROP CONSTRAINT balance_floor")
        owner.execute("UPDATE fundmgr_balance SET is_guarded = false")

    found = in_processes(reserve, world.fund.id, restriction_id, 5)

    assert sum(sum(amounts) for amounts, _ in found) > 1_000


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
