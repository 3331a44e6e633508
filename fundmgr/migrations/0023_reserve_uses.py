"""The reserve is used by two people, for a reason that it is kept for: the database says so too.

A use is written as a proposal, decided once, by another person. A transfer that takes from the reserve stands only
beside the use that was made for just that amount, and a use that was made only beside its transfer.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CREATE FUNCTION fundmgr_guard_reserve_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'PROPOSED' OR NEW.decided_by_id IS NOT NULL THEN
            RAISE EXCEPTION 'a use of the reserve begins as a proposal' USING ERRCODE = 'check_violation';
        END IF;
        IF NOT EXISTS (
            SELECT 1 FROM fundmgr_restriction r WHERE r.id = NEW.restriction_id AND r.fund_id = NEW.fund_id
        ) THEN
            RAISE EXCEPTION 'a use of the reserve needs a restriction of its own fund'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state <> 'PROPOSED' OR NEW.state NOT IN ('MADE', 'REFUSED')
        OR (NEW.id, NEW.fund_id, NEW.created_at, NEW.restriction_id, NEW.amount_cents, NEW.ground, NEW.reason,
            NEW.proposed_by_id)
        IS DISTINCT FROM (OLD.id, OLD.fund_id, OLD.created_at, OLD.restriction_id, OLD.amount_cents, OLD.ground,
            OLD.reason, OLD.proposed_by_id)
    THEN
        RAISE EXCEPTION 'a use of the reserve is decided once, and nothing else of it changes'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reserve_use_guarded BEFORE INSERT OR UPDATE ON fundmgr_reserveuse
    FOR EACH ROW EXECUTE FUNCTION fundmgr_guard_reserve_use();
CREATE TRIGGER reserve_use_never_removed BEFORE DELETE ON fundmgr_reserveuse
    FOR EACH ROW EXECUTE FUNCTION fundmgr_refuse_change();
CREATE TRIGGER reserve_use_never_emptied BEFORE TRUNCATE ON fundmgr_reserveuse
    FOR EACH STATEMENT EXECUTE FUNCTION fundmgr_refuse_change();

CREATE FUNCTION fundmgr_require_reserve_use() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    used uuid;
BEGIN
    IF TG_TABLE_NAME = 'fundmgr_transfer' THEN
        used := NEW.cause_id;
    ELSE
        used := NEW.id;
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM fundmgr_reserveuse r
        JOIN fundmgr_transfer t ON t.cause_id = r.id AND t.fund_id = r.fund_id
        WHERE r.id = used AND r.state = 'MADE' AND t.move = 'RESERVE_USE' AND r.amount_cents = (
            SELECT SUM(e.amount_cents) FROM fundmgr_entry e JOIN fundmgr_account a ON a.id = e.account_id
            WHERE e.transfer_id = t.id AND e.restriction_id = r.restriction_id AND a.code = '9110'
        )
    ) THEN
        RAISE EXCEPTION 'the reserve is used by a decision of two people, and for its amount'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER transfer_has_reserve_use AFTER INSERT ON fundmgr_transfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.move = 'RESERVE_USE')
    EXECUTE FUNCTION fundmgr_require_reserve_use();
CREATE CONSTRAINT TRIGGER reserve_use_has_transfer AFTER UPDATE ON fundmgr_reserveuse
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'MADE')
    EXECUTE FUNCTION fundmgr_require_reserve_use();
"""
GONE = "DROP FUNCTION fundmgr_guard_reserve_use() CASCADE; DROP FUNCTION fundmgr_require_reserve_use() CASCADE"


