"""Readiness tells whether a worker swept lately."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fundmgr", "0002_guards")]
    operations = [
        migrations.CreateModel(
            name="WorkerBeat",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
