import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('kernel', '0004_limits'),
        ('packs', '0002_frozen'),
        ('staff', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChecklistItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=4, verbose_name='code')),
                ('need', models.CharField(choices=[('required', 'Required'), ('conditional', 'If it applies'), ('drawdown', 'Before the first drawing'), ('off', 'Not asked for')], max_length=11, verbose_name='need')),
                ('is_wanted', models.BooleanField(default=True, help_text='Still asked for: what is asked of a version may change while papers are here.')),
                ('state', models.CharField(choices=[('missing', 'Missing'), ('requested', 'Requested'), ('received', 'Received'), ('checked', 'Checked'), ('expired', 'Expired'), ('waived', 'Waived'), ('na', 'Does not apply')], default='missing', max_length=9, verbose_name='state')),
                ('requested_at', models.DateTimeField(null=True, verbose_name='requested')),
                ('received_at', models.DateTimeField(null=True, verbose_name='received')),
                ('dated_on', models.DateField(null=True, verbose_name='day that it speaks of')),
                ('valid_until', models.DateField(null=True, verbose_name='good until')),
                ('checked_at', models.DateTimeField(null=True, verbose_name='checked')),
                ('original_sighted', models.BooleanField(default=False, verbose_name='original sighted')),
                ('waived_until', models.DateField(null=True, verbose_name='waived until')),
                ('waived_level', models.CharField(blank=True, max_length=3, verbose_name='level')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by')),
                ('party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='packs.party', verbose_name='guarantor')),
                ('received_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='received by')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='packs.packversion')),
                ('waived_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='waived by')),
            ],
            options={
                'verbose_name': 'paper',
                'verbose_name_plural': 'papers',
                'constraints': [models.UniqueConstraint(condition=models.Q(('party', None)), fields=('version', 'code'), name='checklists_item_once'), models.UniqueConstraint(fields=('version', 'code', 'party'), name='checklists_item_once_of_party'), models.CheckConstraint(condition=models.Q(('checked_by', None), models.Q(('checked_by', models.F('received_by')), _negated=True), _connector='OR'), name='checklists_checked_by_another', violation_error_message='A second person checks what the first one received.'), models.CheckConstraint(condition=models.Q(('state', 'expired'), _negated=True), name='checklists_expired_is_not_written'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'waived'), _negated=True), models.Q(('waived_by__isnull', False), ('waived_until__isnull', False)), _connector='OR'), name='checklists_waived_by')],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('dated_on', models.DateField(null=True, verbose_name='day that it speaks of')),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.storedfile')),
                ('received_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='received by')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='packs.packversion')),
            ],
            options={
                'verbose_name': 'document',
                'constraints': [models.UniqueConstraint(fields=('version', 'file'), name='checklists_document_once')],
            },
        ),
        migrations.CreateModel(
            name='DocumentUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='checklists.document')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='checklists.checklistitem')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='packs.packversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('document', 'item'), name='checklists_use_once')],
            },
        ),
        migrations.CreateModel(
            name='Waiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=4, verbose_name='code')),
                ('until', models.DateField(verbose_name='until')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('level', models.CharField(max_length=3, verbose_name='level')),
                ('state', models.CharField(choices=[('asked', 'Asked for'), ('granted', 'Granted'), ('refused', 'Refused'), ('over', 'Not needed any more')], default='asked', max_length=8, verbose_name='state')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='waivers', to='checklists.checklistitem')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waivers', to='packs.packversion')),
            ],
            options={
                'verbose_name': 'waiver',
                'constraints': [models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='checklists_waived_by_another', violation_error_message='Nobody grants their own waiver.'), models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('item',), name='checklists_one_open_waiver')],
            },
        ),
    ]
