import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('clippings', '0001_initial'),
        ('staff', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('query', models.CharField(max_length=2000, verbose_name='what is looked for')),
                ('pace', models.CharField(choices=[('at_once', 'At once'), ('hourly', 'Every hour'), ('daily', 'Each morning at 07:30')], default='daily', max_length=8, verbose_name='tell me')),
                ('quiet_from', models.TimeField(blank=True, null=True, verbose_name='quiet from')),
                ('quiet_to', models.TimeField(blank=True, null=True, verbose_name='quiet until')),
                ('cap', models.PositiveSmallIntegerField(default=20, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='stories a mail')),
                ('is_on', models.BooleanField(default=True, verbose_name='switched on')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
            ],
            options={
                'verbose_name': 'alert',
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='alerts_name_once', violation_error_message='You have an alert of this name.'), models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_to', None)), models.Q(('quiet_from__isnull', False), ('quiet_to__isnull', False)), _connector='OR'), name='alerts_quiet_both', violation_error_message='Quiet hours need a beginning and an end.')],
            },
        ),
        migrations.CreateModel(
            name='AlertHit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
                ('alert', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='hits', to='alerts.alert')),
                ('clipping', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='clippings.clipping')),
                ('story', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='clippings.clipping')),
            ],
            options={
                'verbose_name': 'story found by an alert',
                'indexes': [models.Index(condition=models.Q(('told_at', None)), fields=['due_at'], name='alerts_due'), models.Index(fields=['alert', '-at'], name='alerts_newest')],
                'constraints': [models.UniqueConstraint(fields=('alert', 'story'), name='alerts_story_once')],
            },
        ),
    ]
