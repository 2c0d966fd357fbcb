"""Accounts as sealed: frozen with their version by the database itself."""

import django.db.models.deletion
from django.db import migrations, models

from credit.packs.freezing import freeze


class Migration(migrations.Migration):
    dependencies = [("memos", "0001_initial"), ("packs", "0002_frozen")]

    operations = [
        migrations.CreateModel(
            name="Accounts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "version",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="accounts", to="packs.packversion"),
                ),
            ],
            options={"verbose_name": "accounts"},
        ),
        freeze("memos_accounts"),
    ]
