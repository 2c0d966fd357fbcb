from django.db import migrations

from credit.reviews.lasting import lasting


class Migration(migrations.Migration):
    """What was settled, owed, photographed and read stays as it was written."""

    dependencies = [("surprises", "0001_initial")]

    operations = [lasting(f"surprises_{name}") for name in ("quota", "draworder", "photo", "planread")]
