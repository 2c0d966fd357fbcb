"""Facility letters and their sending, which the database refuses to change."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.reviews.lasting import lasting


class Migration(migrations.Migration):

    dependencies = [
        ('decisions', '0002_lasting'),
        ('kernel', '0004_limits'),
        ('packs', '0002_frozen'),
        ('staff', '0003_leave_cover'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FacilityLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('language', models.CharField(choices=[('en', 'English'), ('zh-hant', '繁體中文'), ('zh-hans', '简体中文')], max_length=7, verbose_name='language')),
                ('template_code', models.CharField(max_length=40, verbose_name='template')),
                ('terms', models.JSONField(help_text='What was decided, as the letter tells it: facilities, conditions, last day.', verbose_name='terms')),
                ('subject', models.CharField(max_length=400, verbose_name='subject')),
                ('body', models.TextField(verbose_name='text')),
                ('sha256', models.CharField(max_length=64)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='decisions.decision')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.storedfile', verbose_name='file')),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='packs.pack')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.post', verbose_name='in the post of')),
            ],
            options={
                'verbose_name': 'facility letter',
                'constraints': [
                    models.CheckConstraint(
                        condition=models.Q(('actor__isnull', False), ('post__isnull', False)), name='decisions_letter_by_somebody'
                    ),
                    models.CheckConstraint(condition=models.Q(('body', ''), _negated=True), name='decisions_letter_says_something'),
                ],
            },
        ),
        migrations.CreateModel(
            name='LetterIssue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('letter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='issue', to='decisions.facilityletter')),
                ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='packs.pack')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.post', verbose_name='in the post of')),
            ],
            options={
                'verbose_name': 'letter sent',
                'constraints': [
                    models.CheckConstraint(
                        condition=models.Q(('actor__isnull', False), ('post__isnull', False)), name='decisions_sent_by_somebody'
                    ),
                ],
            },
        ),
        lasting("decisions_facilityletter"),
        lasting("decisions_letterissue"),
    ]
