"""Visits and calls, who was there, what the bank promised, what was added later."""

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.companies.models import Company, Contact
from crm.kernel.addresses import url_of
from crm.kernel.files import StoredFile
from crm.kernel.models import AuditedModel, EventModel, OwnedModel, VersionedModel
from crm.visits.choices import Confidentiality, DecisionWeight, PlaceKind, Purpose, VisitKind, VisitState
from crm.visits.querysets import PromiseQuerySet, VisitPartQuerySet, VisitQuerySet
from crm.visits.rules import first_line


class Visit(AuditedModel, VersionedModel, OwnedModel):
    """A visit, meeting or call with a company, planned or done. Class I. The owner went, or called, and wrote it down.

    Seen by the owner, colleagues who were there, whoever covers the company now, their heads, head office, compliance and audit.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="visits", db_index=False, verbose_name=_("company"))
    kind = models.CharField(_("kind"), max_length=8, choices=VisitKind.choices, default=VisitKind.VISIT)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=VisitState.choices, default=VisitState.DONE)
    at = models.DateTimeField(_("when"), editable=False, help_text="When it happened; of a planned one, when it is planned.")
    planned_at = models.DateTimeField(_("planned for"), null=True, blank=True)
    checked_in_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    happened_at = models.DateTimeField(_("when it happened"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=10, choices=PlaceKind.choices, blank=True)
    place_text = models.CharField(_("address or place"), max_length=300, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    accuracy_m = models.PositiveIntegerField(_("accuracy in metres"), null=True, blank=True)
    two_way = models.BooleanField(_("somebody was reached"), default=True)
    met = models.CharField(
        _("whom we met"), max_length=400, blank=True, editable=False, help_text="The attendees in words, for lists and history."
    )
    colleagues = models.CharField(_("with from the bank"), max_length=400, blank=True, editable=False, help_text="As `met`.")
    copied_to = models.CharField(_("copy to"), max_length=400, blank=True, editable=False, help_text="As `met`.")
    objective = models.CharField(_("objective"), max_length=300, blank=True)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who leads"),
        help_text="None: the owner.",
    )
    facts_wanted = models.TextField(_("facts wanted"), blank=True)
    not_to_raise = models.TextField(_("what not to raise"), blank=True)
    summary = models.TextField(_("what was said, what you saw"), blank=True)

    business = models.TextField(_("business"), blank=True)
    orders = models.TextField(_("orders"), blank=True)
    capacity_use = models.TextField(_("use of capacity"), blank=True)
    stock = models.TextField(_("stock"), blank=True)
    headcount = models.TextField(_("staff count"), blank=True)
    suppliers = models.TextField(_("suppliers"), blank=True)
    customers = models.TextField(_("customers"), blank=True)
    banks_used = models.TextField(_("banks used"), blank=True)
    new_projects = models.TextField(_("new projects"), blank=True)
    funding_needs = models.TextField(_("funding needs"), blank=True)
    competitor_offers = models.TextField(_("heard of other banks"), blank=True)
    client_requests = models.TextField(_("what the client asks for"), blank=True)
    product_introduced = models.TextField(_("product introduced"), blank=True)
    concerns = models.TextField(_("concerns and signals"), blank=True)
    mood = models.PositiveSmallIntegerField(
        _("mood"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)], help_text=_("1 cold to 5 warm")
    )

    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    next_step_on = models.DateField(pgettext_lazy("deadline", "by"), null=True, blank=True)
    next_step_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who does it")
    )
    confidentiality = models.CharField(_("class"), max_length=1, choices=Confidentiality.choices, default=Confidentiality.INTERNAL)

    logged_at = models.DateTimeField(_("written down"), null=True, editable=False)
    due_at = models.DateTimeField(_("to be written down by"), null=True, editable=False)
    is_late = models.BooleanField(_("late"), default=False, editable=False)
    locked_at = models.DateTimeField(_("closed for changes from"), null=True, editable=False)
    needs_sign_off = models.BooleanField(_("needs a signature"), default=False, editable=False)
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("signed off by")
    )
    signed_off_at = models.DateTimeField(_("signed off"), null=True, editable=False)
    search_changes = models.PositiveIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="Counts what search must see and `version` does not: addenda, the company's coverage and name.",
    )

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        indexes = [
            models.Index(fields=["-at", "-id"], name="visits_newest"),
            models.Index(fields=["owner", "-at", "-id"], name="visits_by_owner"),
            models.Index(fields=["team", "-at", "-id"], name="visits_by_team"),
            models.Index(fields=["centre", "-at", "-id"], name="visits_by_centre"),
            models.Index(fields=["centre", "kind", "-at", "-id"], name="visits_of_kind"),
            models.Index(fields=["company", "-at", "-id"], name="visits_by_company"),
            models.Index(fields=["owner", "at", "id"], condition=Q(state="planned"), name="visits_planned"),
            models.Index(fields=["team", "at", "id"], condition=Q(needs_sign_off=True, signed_off_at=None), name="visits_unsigned"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", happened_at__isnull=False, at=F("happened_at"), logged_at__isnull=False)
                | (~Q(state="done") & Q(planned_at__isnull=False, at=F("planned_at"))),
                name="visits_at_fits_state",
            ),
            models.CheckConstraint(condition=Q(mood=None) | Q(mood__range=(1, 5)), name="visits_mood_range"),
            models.CheckConstraint(
                condition=Q(next_step="", next_step_on=None)
                | (~Q(next_step="") & Q(next_step_on__isnull=False, next_step_owner__isnull=False)),
                name="visits_next_step_dated",
                violation_error_message=_("A next step needs a day and somebody who does it."),
            ),
            models.CheckConstraint(
                condition=Q(signed_off_at=None) | (~Q(signed_off_by=None) & ~Q(signed_off_by=F("owner"))),
                name="visits_signed_by_another",
                violation_error_message=_("Nobody signs off their own visit."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} · {date_format(timezone.localtime(self.at), 'SHORT_DATE_FORMAT')}"

    def get_absolute_url(self) -> str:
        """The visit's page."""
        return url_of("visits:visit_detail", self.pk)

    def is_locked(self, now: dt.datetime) -> bool:
        """Only addenda are possible any more."""
        return self.locked_at is not None and now >= self.locked_at

    @property
    def headline(self) -> str:
        """What was said, in a line; of a visit to come, what it is for."""
        return first_line(self.summary, 120) or self.objective

    @property
    def is_prepared(self) -> bool:
        """Something was thought through beforehand, besides what it is for."""
        return bool(self.lead_id or self.facts_wanted or self.not_to_raise)

    @property
    def waits_for_sign_off(self) -> bool:
        """The team head has yet to sign."""
        return self.needs_sign_off and self.signed_off_at is None

    @staticmethod
    def bank_attendee_model() -> "type[BankAttendee]":
        """For querysets, which stand below the models."""
        return BankAttendee


