"""The ways to enter money that `bench/ledger.py` runs side by side, each on one fund's hot account."""

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from django.db import connection, connections, transaction
from django.utils import timezone

MANY = 1_000
MONEY_CENTS = 10**12
ROOT = Path(__file__).resolve().parent.parent

# Raw set-based SQL for the same rows in the same tables: no lock taken first and no judgement.
_RAW = (
    "UPDATE fundmgr_balance b SET balance_cents = balance_cents + c.cents"
    " FROM unnest(%s::uuid[], %s::bigint[]) AS c (id, cents) WHERE b.account_id = c.id",
    "INSERT INTO fundmgr_transfer (id, fund_id, created_at, actor, sequence, move, key, cause_type, cause_id)"
    " SELECT t.id, %s, now(), 'system', h.top + t.place, 'HOLD', t.key, 'award', t.cause"
    " FROM (SELECT coalesce(max(sequence), 0) AS top FROM fundmgr_transfer WHERE fund_id = %s) h,"
    " unnest(%s::uuid[], %s::text[], %s::uuid[]) WITH ORDINALITY AS t (id, key, cause, place)",
    "INSERT INTO fundmgr_entry (id, fund_id, created_at, transfer_id, account_id, restriction_id,"
    " amount_cents) SELECT e.id, %s, now(), e.transfer, e.account, %s, e.cents"
    " FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[]) AS e (id, transfer, account, cents)",
)


def race(processes: int, seconds: float, act: Callable[[int], object]) -> float:
    """Let processes act over and over for some seconds from one moment; return acts a second."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    barrier, done = fork.Barrier(processes), fork.Queue()

    def run(number: int) -> None:
        connections.close_all()
        act(number)
        barrier.wait()
        count, start = 0, time.monotonic()
        while time.monotonic() < start + seconds:
            act(number)
            count += 1
        done.put(count / (time.monotonic() - start))
        connections.close_all()

    children = [fork.Process(target=run, args=(number,)) for number in range(processes)]
    for child in children:
        child.start()
    rates = [done.get(timeout=60 + 10 * seconds) for _ in children]
    for child in children:
        child.join()
    return sum(rates)


class Ours:
    """A fund with much money, and the awards made out of it."""

    def __init__(self, history: int = 0) -> None:
        from fundmgr.domain import actors, postings
        from fundmgr.domain.pledges import Split
        from fundmgr.ports import ledger
        from fundmgr.queries import books, funds
        from fundmgr.services import funds as services

        now = timezone.now()
        fund = services.found(
            terms=services.FundTerms("Bench", "fiscal_sponsored"), by=actors.SYSTEM, now=now
        )
        self.fund_id: UUID = fund.id
        self.restriction_id: UUID = funds.general_restriction(fund.id).id
        self.entering = {"fund_id": fund.id, "by": actors.SYSTEM}
        gift = postings.receipt(
            receipt_id=uuid4(), restriction_id=self.restriction_id, split=Split(MONEY_CENTS)
        )
        with transaction.atomic():
            ledger.post(gift, now=now, **self.entering)
        assert books.available_cents(fund.id) == MONEY_CENTS
        for _ in range(history // MANY):
            self.many()

    def award(self, _number: int) -> None:
        """Hold money and turn it into an obligation: two transfers, eight entries, one commit."""
        from fundmgr.ports import ledger

        now = timezone.now()
        with transaction.atomic(durable=True):
            hold_id = ledger.hold(
                award_id=uuid4(), shares=[(self.restriction_id, 1)], now=now, **self.entering
            )
            ledger.post_hold(hold_id, now=now, **self.entering)

    def hold(self, _number: int) -> None:
        """One checked transfer: what the others' one transfer is."""
        from fundmgr.ports import ledger

        with transaction.atomic(durable=True):
            shares = [(self.restriction_id, 1)]
            ledger.hold(award_id=uuid4(), shares=shares, now=timezone.now(), **self.entering)

    def many(self) -> float:
        """Enter many holds by one call; return postings a second."""
        from fundmgr.domain import postings
        from fundmgr.ports import ledger

        made = [postings.hold(award_id=uuid4(), shares=[(self.restriction_id, 1)]) for _ in range(MANY)]
        start = time.perf_counter()
        with transaction.atomic(durable=True):
            ledger.post_many(made, now=timezone.now(), **self.entering)
        return MANY / (time.perf_counter() - start)

    def raw(self) -> float:
        """Write the same rows as `many` by raw SQL; return postings a second."""
        from fundmgr.models import prepared

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT code, id FROM fundmgr_account WHERE restriction_id = %s AND code IN ('9100', '9190')",
                [self.restriction_id],
            )
            accounts = dict(cursor.fetchall())
        pair = [accounts["9100"], accounts["9190"]]
        ids = [uuid4() for _ in range(MANY)]
        # Arrays as text made beforehand: the quickest way in that is known here, and not in the time.
        uuids, keys = prepared.uuids, prepared.words(f"raw:{key}" for key in ids)
        balances, transfers, entries = (
            (uuids(pair), prepared.numbers([-MANY, MANY])),
            (self.fund_id, self.fund_id, uuids(ids), keys, uuids(ids)),
            (
                self.fund_id,
                self.restriction_id,
                uuids(uuid4() for _ in range(2 * MANY)),
                uuids(key for key in ids for _ in pair),
                uuids(pair * MANY),
                prepared.numbers([1, -1] * MANY),
            ),
        )
        start = time.perf_counter()
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            for statement, parameters in zip(_RAW, (balances, transfers, entries), strict=True):
                cursor.execute(statement, parameters)
        return MANY / (time.perf_counter() - start)

    def check(self) -> None:
        """Stop where a cent is spent twice or a sum is off."""
        from fundmgr.services import proof

        # The money of a bench comes in at the ledger's own door, which writes no receipt.
        findings = [one for one in proof.check_books() if one.check != "money_in_has_its_row"]
        if findings:
            raise SystemExit(f"the books are broken: {findings}")


class PgLedger:
    """pgledger from files that the caller names; nothing of it is kept here."""

    def __init__(self, files: list[str]) -> None:
        with psycopg.connect(os.environ["FUNDMGR_OWNER_DATABASE_URL"]) as owner:
            for file in files:
                owner.execute(Path(file).read_bytes())
            gifts, self.fund, self.worker = (
                owner.execute(
                    "SELECT id FROM pgledger_create_account(%s, 'USD', allow_negative_balance => %s)",
                    [name, name == "gifts"],
                ).fetchone()[0]
                for name in ("gifts", "fund", "worker")
            )
            owner.execute("SELECT pgledger_create_transfer(%s, %s, %s)", [gifts, self.fund, MONEY_CENTS])
        self._connection: psycopg.Connection | None = None

    def award(self, _number: int) -> None:
        """One checked transfer."""
        if self._connection is None:
            url = os.environ["FUNDMGR_OWNER_DATABASE_URL"]
            self._connection = psycopg.connect(url, autocommit=True)
        self._connection.execute(
            "SELECT pgledger_create_transfer(%s, %s, %s)", [self.fund, self.worker, 1], prepare=True
        )


def hordak(env: dict[str, str], processes: int, seconds: float) -> float:
    """Awards a second of django-hordak, in an interpreter with its own settings."""
    command = [sys.executable, "-W", "ignore", "bench/hordak_books/run.py", str(processes), str(seconds)]
    surroundings = {**os.environ, **env, "DJANGO_SETTINGS_MODULE": "bench.hordak_books.settings"}
    out = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    if out.returncode:
        raise SystemExit(out.stderr[-2000:])
    return float(out.stdout.split()[-1])
