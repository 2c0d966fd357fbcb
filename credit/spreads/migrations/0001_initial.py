import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('companies', '0006_contact_in_role'),
        ('kernel', '0004_limits'),
        ('staff', '0003_leave_cover'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalSpread',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(blank=True, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='last changed')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('unit', models.PositiveIntegerField(choices=[(1, 'Units'), (1000, 'Thousands'), (10000, 'Ten thousands'), (1000000, 'Millions')], default=1, verbose_name='in')),
                ('jurisdiction', models.CharField(choices=[('HK', 'Hong Kong'), ('CN', 'Mainland China')], default='HK', max_length=2, verbose_name='law')),
                ('year_end_month', models.PositiveSmallIntegerField(default=12, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='month of the year end')),
                ('asked_hkd', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='asked for, in HKD')),
                ('state', models.CharField(choices=[('open', 'Not checked'), ('checked', 'Checked by a second person')], default='open', max_length=8, verbose_name='standing')),
                ('checked_at', models.DateTimeField(editable=False, null=True, verbose_name='checked')),
                ('figures_at', models.DateTimeField(editable=False, null=True, verbose_name='figures last changed')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('checked_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by')),
                ('company', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='companies.company', verbose_name='company')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('prepared_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='prepared by')),
            ],
            options={
                'verbose_name': 'historical spread',
                'verbose_name_plural': 'historical spreads',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Spread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('unit', models.PositiveIntegerField(choices=[(1, 'Units'), (1000, 'Thousands'), (10000, 'Ten thousands'), (1000000, 'Millions')], default=1, verbose_name='in')),
                ('jurisdiction', models.CharField(choices=[('HK', 'Hong Kong'), ('CN', 'Mainland China')], default='HK', max_length=2, verbose_name='law')),
                ('year_end_month', models.PositiveSmallIntegerField(default=12, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='month of the year end')),
                ('asked_hkd', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True, verbose_name='asked for, in HKD')),
                ('state', models.CharField(choices=[('open', 'Not checked'), ('checked', 'Checked by a second person')], default='open', max_length=8, verbose_name='standing')),
                ('checked_at', models.DateTimeField(editable=False, null=True, verbose_name='checked')),
                ('figures_at', models.DateTimeField(editable=False, null=True, verbose_name='figures last changed')),
                ('checked_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by')),
                ('company', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='spread', to='companies.company', verbose_name='company')),
                ('prepared_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='prepared by')),
            ],
            options={
                'verbose_name': 'spread',
                'indexes': [models.Index(fields=['-updated_at', '-id'], name='spreads_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('unit__in', [1, 1000, 10000, 1000000])), name='spreads_unit_known'), models.CheckConstraint(condition=models.Q(models.Q(('checked_at__isnull', False), ('checked_by__isnull', False), ('state', 'checked')), models.Q(('checked_at', None), ('checked_by', None), ('state', 'open')), _connector='OR'), name='spreads_checked_by_somebody'), models.CheckConstraint(condition=models.Q(('checked_by', None), models.Q(('checked_by', models.F('prepared_by')), _negated=True), _connector='OR'), name='spreads_checked_by_another', violation_error_message='Whoever entered figures does not check them.')],
            },
        ),
        migrations.CreateModel(
            name='Period',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ends_on', models.DateField(verbose_name='ends')),
                ('months', models.PositiveSmallIntegerField(default=12, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(24)], verbose_name='months')),
                ('kind', models.CharField(choices=[('audited', 'Audited'), ('management', 'Management accounts'), ('interim', 'Interim')], default='audited', max_length=10, verbose_name='accounts')),
                ('statement', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='statement number')),
                ('is_current', models.BooleanField(default=True, editable=False)),
                ('source', models.CharField(blank=True, help_text='Which report, such as “Annual report 2025”.', max_length=200, verbose_name='source')),
                ('entered_at', models.DateTimeField(editable=False)),
                ('entered_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('spread', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='periods', to='spreads.spread')),
            ],
            options={
                'verbose_name': 'period',
                'constraints': [models.UniqueConstraint(fields=('spread', 'ends_on', 'months', 'statement'), name='spreads_statement_once'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('spread', 'ends_on', 'months'), name='spreads_one_current'), models.CheckConstraint(condition=models.Q(('months__gte', 1), ('months__lte', 24)), name='spreads_months_sensible')],
            },
        ),
        migrations.CreateModel(
            name='SpreadUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet', models.CharField(blank=True, max_length=120, verbose_name='sheet')),
                ('own_unit', models.PositiveIntegerField(blank=True, choices=[(1, 'Units'), (1000, 'Thousands'), (10000, 'Ten thousands'), (1000000, 'Millions')], null=True, verbose_name='unit of the file')),
                ('only', models.CharField(blank=True, max_length=200, verbose_name='only rows where')),
                ('missing', models.CharField(blank=True, max_length=20, verbose_name='mark of what is not known')),
                ('layout', models.CharField(choices=[('down', 'Lines go down, periods stand side by side'), ('across', 'Periods go down, lines stand side by side'), ('facts', 'One figure a row, with its dates')], max_length=6, verbose_name='layout')),
                ('plan', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('read', 'Read, not taken over yet'), ('loaded', 'Taken over')], default='read', max_length=6)),
                ('brought_at', models.DateTimeField()),
                ('brought_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.storedfile')),
                ('spread', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to='spreads.spread')),
            ],
            options={
                'verbose_name': 'file of statements',
            },
        ),
        migrations.CreateModel(
            name='SpreadEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('act', models.CharField(choices=[('begin', 'Begun'), ('enter', 'Figures typed'), ('load', 'Figures loaded from a file'), ('restate', 'Figures restated'), ('check', 'Checked'), ('change', 'Details changed')], max_length=8, verbose_name='what')),
                ('figures', models.PositiveIntegerField(default=0, verbose_name='figures')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('period', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='spreads.period')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.post', verbose_name='in the post of')),
                ('spread', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='spreads.spread')),
                ('upload', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='spreads.spreadupload')),
            ],
            options={
                'verbose_name': 'event',
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('ten_thousandths', models.BigIntegerField()),
                ('label', models.CharField(blank=True, max_length=200, verbose_name='called in the source')),
                ('page', models.CharField(blank=True, max_length=80, verbose_name='page or cell of the source')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='spreads.period')),
            ],
            options={
                'verbose_name': 'line',
                'constraints': [models.UniqueConstraint(fields=('period', 'code'), name='spreads_line_once')],
            },
        ),
    ]
