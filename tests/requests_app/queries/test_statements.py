"""Statements stay quick on an account with many entries."""

from datetime import date, timedelta

import psycopg
from builders import NOW, make_world, put_money_in
from django.db import connection
from django.test.utils import CaptureQueriesContext
from own_servers import Servers

from fundmgr.domain.permissions import Role
from fundmgr.models.ledger import Account, Transfer
from fundmgr.queries import statements as books
from requests_app.queries import statements

MANY = 40_000
# One transfer with as many debits of a cent as credits: what the guards ask for, in one statement.
FILL = """INSERT INTO fundmgr_entry
    (id, fund_id, created_at, transfer_id, account_id, restriction_id, amount_cents)
    SELECT gen_random_uuid(), %(fund)s, %(at)s::timestamptz + number * interval '1 second', %(transfer)s,
        account, %(restriction)s, cents
    FROM generate_series(1, %(many)s) AS number,
        (VALUES (%(cash)s::uuid, 1), (%(gifts)s::uuid, -1)) AS side (account, cents)"""


def test_a_large_account_is_read_by_its_index_alone(committed_db: str, servers: Servers):
    world = make_world()
    put_money_in(world, 10_000)
    cash, gifts = Account.objects.get(code="1000"), Account.objects.get(code="4000")
    said = {
        "fund": world.fund.id,
        "at": NOW,
        "transfer": Transfer.objects.latest("sequence").id,
        "restriction": cash.restriction_id,
        "cash": cash.id,
        "gifts": gifts.id,
        "many": MANY,
    }
    with connection.cursor() as cursor:
        cursor.execute(FILL, said)
    with psycopg.connect(servers.url(servers.owner, committed_db), autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE fundmgr_entry, fundmgr_transfer")
    day = (NOW + timedelta(seconds=MANY)).date()
    with CaptureQueriesContext(connection) as asked:
        found = statements.statement(
            world.actor(Role.AUDITOR), account_id=cash.id, first=date(2023, 9, 1), last=day, now=NOW
        )
    page = books.entries(cash, start=NOW, end=NOW + timedelta(days=2)).order_by("created_at", "id")[:51]

    assert found.closing_cents == 10_000 + MANY
    assert [line.balance_cents for line in found.lines[:3]] == [10_000, 10_001, 10_002]
    assert len(asked) == 7
    assert not [query for query in asked if "OFFSET" in query["sql"]]
    for plan in (page.explain(), _sum_plan(cash.id)):
        assert "entry_statement" in plan, plan
        assert "Seq Scan on fundmgr_entry" not in plan, plan
        assert "Sort" not in plan, plan


def _sum_plan(account_id) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN SELECT SUM(amount_cents) FROM fundmgr_entry WHERE account_id = %s AND created_at < %s",
            [account_id, NOW + timedelta(hours=2)],
        )
        return "\n".join(line for (line,) in cursor.fetchall())
