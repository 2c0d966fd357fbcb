import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('clients', '0001_initial'),
        ('staff', '0003_leave_cover'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalStanding',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(blank=True, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='last changed')),
                ('facility', models.CharField(blank=True, help_text="The core bank's reference; empty: all of the client's.", max_length=20, verbose_name='facility')),
                ('loan_class', models.PositiveSmallIntegerField(choices=[(1, 'Pass'), (2, 'Special mention'), (3, 'Substandard'), (4, 'Doubtful'), (5, 'Loss')], default=1, verbose_name='loan class')),
                ('grade', models.PositiveSmallIntegerField(null=True, verbose_name='internal grade')),
                ('risk_class', models.CharField(choices=[('R1', 'R1'), ('R2', 'R2'), ('R3', 'R3'), ('R4', 'R4'), ('R5', 'R5')], max_length=2, verbose_name='risk class')),
                ('watch', models.JSONField(default=list)),
                ('since_on', models.DateField(verbose_name='since')),
                ('days_overdue', models.PositiveIntegerField(default=0, verbose_name='days overdue')),
                ('days_on', models.DateField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('client', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.client', verbose_name='client')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical risk class',
                'verbose_name_plural': 'historical risk classes',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('facility', models.CharField(blank=True, help_text="The core bank's reference; empty: all of the client's.", max_length=20, verbose_name='facility')),
                ('loan_class', models.PositiveSmallIntegerField(choices=[(1, 'Pass'), (2, 'Special mention'), (3, 'Substandard'), (4, 'Doubtful'), (5, 'Loss')], default=1, verbose_name='loan class')),
                ('grade', models.PositiveSmallIntegerField(null=True, verbose_name='internal grade')),
                ('risk_class', models.CharField(choices=[('R1', 'R1'), ('R2', 'R2'), ('R3', 'R3'), ('R4', 'R4'), ('R5', 'R5')], max_length=2, verbose_name='risk class')),
                ('watch', models.JSONField(default=list)),
                ('since_on', models.DateField(verbose_name='since')),
                ('days_overdue', models.PositiveIntegerField(default=0, verbose_name='days overdue')),
                ('days_on', models.DateField(null=True)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='risk_standings', to='clients.client', verbose_name='client')),
            ],
            options={
                'verbose_name': 'risk class',
                'verbose_name_plural': 'risk classes',
                'indexes': [models.Index(fields=['risk_class', 'client'], name='risk_standing_by_class')],
                'constraints': [models.UniqueConstraint(fields=('client', 'facility'), name='risk_standing_once'), models.CheckConstraint(condition=models.Q(('loan_class__range', (1, 5))), name='risk_standing_class'), models.CheckConstraint(condition=models.Q(models.Q(('loan_class', 1), ('risk_class__in', ['R1', 'R2', 'R3'])), models.Q(('loan_class__gt', 1), ('risk_class__in', ['R4', 'R5'])), _connector='OR'), name='risk_standing_fits')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('loan_class', models.PositiveSmallIntegerField(choices=[(1, 'Pass'), (2, 'Special mention'), (3, 'Substandard'), (4, 'Doubtful'), (5, 'Loss')], verbose_name='loan class')),
                ('grade', models.PositiveSmallIntegerField(null=True, verbose_name='internal grade')),
                ('reason', models.CharField(max_length=1000, verbose_name='why')),
                ('state', models.CharField(choices=[('proposed', 'Waits for the head'), ('reviewed', 'Waits for credit'), ('set', 'Set'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='proposed', max_length=9, verbose_name='state')),
                ('proposed_at', models.DateTimeField(verbose_name='proposed')),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('review_note', models.CharField(blank=True, max_length=1000)),
                ('ended_at', models.DateTimeField(null=True)),
                ('end_note', models.CharField(blank=True, max_length=1000)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reviewed by')),
                ('standing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='risk.standing')),
            ],
            options={
                'verbose_name': 'proposed class',
                'abstract': False,
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'reviewed'])), fields=('standing',), name='risk_one_open_proposal'), models.CheckConstraint(condition=models.Q(('reviewed_by', None), models.Q(('reviewed_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='risk_reviewed_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'set'), _negated=True), models.Q(('ended_by__isnull', False), ('reviewed_by__isnull', False), models.Q(('ended_by', models.F('proposed_by')), _negated=True), models.Q(('ended_by', models.F('reviewed_by')), _negated=True)), _connector='OR'), name='risk_set_by_a_third')],
            },
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('ground', models.CharField(choices=[('opened', 'First class'), ('days', 'Days overdue'), ('watch', 'Closer watch'), ('evidence', 'Evidence'), ('set', 'Set by credit')], max_length=8, verbose_name='ground')),
                ('old_loan_class', models.PositiveSmallIntegerField(choices=[(1, 'Pass'), (2, 'Special mention'), (3, 'Substandard'), (4, 'Doubtful'), (5, 'Loss')], null=True)),
                ('new_loan_class', models.PositiveSmallIntegerField(choices=[(1, 'Pass'), (2, 'Special mention'), (3, 'Substandard'), (4, 'Doubtful'), (5, 'Loss')])),
                ('old_risk_class', models.CharField(blank=True, choices=[('R1', 'R1'), ('R2', 'R2'), ('R3', 'R3'), ('R4', 'R4'), ('R5', 'R5')], max_length=2)),
                ('new_risk_class', models.CharField(choices=[('R1', 'R1'), ('R2', 'R2'), ('R3', 'R3'), ('R4', 'R4'), ('R5', 'R5')], max_length=2)),
                ('days_overdue', models.PositiveIntegerField(default=0)),
                ('reason', models.CharField(blank=True, max_length=1000, verbose_name='why')),
                ('on', models.DateField(verbose_name='day')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.post', verbose_name='in the post of')),
                ('standing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='risk.standing')),
            ],
            options={
                'verbose_name': 'movement of a class',
                'indexes': [models.Index(fields=['standing', '-on', '-id'], name='risk_movement_newest')],
            },
        ),
    ]
