"""Votes of the committee on waivers, which the database refuses to change."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from credit.reviews.lasting import lasting


class Migration(migrations.Migration):

    dependencies = [
        ('covenants', '0001_initial'),
        ('staff', '0004_service_accounts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WaiverVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('choice', models.CharField(choices=[('for', 'For'), ('against', 'Against'), ('abstain', 'Abstains')], max_length=7, verbose_name='vote')),
                ('judgement', models.CharField(max_length=1000, verbose_name='own judgement')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('covenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='covenants.covenant')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.post', verbose_name='in the post of')),
                ('waiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='covenants.waiver', verbose_name='waiver of a covenant')),
            ],
            options={
                'verbose_name': 'vote on a waiver',
                'abstract': False,
                'constraints': [
                    models.UniqueConstraint(fields=('waiver', 'actor'), name='covenants_one_vote'),
                    models.CheckConstraint(
                        condition=models.Q(('actor__isnull', False), ('post__isnull', False)), name='covenants_vote_by_somebody'
                    ),
                ],
            },
        ),
        lasting("covenants_waivervote"),
    ]
