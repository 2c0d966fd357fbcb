"""Two more kinds of nightly files: what is late or was paid by the bank, and the bills of lading behind what is not repaid."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("figures", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Arrears",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="day")),
                ("is_latest", models.BooleanField(default=True, help_text="No newer file has said otherwise.")),
                ("reference", models.CharField(max_length=20, verbose_name="facility")),
                ("facility", models.CharField(max_length=12, verbose_name="type")),
                ("overdue_days", models.PositiveIntegerField(verbose_name="days overdue")),
                ("overdue_hkd", models.BigIntegerField(verbose_name="overdue in HKD")),
                ("advanced_hkd", models.BigIntegerField(verbose_name="advanced by the bank in HKD")),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clients.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="figures.figurefile", verbose_name="file"
                    ),
                ),
            ],
            options={
                "verbose_name": "arrears",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_latest", True)), fields=("client", "on", "reference"), name="figures_arrears_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Bill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="day")),
                ("is_latest", models.BooleanField(default=True, help_text="No newer file has said otherwise.")),
                ("reference", models.CharField(max_length=20, verbose_name="deal")),
                ("number", models.CharField(max_length=40, verbose_name="number of the bill")),
                ("scac", models.CharField(max_length=4, verbose_name="carrier’s code")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("amount", models.BigIntegerField(verbose_name="amount")),
                ("amount_hkd", models.BigIntegerField(verbose_name="amount in HKD")),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clients.client",
                        verbose_name="client",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="figures.figurefile", verbose_name="file"
                    ),
                ),
            ],
            options={
                "verbose_name": "bill outstanding",
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_latest", True)), fields=("client", "on", "reference", "number"), name="figures_bill_once"
                    )
                ],
            },
        ),
    ]
