"""A round keeps the verified need of each frozen request, so that its figures stay and come from one table."""

from django.db import migrations, models

# What is beside the published list stands like the list.
GUARD = """
DROP TRIGGER round_request_published ON requests_app_roundrequest;
CREATE TRIGGER round_request_published BEFORE UPDATE OF
    round_id, request_id, position, capped_cents, usable_cents, tickets, tier%s ON requests_app_roundrequest
    FOR EACH ROW EXECUTE FUNCTION requests_keep_list();
"""
# Rounds of before read the request itself, so this is what they showed.
FILL = """
UPDATE requests_app_roundrequest m SET verified_cents = r.verified_cents
FROM requests_app_assistancerequest r WHERE r.id = m.request_id AND r.verified_cents > 0;
"""


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0037_scenario_populations")]

    operations = [
        migrations.AddField(
            model_name="roundrequest",
            name="verified_cents",
            field=models.BigIntegerField(default=0, db_default=0),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD % ", before_cents, verified_cents", GUARD % ""),
    ]
