"""The ledger's two statements: one that locks and judges, one that writes. `fundmgr.ports.ledger` runs them.

They cannot be one: the second must see what others committed while the first waited for its locks.
"""

from fundmgr.domain.chart import Code
from fundmgr.domain.postings import Move
from fundmgr.ports.locks import AUDIT_LOCK

# The hot row, AVAILABLE, is locked last and so the shortest; the audit lock comes after every balance row,
# and a posting that is refused does not wait for it.
LOCK = f"""
WITH locked AS MATERIALIZED (
    SELECT a.code, a.restriction_id, a.id AS account_id, b.balance_cents, b.is_guarded, c.cents
    FROM unnest($2::text[], $3::uuid[], $4::bigint[]) AS c (code, restriction_id, cents)
    JOIN fundmgr_account a
        ON a.fund_id = $1 AND a.restriction_id = c.restriction_id AND a.code = c.code
    JOIN fundmgr_balance b ON b.account_id = a.id
    ORDER BY a.code = '{Code.AVAILABLE}', a.id FOR UPDATE OF b
), judged AS MATERIALIZED (
    SELECT coalesce(bool_or(is_guarded AND balance_cents + cents < 0), false) AS is_short FROM locked
), chain AS MATERIALIZED (
    SELECT is_short, CASE WHEN NOT is_short THEN pg_advisory_xact_lock({AUDIT_LOCK}) END AS held FROM judged
)
SELECT code, restriction_id, account_id, is_short FROM locked, chain
"""  # noqa: S608  # our own words

# Every row is locked by now, so nothing here waits and nothing it reads can change.
WRITE = """
WITH head AS MATERIALIZED (
    SELECT coalesce(max(sequence), 0) AS sequence FROM fundmgr_transfer WHERE fund_id = $1
), moved AS (
    UPDATE fundmgr_balance b SET balance_cents = b.balance_cents + c.cents
    FROM unnest($4::uuid[], $5::bigint[]) AS c (account_id, cents) WHERE b.account_id = c.account_id
), written AS (
    INSERT INTO fundmgr_transfer (
        id, fund_id, created_at, actor, sequence,
        move, key, cause_type, cause_id, resolves_id, reverses_id)
    SELECT t.id, $1, $2, $3, head.sequence + t.place,
        t.move, t.key, t.cause_type, t.cause_id, t.resolves_id, t.reverses_id
    FROM head, unnest($6::uuid[], $7::text[], $8::text[], $9::text[], $10::uuid[], $11::uuid[], $12::uuid[])
        WITH ORDINALITY AS t (id, move, key, cause_type, cause_id, resolves_id, reverses_id, place)
), entered AS (
    INSERT INTO fundmgr_entry (
        id, fund_id, created_at, transfer_id, account_id, restriction_id, amount_cents)
    SELECT e.id, $1, $2, e.transfer_id, e.account_id, e.restriction_id, e.cents
    FROM unnest($13::uuid[], $14::uuid[], $15::uuid[], $16::uuid[], $17::bigint[])
        AS e (id, transfer_id, account_id, restriction_id, cents)
)
SELECT 1
"""

BALANCE = """
SELECT b.balance_cents FROM fundmgr_balance b JOIN fundmgr_account a ON a.id = b.account_id
WHERE a.fund_id = $1 AND a.restriction_id = $2 AND a.code = $3
"""

HELD = f"""
SELECT t.cause_id, e.restriction_id, -e.amount_cents, r.is_general
FROM fundmgr_transfer t JOIN fundmgr_entry e ON e.transfer_id = t.id
JOIN fundmgr_account a ON a.id = e.account_id JOIN fundmgr_restriction r ON r.id = e.restriction_id
WHERE t.id = $1 AND t.fund_id = $2 AND t.move = '{Move.HOLD}' AND a.code = '{Code.RESERVED}'
ORDER BY e.restriction_id
"""  # noqa: S608  # our own words

STANDINGS = f"""
SELECT a.restriction_id, a.code, b.balance_cents
FROM fundmgr_balance b JOIN fundmgr_account a ON a.id = b.account_id
WHERE a.fund_id = $1 AND a.restriction_id = ANY($2::uuid[])
ORDER BY a.code = '{Code.AVAILABLE}', a.id FOR UPDATE OF b
"""  # noqa: S608  # our own words
