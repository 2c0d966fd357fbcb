"""Seals, endorsements, steps and history rows stand; versions that left their draft too; sections and attestations are parts of them."""

from django.db import migrations

from credit.handoff import freezing
from credit.packs.freezing import freeze


def lay(apps, schema_editor):
    """Lay the triggers."""
    for statement in freezing.laid(schema_editor.connection):
        schema_editor.execute(statement)


def lift(apps, schema_editor):
    """Take them away."""
    for statement in freezing.lifted(schema_editor.connection):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("handoff", "0001_initial"), ("memos", "0001_initial"), ("packs", "0002_frozen"), ("kernel", "__first__")]

    operations = [freeze("memos_section"), freeze("memos_attestation"), migrations.RunPython(lay, lift)]
