"""Texts beside mail: what was said about them is kept word after word."""

import django.db.models.deletion
from django.db import migrations, models

KEPT = """
CREATE TRIGGER requests_app_textconsent_append_only BEFORE UPDATE OR DELETE ON requests_app_textconsent
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER requests_app_textconsent_no_truncate BEFORE TRUNCATE ON requests_app_textconsent
    FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_refuse_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('fundmgr', '0018_turns_signed_by_two'),
        ('requests_app', '0019_lean_look_ups'),
    ]

    operations = [
        migrations.CreateModel(
            name='TextConsent',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField()),
                ('contact_hash', models.CharField(max_length=64)),
                ('word', models.CharField(choices=[('GIVEN', 'GIVEN'), ('STOPPED', 'STOPPED'), ('STARTED', 'STARTED')], max_length=24)),
                ('source', models.CharField(max_length=12)),
                ('told', models.CharField(blank=True, max_length=40)),
            ],
        ),
        migrations.AddField(
            model_name='contactcode',
            name='burnt_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='contactcode',
            name='sender_hash',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='notice',
            name='contact_hash',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='notice',
            name='gateway_key',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='notice',
            name='reason',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='notice',
            name='state',
            field=models.CharField(choices=[('SENDING', 'SENDING'), ('SENT', 'SENT'), ('DELIVERED', 'DELIVERED'), ('FAILED', 'FAILED'), ('UNKNOWN', 'UNKNOWN'), ('HELD', 'HELD')], default='SENT', max_length=24),
        ),
        migrations.AddField(
            model_name='notice',
            name='way',
            field=models.CharField(choices=[('MAIL', 'MAIL'), ('TEXT', 'TEXT')], default='MAIL', max_length=24),
        ),
        migrations.AddIndex(
            model_name='contactcode',
            index=models.Index(fields=['sender_hash', '-created_at'], name='code_by_sender'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('contact_hash', ''), _negated=True), fields=['contact_hash', '-created_at'], name='notice_texts'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('gateway_key', ''), _negated=True), fields=['gateway_key'], name='notice_of_gateway'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['MAIL', 'TEXT'])), name='notice_way'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['SENDING', 'SENT', 'DELIVERED', 'FAILED', 'UNKNOWN', 'HELD'])), name='notice_state'),
        ),
        migrations.AddField(
            model_name='textconsent',
            name='fund',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fundmgr.fund'),
        ),
        migrations.AddIndex(
            model_name='textconsent',
            index=models.Index(fields=['contact_hash', '-created_at'], name='text_consent_newest'),
        ),
        migrations.AddConstraint(
            model_name='textconsent',
            constraint=models.CheckConstraint(condition=models.Q(('word__in', ['GIVEN', 'STOPPED', 'STARTED'])), name='text_consent_word'),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
