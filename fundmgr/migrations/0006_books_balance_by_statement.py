"""The books' guards look at the entries of one statement together, instead of asking once a row.

Whatever way entries come in, those of one statement must sum to zero inside each transfer and restriction.
Entries never change or go, so by induction every transfer sums to zero at every moment, an old one that is
added to as well. The guard reads no row of another transaction, so no race can lead it astray. Amounts are
never zero, so a transfer with entries has at least two; that it has them is still asked at the commit.
"""

from django.db import migrations

BY_STATEMENT = """
DROP TRIGGER entry_balances ON fundmgr_entry;
DROP TRIGGER entry_own_restriction ON fundmgr_entry;
DROP FUNCTION fundmgr_require_own_restriction();

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
        WHERE (SELECT true FROM fundmgr_account a WHERE a.id = e.account_id
            AND a.restriction_id = e.restriction_id AND a.fund_id = e.fund_id LIMIT 1) IS NULL
    ) THEN
        RAISE EXCEPTION 'an entry stands in another fund or restriction than its account'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entry_balances AFTER INSERT ON fundmgr_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_require_balance();
"""


class Migration(migrations.Migration):
    dependencies = [("fundmgr", "0005_bank_files_and_fees")]
    # Going back keeps the stricter guard.
    operations = [migrations.RunSQL(BY_STATEMENT, migrations.RunSQL.noop)]
