"""Guards for promises and receipts, and what earlier books lack: new accounts, and a first instalment each."""

from django.db import migrations

APPEND_ONLY = ["fundmgr_instalment", "fundmgr_storedfile", "fundmgr_bankimport"]

# gen_random_uuid is core PostgreSQL; the keys of these few rows need not follow time.
NEW_ACCOUNTS = """
WITH added AS (
    INSERT INTO fundmgr_account (id, fund_id, created_at, code, restriction_id)
    SELECT gen_random_uuid(), r.fund_id, now(), code, r.id
    FROM fundmgr_restriction r
    CROSS JOIN unnest(ARRAY['1200', '2010', '2050', '3000', '3100', '9120', '9130']) AS code
    RETURNING id, fund_id, code
)
INSERT INTO fundmgr_balance (account_id, fund_id, is_guarded, balance_cents)
SELECT id, fund_id, code NOT IN ('3000', '3100'), 0 FROM added;
"""

FIRST_INSTALMENTS = """
INSERT INTO fundmgr_instalment (id, fund_id, created_at, commitment_id, schedule, number, due_on, amount_cents)
SELECT gen_random_uuid(), fund_id, created_at, id, 1, 1, due_on, amount_cents
FROM fundmgr_commitment WHERE due_on IS NOT NULL;
"""


def append_only(table: str) -> str:
    """The two triggers that keep a table append-only, whoever writes."""
    return f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("fundmgr", "0003_promises_and_receipts")]
    operations = [
        migrations.RunSQL(NEW_ACCOUNTS, migrations.RunSQL.noop),
        migrations.RunSQL(FIRST_INSTALMENTS, migrations.RunSQL.noop),
        migrations.RunSQL("".join(append_only(table) for table in APPEND_ONLY), migrations.RunSQL.noop),
    ]
