import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('clients', '0001_initial'),
        ('clippings', '0002_second_editor_and_indexes'),
        ('kernel', '0004_limits'),
        ('staff', '0003_leave_cover'),
    ]

    operations = [
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('code', models.CharField(max_length=6, verbose_name='code')),
                ('severity', models.CharField(choices=[('L', 'Low'), ('M', 'Medium'), ('H', 'High'), ('C', 'Critical')], max_length=1, verbose_name='severity')),
                ('state', models.CharField(choices=[('open', 'Open'), ('closing', 'Closing: a second signature is missing'), ('closed', 'Closed')], default='open', max_length=7, verbose_name='standing')),
                ('origin', models.CharField(choices=[('person', 'Raised by a person'), ('figures', 'Raised by figures'), ('news', 'Taken from the news'), ('check', 'Raised by a verification'), ('visit', 'Raised at a visit'), ('payment', 'Raised by a payment'), ('terms', 'Raised by a covenant'), ('sum', 'Follows from other flags')], default='person', max_length=7, verbose_name='origin')),
                ('note', models.CharField(max_length=2000, verbose_name='what was seen')),
                ('raised_at', models.DateTimeField(verbose_name='raised')),
                ('due_at', models.DateTimeField(null=True, verbose_name='first answer due')),
                ('figures', models.JSONField(default=dict, help_text='What raised it: figure, value, threshold, days; as text.')),
                ('signed_as', models.CharField(blank=True, max_length=4)),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='flags', to='clients.client', verbose_name='client')),
                ('clipping', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clippings.clipping', verbose_name='news')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                ('counted_in', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='counted', to='flags.flag', verbose_name='counted in')),
                ('raised_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='raised by')),
                ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='first signature')),
            ],
            options={
                'verbose_name': 'red flag',
                'abstract': False,
                'indexes': [models.Index(fields=['-raised_at', '-id'], name='flags_newest'), models.Index(condition=models.Q(('state__in', ['open', 'closing'])), fields=['client', 'severity'], name='flags_open_of_client')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('origin__in', ['figures', 'sum']), ('state__in', ['open', 'closing'])), fields=('client', 'code'), name='flags_one_open_by_figures'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='flags_closed_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('severity', 'C'), ('state', 'closed'), _negated=True), models.Q(('signed_by__isnull', False), models.Q(('signed_by', models.F('closed_by')), _negated=True)), _connector='OR'), name='flags_critical_closed_by_two'), models.CheckConstraint(condition=models.Q(('closed_by', None), ('raised_by', None), models.Q(('closed_by', models.F('raised_by')), _negated=True), _connector='OR'), name='flags_closed_by_another')],
            },
        ),
        migrations.CreateModel(
            name='FlagEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('act', models.CharField(choices=[('raise', 'Raised'), ('seen', 'Seen again'), ('read', 'Read'), ('note', 'Note'), ('explain', 'Explained'), ('plan', 'Plan'), ('visit', 'Visited'), ('legal', 'Legal department told'), ('late', 'Late: passed up'), ('count', 'Counted with others'), ('suspend', 'Undrawn limits suspended'), ('restore', 'Limits restored'), ('sign', 'First signature for closing'), ('keep', 'Not closed'), ('close', 'Closed')], max_length=8, verbose_name='what')),
                ('note', models.CharField(blank=True, max_length=2000, verbose_name='words')),
                ('link', models.CharField(blank=True, max_length=500, verbose_name='link')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.storedfile', verbose_name='evidence')),
                ('flag', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='flags.flag')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.post', verbose_name='in the post of')),
            ],
            options={
                'verbose_name': 'event of a red flag',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='HistoricalFlag',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(blank=True, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='last changed')),
                ('code', models.CharField(max_length=6, verbose_name='code')),
                ('severity', models.CharField(choices=[('L', 'Low'), ('M', 'Medium'), ('H', 'High'), ('C', 'Critical')], max_length=1, verbose_name='severity')),
                ('state', models.CharField(choices=[('open', 'Open'), ('closing', 'Closing: a second signature is missing'), ('closed', 'Closed')], default='open', max_length=7, verbose_name='standing')),
                ('origin', models.CharField(choices=[('person', 'Raised by a person'), ('figures', 'Raised by figures'), ('news', 'Taken from the news'), ('check', 'Raised by a verification'), ('visit', 'Raised at a visit'), ('payment', 'Raised by a payment'), ('terms', 'Raised by a covenant'), ('sum', 'Follows from other flags')], default='person', max_length=7, verbose_name='origin')),
                ('note', models.CharField(max_length=2000, verbose_name='what was seen')),
                ('raised_at', models.DateTimeField(verbose_name='raised')),
                ('due_at', models.DateTimeField(null=True, verbose_name='first answer due')),
                ('figures', models.JSONField(default=dict, help_text='What raised it: figure, value, threshold, days; as text.')),
                ('signed_as', models.CharField(blank=True, max_length=4)),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('client', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clients.client', verbose_name='client')),
                ('clipping', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clippings.clipping', verbose_name='news')),
                ('closed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                ('counted_in', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='flags.flag', verbose_name='counted in')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('raised_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='raised by')),
                ('signed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='first signature')),
            ],
            options={
                'verbose_name': 'historical red flag',
                'verbose_name_plural': 'historical red flags',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=6, verbose_name='code')),
                ('state', models.CharField(choices=[('open', 'To look at'), ('taken', 'Flag raised'), ('refused', 'No flag')], default='open', max_length=7, verbose_name='state')),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('ruled_at', models.DateTimeField(null=True, verbose_name='ruled')),
                ('reason', models.CharField(blank=True, max_length=1000, verbose_name='reason')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clients.client', verbose_name='client')),
                ('clipping', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clippings.clipping', verbose_name='news')),
                ('flag', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='flags.flag', verbose_name='red flag')),
                ('ruled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ruled by')),
            ],
            options={
                'verbose_name': 'suggested red flag',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('client', 'clipping', 'code'), name='flags_suggested_once')],
            },
        ),
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField(verbose_name='since')),
                ('lifted_at', models.DateTimeField(null=True, verbose_name='lifted')),
                ('packs', models.JSONField(default=list, help_text='[[pack id, state before], ...]')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspensions', to='clients.client', verbose_name='client')),
                ('flag', models.ForeignKey(help_text='The first critical one.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='flags.flag')),
            ],
            options={
                'verbose_name': 'suspension of limits',
                'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('client',), name='flags_suspended_once')],
            },
        ),
    ]
