"""The rule that a director told everybody: written once, never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The two triggers that keep the table append-only, whoever writes.
KEPT = """
CREATE TRIGGER requests_app_rulepublication_append_only BEFORE UPDATE OR DELETE ON requests_app_rulepublication
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER requests_app_rulepublication_no_truncate BEFORE TRUNCATE ON requests_app_rulepublication
    FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('fundmgr', '0014_release_guards'),
        ('requests_app', '0011_scenarios_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RulePublication',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField()),
                ('rule', models.JSONField()),
                ('fund', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fundmgr.fund')),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['fund', '-created_at'], name='rule_publication_newest')],
            },
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
