from django.db import migrations

from credit.reviews.lasting import lasting


class Migration(migrations.Migration):
    """Movements of classes are added, never changed."""

    dependencies = [("risk", "0001_initial")]

    operations = [lasting("risk_movement")]
