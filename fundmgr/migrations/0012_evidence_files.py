"""Files of evidence: where each lies in the store, what it may prove, and no file twice for one thing.

Nothing wrote rows of files before this, so none needs a place.
"""

from django.db import migrations, models

SUBJECTS = ['COMMITMENT', 'RESTRICTION']


class Migration(migrations.Migration):

    dependencies = [
        ('fundmgr', '0011_enter_in_one_call'),
    ]

    operations = [
        migrations.AddField(
            model_name='storedfile',
            name='place',
            field=models.CharField(default='', max_length=40, unique=True),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='storedfile',
            name='subject_type',
            field=models.CharField(choices=[(word, word) for word in SUBJECTS], max_length=24),
        ),
        migrations.AddConstraint(
            model_name='storedfile',
            constraint=models.CheckConstraint(condition=models.Q(('subject_type__in', SUBJECTS)), name='stored_file_subject'),
        ),
        migrations.AddConstraint(
            model_name='storedfile',
            constraint=models.UniqueConstraint(fields=('subject_id', 'sha256'), name='stored_file_once'),
        ),
    ]
