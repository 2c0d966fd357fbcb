"""The spread of a company: its periods, their lines, the files that they came from, and what was done with them."""

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.spreads.choices import Layout, PeriodKind, SpreadAct, SpreadState, UnitOfMoney, UploadState
from credit.spreads.lines import lines
from credit.spreads.querysets import LineQuerySet, SpreadPartQuerySet, SpreadQuerySet
from credit.spreads.rules import Figures
from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.models import AuditedModel, EventModel, StoredFile, VersionedModel
from crm.staff.choices import Jurisdiction

TEN_THOUSANDTHS = Decimal(10_000)
MOST_MONTHS = 24


class Spread(AuditedModel, VersionedModel):
    """The statements of one company set out line by line, in one currency and unit. Class C.

    Seen by whoever looks after the company, their heads, head office, compliance and audit; by credit where a pack was handed to it.
    """

    company = models.OneToOneField(Company, on_delete=models.PROTECT, related_name="spread", verbose_name=_("company"))
    currency = models.CharField(_("currency"), max_length=3)
    unit = models.PositiveIntegerField(_("in"), choices=UnitOfMoney.choices, default=UnitOfMoney.ONE)
    jurisdiction = models.CharField(_("law"), max_length=2, choices=Jurisdiction.choices, default=Jurisdiction.HK)
    year_end_month = models.PositiveSmallIntegerField(
        _("month of the year end"), default=12, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    asked_hkd = models.DecimalField(_("asked for, in HKD"), max_digits=16, decimal_places=2, null=True, blank=True)
    state = models.CharField(pgettext_lazy("of a spread", "standing"), max_length=8, choices=SpreadState.choices, default=SpreadState.OPEN)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("prepared by")
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("checked by")
    )
    checked_at = models.DateTimeField(_("checked"), null=True, editable=False)
    figures_at = models.DateTimeField(_("figures last changed"), null=True, editable=False)

    objects = SpreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("spread")
        indexes = [models.Index(fields=["-updated_at", "-id"], name="spreads_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(unit__in=UnitOfMoney.values), name="spreads_unit_known"),
            models.CheckConstraint(
                condition=Q(state=SpreadState.CHECKED, checked_by__isnull=False, checked_at__isnull=False)
                | Q(state=SpreadState.OPEN, checked_by=None, checked_at=None),
                name="spreads_checked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=models.F("prepared_by")),
                name="spreads_checked_by_another",
                violation_error_message=_("Whoever entered figures does not check them."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.company)

    def get_absolute_url(self) -> str:
        """The spread's page."""
        return url_of("spreads:spread_detail", self.pk)

    @staticmethod
    def company_model() -> type[Company]:
        """For querysets, which stand below the models."""
        return Company


class Period(models.Model):
    """One statement of a period: a later one of the same period (restated) leaves the earlier one standing. Never changed but by adding."""

    spread = models.ForeignKey(Spread, on_delete=models.PROTECT, related_name="periods")
    ends_on = models.DateField(_("ends"))
    months = models.PositiveSmallIntegerField(_("months"), default=12, validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)])
    kind = models.CharField(_("accounts"), max_length=10, choices=PeriodKind.choices, default=PeriodKind.AUDITED)
    statement = models.PositiveSmallIntegerField(_("statement number"), default=1, editable=False)
    is_current = models.BooleanField(default=True, editable=False)
    source = models.CharField(_("source"), max_length=200, blank=True, help_text=_("Which report, such as “Annual report 2025”."))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    entered_at = models.DateTimeField(editable=False)

    objects = SpreadPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("period")
        constraints = [
            models.UniqueConstraint(fields=["spread", "ends_on", "months", "statement"], name="spreads_statement_once"),
            models.UniqueConstraint(fields=["spread", "ends_on", "months"], condition=Q(is_current=True), name="spreads_one_current"),
            models.CheckConstraint(condition=Q(months__gte=1, months__lte=MOST_MONTHS), name="spreads_months_sensible"),
        ]

    def __str__(self) -> str:
        return f"{self.ends_on} ({self.months})"

    @staticmethod
    def spread_model() -> type[Spread]:
        """For querysets, which stand below the models."""
        return Spread

    @property
    def figures(self) -> Figures:
        """Its lines, for the rules. Reads `lines`, which callers prefetch."""
        return Figures(self.ends_on, self.months, self.kind, {line.code: line.amount for line in self.lines.all()})


class Line(models.Model):
    """One figure of a period, in the spread's unit, kept in ten-thousandths so that no database rounds it; with where it came from."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="lines")
    code = models.CharField(max_length=40)
    ten_thousandths = models.BigIntegerField()
    label = models.CharField(_("called in the source"), max_length=200, blank=True)
    page = models.CharField(_("page or cell of the source"), max_length=80, blank=True)

    objects: ClassVar[Any] = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line")
        constraints = [models.UniqueConstraint(fields=["period", "code"], name="spreads_line_once")]

    def __str__(self) -> str:
        return f"{self.name}: {self.amount:f}"

    @staticmethod
    def spread_model() -> type[Spread]:
        """For querysets, which stand below the models."""
        return Spread

    @property
    def amount(self) -> Decimal:
        """In the spread's unit."""
        return Decimal(self.ten_thousandths) / TEN_THOUSANDTHS

    @property
    def name(self) -> str:
        """The line's name in the reader's language."""
        return lines()[self.code].name


class SpreadUpload(VersionedModel):
    """A file of statements that somebody brought to a spread, with how its labels and periods are understood."""

    spread = models.ForeignKey(Spread, on_delete=models.PROTECT, related_name="uploads")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sheet = models.CharField(_("sheet"), max_length=120, blank=True)
    own_unit = models.PositiveIntegerField(_("unit of the file"), choices=UnitOfMoney.choices, null=True, blank=True)
    only = models.CharField(_("only rows where"), max_length=200, blank=True)
    missing = models.CharField(_("mark of what is not known"), max_length=20, blank=True)
    layout = models.CharField(_("layout"), max_length=6, choices=Layout.choices)
    plan = models.JSONField(default=dict)
    state = models.CharField(max_length=6, choices=UploadState.choices, default=UploadState.READ)
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()

    objects = SpreadPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of statements")

    def __str__(self) -> str:
        return str(self.file)

    def get_absolute_url(self) -> str:
        """Where it is mapped, until it is taken over."""
        return url_of("spreads:upload_map", self.pk)

    @staticmethod
    def spread_model() -> type[Spread]:
        """For querysets, which stand below the models."""
        return Spread


class SpreadEvent(EventModel):
    """What was done with a spread, by whom, and how much of it. Never changed."""

    spread = models.ForeignKey(Spread, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(_("what"), max_length=8, choices=SpreadAct.choices)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, null=True, related_name="+")
    upload = models.ForeignKey(SpreadUpload, on_delete=models.PROTECT, null=True, related_name="+")
    figures = models.PositiveIntegerField(_("figures"), default=0)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects: ClassVar[Any] = SpreadPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")

    def __str__(self) -> str:
        return f"{self.spread_id}: {self.get_act_display()}"

    @staticmethod
    def spread_model() -> type[Spread]:
        """For querysets, which stand below the models."""
        return Spread
