"""Verifications are never deleted, and their steps never changed: refused by the database."""

from django.db import migrations

from credit.reviews.lasting import kept, lasting


class Migration(migrations.Migration):
    dependencies = [("verifications", "0001_initial")]

    operations = [kept("verifications_verification"), lasting("verifications_step")]