class VisitPart(models.Model):
    """A row that belongs to one visit and is seen with it."""

    objects: ClassVar[Any] = VisitPartQuerySet.as_manager()

    class Meta:
        abstract = True

    @staticmethod
    def visit_model() -> type[Visit]:
        """For querysets, which stand below the models."""
        return Visit


class Attendee(VisitPart):
    """Somebody of the company who was there: a known contact, or a new name."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="attendees", db_index=False)
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="attended", verbose_name=_("contact")
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    title = models.CharField(_("position"), max_length=120, blank=True)
    weight = models.CharField(_("weight of their word"), max_length=10, choices=DecisionWeight.choices, blank=True)

    class Meta:
        verbose_name = _("attendee")
        constraints = [
            models.UniqueConstraint(fields=["visit", "contact"], name="visits_attendee_once"),
            models.CheckConstraint(condition=~Q(contact=None) | ~Q(name=""), name="visits_attendee_named"),
        ]

    def __str__(self) -> str:
        return str(self.contact) if self.contact_id else self.name


class BankAttendee(VisitPart):
    """A colleague who went along. They see the visit."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="bank_attendees", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("colleague")
    )

    class Meta:
        verbose_name = _("colleague")
        constraints = [models.UniqueConstraint(fields=["visit", "user"], name="visits_bank_attendee_once")]
        indexes = [models.Index(fields=["user", "visit"], name="visits_attended_by")]

    def __str__(self) -> str:
        return str(self.user)


class Copy(VisitPart):
    """A colleague who was sent a copy of the note. They may read the visit without it: a copy tells, and widens nothing."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="copies", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("colleague"))

    class Meta:
        verbose_name = _("copy")
        constraints = [models.UniqueConstraint(fields=["visit", "user"], name="visits_copy_once")]

    def __str__(self) -> str:
        return str(self.user)


class Promise(VisitPart, AuditedModel):
    """What the bank promised at a visit: somebody's dated task until it is kept."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="promises")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", verbose_name=_("company"))
    text = models.CharField(_("promise"), max_length=300)
    due_on = models.DateField(pgettext_lazy("deadline", "by"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("who keeps it"))
    kept_at = models.DateTimeField(_("kept"), null=True, blank=True)
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("kept by"))

    objects: ClassVar[Any] = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        indexes = [models.Index(fields=["company", "due_on"], condition=Q(kept_at=None), name="visits_promise_open")]

    def __str__(self) -> str:
        return self.text


class Addendum(VisitPart, EventModel):
    """What was added to a visit after it was closed for changes. Never changed."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="addenda")
    text = models.TextField(_("addendum"))

    class Meta:
        verbose_name = _("addendum")

    def __str__(self) -> str:
        return self.text[:80]


class Attachment(VisitPart, EventModel):
    """A photo or paper of a visit. Its type is the one found in its content; it is only ever served as a download."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="attachments", db_index=False)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("attachment")
        constraints = [models.UniqueConstraint(fields=["visit", "file"], name="visits_attachment_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where it is downloaded."""
        return url_of("visits:attachment_download", self.pk)
