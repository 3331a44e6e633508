"""Rounds that were computed already keep how they were; all others share parts of requests too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0016_documents_guards")]

    operations = [
        migrations.AddField(
            model_name="allocationround",
            name="sharing_version",
            field=models.SmallIntegerField(default=2, db_default=2),
        ),
        migrations.RunSQL(
            "UPDATE requests_app_allocationround SET sharing_version = 1 WHERE result_digest <> ''",
            migrations.RunSQL.noop,
        ),
    ]
