"""Guards inside the database: the books only grow, balance, and cannot be bent by a program."""

from django.db import migrations

APPEND_ONLY = [
    "fundmgr_account",
    "fundmgr_transfer",
    "fundmgr_entry",
    "fundmgr_event",
    "fundmgr_eventlink",
    "fundmgr_policyversion",
]

REFUSE_CHANGE = """
CREATE FUNCTION fundmgr_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
"""

BALANCED = """
CREATE FUNCTION fundmgr_require_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM fundmgr_entry WHERE transfer_id = NEW.transfer_id
        GROUP BY restriction_id HAVING SUM(amount_cents) <> 0
    ) THEN
        RAISE EXCEPTION 'transfer % does not sum to zero', NEW.transfer_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON fundmgr_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fundmgr_require_balance();

CREATE FUNCTION fundmgr_require_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT COUNT(*) FROM fundmgr_entry WHERE transfer_id = NEW.id) < 2 THEN
        RAISE EXCEPTION 'transfer % has no two sides', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER transfer_has_entries AFTER INSERT ON fundmgr_transfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fundmgr_require_entries();

CREATE FUNCTION fundmgr_require_own_restriction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM fundmgr_account a
        WHERE a.id = NEW.account_id AND a.restriction_id = NEW.restriction_id AND a.fund_id = NEW.fund_id
    ) THEN
        RAISE EXCEPTION 'an entry stands in another fund or restriction than its account'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_own_restriction BEFORE INSERT ON fundmgr_entry
    FOR EACH ROW EXECUTE FUNCTION fundmgr_require_own_restriction();
"""


# Rows of a fund name it without a foreign key's lock, so the fund itself must never go.
NEVER_REMOVED = """
CREATE TRIGGER fund_never_removed BEFORE DELETE ON fundmgr_fund
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER fund_never_emptied BEFORE TRUNCATE ON fundmgr_fund
    FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_refuse_change();
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
    dependencies = [("fundmgr", "0001_initial")]
    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION fundmgr_refuse_change() CASCADE"),
        migrations.RunSQL(
            BALANCED,
            "DROP FUNCTION fundmgr_require_balance() CASCADE;"
            "DROP FUNCTION fundmgr_require_entries() CASCADE;"
            "DROP FUNCTION fundmgr_require_own_restriction() CASCADE",
        ),
        migrations.RunSQL(NEVER_REMOVED, migrations.RunSQL.noop),
        migrations.RunSQL("".join(append_only(table) for table in APPEND_ONLY), migrations.RunSQL.noop),
    ]
