"""Deals with their events and evidence, and the log of questions who covers a company."""

import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.clients.choices import KycRisk
from crm.companies.models import Company, Contact
from crm.kernel.addresses import url_of
from crm.kernel.models import AuditedModel, EventModel, OwnedModel, VersionedModel
from prospects.deals.choices import (
    CLOSED_STAGES,
    OPEN_STAGES,
    CoverAnswer,
    Criterion,
    DealEventKind,
    DealKind,
    LostReason,
    Source,
    Stage,
)
from prospects.deals.querysets import CoverageCheckQuerySet, DealPartQuerySet, DealQuerySet

_OPEN, _CLOSED = Q(closed_at=None), Q(closed_at__isnull=False)
_SCOPES = ("owner", "team", "centre", "")


def _scope_indexes() -> list[models.Index]:
    """For each scope (own, team, centre, all): by name, by age, by stage, and closed by day. Each list is one index scan."""
    indexes = []
    for scope in _SCOPES:
        first = [scope] if scope else []
        name = scope or "all"
        indexes += [
            models.Index(fields=[*first, "sort_key", "id"], condition=_OPEN, name=f"deals_{name}_name"),
            models.Index(fields=[*first, "stage_since", "id"], condition=_OPEN, name=f"deals_{name}_age"),
            models.Index(fields=[*first, "stage", "stage_since", "id"], condition=_OPEN, name=f"deals_{name}_stage"),
            models.Index(fields=[*first, "stage_since", "id"], condition=_CLOSED, name=f"deals_{name}_closed"),
        ]
    return indexes


class Deal(AuditedModel, VersionedModel, OwnedModel):
    """One pursuit of a company. A prospect is a company with an open deal of kind NEW.

    Seen whole by its owner, the owner's team head and centre head, head office, compliance and audit; masked (company, stage, owner) by
    relationship managers of the team (domain 1.2). Sums of money are in `currency`, the owner's centre's own.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="deals", verbose_name=_("company"))
    sort_key = models.CharField(max_length=80, editable=False, help_text="The company's, kept here for lists in order of name.")
    kind = models.CharField(_("kind"), max_length=8, choices=DealKind.choices, default=DealKind.NEW)
    stage = models.CharField(_("stage"), max_length=2, choices=Stage.choices, default=Stage.SUSPECT)
    stage_since = models.DateTimeField(_("in this stage since"))
    stale_on = models.DateField(_("stale after"), help_text=_("The last day on which the deal may be in its stage without a flag."))
    resume_stage = models.CharField(
        max_length=2, choices=Stage.choices, blank=True, help_text="The stage that a nurtured or lost deal left."
    )
    source = models.CharField(_("source"), max_length=12, choices=Source.choices)
    source_detail = models.CharField(_("source in detail"), max_length=200, blank=True)
    credit_free = models.BooleanField(_("no credit asked for"), default=False)

    need = models.CharField(_("need"), max_length=200, blank=True)
    business = models.CharField(_("business"), max_length=300, blank=True)
    banks_used = models.CharField(_("banks used"), max_length=200, blank=True)
    size = models.CharField(_("size"), max_length=200, blank=True, help_text=_("Turnover, staff, sites: what is known."))
    decision_maker = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decision maker")
    )
    kyc_prescore = models.CharField(_("KYC risk pre-score"), max_length=6, choices=KycRisk.choices, blank=True)

    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(
        _("amount"), max_digits=16, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(Decimal(0))]
    )
    expected_income = models.DecimalField(
        _("expected income, first year"), max_digits=14, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(Decimal(0))]
    )

    protected_until = models.DateField(_("protected until"))
    last_activity_at = models.DateTimeField(_("last contact"), null=True, editable=False)
    qualified_at = models.DateTimeField(_("first qualified"), null=True, editable=False, help_text="When S4 was first reached.")
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)

    lost_reason = models.CharField(_("lost because"), max_length=10, choices=LostReason.choices, blank=True)
    competitor = models.CharField(_("competitor"), max_length=120, blank=True)
    price_gap_bps = models.PositiveIntegerField(_("price gap (bp)"), null=True, blank=True)
    revisit_on = models.DateField(_("revisit on"), null=True, blank=True)

    not_same_because = models.CharField(_("not the same company because"), max_length=300, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False)

    objects = DealQuerySet.as_manager()

    class Meta:
        verbose_name = _("prospect")
        verbose_name_plural = _("prospects")
        indexes = [
            *_scope_indexes(),
            models.Index(fields=["company", "kind"], name="deals_of_company"),
            models.Index(fields=["centre", "stale_on", "id"], condition=_OPEN, name="deals_centre_stale"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company"],
                condition=Q(kind=DealKind.NEW) & _OPEN,
                name="deals_one_open_pursuit",
                violation_error_message=_("This company is being pursued already."),
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, stage__in=OPEN_STAGES) | Q(closed_at=models.F("stage_since"), stage__in=CLOSED_STAGES),
                name="deals_closed_when_over",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.LOST) | (~Q(lost_reason="") & Q(revisit_on__isnull=False)),
                name="deals_lost_says_why",
                violation_error_message=_("Say why it was lost and when to look again."),
            ),
            models.CheckConstraint(
                condition=~_OPEN | Q(owner__isnull=False, team__isnull=False, centre__isnull=False), name="deals_open_is_owned"
            ),
            models.CheckConstraint(condition=Q(expected_income__gte=0), name="deals_income_not_negative"),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="deals_amount_not_negative"),
        ]

    def __str__(self) -> str:
        return self.company.name

    def get_absolute_url(self) -> str:
        """The deal's page."""
        return url_of("deals:deal_detail", self.pk)

    @property
    def is_open(self) -> bool:
        """Neither won nor lost."""
        return self.closed_at is None

    def is_stale(self, today: dt.date) -> bool:
        """Longer in its stage than allowed."""
        return self.is_open and self.stale_on < today

    def days_in_stage(self, now: dt.datetime) -> int:
        """Whole days since it entered the stage."""
        return max(0, (now - self.stage_since).days)

    @staticmethod
    def company_model() -> type[Company]:
        """For querysets, which stand below the models."""
        return Company


