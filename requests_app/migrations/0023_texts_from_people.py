"""What people text back is kept as it came."""

import django.db.models.deletion
import fundmgr.models.encrypted
from django.db import migrations, models

KEPT = """
CREATE TRIGGER requests_app_inboundtext_append_only BEFORE UPDATE OR DELETE ON requests_app_inboundtext
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER requests_app_inboundtext_no_truncate BEFORE TRUNCATE ON requests_app_inboundtext
    FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('fundmgr', '0019_postings_stand_in_one_line'),
        ('requests_app', '0022_appeals_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='InboundText',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField()),
                ('gateway_key', models.CharField(max_length=120, unique=True)),
                ('contact_hash', models.CharField(max_length=64)),
                ('contact', fundmgr.models.encrypted.EncryptedTextField()),
                ('text', fundmgr.models.encrypted.EncryptedTextField()),
                ('keyword', models.CharField(blank=True, max_length=12)),
                ('fund', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fundmgr.fund')),
            ],
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
