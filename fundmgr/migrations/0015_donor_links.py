"""Donors' links: where each was sent and how often it was opened, and who asked for one.

Nothing wrote links before this, so none needs an address.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fundmgr', '0014_release_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='DonorLinkAsk',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField()),
                ('contact_hash', models.CharField(max_length=64)),
                ('fund', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fundmgr.fund')),
            ],
            options={
                'indexes': [models.Index(fields=['contact_hash', '-created_at'], name='link_ask_by_contact')],
            },
        ),
        migrations.AddField(
            model_name='donorlink',
            name='contact_hash',
            field=models.CharField(default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='donorlink',
            name='most_opens',
            field=models.IntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='donorlink',
            name='opens',
            field=models.IntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='donorlink',
            name='donor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='fundmgr.donor'),
        ),
        migrations.AddConstraint(
            model_name='donorlink',
            constraint=models.CheckConstraint(condition=models.Q(('opens__range', (0, models.F('most_opens')))), name='donor_link_opens'),
        ),
    ]
