"""Nobody who took part in a decision reads the appeal against it; what was asked and answered stays."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION requests_refuse_same_reader() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM requests_app_decision
        WHERE request_id = NEW.request_id AND NEW.reader_id IN (proposed_by_id, decided_by_id)
    ) THEN
        RAISE EXCEPTION 'an earlier decider does not read the appeal' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appeal_read_by_another BEFORE INSERT OR UPDATE OF reader_id ON requests_app_appeal
    FOR EACH ROW WHEN (NEW.reader_id IS NOT NULL) EXECUTE FUNCTION requests_refuse_same_reader();
CREATE TRIGGER appeal_kept_as_filed BEFORE UPDATE ON requests_app_appeal FOR EACH ROW
    WHEN ((OLD.fund_id, OLD.created_at, OLD.request_id, OLD.decision_id, OLD.ground, OLD.filed_by, OLD.answer_by)
        IS DISTINCT FROM
          (NEW.fund_id, NEW.created_at, NEW.request_id, NEW.decision_id, NEW.ground, NEW.filed_by, NEW.answer_by)
        OR (NEW.text IS NOT NULL AND NEW.text IS DISTINCT FROM OLD.text)
        OR (OLD.decided_at IS NOT NULL AND (
            (OLD.state, OLD.reader_id, OLD.decided_at) IS DISTINCT FROM (NEW.state, NEW.reader_id, NEW.decided_at)
            OR (NEW.answer IS NOT NULL AND NEW.answer IS DISTINCT FROM OLD.answer))))
    EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER appeal_never_deleted BEFORE DELETE ON requests_app_appeal
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER appeal_no_truncate BEFORE TRUNCATE ON requests_app_appeal
    FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0021_appeals"), ("fundmgr", "0002_guards")]
    operations = [
        migrations.RunSQL(
            GUARDS,
            "DROP FUNCTION requests_refuse_same_reader() CASCADE;"
            "DROP TRIGGER appeal_kept_as_filed ON requests_app_appeal;"
            "DROP TRIGGER appeal_never_deleted ON requests_app_appeal;"
            "DROP TRIGGER appeal_no_truncate ON requests_app_appeal",
        ),
    ]
