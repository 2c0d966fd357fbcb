"""Decisions and votes are refused by the database to change."""

from django.db import migrations

from credit.reviews.lasting import lasting


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_initial")]

    operations = [lasting("decisions_decision"), lasting("decisions_vote")]
