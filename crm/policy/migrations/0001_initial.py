import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='FigureChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('table', models.CharField(max_length=60, verbose_name='table')),
                ('jurisdiction', models.CharField(blank=True, choices=[('', 'Everywhere'), ('HK', 'Hong Kong'), ('CN', 'Mainland China')], max_length=2, verbose_name='jurisdiction')),
                ('is_raise', models.BooleanField(default=False, verbose_name='more than the grade’s')),
                ('values', models.JSONField(help_text="By key; null ends a person's own figure.", verbose_name='new values')),
                ('before', models.JSONField(default=dict, help_text='By key, as they stood when it was proposed, then decided.', verbose_name='values before')),
                ('effective_from', models.DateField(verbose_name='from')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('state', models.CharField(choices=[('proposed', 'Waiting for a second person'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='proposed', max_length=10, verbose_name='state')),
                ('proposed_grade', models.PositiveSmallIntegerField(editable=False)),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('remark', models.CharField(blank=True, max_length=300, verbose_name='remark')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
            ],
            options={
                'verbose_name': 'change of figures',
                'indexes': [models.Index(fields=['table', 'state'], name='policy_change_table')],
                'constraints': [models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='policy_change_four_eyes', violation_error_message='Who proposed it does not decide it.'), models.CheckConstraint(condition=models.Q(('person', None), models.Q(models.Q(('person', models.F('proposed_by')), _negated=True), models.Q(('decided_by', None), models.Q(('decided_by', models.F('person')), _negated=True), _connector='OR')), _connector='OR'), name='policy_change_not_own', violation_error_message='Nobody changes their own figures.'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('approved', 'refused')), ('decided_at__isnull', False), ('decided_by__isnull', False)), models.Q(models.Q(('state__in', ('approved', 'refused')), _negated=True), ('decided_by', None)), _connector='OR'), name='policy_change_decided')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalFigure',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(blank=True, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='last changed')),
                ('table', models.CharField(max_length=60, verbose_name='table')),
                ('key', models.CharField(blank=True, max_length=40, verbose_name='for')),
                ('jurisdiction', models.CharField(blank=True, help_text='Empty: everywhere.', max_length=2, verbose_name='jurisdiction')),
                ('value', models.JSONField(verbose_name='value')),
                ('effective_from', models.DateField(verbose_name='from')),
                ('effective_to', models.DateField(blank=True, null=True, verbose_name='until')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('approved_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
                ('is_raise', models.BooleanField(default=False, verbose_name='more than the grade’s')),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('change', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='policy.figurechange')),
            ],
            options={
                'verbose_name': 'historical figure',
                'verbose_name_plural': 'historical figures',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Figure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('table', models.CharField(max_length=60, verbose_name='table')),
                ('key', models.CharField(blank=True, max_length=40, verbose_name='for')),
                ('jurisdiction', models.CharField(blank=True, help_text='Empty: everywhere.', max_length=2, verbose_name='jurisdiction')),
                ('value', models.JSONField(verbose_name='value')),
                ('effective_from', models.DateField(verbose_name='from')),
                ('effective_to', models.DateField(blank=True, null=True, verbose_name='until')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
                ('is_raise', models.BooleanField(default=False, verbose_name='more than the grade’s')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='own_figures', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('change', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='policy.figurechange')),
            ],
            options={
                'verbose_name': 'figure',
                'constraints': [models.CheckConstraint(condition=models.Q(('effective_to', None), ('effective_to__gt', models.F('effective_from')), _connector='OR'), name='policy_figure_span'), models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('set_by')), _negated=True), _connector='OR'), name='policy_figure_four_eyes'), models.UniqueConstraint(condition=models.Q(('person', None)), fields=('table', 'key', 'jurisdiction', 'effective_from'), name='policy_figure_once'), models.UniqueConstraint(condition=models.Q(('person', None), _negated=True), fields=('table', 'key', 'jurisdiction', 'person', 'effective_from'), name='policy_own_figure_once'), models.UniqueConstraint(condition=models.Q(('effective_to', None), ('person', None)), fields=('table', 'key', 'jurisdiction'), name='policy_figure_one_open'), models.UniqueConstraint(condition=models.Q(('effective_to', None), models.Q(('person', None), _negated=True)), fields=('table', 'key', 'jurisdiction', 'person'), name='policy_own_figure_one_open'), models.CheckConstraint(condition=models.Q(('change', None), models.Q(('approved_by__isnull', False), ('set_by__isnull', False)), _connector='OR'), name='policy_figure_two_people')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalFigureChange',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(blank=True, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='last changed')),
                ('table', models.CharField(max_length=60, verbose_name='table')),
                ('jurisdiction', models.CharField(blank=True, choices=[('', 'Everywhere'), ('HK', 'Hong Kong'), ('CN', 'Mainland China')], max_length=2, verbose_name='jurisdiction')),
                ('is_raise', models.BooleanField(default=False, verbose_name='more than the grade’s')),
                ('values', models.JSONField(help_text="By key; null ends a person's own figure.", verbose_name='new values')),
                ('before', models.JSONField(default=dict, help_text='By key, as they stood when it was proposed, then decided.', verbose_name='values before')),
                ('effective_from', models.DateField(verbose_name='from')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('state', models.CharField(choices=[('proposed', 'Waiting for a second person'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='proposed', max_length=10, verbose_name='state')),
                ('proposed_grade', models.PositiveSmallIntegerField(editable=False)),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('remark', models.CharField(blank=True, max_length=300, verbose_name='remark')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('proposed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
            ],
            options={
                'verbose_name': 'historical change of figures',
                'verbose_name_plural': 'historical change of figuress',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
    ]
