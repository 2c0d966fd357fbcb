"""Seals, endorsements, steps and history rows stand; versions that left their draft too; sections and attestations are parts of them."""

from django.db import migrations

from credit.handoff import freezing
from credit.packs.freezing import freeze
from crm.kernel.statements import Lay


class Migration(migrations.Migration):
    dependencies = [("handoff", "0001_initial"), ("memos", "0001_initial"), ("packs", "0002_frozen"), ("kernel", "__first__")]

    operations = [freeze("memos_section"), freeze("memos_attestation"), Lay(freezing.laid, freezing.lifted)]
