"""Messages about a request; their words stay as they were sent, or are erased."""

import django.db.models.deletion
import fundmgr.models.encrypted
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE TRIGGER message_kept_as_sent BEFORE UPDATE ON requests_app_message FOR EACH ROW
    WHEN ((OLD.fund_id, OLD.created_at, OLD.request_id, OLD.side, OLD.author_id, OLD.sent_by, OLD.came_by,
           OLD.inbound_id)
        IS DISTINCT FROM
          (NEW.fund_id, NEW.created_at, NEW.request_id, NEW.side, NEW.author_id, NEW.sent_by, NEW.came_by,
           NEW.inbound_id)
        OR (NEW.text IS NOT NULL AND NEW.text IS DISTINCT FROM OLD.text))
    EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER message_never_deleted BEFORE DELETE ON requests_app_message
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER message_no_truncate BEFORE TRUNCATE ON requests_app_message
    FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('fundmgr', '0020_appeal_days'),
        ('requests_app', '0026_odds_and_openings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField()),
                ('side', models.CharField(choices=[('WORKER', 'WORKER'), ('FUND', 'FUND')], max_length=24)),
                ('sent_by', models.CharField(max_length=60)),
                ('came_by', models.CharField(max_length=12)),
                ('text', fundmgr.models.encrypted.EncryptedTextField(null=True)),
                ('needs_answer', models.BooleanField(default=False)),
                ('author', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fund', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fundmgr.fund')),
                ('inbound', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='requests_app.inboundtext')),
                ('request', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='requests_app.assistancerequest')),
            ],
            options={
                'indexes': [models.Index(fields=['request', 'created_at', 'id'], name='message_thread'), models.Index(condition=models.Q(('needs_answer', True)), fields=['fund', 'created_at', 'id'], name='message_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('side__in', ['WORKER', 'FUND'])), name='message_side')],
            },
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