class Migration(migrations.Migration):

    dependencies = [
        ('fundmgr', '0022_document_days'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReserveUse',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField()),
                ('amount_cents', models.BigIntegerField()),
                ('ground', models.CharField(choices=[('SECOND_LOOK', 'SECOND_LOOK'), ('RETURN', 'RETURN'), ('HARDSHIP', 'HARDSHIP'), ('END_OF_FUND', 'END_OF_FUND')], max_length=24)),
                ('reason', models.CharField(max_length=300)),
                ('state', models.CharField(choices=[('PROPOSED', 'PROPOSED'), ('MADE', 'MADE'), ('REFUSED', 'REFUSED')], max_length=24)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='transfer',
            name='transfer_move',
        ),
        migrations.AlterField(
            model_name='transfer',
            name='move',
            field=models.CharField(choices=[('PLEDGE', 'PLEDGE'), ('PLEDGE_CANCELLED', 'PLEDGE_CANCELLED'), ('CONDITION_MET', 'CONDITION_MET'), ('CONDITION_UNMET', 'CONDITION_UNMET'), ('WRITE_OFF', 'WRITE_OFF'), ('RECEIPT', 'RECEIPT'), ('SUSPENSE', 'SUSPENSE'), ('SUSPENSE_MATCHED', 'SUSPENSE_MATCHED'), ('BOUNCE', 'BOUNCE'), ('REFUND', 'REFUND'), ('RESTRICTION_RELEASE', 'RESTRICTION_RELEASE'), ('RESERVE_USE', 'RESERVE_USE'), ('BANK_FEE', 'BANK_FEE'), ('HOLD', 'HOLD'), ('AWARD', 'AWARD'), ('HOLD_VOID', 'HOLD_VOID'), ('AWARD_RESCINDED', 'AWARD_RESCINDED'), ('RELEASE', 'RELEASE'), ('SETTLEMENT', 'SETTLEMENT'), ('RETURN_IN_TRANSIT', 'RETURN_IN_TRANSIT'), ('RETURN_SETTLED', 'RETURN_SETTLED'), ('REISSUE', 'REISSUE'), ('UNCASHED', 'UNCASHED'), ('ESCHEAT', 'ESCHEAT'), ('CLAWBACK', 'CLAWBACK'), ('CLAWBACK_RECEIVED', 'CLAWBACK_RECEIVED'), ('REVERSAL', 'REVERSAL')], max_length=24),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(condition=models.Q(('move', 'RESERVE_USE')), fields=('cause_id',), name='transfer_reserve_use_once'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('move__in', ['PLEDGE', 'PLEDGE_CANCELLED', 'CONDITION_MET', 'CONDITION_UNMET', 'WRITE_OFF', 'RECEIPT', 'SUSPENSE', 'SUSPENSE_MATCHED', 'BOUNCE', 'REFUND', 'RESTRICTION_RELEASE', 'RESERVE_USE', 'BANK_FEE', 'HOLD', 'AWARD', 'HOLD_VOID', 'AWARD_RESCINDED', 'RELEASE', 'SETTLEMENT', 'RETURN_IN_TRANSIT', 'RETURN_SETTLED', 'REISSUE', 'UNCASHED', 'ESCHEAT', 'CLAWBACK', 'CLAWBACK_RECEIVED', 'REVERSAL'])), name='transfer_move'),
        ),
        migrations.AddField(
            model_name='reserveuse',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reserveuse',
            name='fund',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='fundmgr.fund'),
        ),
        migrations.AddField(
            model_name='reserveuse',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reserveuse',
            name='restriction',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reserve_uses', to='fundmgr.restriction'),
        ),
        migrations.AddIndex(
            model_name='reserveuse',
            index=models.Index(fields=['restriction', '-id'], name='reserve_use_by_restriction'),
        ),
        migrations.AddConstraint(
            model_name='reserveuse',
            constraint=models.CheckConstraint(condition=models.Q(('ground__in', ['SECOND_LOOK', 'RETURN', 'HARDSHIP', 'END_OF_FUND'])), name='reserve_use_ground'),
        ),
        migrations.AddConstraint(
            model_name='reserveuse',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['PROPOSED', 'MADE', 'REFUSED'])), name='reserve_use_state'),
        ),
        migrations.AddConstraint(
            model_name='reserveuse',
            constraint=models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='reserve_use_amount'),
        ),
        migrations.AddConstraint(
            model_name='reserveuse',
            constraint=models.CheckConstraint(condition=models.Q(('proposed_by', models.F('decided_by')), _negated=True), name='reserve_use_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='reserveuse',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'PROPOSED')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='reserve_use_decided'),
        ),
        migrations.RunSQL(GUARDS, GONE),
    ]
