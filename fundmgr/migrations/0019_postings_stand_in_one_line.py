"""Postings of one fund wait in one line, and those that others wait behind need not wait for the disk.

With balance rows as the only lock, each that waited was woken once for every row, looked at it again and
waited anew. Now the fund's own lock comes first and lets one in at a time, in the order of arrival; the rows
behind it are free. The function tells whether it had to wait, which the port of the ledger needs to know.
The guard of the entries asks its three questions in one statement.
"""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION fundmgr_require_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bad uuid;
    is_astray boolean;
    is_loose boolean;
BEGIN
    SELECT (
        SELECT transfer_id FROM added
        GROUP BY transfer_id, restriction_id HAVING SUM(amount_cents) <> 0 LIMIT 1
    ), EXISTS (
        SELECT 1 FROM (SELECT DISTINCT account_id, restriction_id, fund_id FROM added) AS e
        WHERE (SELECT (a.restriction_id, a.fund_id) FROM fundmgr_account a WHERE a.id = e.account_id)
            IS DISTINCT FROM (e.restriction_id, e.fund_id)
    ), EXISTS (
        SELECT 1 FROM (SELECT DISTINCT transfer_id, fund_id FROM added) AS e
        WHERE (SELECT t.fund_id FROM fundmgr_transfer t WHERE t.id = e.transfer_id)
            IS DISTINCT FROM e.fund_id
    ) INTO bad, is_astray, is_loose;
    IF bad IS NOT NULL THEN
        RAISE EXCEPTION 'transfer % does not sum to zero', bad USING ERRCODE = 'check_violation';
    ELSIF is_astray THEN
        RAISE EXCEPTION 'an entry stands in another fund or restriction than its account'
            USING ERRCODE = 'check_violation';
    ELSIF is_loose THEN
        RAISE EXCEPTION 'an entry has no transfer in its fund'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
"""

# A lock that is free is taken at once; else the call waits behind all that came before it. Each statement
# sees what others committed meanwhile. The audit lock comes last, and a posting that a balance's floor
# refuses does not wait for it.
QUEUE = """
CREATE FUNCTION fundmgr_wait_for(lock bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF pg_try_advisory_xact_lock(lock) THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(lock);
    RETURN true;
END $$;
"""

ENTER = """
DROP FUNCTION fundmgr_enter(uuid, timestamptz, text, bigint, text[], uuid[], bigint[], uuid[], text[],
    text[], text[], uuid[], uuid[], uuid[], uuid[], int[], int[], bigint[]);
CREATE FUNCTION fundmgr_enter(
    in_fund uuid, at timestamptz, by_actor text, audit_lock bigint,
    codes text[], restrictions uuid[], changes bigint[],
    transfers uuid[], moves text[], keys text[], cause_types text[], cause_ids uuid[],
    resolved uuid[], reversed uuid[],
    entries uuid[], of_transfers int[], of_accounts int[], amounts bigint[]
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    accounts uuid[];
    account uuid;
    head bigint;
    has_waited boolean;
BEGIN
    has_waited := fundmgr_wait_for(uuid_hash_extended(in_fund, audit_lock));
    FOR place IN 1 .. cardinality(codes) LOOP
        UPDATE fundmgr_balance b SET balance_cents = b.balance_cents + changes[place]
        FROM fundmgr_account a
        WHERE a.fund_id = in_fund AND a.restriction_id = restrictions[place] AND a.code = codes[place]
            AND b.account_id = a.id
        RETURNING b.account_id INTO account;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the fund has no such account' USING ERRCODE = 'foreign_key_violation';
        END IF;
        accounts[place] := account;
    END LOOP;

    has_waited := fundmgr_wait_for(audit_lock) OR has_waited;
    SELECT coalesce(max(sequence), 0) INTO head FROM fundmgr_transfer WHERE fund_id = in_fund;
    IF cardinality(transfers) = 1 THEN
        INSERT INTO fundmgr_transfer (
            id, fund_id, created_at, actor, sequence,
            move, key, cause_type, cause_id, resolves_id, reverses_id)
        VALUES (transfers[1], in_fund, at, by_actor, head + 1,
            moves[1], keys[1], cause_types[1], cause_ids[1], resolved[1], reversed[1]);
    ELSE
        INSERT INTO fundmgr_transfer (
            id, fund_id, created_at, actor, sequence,
            move, key, cause_type, cause_id, resolves_id, reverses_id)
        SELECT t.id, in_fund, at, by_actor, head + t.place,
            t.move, t.key, t.cause_type, t.cause_id, t.resolves_id, t.reverses_id
        FROM unnest(transfers, moves, keys, cause_types, cause_ids, resolved, reversed)
            WITH ORDINALITY AS t (id, move, key, cause_type, cause_id, resolves_id, reverses_id, place);
    END IF;
    INSERT INTO fundmgr_entry (
        id, fund_id, created_at, transfer_id, account_id, restriction_id, amount_cents)
    SELECT e.id, in_fund, at, transfers[e.transfer], accounts[e.account], restrictions[e.account], e.cents
    FROM unnest(entries, of_transfers, of_accounts, amounts) AS e (id, transfer, account, cents);
    RETURN has_waited;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("fundmgr", "0018_turns_signed_by_two")]
    # Going back keeps the function and the guard: a caller that asks for no answer is served as before.
    operations = [migrations.RunSQL(GUARD + QUEUE + ENTER, migrations.RunSQL.noop)]
