"""What a scenario was worked out on stays as it was saved; only its name, its note and its removal are written."""

from django.db import migrations

GUARDS = """
CREATE TRIGGER scenario_kept_as_saved BEFORE UPDATE ON requests_app_scenario FOR EACH ROW
    WHEN ((OLD.fund_id, OLD.created_at, OLD.rules, OLD.chosen, OLD.policy_id, OLD.people_count, OLD.verified_cents,
           OLD.shared_cents, OLD.snapshot_digest, OLD.digest, OLD.created_by_id)
        IS DISTINCT FROM
          (NEW.fund_id, NEW.created_at, NEW.rules, NEW.chosen, NEW.policy_id, NEW.people_count, NEW.verified_cents,
           NEW.shared_cents, NEW.snapshot_digest, NEW.digest, NEW.created_by_id))
    EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER scenario_never_deleted BEFORE DELETE ON requests_app_scenario
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0010_scenarios"), ("fundmgr", "0002_guards")]
    operations = [
        migrations.RunSQL(
            GUARDS,
            "DROP TRIGGER scenario_kept_as_saved ON requests_app_scenario;"
            "DROP TRIGGER scenario_never_deleted ON requests_app_scenario",
        ),
    ]
