"""The awards of a round stand on sheets of some hundred, appended once, instead of in each frozen row."""

import django.db.models.deletion
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

# Rounds that were computed already: what their rows say, position by position.
WRITE_DOWN = """
INSERT INTO requests_app_roundsheet (
    id, fund_id, created_at, round_id, number, awards_cents, pots_count, shares_cents)
SELECT gen_random_uuid(), r.fund_id, r.proposed_at, r.id, a.number, a.cents, a.pots, coalesce((
    SELECT array_agg(share.cents ORDER BY m.position, share.place)
    FROM requests_app_roundrequest m, unnest(m.share_cents) WITH ORDINALITY AS share (cents, place)
    WHERE m.round_id = r.id AND m.position / 200 = a.number
), '{}')
FROM requests_app_allocationround r JOIN (
    SELECT round_id, position / 200 AS number, array_agg(award_cents ORDER BY position) AS cents,
        max(cardinality(share_cents)) AS pots
    FROM requests_app_roundrequest GROUP BY round_id, position / 200
) AS a ON a.round_id = r.id
WHERE r.proposed_at IS NOT NULL
"""
WRITE_BACK = """
UPDATE requests_app_roundrequest m SET award_cents = s.awards_cents[m.position % 200 + 1],
    share_cents = s.shares_cents[
        m.position % 200 * s.pots_count + 1 : (m.position % 200 + 1) * s.pots_count]
FROM requests_app_roundsheet s WHERE s.round_id = m.round_id AND s.number = m.position / 200
"""


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0023_texts_from_people")]
    operations = [
        migrations.CreateModel(
            name="RoundSheet",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField()),
                ("number", models.IntegerField()),
                ("awards_cents", ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("pots_count", models.SmallIntegerField(default=0)),
                ("shares_cents", ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                (
                    "fund",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="fundmgr.fund",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="requests_app.allocationround",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="roundsheet",
            constraint=models.UniqueConstraint(fields=("round", "number"), name="round_sheet_once"),
        ),
        migrations.AddConstraint(
            model_name="roundsheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("awards_cents__len__range", (1, 200)), ("number__gte", 0), ("pots_count__gte", 0)
                ),
                name="round_sheet_size",
            ),
        ),
        migrations.RunSQL(WRITE_DOWN, WRITE_BACK),
    ]
