"""Rounds that give people who were paid in part what is missing to them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0030_erasures_guards")]

    operations = [
        migrations.AddField(
            model_name="allocationround",
            name="tops_up",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="topped_up_by",
                to="requests_app.allocationround",
            ),
        ),
        migrations.AddField(
            model_name="roundrequest",
            name="before_cents",
            field=models.BigIntegerField(default=0, db_default=0),
        ),
    ]
