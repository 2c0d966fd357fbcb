"""The papers of a sealed version are refused by the database to change."""

from django.db import migrations

from credit.packs.freezing import freeze


class Migration(migrations.Migration):
    dependencies = [("checklists", "0001_initial"), ("packs", "0002_frozen")]

    operations = [freeze("checklists_checklistitem"), freeze("checklists_document"), freeze("checklists_documentuse")]
