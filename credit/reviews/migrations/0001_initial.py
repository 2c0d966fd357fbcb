import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('kernel', '0004_limits'),
        ('packs', '0002_frozen'),
        ('staff', '0003_leave_cover'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalMemo',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(blank=True, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='last changed')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('text', models.TextField(blank=True, verbose_name='memo')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent for the fact check')),
                ('facts_due_at', models.DateTimeField(null=True, verbose_name='fact check until')),
                ('facts_checked_at', models.DateTimeField(null=True, verbose_name='facts checked')),
                ('facts_note', models.TextField(blank=True, verbose_name='on the facts')),
                ('by_silence', models.BooleanField(default=False, verbose_name='accepted by silence')),
                ('frozen_at', models.DateTimeField(null=True, verbose_name='frozen')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('facts_checked_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='facts checked by')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pack', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='packs.pack')),
                ('written_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
            ],
            options={
                'verbose_name': 'historical memo',
                'verbose_name_plural': 'historical memos',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalReview',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(blank=True, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='last changed')),
                ('assigned_at', models.DateTimeField(verbose_name='assigned')),
                ('rating', models.CharField(blank=True, choices=[('R1', 'R1'), ('R2', 'R2'), ('R3', 'R3'), ('R4', 'R4'), ('R5', 'R5')], max_length=2, verbose_name='risk class')),
                ('rating_reason', models.CharField(blank=True, max_length=1000, verbose_name='why this class')),
                ('rated_at', models.DateTimeField(null=True, verbose_name='rated')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('analyst', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='analyst')),
                ('assigned_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned by')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pack', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='packs.pack')),
                ('rated_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='rated by')),
            ],
            options={
                'verbose_name': 'historical review',
                'verbose_name_plural': 'historical reviews',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('topic', models.CharField(choices=[('request', 'Request and purpose'), ('borrower', 'Borrower, owners and management'), ('group', 'Group and guarantors'), ('business', 'Business and market'), ('accounts', 'Accounts and ratios'), ('cash', 'Cash flow and repayment'), ('security', 'Security'), ('adverse', 'Adverse facts'), ('kyc', 'Identity and checks'), ('papers', 'Papers')], max_length=10, verbose_name='about')),
                ('severity', models.CharField(choices=[('info', 'Information'), ('material', 'Material'), ('blocker', 'Blocker')], max_length=8, verbose_name='severity')),
                ('state', models.CharField(choices=[('draft', 'Not sent yet'), ('open', 'Open'), ('answered', 'Answered'), ('accepted', 'Accepted'), ('reopened', 'Asked again'), ('withdrawn', 'Withdrawn')], default='draft', max_length=9, verbose_name='state')),
                ('text', models.TextField(verbose_name='question')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent')),
                ('due_at', models.DateTimeField(null=True, verbose_name='due')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('asked_of', models.ForeignKey(help_text='The version that was read.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='packs.packversion')),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='packs.pack')),
            ],
            options={
                'verbose_name': 'question',
                'verbose_name_plural': 'questions',
                'indexes': [models.Index(condition=models.Q(('state__in', ['open', 'reopened'])), fields=['due_at'], name='reviews_question_due')],
                'constraints': [models.UniqueConstraint(fields=('pack', 'number'), name='reviews_question_once'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'withdrawn']), models.Q(('due_at__isnull', False), ('sent_at__isnull', False)), _connector='OR'), name='reviews_sent_with_due')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('assigned_at', models.DateTimeField(verbose_name='assigned')),
                ('rating', models.CharField(blank=True, choices=[('R1', 'R1'), ('R2', 'R2'), ('R3', 'R3'), ('R4', 'R4'), ('R5', 'R5')], max_length=2, verbose_name='risk class')),
                ('rating_reason', models.CharField(blank=True, max_length=1000, verbose_name='why this class')),
                ('rated_at', models.DateTimeField(null=True, verbose_name='rated')),
                ('analyst', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='analyst')),
                ('assigned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned by')),
                ('pack', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='packs.pack')),
                ('rated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='rated by')),
            ],
            options={
                'verbose_name': 'review',
            },
        ),
        migrations.CreateModel(
            name='Saying',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('act', models.CharField(choices=[('ask', 'Asked'), ('answer', 'Answered'), ('accept', 'Accepted'), ('reopen', 'Asked again'), ('withdraw', 'Withdrawn')], max_length=8, verbose_name='what')),
                ('text', models.TextField(blank=True, verbose_name='words')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.storedfile', verbose_name='evidence')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.post', verbose_name='in the post of')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='thread', to='reviews.question')),
            ],
            options={
                'verbose_name': 'entry',
            },
        ),
        migrations.CreateModel(
            name='StoppedClock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('party', models.CharField(choices=[('credit', 'Credit department'), ('manager', 'Relationship manager')], max_length=7, verbose_name='whose')),
                ('seconds', models.PositiveIntegerField(verbose_name='open seconds used')),
                ('day_seconds', models.PositiveIntegerField(verbose_name='open seconds of a day')),
                ('target_days', models.PositiveSmallIntegerField(verbose_name='target (working days)')),
                ('stretches', models.JSONField(default=list, help_text='[since, until, why] in ISO 8601, as counted.')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to='packs.pack')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.post', verbose_name='in the post of')),
            ],
            options={
                'verbose_name': 'clock',
            },
        ),
        migrations.CreateModel(
            name='Memo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('text', models.TextField(blank=True, verbose_name='memo')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent for the fact check')),
                ('facts_due_at', models.DateTimeField(null=True, verbose_name='fact check until')),
                ('facts_checked_at', models.DateTimeField(null=True, verbose_name='facts checked')),
                ('facts_note', models.TextField(blank=True, verbose_name='on the facts')),
                ('by_silence', models.BooleanField(default=False, verbose_name='accepted by silence')),
                ('frozen_at', models.DateTimeField(null=True, verbose_name='frozen')),
                ('facts_checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='facts checked by')),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memos', to='packs.pack')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
            ],
            options={
                'verbose_name': 'memo',
                'constraints': [models.UniqueConstraint(fields=('pack', 'number'), name='reviews_memo_once'), models.CheckConstraint(condition=models.Q(('facts_checked_by', None), models.Q(('facts_checked_by', models.F('written_by')), _negated=True), _connector='OR'), name='reviews_facts_by_another')],
            },
        ),
    ]
