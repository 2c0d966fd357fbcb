"""Surprise visits from their reveal on; how often an account is due; what the draw owes. No table holds a date that is still sealed."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.packs.models import Pack
from credit.reviews.choices import Rating
from credit.surprises.choices import Origin, Result, VisitState
from credit.surprises.querysets import OfVisitQuerySet, PremisesQuerySet, SealedQuerySet, VisitQuerySet
from crm.clients.models import Client
from crm.kernel.addresses import url_of
from crm.kernel.files import StoredFile
from crm.kernel.models import AuditedModel, EventModel, OwnedModel, VersionedModel
from crm.staff.models import OrgUnit

_WHO: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class Premises(AuditedModel, VersionedModel):
    """Where and how a client works: what a visitor checks against. Seen by those who see the client whole."""

    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="premises")
    latitude = models.FloatField(_("latitude"), null=True)
    longitude = models.FloatField(_("longitude"), null=True)
    phone = models.CharField(_("office line"), max_length=30, blank=True)
    headcount = models.PositiveIntegerField(_("on payroll"), null=True)
    hours = models.CharField(_("normal hours"), max_length=60, blank=True)
    runs_at_night = models.BooleanField(_("works around the clock"), default=False)
    is_unaudited = models.BooleanField(_("accounts are not audited"), default=False)

    objects: ClassVar[Any] = PremisesQuerySet.as_manager()

    class Meta:
        verbose_name = _("premises")
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="surprises_premises_place",
            )
        ]

    def __str__(self) -> str:
        return str(self.client)

    @staticmethod
    def client_model() -> type[Client]:
        """For querysets, which stand below the models."""
        return Client


class Quota(EventModel):
    """How often an account is visited from a day on: the published rule applied, with what it was applied to. No day of a visit.

    `windows` of the rest of the year begin at `from_on`; `after_on` is the last draw before, which was revealed by then. Changed figures
    or classes add a row; the newest one of a day holds.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    count = models.PositiveSmallIntegerField(_("visits in twelve months"))
    windows = models.PositiveSmallIntegerField()
    gap = models.PositiveSmallIntegerField()
    risk_class = models.CharField(max_length=2, choices=Rating.choices)
    factors = models.JSONField(default=list)
    at_night = models.BooleanField(default=False)
    after_on = models.DateField(null=True)

    objects: ClassVar[Any] = SealedQuerySet.as_manager()

    class Meta:
        verbose_name = _("frequency of surprise visits")
        constraints = [models.UniqueConstraint(fields=["client", "from_on"], name="surprises_quota_once")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.from_on} {self.count}"


class DrawOrder(EventModel):
    """A draw that is owed beyond the windows: after a flag, a first use, a cancelled or announced visit. Its days, never its day."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=9, choices=Origin.choices)
    window = models.CharField(max_length=40)
    attempt = models.CharField(max_length=6)
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[Any] = SealedQuerySet.as_manager()

    class Meta:
        verbose_name = _("owed draw")
        constraints = [models.UniqueConstraint(fields=["client", "window", "attempt"], name="surprises_order_once")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.window} {self.attempt}"


class RevealRun(models.Model):
    """Up to which day a centre's draws are revealed. The same evening twice reveals nothing anew."""

    centre = models.OneToOneField(OrgUnit, on_delete=models.PROTECT, related_name="+")
    through_on = models.DateField()
    at = models.DateTimeField()

    objects: ClassVar[Any] = SealedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reveal")

    def __str__(self) -> str:
        return f"{self.centre_id} {self.through_on}"


class NightRun(models.Model):
    """A day whose night ran through."""

    on = models.DateField(unique=True)
    at = models.DateTimeField()

    objects: ClassVar[Any] = SealedQuerySet.as_manager()

    class Meta:
        verbose_name = _("night run")

    def __str__(self) -> str:
        return str(self.on)


