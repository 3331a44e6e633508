"""The ledger's statements; `fundmgr.ports.ledger` runs them."""

from fundmgr.domain.chart import Code
from fundmgr.domain.move import Move
from fundmgr.ports.locks import AUDIT_LOCK

# The database's function locks, judges, numbers and writes, in this order; what it does stands in the
# migration that made it. One call, for the fund stays locked as long as the way to and fro takes. In a rush
# the commit lets those that wait go on before the disk has it.
ENTER = f"""
SELECT has_waited, CASE WHEN has_waited OR $18 THEN set_config('synchronous_commit', 'off', true) END
FROM fundmgr_enter($1, $2, $3, {AUDIT_LOCK},
    $4::text[], $5::uuid[], $6::bigint[],
    $7::uuid[], $8::text[], $9::text[], $10::text[], $11::uuid[], $12::uuid[], $13::uuid[],
    $14::uuid[], $15::int[], $16::int[], $17::bigint[]) AS has_waited
"""  # noqa: S608  # our own words

BALANCE = """
SELECT b.balance_cents FROM fundmgr_balance b JOIN fundmgr_account a ON a.id = b.account_id
WHERE a.fund_id = $1 AND a.restriction_id = $2 AND a.code = $3
"""

# The hold's few entries first, by their transfer: no account's long list is read for them.
HELD = f"""
WITH set_aside AS MATERIALIZED (
    SELECT t.cause_id, e.account_id, e.restriction_id, -e.amount_cents AS cents
    FROM fundmgr_transfer t JOIN fundmgr_entry e ON e.transfer_id = t.id
    WHERE t.id = $1 AND t.fund_id = $2 AND t.move = '{Move.HOLD}'
)
SELECT s.cause_id, s.restriction_id, s.cents, r.is_general
FROM set_aside s JOIN fundmgr_account a ON a.id = s.account_id
JOIN fundmgr_restriction r ON r.id = s.restriction_id
WHERE a.code = '{Code.RESERVED}'
ORDER BY s.restriction_id
"""  # noqa: S608  # our own words

# The lock that `fundmgr_enter` takes first; behind it, nobody else holds a balance of the fund.
QUEUE = f"SELECT fundmgr_wait_for(uuid_hash_extended($1, {AUDIT_LOCK}))"

STANDINGS = f"""
SELECT a.restriction_id, a.code, b.balance_cents
FROM fundmgr_balance b JOIN fundmgr_account a ON a.id = b.account_id
WHERE a.fund_id = $1 AND a.restriction_id = ANY($2::uuid[])
ORDER BY a.code = '{Code.AVAILABLE}', a.id FOR UPDATE OF b
"""  # noqa: S608  # our own words
