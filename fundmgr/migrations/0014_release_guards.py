"""Restricted money is set free by two people over a letter or an order, or not at all: the database says so too.

A release is written as a proposal that names a file of its own fund; it is decided once, by another person,
and nothing else of it ever changes. A transfer that frees restricted money stands only beside the release
that was made for just that amount, and a release that was made only beside its transfer.
"""

from django.db import migrations, models

GUARDS = """
CREATE FUNCTION fundmgr_guard_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'PROPOSED' OR NEW.decided_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'a release begins as a proposal' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (
            SELECT 1 FROM fundmgr_restriction r JOIN fundmgr_storedfile f ON f.fund_id = r.fund_id
            WHERE r.id = NEW.restriction_id AND r.fund_id = NEW.fund_id AND NOT r.is_general
                AND f.id = NEW.document_id
        ) THEN
            RAISE EXCEPTION 'a release needs a restriction and a file of its own fund'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state <> 'PROPOSED' OR NEW.state NOT IN ('MADE', 'REFUSED')
        OR (NEW.id, NEW.fund_id, NEW.created_at, NEW.restriction_id, NEW.amount_cents, NEW.ground,
            NEW.document_id, NEW.reason, NEW.proposed_by_id)
        IS DISTINCT FROM (OLD.id, OLD.fund_id, OLD.created_at, OLD.restriction_id, OLD.amount_cents, OLD.ground,
            OLD.document_id, OLD.reason, OLD.proposed_by_id)
    THEN
        RAISE EXCEPTION 'a release is decided once, and nothing else of it changes'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER release_guarded BEFORE INSERT OR UPDATE ON fundmgr_restrictionrelease
    FOR EACH ROW EXECUTE FUNCTION fundmgr_guard_release();
CREATE TRIGGER release_never_removed BEFORE DELETE ON fundmgr_restrictionrelease
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER release_never_emptied BEFORE TRUNCATE ON fundmgr_restrictionrelease
    FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_refuse_change();

CREATE FUNCTION fundmgr_require_release() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    release uuid;
BEGIN
    IF TG_TABLE_NAME = 'fundmgr_transfer' THEN
        release := NEW.cause_id;
    ELSE
        release := NEW.id;
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM fundmgr_restrictionrelease r
        JOIN fundmgr_transfer t ON t.cause_id = r.id AND t.fund_id = r.fund_id
        WHERE r.id = release AND r.state = 'MADE' AND t.move = 'RESTRICTION_RELEASE' AND r.amount_cents = (
            SELECT SUM(e.amount_cents) FROM fundmgr_entry e JOIN fundmgr_account a ON a.id = e.account_id
            WHERE e.transfer_id = t.id AND e.restriction_id = r.restriction_id AND a.code = '3100'
        )
    ) THEN
        RAISE EXCEPTION 'restricted money is set free by a release that was decided, and for its amount'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER transfer_has_release AFTER INSERT ON fundmgr_transfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.move = 'RESTRICTION_RELEASE')
    EXECUTE FUNCTION fundmgr_require_release();
CREATE CONSTRAINT TRIGGER release_has_transfer AFTER UPDATE ON fundmgr_restrictionrelease
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'MADE')
    EXECUTE FUNCTION fundmgr_require_release();
"""
GONE = "DROP FUNCTION fundmgr_guard_release() CASCADE; DROP FUNCTION fundmgr_require_release() CASCADE"


class Migration(migrations.Migration):

    dependencies = [
        ('fundmgr', '0013_closed_fund_guard'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='restrictionrelease',
            index=models.Index(fields=['restriction', '-id'], name='release_by_restriction'),
        ),
        migrations.AddConstraint(
            model_name='restrictionrelease',
            constraint=models.CheckConstraint(
                condition=models.Q(state='PROPOSED', decided_at__isnull=True)
                | models.Q(proposed_by__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name='release_decided',
            ),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(
                condition=models.Q(move='RESTRICTION_RELEASE'), fields=('cause_id',), name='transfer_release_once'
            ),
        ),
        migrations.RunSQL(GUARDS, GONE),
    ]
