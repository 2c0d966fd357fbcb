"""Payments are never deleted, and what was done with them never changed: refused by the database."""

from django.db import migrations

from credit.reviews.lasting import kept, lasting


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [kept("payments_payment"), lasting("payments_paymentevent")]
