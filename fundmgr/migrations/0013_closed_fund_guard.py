"""A closed fund's books take recoveries, unclaimed money and corrections, and nothing else.

The guard reads the fund once a statement, and only there: no posting locks the fund's row for it. Who closes
a fund takes the audit lock first, which every posting holds from before its transfers until its commit.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION fundmgr_require_open_fund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM added t JOIN fundmgr_fund f ON f.id = t.fund_id
        WHERE f.state = 'CLOSED'
            AND t.move NOT IN ('CLAWBACK', 'CLAWBACK_RECEIVED', 'UNCASHED', 'ESCHEAT', 'REVERSAL')
    ) THEN
        RAISE EXCEPTION 'transfer_fund_open: the books of a closed fund take no such move'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER transfer_fund_open AFTER INSERT ON fundmgr_transfer
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_require_open_fund();
"""


class Migration(migrations.Migration):
    dependencies = [("fundmgr", "0012_evidence_files")]
    operations = [migrations.RunSQL(GUARD, "DROP FUNCTION fundmgr_require_open_fund() CASCADE")]