class SurpriseVisit(AuditedModel, OwnedModel):
    """One surprise visit, from its reveal on. Team and centre are the client's at that time; who sees it, and when, says the queryset.

    `told_at` is the morning on which the visitors learn of it. A visit with `tainted_at` was announced by somebody's contact with the
    client between reveal and check-in and never counts as a surprise (invariant 18). `answers` holds for each point its answer and words.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="surprise_visits", verbose_name=_("client"))
    origin = models.CharField(_("why"), max_length=9, choices=Origin.choices)
    window = models.CharField(max_length=40)
    attempt = models.CharField(max_length=6)
    choice = models.PositiveSmallIntegerField(null=True, help_text="Which of so many days was drawn, for the replay.")
    choices = models.PositiveSmallIntegerField(null=True)
    on = models.DateField(_("day"))
    slot = models.CharField(max_length=8, blank=True)
    begins_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    revealed_at = models.DateTimeField(_("revealed"))
    told_at = models.DateTimeField(_("shown to the visitors"))
    is_told = models.BooleanField(default=False)
    risk_class = models.CharField(_("risk class"), max_length=2, choices=Rating.choices, blank=True)
    visitor = models.ForeignKey(verbose_name=_("visitor"), **_WHO)
    companion = models.ForeignKey(null=True, verbose_name=_("with"), **_WHO)
    state = models.CharField(
        pgettext_lazy("surprise visit", "state"), max_length=9, choices=VisitState.choices, default=VisitState.REVEALED
    )
    checked_in_at = models.DateTimeField(_("checked in"), null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    distance = models.PositiveIntegerField(_("metres away"), null=True)
    away_reason = models.CharField(_("why away"), max_length=300, blank=True)
    tainted_at = models.DateTimeField(_("announced"), null=True)
    taint = models.CharField(_("what announced it"), max_length=300, blank=True)
    answers = models.JSONField(default=dict)
    people_seen = models.PositiveIntegerField(_("people seen"), null=True)
    on_payroll = models.PositiveIntegerField(_("on payroll"), null=True)
    phone_diverted_at = models.DateTimeField(_("phone answered while nobody is here"), null=True)
    phone_dialled = models.CharField(_("number dialled"), max_length=30, blank=True)
    entry_refused = models.BooleanField(_("entry refused"), default=False)
    result = models.CharField(_("overall"), max_length=14, choices=Result.choices, blank=True)
    result_reason = models.CharField(_("why"), max_length=1000, blank=True)
    record_due_at = models.DateTimeField(_("record due"), null=True)
    recorded_at = models.DateTimeField(_("recorded"), null=True)
    edit_until = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[Any] = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("surprise visit")
        verbose_name_plural = _("surprise visits")
        constraints = [
            models.UniqueConstraint(fields=["client", "window", "attempt"], name="surprises_visit_once"),
            models.CheckConstraint(condition=Q(companion=None) | ~Q(companion=F("visitor")), name="surprises_two_people"),
            models.CheckConstraint(
                condition=~Q(state="recorded") | Q(checked_in_at__isnull=False, recorded_at__isnull=False) & ~Q(result=""),
                name="surprises_recorded_whole",
            ),
            models.CheckConstraint(condition=~Q(state="cancelled") | ~Q(end_reason=""), name="surprises_cancelled_why"),
        ]
        indexes = [
            models.Index(fields=["client", "on"], name="surprises_by_client"),
            models.Index(fields=["centre", "on"], name="surprises_by_centre"),
            models.Index(fields=["on"], condition=Q(state__in=["revealed", "at_place"]), name="surprises_to_make"),
        ]

    def __str__(self) -> str:
        return str(self.client)

    def get_absolute_url(self) -> str:
        """Its page, made for the phone."""
        return url_of("surprises:visit_detail", self.pk)

    @staticmethod
    def pack_model() -> type[Pack]:
        """For querysets, which stand below the models."""
        return Pack


class Photo(EventModel):
    """A photo of one point, with what it says of time and place and what does not fit. The server's own time is `at`."""

    visit = models.ForeignKey(SurpriseVisit, on_delete=models.PROTECT, related_name="photos")
    point = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    remarks = models.JSONField(default=list)

    objects: ClassVar[Any] = OfVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        constraints = [models.UniqueConstraint(fields=["visit", "point", "file"], name="surprises_photo_once")]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.point}"

    @staticmethod
    def visit_model() -> type[SurpriseVisit]:
        """For querysets, which stand below the models."""
        return SurpriseVisit


class PlanRead(EventModel):
    """Somebody read sealed draws: compliance a client's, audit those of a closed year. Seen by compliance and audit."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", null=True)
    year = models.PositiveSmallIntegerField()
    reason = models.CharField(_("why"), max_length=300)

    objects: ClassVar[Any] = SealedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading of sealed draws")

    def __str__(self) -> str:
        return f"{self.client_id} {self.year}"
