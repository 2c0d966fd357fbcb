import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0001_initial'),
        ('staff', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Client',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='customer number')),
                ('sort_key', models.CharField(editable=False, help_text="The company's, kept here for lists in order of name.", max_length=80)),
                ('status', models.CharField(choices=[('onboarding', 'Opening accounts'), ('active', 'Active'), ('dormant', 'Dormant'), ('closed', 'Closed')], default='onboarding', max_length=10, verbose_name='status')),
                ('tier', models.CharField(blank=True, choices=[('A', 'Tier A'), ('B', 'Tier B'), ('C', 'Tier C'), ('D', 'Tier D')], help_text='Of the current TierRow.', max_length=1, verbose_name='tier')),
                ('opened_on', models.DateField(verbose_name='client since')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                ('kyc_risk', models.CharField(blank=True, choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=6, verbose_name='KYC risk')),
                ('kyc_reviewed_on', models.DateField(blank=True, null=True, verbose_name='KYC reviewed')),
                ('kyc_due_on', models.DateField(blank=True, null=True, verbose_name='next KYC review')),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.orgunit', verbose_name='centre')),
                ('company', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='client', to='companies.company', verbose_name='company')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.orgunit', verbose_name='team')),
            ],
            options={
                'verbose_name': 'client',
                'indexes': [models.Index(fields=['sort_key', 'id'], name='clients_by_name'), models.Index(fields=['owner', 'sort_key', 'id'], name='clients_by_owner'), models.Index(fields=['team', 'sort_key', 'id'], name='clients_by_team'), models.Index(fields=['centre', 'sort_key', 'id'], name='clients_by_centre')],
                'constraints': [models.CheckConstraint(condition=models.Q(('closed_on', None), ('status', 'closed'), _connector='OR'), name='clients_closed_when_closed', violation_error_message='Only a closed client has a closing date.')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalClient',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(blank=True, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='last changed')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('number', models.CharField(db_index=True, max_length=20, verbose_name='customer number')),
                ('sort_key', models.CharField(editable=False, help_text="The company's, kept here for lists in order of name.", max_length=80)),
                ('status', models.CharField(choices=[('onboarding', 'Opening accounts'), ('active', 'Active'), ('dormant', 'Dormant'), ('closed', 'Closed')], default='onboarding', max_length=10, verbose_name='status')),
                ('tier', models.CharField(blank=True, choices=[('A', 'Tier A'), ('B', 'Tier B'), ('C', 'Tier C'), ('D', 'Tier D')], help_text='Of the current TierRow.', max_length=1, verbose_name='tier')),
                ('opened_on', models.DateField(verbose_name='client since')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                ('kyc_risk', models.CharField(blank=True, choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High')], max_length=6, verbose_name='KYC risk')),
                ('kyc_reviewed_on', models.DateField(blank=True, null=True, verbose_name='KYC reviewed')),
                ('kyc_due_on', models.DateField(blank=True, null=True, verbose_name='next KYC review')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('centre', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='staff.orgunit', verbose_name='centre')),
                ('company', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='companies.company', verbose_name='company')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('team', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='staff.orgunit', verbose_name='team')),
            ],
            options={
                'verbose_name': 'historical client',
                'verbose_name_plural': 'historical clients',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='TierRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tier', models.CharField(choices=[('A', 'Tier A'), ('B', 'Tier B'), ('C', 'Tier C'), ('D', 'Tier D')], max_length=1, verbose_name='tier')),
                ('from_on', models.DateField(verbose_name='from')),
                ('to_on', models.DateField(blank=True, null=True, verbose_name='to')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tiers', to='clients.client')),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
            ],
            options={
                'verbose_name': 'tier',
                'constraints': [models.UniqueConstraint(condition=models.Q(('to_on', None)), fields=('client',), name='clients_tier_once')],
            },
        ),
    ]
