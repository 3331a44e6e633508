"""What a release wrote stays: the list, its hash and its totals, and each payment's amount, award and place."""

from django.db import migrations

GUARDS = """
CREATE TRIGGER batch_kept_as_released BEFORE UPDATE ON requests_app_batch FOR EACH ROW
    WHEN (OLD.payment_list IS NOT NULL
        AND (OLD.payment_list, OLD.payment_list_sha256, OLD.total_cents, OLD.payouts_count, OLD.number)
            IS DISTINCT FROM
            (NEW.payment_list, NEW.payment_list_sha256, NEW.total_cents, NEW.payouts_count, NEW.number))
    EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER payout_kept_as_made BEFORE UPDATE ON requests_app_payout FOR EACH ROW
    WHEN ((OLD.amount_cents, OLD.award_id, OLD.batch_id, OLD.payee_id)
        IS DISTINCT FROM (NEW.amount_cents, NEW.award_id, NEW.batch_id, NEW.payee_id))
    EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER payout_never_removed BEFORE DELETE ON requests_app_payout
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();

CREATE FUNCTION requests_require_built_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM requests_app_batch WHERE id = NEW.batch_id AND payment_list IS NOT NULL) THEN
        RAISE EXCEPTION 'batch % was released and takes no more payouts', NEW.batch_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payout_before_release BEFORE INSERT ON requests_app_payout
    FOR EACH ROW EXECUTE FUNCTION requests_require_built_batch();
"""


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0007_published_lists_guards"), ("fundmgr", "0002_guards")]
    operations = [
        migrations.RunSQL(
            GUARDS,
            "DROP TRIGGER batch_kept_as_released ON requests_app_batch;"
            "DROP TRIGGER payout_kept_as_made ON requests_app_payout;"
            "DROP TRIGGER payout_never_removed ON requests_app_payout;"
            "DROP FUNCTION requests_require_built_batch() CASCADE",
        ),
    ]
