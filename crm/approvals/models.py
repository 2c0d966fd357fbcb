"""What the clock did: each request is passed up once for each limit that it missed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Escalation(models.Model):
    """A work item's limit was over, and its feature was asked to pass it up. Machinery: nobody reads it, the clock does."""

    item = models.ForeignKey("kernel.WorkItem", on_delete=models.CASCADE, related_name="+", db_index=False)
    due_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("escalation")
        constraints = [models.UniqueConstraint(fields=["item", "due_at"], name="approvals_escalated_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.due_at:%Y-%m-%d %H:%M}"
