"""What stood against a wrong award in its row stands against it on its sheet; sheets never change."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION requests_require_fitting_awards() RETURNS trigger LANGUAGE plpgsql
    SET enable_nestloop = off SET work_mem = '64MB' AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (
            SELECT s.round_id, s.number * 200 + given.place - 1 AS position, given.cents
            FROM added s, unnest(s.awards_cents) WITH ORDINALITY AS given (cents, place)
        ) AS a
        LEFT JOIN requests_app_roundrequest m ON m.round_id = a.round_id AND m.position = a.position
        WHERE (a.cents BETWEEN 0 AND CASE WHEN m.is_withdrawn THEN 0 ELSE m.capped_cents END) IS NOT TRUE
    ) THEN
        RAISE EXCEPTION 'round_award_capped: an award is below zero, above what the request counts for, or'
            ' goes to one that was withdrawn' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER round_awards_fit AFTER INSERT ON requests_app_roundsheet
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION requests_require_fitting_awards();
CREATE TRIGGER round_sheet_append_only BEFORE UPDATE OR DELETE ON requests_app_roundsheet
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER round_sheet_no_truncate BEFORE TRUNCATE ON requests_app_roundsheet
    FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_refuse_change();

CREATE FUNCTION requests_keep_shared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM requests_app_roundsheet WHERE round_id = OLD.round_id) THEN
        RAISE EXCEPTION 'round % was computed from this row', OLD.round_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER round_request_shared BEFORE UPDATE OF round_id, position, capped_cents, is_withdrawn
    ON requests_app_roundrequest FOR EACH ROW EXECUTE FUNCTION requests_keep_shared();
"""
GONE = (
    "DROP FUNCTION requests_require_fitting_awards() CASCADE; DROP FUNCTION requests_keep_shared() CASCADE;"
    "DROP TRIGGER round_sheet_append_only ON requests_app_roundsheet;"
    "DROP TRIGGER round_sheet_no_truncate ON requests_app_roundsheet"
)


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0024_round_sheets")]
    operations = [
        migrations.RunSQL(GUARDS, GONE),
        migrations.RemoveConstraint(model_name="roundrequest", name="round_award_capped"),
        migrations.RemoveConstraint(model_name="roundrequest", name="round_request_withdrawn"),
        migrations.RemoveField(model_name="roundrequest", name="award_cents"),
        migrations.RemoveField(model_name="roundrequest", name="share_cents"),
    ]
