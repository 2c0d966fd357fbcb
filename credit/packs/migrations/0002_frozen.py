"""What a sealed version asks for is refused by the database to change."""

from django.db import migrations

from credit.packs.freezing import freeze


class Migration(migrations.Migration):
    dependencies = [("packs", "0001_initial")]

    operations = [freeze("packs_party"), freeze("packs_facility"), freeze("packs_security")]
