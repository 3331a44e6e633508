"""Rounds keep the pots they share, and each frozen request what each pot may pay and pays of it."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


# A round of before shared one pot: the money that no donor tied to anything.
FORMER_ROUNDS = """
INSERT INTO requests_app_roundpot
    (id, fund_id, created_at, round_id, restriction_id, position, rule, available_cents, used_cents)
SELECT gen_random_uuid(), o.fund_id, o.created_at, o.id, r.id, 0, '{}', o.estate_cents, o.awarded_cents
FROM requests_app_allocationround o
JOIN fundmgr_restriction r ON r.fund_id = o.fund_id AND r.is_general
"""


class Migration(migrations.Migration):

    dependencies = [
        ('fundmgr', '0011_enter_in_one_call'),
        ('requests_app', '0004_award_days'),
    ]

    operations = [
        migrations.AddField(
            model_name='roundrequest',
            name='share_cents',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None),
        ),
        migrations.AddField(
            model_name='roundrequest',
            name='usable_cents',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None),
        ),
        migrations.CreateModel(
            name='RoundPot',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField()),
                ('position', models.IntegerField()),
                ('rule', models.JSONField(default=dict)),
                ('available_cents', models.BigIntegerField()),
                ('used_cents', models.BigIntegerField(default=0)),
                ('fund', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fundmgr.fund')),
                ('restriction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fundmgr.restriction')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pots', to='requests_app.allocationround')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('round', 'position'), name='round_pot_position'), models.UniqueConstraint(fields=('round', 'restriction'), name='round_pot_once'), models.CheckConstraint(condition=models.Q(('used_cents__range', (0, models.F('available_cents')))), name='round_pot_within')],
            },
        ),
        migrations.RunSQL(FORMER_ROUNDS, migrations.RunSQL.noop),
    ]
