"""Guards inside the database: kept history, four eyes on a round, shares that sum to their award."""

from django.db import migrations

APPEND_ONLY = [
    "requests_app_requestrevision",
    "requests_app_requesttransition",
    "requests_app_roundapproval",
    "requests_app_awardshare",
    "requests_app_payeeaccount",
    "requests_app_shortfallreport",
]

FOUR_EYES = """
CREATE FUNCTION requests_refuse_self_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM requests_app_allocationround
        WHERE id = NEW.round_id AND NEW.approver_id IN (proposed_by_id, created_by_id)
    ) THEN
        RAISE EXCEPTION 'nobody approves a round of their own' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER round_approval_four_eyes BEFORE INSERT ON requests_app_roundapproval
    FOR EACH ROW EXECUTE FUNCTION requests_refuse_self_approval();

CREATE FUNCTION requests_require_approvals() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    needed integer;
    given integer;
BEGIN
    SELECT CASE WHEN NEW.awarded_cents >= two_approvers_from_cents THEN 2 ELSE 1 END
        INTO needed FROM fundmgr_policyversion WHERE id = NEW.policy_id;
    SELECT COUNT(*) INTO given FROM requests_app_roundapproval
        WHERE round_id = NEW.id AND result_digest = NEW.result_digest;
    IF given < needed THEN
        RAISE EXCEPTION 'round % has % of % approvals', NEW.id, given, needed
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER round_needs_approvals BEFORE UPDATE ON requests_app_allocationround
    FOR EACH ROW WHEN (NEW.state = 'COMMITTED' AND OLD.state <> 'COMMITTED')
    EXECUTE FUNCTION requests_require_approvals();

CREATE FUNCTION requests_refuse_stale_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.request_version <> (
        SELECT version FROM requests_app_assistancerequest WHERE id = NEW.request_id
    ) THEN
        RAISE EXCEPTION 'request % changed after the proposal', NEW.request_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_fits_request BEFORE UPDATE ON requests_app_decision
    FOR EACH ROW WHEN (NEW.state = 'FINAL' AND OLD.state <> 'FINAL')
    EXECUTE FUNCTION requests_refuse_stale_decision();

CREATE FUNCTION requests_require_shares() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.amount_cents <> (
        SELECT COALESCE(SUM(amount_cents), 0) FROM requests_app_awardshare WHERE award_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'the shares of award % do not sum to it', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER award_shares_sum AFTER INSERT ON requests_app_award
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION requests_require_shares();
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
    dependencies = [("requests_app", "0001_initial"), ("fundmgr", "0002_guards")]
    operations = [
        migrations.RunSQL(
            FOUR_EYES,
            "DROP FUNCTION requests_refuse_self_approval() CASCADE;"
            "DROP FUNCTION requests_require_approvals() CASCADE;"
            "DROP FUNCTION requests_refuse_stale_decision() CASCADE;"
            "DROP FUNCTION requests_require_shares() CASCADE",
        ),
        migrations.RunSQL("".join(append_only(table) for table in APPEND_ONLY), migrations.RunSQL.noop),
    ]
