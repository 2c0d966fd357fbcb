"""Lists of a month’s payments, which are never deleted; what backs payments for fixed assets, which is never changed."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from credit.reviews.lasting import kept, lasting


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0004_limits'),
        ('packs', '0003_question_answered'),
        ('payments', '0002_lasting'),
        ('staff', '0004_service_accounts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalMonthList',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(blank=True, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='last changed')),
                ('month', models.DateField(verbose_name='month')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('brought_at', models.DateTimeField(null=True, verbose_name='brought')),
                ('lines', models.JSONField(default=list)),
                ('note', models.CharField(blank=True, max_length=1000, verbose_name='remark')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('brought_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='brought by')),
                ('file', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='kernel.storedfile', verbose_name='paper')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pack', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='packs.pack', verbose_name='credit pack')),
            ],
            options={
                'verbose_name': 'historical list of a month’s payments',
                'verbose_name_plural': 'historical list of a month’s paymentss',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='MonthList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('month', models.DateField(verbose_name='month')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('brought_at', models.DateTimeField(null=True, verbose_name='brought')),
                ('lines', models.JSONField(default=list)),
                ('note', models.CharField(blank=True, max_length=1000, verbose_name='remark')),
                ('brought_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='brought by')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.storedfile', verbose_name='paper')),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='month_lists', to='packs.pack', verbose_name='credit pack')),
            ],
            options={
                'verbose_name': 'list of a month’s payments',
                'abstract': False,
                'indexes': [models.Index(fields=['-due_at', '-id'], name='payments_list_newest')],
                'constraints': [models.UniqueConstraint(fields=('pack', 'month'), name='payments_list_once'), models.CheckConstraint(condition=models.Q(models.Q(('brought_at', None), ('brought_by', None)), models.Q(('brought_at__isnull', False), ('brought_by__isnull', False)), _connector='OR'), name='payments_list_brought_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='ProgressProof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('equity_planned', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='equity as agreed')),
                ('equity_paid', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='equity paid in')),
                ('certificate', models.CharField(max_length=60, verbose_name='progress certificate')),
                ('progress_percent', models.PositiveSmallIntegerField(verbose_name='certified progress (per cent)')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('payment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='proof', to='payments.payment')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.post', verbose_name='in the post of')),
            ],
            options={
                'verbose_name': 'proof of progress',
                'constraints': [models.CheckConstraint(condition=models.Q(('progress_percent__lte', 100)), name='payments_progress_of_100')],
            },
        ),
        kept("payments_monthlist"),
        lasting("payments_progressproof"),
    ]
