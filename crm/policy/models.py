"""Figures that the bank sets, each with the days on which it holds."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.models import AuditedModel
from crm.policy.querysets import FigureQuerySet


class Figure(AuditedModel):
    """One figure of one policy table: `deals.lead_cap` for `RM` is 120 from a day on. A change is a new row, so the past stands."""

    table = models.CharField(_("table"), max_length=60)
    key = models.CharField(_("for"), max_length=40, blank=True)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=2, blank=True, help_text=_("Empty: everywhere."))
    value = models.JSONField(_("value"))
    effective_from = models.DateField(_("from"))
    effective_to = models.DateField(_("until"), null=True, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("set by"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("approved by")
    )

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure")
        constraints = [
            models.UniqueConstraint(fields=["table", "key", "jurisdiction", "effective_from"], name="policy_figure_once"),
            models.CheckConstraint(condition=Q(effective_to=None) | Q(effective_to__gt=F("effective_from")), name="policy_figure_span"),
            models.CheckConstraint(condition=Q(approved_by=None) | ~Q(approved_by=F("set_by")), name="policy_figure_four_eyes"),
        ]

    def __str__(self) -> str:
        return f"{self.table}[{self.key or '*'}] {self.jurisdiction or '*'} = {self.value}"
