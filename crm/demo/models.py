"""The mark by which a database is known as the demo bank."""

from typing import Any

from django.db import models

from crm.kernel.querysets import VisibleQuerySet


class DemoBankQuerySet(VisibleQuerySet["DemoBank"]):
    """The mark."""

    def visible_to(self, user: Any) -> "DemoBankQuerySet":
        """Nobody: it is read by commands only."""
        return self.none()


class DemoBank(models.Model):
    """One row where this database is the demo bank; none in a real one. No page shows it.

    Production refuses to start with it, the `demo` command refuses to start without it where there is other data.
    """

    only = models.BooleanField(default=True, editable=False, unique=True)
    planted_at = models.DateTimeField()
    directory_at = models.DateTimeField(null=True, help_text="When the Hong Kong directory was loaded; empty: not finished yet.")
    news_at = models.DateTimeField(null=True, help_text="When the papers were printed; empty: not finished yet.")

    objects = DemoBankQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="demo_bank_only_once")]

    def __str__(self) -> str:
        return f"Demo bank of {self.planted_at:%Y-%m-%d}"
