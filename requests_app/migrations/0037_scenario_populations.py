"""Scenarios keep whom they were tried on; that stays as it was saved, like all but name, note and removal."""

from django.db import migrations, models

COLUMNS = (
    "fund_id created_at rules chosen policy_id people_count verified_cents shared_cents snapshot_digest digest "
    "created_by_id"
).split()


def guard(columns):
    """The trigger over some columns."""
    old, new = (", ".join(f"{side}.{column}" for column in columns) for side in ("OLD", "NEW"))
    return (
        "DROP TRIGGER scenario_kept_as_saved ON requests_app_scenario;"
        "CREATE TRIGGER scenario_kept_as_saved BEFORE UPDATE ON requests_app_scenario FOR EACH ROW"
        f" WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION fundmgr_refuse_change();"
    )


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0036_prepaid_cards")]

    operations = [
        migrations.AddField(
            model_name="scenario", name="population", field=models.JSONField(default=dict)
        ),
        migrations.RunSQL(guard([*COLUMNS, "population"]), guard(COLUMNS)),
    ]
