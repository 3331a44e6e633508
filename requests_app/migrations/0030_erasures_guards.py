"""A person's words in tables that only grow may be emptied, never changed; the tombstone stays."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION requests_empty_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb := to_jsonb(NEW);
BEGIN
    IF (new_row - TG_ARGV) IS DISTINCT FROM (old_row - TG_ARGV) OR EXISTS (
        SELECT 1 FROM unnest(TG_ARGV) AS erasable(name)
        WHERE new_row -> name NOT IN ('null'::jsonb, '""'::jsonb)
          AND new_row -> name IS DISTINCT FROM old_row -> name
    ) THEN
        RAISE EXCEPTION '% rows are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER requests_app_requestrevision_append_only ON requests_app_requestrevision;
CREATE TRIGGER requests_app_requestrevision_append_only BEFORE UPDATE ON requests_app_requestrevision
    FOR EACH ROW EXECUTE FUNCTION requests_empty_only('answers');
CREATE TRIGGER revision_never_deleted BEFORE DELETE ON requests_app_requestrevision
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
DROP TRIGGER requests_app_payeeaccount_append_only ON requests_app_payeeaccount;
CREATE TRIGGER requests_app_payeeaccount_append_only BEFORE UPDATE ON requests_app_payeeaccount
    FOR EACH ROW EXECUTE FUNCTION requests_empty_only(
        'name_on_account', 'routing_number', 'account_number', 'account_hash', 'address');
CREATE TRIGGER payee_never_deleted BEFORE DELETE ON requests_app_payeeaccount
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
DROP TRIGGER requests_app_inboundtext_append_only ON requests_app_inboundtext;
CREATE TRIGGER requests_app_inboundtext_append_only BEFORE UPDATE ON requests_app_inboundtext
    FOR EACH ROW EXECUTE FUNCTION requests_empty_only('contact', 'text');
CREATE TRIGGER inbound_text_never_deleted BEFORE DELETE ON requests_app_inboundtext
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER erasure_kept BEFORE UPDATE ON requests_app_erasure FOR EACH ROW
    WHEN (OLD.done_at IS NOT NULL OR (OLD.applicant_id, OLD.asked_by, OLD.created_at)
        IS DISTINCT FROM (NEW.applicant_id, NEW.asked_by, NEW.created_at))
    EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER erasure_never_deleted BEFORE DELETE ON requests_app_erasure
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0029_erasures"), ("fundmgr", "0002_guards")]
    operations = [migrations.RunSQL(GUARDS, migrations.RunSQL.noop)]
