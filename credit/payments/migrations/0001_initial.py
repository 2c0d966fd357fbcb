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
            name='HistoricalPayment',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('created_at', models.DateTimeField(blank=True, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(blank=True, editable=False, verbose_name='last changed')),
                ('number', models.CharField(db_index=True, editable=False, max_length=20, verbose_name='number')),
                ('mode', models.CharField(choices=[('trustee', 'Trustee payment'), ('self', 'Payment by the borrower')], max_length=7, verbose_name='mode')),
                ('grounds', models.JSONField(default=list, help_text='Ground values.')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('purpose', models.CharField(max_length=300, verbose_name='purpose')),
                ('payee', models.CharField(max_length=200, verbose_name='payee')),
                ('account', models.CharField(max_length=60, verbose_name='payee’s account')),
                ('payee_key', models.CharField(editable=False, max_length=80)),
                ('contract', models.CharField(max_length=60, verbose_name='contract number')),
                ('contract_party', models.CharField(max_length=200, verbose_name='party of the contract')),
                ('contract_amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='amount of the contract')),
                ('invoice', models.CharField(blank=True, max_length=60, verbose_name='invoice number')),
                ('is_related', models.BooleanField(default=False, verbose_name='payee is related, and declared so')),
                ('is_split', models.BooleanField(default=False, verbose_name='split under the threshold')),
                ('needs_voucher', models.BooleanField(default=False, verbose_name='in the sample of vouchers')),
                ('state', models.CharField(choices=[('asked', 'To be checked'), ('checked', 'To be paid'), ('paid', 'Paid'), ('rejected', 'Rejected')], default='asked', max_length=8, verbose_name='standing')),
                ('asked_on', models.DateField(verbose_name='day')),
                ('paid_at', models.DateTimeField(null=True, verbose_name='paid')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('checker', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by')),
                ('executor', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='carried out by')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('maker', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('pack', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='packs.pack', verbose_name='credit pack')),
            ],
            options={
                'verbose_name': 'historical payment',
                'verbose_name_plural': 'historical payments',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('number', models.CharField(editable=False, max_length=20, unique=True, verbose_name='number')),
                ('mode', models.CharField(choices=[('trustee', 'Trustee payment'), ('self', 'Payment by the borrower')], max_length=7, verbose_name='mode')),
                ('grounds', models.JSONField(default=list, help_text='Ground values.')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('purpose', models.CharField(max_length=300, verbose_name='purpose')),
                ('payee', models.CharField(max_length=200, verbose_name='payee')),
                ('account', models.CharField(max_length=60, verbose_name='payee’s account')),
                ('payee_key', models.CharField(editable=False, max_length=80)),
                ('contract', models.CharField(max_length=60, verbose_name='contract number')),
                ('contract_party', models.CharField(max_length=200, verbose_name='party of the contract')),
                ('contract_amount', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='amount of the contract')),
                ('invoice', models.CharField(blank=True, max_length=60, verbose_name='invoice number')),
                ('is_related', models.BooleanField(default=False, verbose_name='payee is related, and declared so')),
                ('is_split', models.BooleanField(default=False, verbose_name='split under the threshold')),
                ('needs_voucher', models.BooleanField(default=False, verbose_name='in the sample of vouchers')),
                ('state', models.CharField(choices=[('asked', 'To be checked'), ('checked', 'To be paid'), ('paid', 'Paid'), ('rejected', 'Rejected')], default='asked', max_length=8, verbose_name='standing')),
                ('asked_on', models.DateField(verbose_name='day')),
                ('paid_at', models.DateTimeField(null=True, verbose_name='paid')),
                ('checker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by')),
                ('executor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='carried out by')),
                ('maker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='packs.pack', verbose_name='credit pack')),
            ],
            options={
                'verbose_name': 'payment',
                'abstract': False,
                'indexes': [models.Index(fields=['-asked_on', '-id'], name='payments_newest'), models.Index(fields=['pack', 'payee_key', 'asked_on'], name='payments_to_payee')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payments_above_nothing'), models.CheckConstraint(condition=models.Q(('checker', None), models.Q(('checker', models.F('maker')), _negated=True), _connector='OR'), name='payments_checked_by_another'), models.CheckConstraint(condition=models.Q(('executor', None), models.Q(models.Q(('executor', models.F('maker')), _negated=True), models.Q(('executor', models.F('checker')), _negated=True)), _connector='OR'), name='payments_by_three'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'paid'), _negated=True), models.Q(('checker__isnull', False), ('executor__isnull', False), ('paid_at__isnull', False)), _connector='OR'), name='payments_paid_by_three')],
            },
        ),
        migrations.CreateModel(
            name='PaymentEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('act', models.CharField(choices=[('ask', 'Asked for'), ('check', 'Checked'), ('pay', 'Paid'), ('reject', 'Rejected'), ('voucher', 'Voucher brought')], max_length=7, verbose_name='what')),
                ('note', models.CharField(blank=True, max_length=1000, verbose_name='words')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.storedfile', verbose_name='voucher')),
                ('payment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='payments.payment')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.post', verbose_name='in the post of')),
            ],
            options={
                'verbose_name': 'event of a payment',
                'abstract': False,
            },
        ),
    ]
