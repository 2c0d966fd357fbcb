"""Figures that the bank sets, each with the days on which it holds, and the changes that two people make to them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.kernel.addresses import url_of
from crm.kernel.models import AuditedModel
from crm.policy.choices import ChangeState, Jurisdiction
from crm.policy.querysets import FigureChangeQuerySet, FigureQuerySet

_KEY = ("table", "key", "jurisdiction")
_DECIDED = Q(state__in=(ChangeState.APPROVED, ChangeState.REFUSED))


class Figure(AuditedModel):
    """One figure of one policy table: `deals.lead_cap` for `RM` is 120 from a day on. A change is a new row, so the past stands.

    With `person` it is that person's own, which only lowers the one of the grade unless `is_raise` (domain 5.1). Seen as its table says.
    """

    table = models.CharField(_("table"), max_length=60)
    key = models.CharField(_("for"), max_length=40, blank=True)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=2, blank=True, help_text=_("Empty: everywhere."))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="own_figures", verbose_name=_("person")
    )
    is_raise = models.BooleanField(_("more than the grade’s"), default=False)
    value = models.JSONField(_("value"))
    effective_from = models.DateField(_("from"))
    effective_to = models.DateField(_("until"), null=True, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("set by"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("approved by")
    )
    change = models.ForeignKey("policy.FigureChange", on_delete=models.PROTECT, null=True, related_name="figures", editable=False)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure")
        constraints = [
            models.UniqueConstraint(fields=[*_KEY, "effective_from"], condition=Q(person=None), name="policy_figure_once"),
            models.UniqueConstraint(fields=[*_KEY, "person", "effective_from"], condition=~Q(person=None), name="policy_own_figure_once"),
            models.UniqueConstraint(fields=_KEY, condition=Q(person=None, effective_to=None), name="policy_figure_one_open"),
            models.UniqueConstraint(
                fields=[*_KEY, "person"], condition=Q(effective_to=None) & ~Q(person=None), name="policy_own_figure_one_open"
            ),
            models.CheckConstraint(condition=Q(effective_to=None) | Q(effective_to__gt=F("effective_from")), name="policy_figure_span"),
            models.CheckConstraint(condition=Q(approved_by=None) | ~Q(approved_by=F("set_by")), name="policy_figure_four_eyes"),
            models.CheckConstraint(
                condition=Q(change=None) | Q(set_by__isnull=False, approved_by__isnull=False), name="policy_figure_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table}[{self.key or '*'}] {self.jurisdiction or '*'} = {self.value}"


class FigureChange(AuditedModel):
    """A change of some figures of one table that one person proposes and another decides (invariant 43).

    Seen by head office, compliance and audit; by the head who proposed it; by the centre head of the person whom it concerns.
    """

    table = models.CharField(_("table"), max_length=60)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=2, choices=Jurisdiction.choices, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    is_raise = models.BooleanField(_("more than the grade’s"), default=False)
    values = models.JSONField(_("new values"), help_text="By key; null ends a person's own figure.")
    before = models.JSONField(_("values before"), default=dict, help_text="By key, as they stood when it was proposed, then decided.")
    effective_from = models.DateField(_("from"))
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=ChangeState.choices, default=ChangeState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_grade = models.PositiveSmallIntegerField(editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    objects = FigureChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of figures")
        indexes = [models.Index(fields=["table", "state"], name="policy_change_table")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="policy_change_four_eyes",
                violation_error_message=_("Who proposed it does not decide it."),
            ),
            models.CheckConstraint(
                condition=Q(person=None) | (~Q(person=F("proposed_by")) & (Q(decided_by=None) | ~Q(decided_by=F("person")))),
                name="policy_change_not_own",
                violation_error_message=_("Nobody changes their own figures."),
            ),
            models.CheckConstraint(
                condition=(_DECIDED & Q(decided_by__isnull=False, decided_at__isnull=False)) | (~_DECIDED & Q(decided_by=None)),
                name="policy_change_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.effective_from:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Where it is decided."""
        return url_of("policy:change_detail", self.pk)
