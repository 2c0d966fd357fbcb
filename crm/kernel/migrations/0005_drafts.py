import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0004_limits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(help_text="The form's address name and the record's id.", max_length=100)),
                ('typed', models.JSONField(help_text='Values by field, as a browser sends them.')),
                ('version', models.PositiveIntegerField(null=True)),
                ('edits', models.PositiveIntegerField(default=1)),
                ('at', models.DateTimeField()),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='kernel_draft_at')],
                'constraints': [models.UniqueConstraint(fields=('owner', 'place'), name='kernel_draft_once')],
            },
        ),
    ]
