"""The events that wait for their link stand in a table of their own, so that the drain compares nothing."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
INSERT INTO fundmgr_waitingevent (event_id)
SELECT e.id FROM fundmgr_event e WHERE NOT EXISTS (SELECT 1 FROM fundmgr_eventlink l WHERE l.event_id = e.id)
"""

class Migration(migrations.Migration):

    dependencies = [
        ('fundmgr', '0028_a_reply_to_a_giver'),
    ]

    operations = [
        migrations.CreateModel(
            name='WaitingEvent',
            fields=[
                ('event', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='waiting', serialize=False, to='fundmgr.event')),
            ],
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
