"""Promises from the public page, before the fund has taken them."""

import django.db.models.deletion
import fundmgr.models.encrypted
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fundmgr', '0026_who_runs_it'),
    ]

    operations = [
        migrations.CreateModel(
            name='PledgeOffer',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField()),
                ('name', fundmgr.models.encrypted.EncryptedTextField()),
                ('contact', fundmgr.models.encrypted.EncryptedTextField()),
                ('contact_hash', models.CharField(max_length=64)),
                ('amount_cents', models.BigIntegerField()),
                ('meant_on', models.DateField(null=True)),
                ('wish', models.CharField(blank=True, max_length=120)),
                ('shows_name', models.BooleanField(default=False)),
                ('language', models.CharField(default='en', max_length=8)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('sent_hash', models.CharField(max_length=64)),
                ('expires_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('WAITING_FOR_MAIL', 'WAITING_FOR_MAIL'), ('PROVED', 'PROVED'), ('TAKEN', 'TAKEN'), ('TURNED_DOWN', 'TURNED_DOWN')], max_length=24)),
                ('proved_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('commitment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offer', to='fundmgr.commitment')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fund', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fundmgr.fund')),
            ],
            options={
                'indexes': [models.Index(fields=['fund', '-id'], name='pledge_offer_by_fund'), models.Index(fields=['contact_hash', '-created_at'], name='pledge_offer_by_contact')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['WAITING_FOR_MAIL', 'PROVED', 'TAKEN', 'TURNED_DOWN'])), name='pledge_offer_state'), models.UniqueConstraint(fields=('fund', 'sent_hash'), name='pledge_offer_sent_once'), models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='pledge_offer_amount'), models.CheckConstraint(condition=models.Q(models.Q(('proved_at__isnull', True), ('state', 'WAITING_FOR_MAIL')), models.Q(models.Q(('state', 'WAITING_FOR_MAIL'), _negated=True), ('proved_at__isnull', False)), _connector='OR'), name='pledge_offer_proved'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state__in', ['WAITING_FOR_MAIL', 'PROVED'])), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['TAKEN', 'TURNED_DOWN'])), _connector='OR'), name='pledge_offer_decided'), models.CheckConstraint(condition=models.Q(models.Q(('commitment__isnull', False), ('state', 'TAKEN')), models.Q(models.Q(('state', 'TAKEN'), _negated=True), ('commitment__isnull', True)), _connector='OR'), name='pledge_offer_commitment')],
            },
        ),
    ]
