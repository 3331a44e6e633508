"""One call enters postings: lock, judge, number and write, each by its own statement inside the database.

The time between the first lock and the commit is what bounds a fund, and most of it was the way to and fro.
The entries' rows have no foreign keys of their own any more: the guard that already reads every statement's
entries together looks for their transfer and their account there, and neither is ever changed or removed.
"""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION fundmgr_require_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    bad uuid;
BEGIN
    SELECT transfer_id INTO bad FROM added
    GROUP BY transfer_id, restriction_id HAVING SUM(amount_cents) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'transfer % does not sum to zero', bad USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT account_id, restriction_id, fund_id FROM added) AS e
        WHERE (SELECT (a.restriction_id, a.fund_id) FROM fundmgr_account a WHERE a.id = e.account_id)
            IS DISTINCT FROM (e.restriction_id, e.fund_id)
    ) THEN
        RAISE EXCEPTION 'an entry stands in another fund or restriction than its account'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT transfer_id, fund_id FROM added) AS e
        WHERE (SELECT t.fund_id FROM fundmgr_transfer t WHERE t.id = e.transfer_id)
            IS DISTINCT FROM e.fund_id
    ) THEN
        RAISE EXCEPTION 'an entry has no transfer in its fund'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
"""

# Each statement sees what others committed while the one before it waited for a lock. AVAILABLE, the hot
# row, is locked last and so the shortest; the audit lock comes after every balance row, and a posting that
# a balance's floor refuses does not wait for it.
ENTER = """
CREATE FUNCTION fundmgr_enter(
    in_fund uuid, at timestamptz, by_actor text, audit_lock bigint,
    codes text[], restrictions uuid[], changes bigint[],
    transfers uuid[], moves text[], keys text[], cause_types text[], cause_ids uuid[],
    resolved uuid[], reversed uuid[],
    entries uuid[], of_transfers int[], of_accounts int[], amounts bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    accounts uuid[];
    head bigint;
BEGIN
    WITH locked AS MATERIALIZED (
        SELECT a.id, c.cents, c.place
        FROM unnest(codes, restrictions, changes) WITH ORDINALITY AS c (code, restriction_id, cents, place)
        JOIN fundmgr_account a
            ON a.fund_id = in_fund AND a.restriction_id = c.restriction_id AND a.code = c.code
        JOIN fundmgr_balance b ON b.account_id = a.id
        ORDER BY a.code = '9100', a.id FOR UPDATE OF b
    ), moved AS (
        UPDATE fundmgr_balance b SET balance_cents = b.balance_cents + locked.cents
        FROM locked WHERE b.account_id = locked.id
    )
    SELECT array_agg(id ORDER BY place) INTO accounts FROM locked;
    IF cardinality(accounts) IS DISTINCT FROM cardinality(codes) THEN
        RAISE EXCEPTION 'the fund has no such account' USING ERRCODE = 'foreign_key_violation';
    END IF;

    PERFORM pg_advisory_xact_lock(audit_lock);
    SELECT coalesce(max(sequence), 0) INTO head FROM fundmgr_transfer WHERE fund_id = in_fund;
    INSERT INTO fundmgr_transfer (
        id, fund_id, created_at, actor, sequence,
        move, key, cause_type, cause_id, resolves_id, reverses_id)
    SELECT t.id, in_fund, at, by_actor, head + t.place,
        t.move, t.key, t.cause_type, t.cause_id, t.resolves_id, t.reverses_id
    FROM unnest(transfers, moves, keys, cause_types, cause_ids, resolved, reversed)
        WITH ORDINALITY AS t (id, move, key, cause_type, cause_id, resolves_id, reverses_id, place);
    INSERT INTO fundmgr_entry (
        id, fund_id, created_at, transfer_id, account_id, restriction_id, amount_cents)
    SELECT e.id, in_fund, at, transfers[e.transfer], accounts[e.account], restrictions[e.account], e.cents
    FROM unnest(entries, of_transfers, of_accounts, amounts) AS e (id, transfer, account, cents);
END $$;
"""
GONE = (
    "DROP FUNCTION fundmgr_enter(uuid, timestamptz, text, bigint, text[], uuid[], bigint[], uuid[], text[],"
    " text[], text[], uuid[], uuid[], uuid[], uuid[], int[], int[], bigint[])"
)


def _to(table: str, **words: bool) -> models.ForeignKey:
    protect = django.db.models.deletion.PROTECT
    return models.ForeignKey(to=f"fundmgr.{table}", on_delete=protect, related_name="+", **words)


def _once(field: str) -> models.UniqueConstraint:
    there = models.Q(**{f"{field}__isnull": False})
    return models.UniqueConstraint(fields=[field], condition=there, name=f"transfer_{field}_once")


class Migration(migrations.Migration):
    dependencies = [("fundmgr", "0010_award_days")]
    operations = [
        # Going back keeps the stricter guard.
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
        migrations.AlterField("entry", "transfer", _to("transfer", db_constraint=False)),
        migrations.AlterField("entry", "account", _to("account", db_constraint=False, db_index=False)),
        migrations.AlterField("entry", "restriction", _to("restriction", db_constraint=False, db_index=False)),
        # Nearly every transfer resolves and reverses nothing, and need not stand in an index for it.
        migrations.AddConstraint("transfer", _once("resolves")),
        migrations.AddConstraint("transfer", _once("reverses")),
        migrations.AlterField("transfer", "resolves", _to("transfer", null=True, db_index=False)),
        migrations.AlterField("transfer", "reverses", _to("transfer", null=True, db_index=False)),
        migrations.RunSQL(ENTER, GONE),
    ]