class DealEvent(EventModel):
    """What happened to a deal, who did it and why. Never changed. Seen with the deal in full."""

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="events", verbose_name=_("prospect"))
    kind = models.CharField(_("kind"), max_length=10, choices=DealEventKind.choices)
    from_stage = models.CharField(_("from"), max_length=2, choices=Stage.choices, blank=True)
    to_stage = models.CharField(_("to"), max_length=2, choices=Stage.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    facts = models.JSONField(default=dict)

    objects = DealPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        indexes = [models.Index(fields=["deal", "-at", "-id"], name="deals_event_of")]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.get_kind_display()}"

    @staticmethod
    def deal_model() -> type[Deal]:
        """For querysets, which stand below the models."""
        return Deal


class Evidence(AuditedModel):
    """What shows that a criterion of a stage is met. Where four eyes are asked for it counts once somebody else has confirmed it."""

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="evidence", verbose_name=_("prospect"))
    criterion = models.CharField(_("criterion"), max_length=16, choices=Criterion.choices)
    statement = models.CharField(_("what shows it"), max_length=300)
    dated_on = models.DateField(_("dated"))
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("stated by"))
    stated_at = models.DateTimeField(_("stated"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    declined_because = models.CharField(_("not confirmed because"), max_length=300, blank=True)

    objects = DealPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        constraints = [
            models.UniqueConstraint(fields=["deal", "criterion"], name="deals_evidence_once"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("stated_by")),
                name="deals_evidence_four_eyes",
                violation_error_message=_("Who stated it does not confirm it."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None) | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="deals_evidence_confirmed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_criterion_display()}: {self.statement}"

    def get_absolute_url(self) -> str:
        """On the deal's page."""
        return url_of("deals:deal_detail", self.deal_id)

    @staticmethod
    def deal_model() -> type[Deal]:
        """For querysets, which stand below the models."""
        return Deal


class CoverageCheck(EventModel):
    """Somebody asked who covers a company. Seen by who asked, compliance and audit."""

    asked = models.CharField(_("asked for"), max_length=200)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("company"))
    answer = models.CharField(_("answer"), max_length=8, choices=CoverAnswer.choices)

    objects = CoverageCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("question who covers a company")
        indexes = [models.Index(fields=["actor", "-at"], name="deals_check_by")]

    def __str__(self) -> str:
        return f"{self.asked}: {self.get_answer_display()}"
