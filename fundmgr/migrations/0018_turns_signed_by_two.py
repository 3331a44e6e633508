"""New dates and defaults of late promises need two signatures: the database says so too."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
CREATE TRIGGER turn_guarded BEFORE INSERT OR UPDATE ON fundmgr_commitmentturn
    FOR EACH ROW EXECUTE FUNCTION fundmgr_guard_signed();
CREATE TRIGGER turn_never_removed BEFORE DELETE ON fundmgr_commitmentturn
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER turn_never_emptied BEFORE TRUNCATE ON fundmgr_commitmentturn
    FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_refuse_change();

CREATE FUNCTION fundmgr_guard_turned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM fundmgr_commitmentturn t
        WHERE t.commitment_id = NEW.id AND t.state = 'MADE' AND t.proposed_by_id <> t.decided_by_id
            AND t.schedule = NEW.schedule
            AND t.turn = CASE NEW.state WHEN 'DEFAULTED' THEN 'DEFAULT' ELSE 'NEW_DATES' END
    ) THEN
        RAISE EXCEPTION 'a late promise gets new dates or defaults by two people'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER commitment_turned_by_two BEFORE UPDATE OF state ON fundmgr_commitment
    FOR EACH ROW
    WHEN (NEW.state IN ('RENEGOTIATED', 'DEFAULTED') AND OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION fundmgr_guard_turned();
"""
GONE = "DROP FUNCTION fundmgr_guard_turned() CASCADE"


class Migration(migrations.Migration):

    dependencies = [
        ('fundmgr', '0017_signed_by_two'),
    ]

    operations = [
        migrations.CreateModel(
            name='CommitmentTurn',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField()),
                ('reason', models.CharField(max_length=300)),
                ('state', models.CharField(choices=[('PROPOSED', 'PROPOSED'), ('MADE', 'MADE'), ('REFUSED', 'REFUSED')], max_length=24)),
                ('decided_at', models.DateTimeField(null=True)),
                ('turn', models.CharField(choices=[('NEW_DATES', 'NEW_DATES'), ('DEFAULT', 'DEFAULT')], max_length=24)),
                ('parts', models.JSONField(default=list)),
                ('schedule', models.IntegerField()),
                ('commitment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='turns', to='fundmgr.commitment')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fund', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fundmgr.fund')),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['PROPOSED', 'MADE', 'REFUSED'])), name='turn_state'), models.CheckConstraint(condition=models.Q(('turn__in', ['NEW_DATES', 'DEFAULT'])), name='turn_turn'), models.CheckConstraint(condition=models.Q(('proposed_by', models.F('decided_by')), _negated=True), name='turn_four_eyes'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'PROPOSED')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('proposed_by__isnull', False)), _connector='OR'), name='turn_signed'), models.UniqueConstraint(condition=models.Q(('state', 'PROPOSED')), fields=('commitment',), name='one_open_turn')],
            },
        ),
        migrations.RunSQL(GUARDS, GONE),
    ]
