"""A transfer undone in a closed fund, and a fund closed, need two signatures: the database says so too.

A signed row begins as a proposal, is decided once by another person, and nothing else of it ever changes. A
reversal stands in a closed fund only beside the row that two people signed for it. A fund is closed beside
such a row, and once closed it stays closed.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CREATE FUNCTION fundmgr_guard_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'PROPOSED' OR NEW.decided_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'what two people sign begins as a proposal' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state <> 'PROPOSED' OR NEW.state NOT IN ('MADE', 'REFUSED')
        OR to_jsonb(NEW) - ARRAY['state', 'decided_by_id', 'decided_at']
            <> to_jsonb(OLD) - ARRAY['state', 'decided_by_id', 'decided_at']
    THEN
        RAISE EXCEPTION 'what two people sign is decided once, and nothing else of it changes'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closing_guarded BEFORE INSERT OR UPDATE ON fundmgr_fundclosing
    FOR EACH ROW EXECUTE FUNCTION fundmgr_guard_signed();
CREATE TRIGGER closing_never_removed BEFORE DELETE ON fundmgr_fundclosing
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER closing_never_emptied BEFORE TRUNCATE ON fundmgr_fundclosing
    FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER reversal_guarded BEFORE INSERT OR UPDATE ON fundmgr_transferreversal
    FOR EACH ROW EXECUTE FUNCTION fundmgr_guard_signed();
CREATE TRIGGER reversal_never_removed BEFORE DELETE ON fundmgr_transferreversal
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER reversal_never_emptied BEFORE TRUNCATE ON fundmgr_transferreversal
    FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_refuse_change();

CREATE FUNCTION fundmgr_require_signed_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM fundmgr_fund f WHERE f.id = NEW.fund_id AND f.state = 'CLOSED')
        AND NOT EXISTS (
            SELECT 1 FROM fundmgr_transferreversal r
            WHERE r.transfer_id = NEW.reverses_id AND r.fund_id = NEW.fund_id AND r.state = 'MADE'
                AND r.proposed_by_id <> r.decided_by_id
        )
    THEN
        RAISE EXCEPTION 'transfer_reversal_signed: a correction in a closed fund needs two signatures'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER transfer_reversal_signed AFTER INSERT ON fundmgr_transfer
    FOR EACH ROW WHEN (NEW.move = 'REVERSAL') EXECUTE FUNCTION fundmgr_require_signed_reversal();

CREATE FUNCTION fundmgr_guard_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'CLOSED' THEN
        RAISE EXCEPTION 'a closed fund stays closed' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'CLOSED' AND NOT EXISTS (
        SELECT 1 FROM fundmgr_fundclosing c
        WHERE c.fund_id = NEW.id AND c.state = 'MADE' AND c.proposed_by_id <> c.decided_by_id
    ) THEN
        RAISE EXCEPTION 'a fund is closed by two people' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fund_closed_by_two BEFORE UPDATE OF state ON fundmgr_fund
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION fundmgr_guard_closing();
"""
GONE = (
    "DROP FUNCTION fundmgr_guard_signed() CASCADE; DROP FUNCTION fundmgr_require_signed_reversal() CASCADE;"
    "DROP FUNCTION fundmgr_guard_closing() CASCADE"
)


class Migration(migrations.Migration):

    dependencies = [
        ('fundmgr', '0016_next_round_from'),
    ]

    operations = [
        migrations.CreateModel(
            name='FundClosing',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField()),
                ('reason', models.CharField(max_length=300)),
                ('state', models.CharField(choices=[('PROPOSED', 'PROPOSED'), ('MADE', 'MADE'), ('REFUSED', 'REFUSED')], max_length=24)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fund', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fundmgr.fund')),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['PROPOSED', 'MADE', 'REFUSED'])), name='closing_state'), models.CheckConstraint(condition=models.Q(('proposed_by', models.F('decided_by')), _negated=True), name='closing_four_eyes'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'PROPOSED')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('proposed_by__isnull', False)), _connector='OR'), name='closing_signed'), models.UniqueConstraint(condition=models.Q(('state', 'PROPOSED')), fields=('fund',), name='one_open_closing')],
            },
        ),
        migrations.CreateModel(
            name='TransferReversal',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField()),
                ('reason', models.CharField(max_length=300)),
                ('state', models.CharField(choices=[('PROPOSED', 'PROPOSED'), ('MADE', 'MADE'), ('REFUSED', 'REFUSED')], max_length=24)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fund', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fundmgr.fund')),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('transfer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='fundmgr.transfer')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['PROPOSED', 'MADE', 'REFUSED'])), name='reversal_state'), models.CheckConstraint(condition=models.Q(('proposed_by', models.F('decided_by')), _negated=True), name='reversal_four_eyes'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'PROPOSED')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('proposed_by__isnull', False)), _connector='OR'), name='reversal_signed'), models.UniqueConstraint(condition=models.Q(('state', 'PROPOSED')), fields=('transfer',), name='one_open_reversal')],
            },
        ),
        migrations.RunSQL(GUARDS, GONE),
    ]
