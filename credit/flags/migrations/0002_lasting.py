"""Flags and suspensions are never deleted, what was done about flags is never changed: refused by the database."""

from django.db import migrations

from credit.reviews.lasting import kept, lasting


class Migration(migrations.Migration):
    dependencies = [("flags", "0001_initial")]

    operations = [kept("flags_flag"), kept("flags_suspension"), kept("flags_suggestion"), lasting("flags_flagevent")]
