"""Packs with their versions, and what a version asks for: facilities, parties, securities."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.packs.catalogue import name_of
from credit.packs.choices import (
    THINGS,
    Act,
    Authorship,
    ClientType,
    PackKind,
    PartyRole,
    SecurityKind,
    Segment,
    State,
    VersionState,
)
from credit.packs.querysets import PackPartQuerySet, PackQuerySet, VersionPartQuerySet, VersionQuerySet
from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.changes import in_words
from crm.kernel.models import AuditedModel, EventModel, OwnedModel, VersionedModel
from crm.staff.choices import Jurisdiction

AMOUNT: dict[str, Any] = {"max_digits": 18, "decimal_places": 2}


class Pack(AuditedModel, VersionedModel, OwnedModel):
    """An application for credit by a client or prospect, from its draft to the live limit. Class I, its questions and rating class R.

    Seen by its relationship manager (the owner), the heads, head office, compliance and audit; by the credit department from the handoff
    on, by credit administration from the decision on (domain 1.2).
    """

    number = models.CharField(_("number"), max_length=24, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="packs", verbose_name=_("company"))
    authorship = models.CharField(_("who writes"), max_length=1, choices=Authorship.choices)
    segment = models.CharField(_("segment"), max_length=9, choices=Segment.choices)
    kind = models.CharField(pgettext_lazy("credit pack", "request"), max_length=8, choices=PackKind.choices)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=2, choices=Jurisdiction.choices, editable=False)
    currency = models.CharField(_("currency"), max_length=3, editable=False, help_text="The centre's own; totals stand in it.")
    client_types = models.JSONField(_("kind of borrower"), default=list, help_text="ClientType values; the checklist follows them.")

    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT, editable=False)
    state_since = models.DateTimeField(_("since"), editable=False)
    came_from = models.CharField(max_length=12, choices=State.choices, blank=True, editable=False, help_text="Where QUERY goes back to.")
    requested = models.DecimalField(pgettext_lazy("amount", "asked for"), default=0, editable=False, **AMOUNT)
    handed_off_at = models.DateTimeField(_("first handed off"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)

    objects = PackQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit pack")
        verbose_name_plural = _("credit packs")
        indexes = [
            models.Index(fields=["-state_since", "-id"], name="packs_newest"),
            models.Index(fields=["owner", "-state_since", "-id"], name="packs_by_owner"),
            models.Index(fields=["team", "-state_since", "-id"], name="packs_by_team"),
            models.Index(fields=["centre", "-state_since", "-id"], name="packs_by_centre"),
            models.Index(fields=["state", "-state_since", "-id"], name="packs_by_state"),
            models.Index(fields=["company", "-state_since", "-id"], name="packs_by_company"),
        ]
        constraints = [models.CheckConstraint(condition=Q(requested__gte=0), name="packs_no_negative")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The pack's page."""
        return url_of("packs:pack_detail", self.pk)


class PackVersion(AuditedModel):
    """One version of a pack: worked on as a draft, then sealed with everything that belongs to it and never changed (domain 6.7)."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="versions", verbose_name=_("credit pack"))
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("opened by"))
    reason = models.CharField(_("why it was opened"), max_length=300, blank=True)
    sealed_at = models.DateTimeField(pgettext_lazy("version", "sealed"), null=True)
    client_types = models.JSONField(_("kind of borrower"), default=list, help_text="As the pack’s, as it stood in this version.")

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        constraints = [
            models.UniqueConstraint(fields=["pack", "number"], name="packs_version_once"),
            models.UniqueConstraint(fields=["pack"], condition=Q(state="draft"), name="packs_one_draft"),
            models.UniqueConstraint(fields=["pack"], condition=Q(state__in=["sealed", "on_hold"]), name="packs_one_sealed"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "dropped"], sealed_at=None)
                | Q(state__in=["sealed", "on_hold", "superseded"], sealed_at__isnull=False),
                name="packs_sealed_with_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack} v{self.number}"

    @property
    def is_draft(self) -> bool:
        """May still be changed."""
        return self.state == VersionState.DRAFT

    @staticmethod
    def pack_model() -> type[Pack]:
        """For querysets, which stand below the models."""
        return Pack


class VersionPart(models.Model):
    """Belongs to a version and is frozen with it (the database refuses a change once it is sealed: `credit.packs.freezing`)."""

    objects: ClassVar[Any] = VersionPartQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """The page of its pack, at its version."""
        version: PackVersion = self.version  # type: ignore[attr-defined]
        return f"{url_of('packs:pack_detail', version.pack_id)}?version={version.number}"

    @staticmethod
    def version_model() -> type[PackVersion]:
        """For querysets, which stand below the models."""
        return PackVersion


class Party(VersionPart):
    """A borrower, guarantor or provider of security: a company that we know, or a person by name."""

    version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(_("role"), max_length=9, choices=PartyRole.choices)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("company"))
    person_name = models.CharField(_("person"), max_length=200, blank=True)
    is_elderly_or_spouse = models.BooleanField(_("spouse of an owner, or elderly"), default=False)
    limit = models.DecimalField(_("guaranteed up to"), null=True, blank=True, **AMOUNT)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.CheckConstraint(
                condition=Q(company__isnull=False, person_name="") | (Q(company=None) & ~Q(person_name="")),
                name="packs_party_one_identity",
                violation_error_message=_("A party is a company or a person."),
            )
        ]

    def __str__(self) -> str:
        return self.person_name or str(self.company)


class Facility(VersionPart):
    """One facility that is asked for. `amount` in `currency`; `total` is its worth in the pack's currency at the day of the last save."""

    version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="facilities")
    type_code = models.CharField(_("facility"), max_length=8, help_text="Code of domain 6.2 (`FacilityType`).")
    borrower = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="facilities", verbose_name=_("borrower")
    )
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), **AMOUNT)
    existing = models.DecimalField(_("today"), default=0, **AMOUNT)
    total = models.DecimalField(_("in the pack’s currency"), editable=False, **AMOUNT)
    is_committed = models.BooleanField(_("committed"), default=False)
    in_cap = models.BooleanField(_("within a shared limit"), default=False, help_text="A sublimit: its total counts once, under the cap.")
    tenor_months = models.PositiveSmallIntegerField(_("tenor (months)"))
    purpose = models.CharField(pgettext_lazy("loan", "purpose"), max_length=300)
    margin_bps = models.DecimalField(_("margin (bp)"), max_digits=7, decimal_places=2, null=True, blank=True)
    base_rate = models.CharField(_("base rate"), max_length=40, blank=True)
    fee = models.CharField(_("fees"), max_length=200, blank=True)
    repayment = models.CharField(_("repayment"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="packs_facility_positive", violation_error_message=_("An amount is above zero.")
            ),
            models.CheckConstraint(condition=Q(existing__gte=0), name="packs_facility_existing"),
        ]

    def __str__(self) -> str:
        return f"{self.type_code} {self.currency} {self.amount}"

    @property
    def name(self) -> str:
        """What the type is called, in the reader's language."""
        return name_of(self.type_code)


class Security(VersionPart):
    """What secures the request: its value, haircut and rank. Amounts in the pack's currency."""

    version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="securities")
    kind = models.CharField(_("kind"), max_length=12, choices=SecurityKind.choices)
    provider = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="securities", verbose_name=_("provided by")
    )
    description = models.CharField(_("what"), max_length=300)
    value = models.DecimalField(pgettext_lazy("security", "value"), **AMOUNT)
    valued_on = models.DateField(_("valued on"), null=True, blank=True)
    valuer = models.CharField(_("valued by"), max_length=120, blank=True)
    haircut_percent = models.DecimalField(_("haircut (%)"), max_digits=5, decimal_places=2, default=0)
    senior_debt = models.DecimalField(_("debt that ranks before ours"), default=0, **AMOUNT)

    class Meta:
        verbose_name = _("security")
        verbose_name_plural = _("securities")
        constraints = [
            models.CheckConstraint(condition=Q(value__gt=0, senior_debt__gte=0), name="packs_security_positive"),
            models.CheckConstraint(condition=Q(haircut_percent__gte=0, haircut_percent__lte=100), name="packs_security_haircut"),
        ]

    def __str__(self) -> str:
        return self.description


def _said(value: Any) -> str:
    return in_words(value, dict(ClientType.choices) if isinstance(value, list) else {})


class PackEvent(EventModel):
    """One step in the life of a pack: who, in which post, from which state to which, and why. Never changed."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="events")
    version = models.ForeignKey(PackVersion, on_delete=models.PROTECT, null=True, related_name="+")
    act = models.CharField(_("what"), max_length=16, choices=Act.choices)
    source = models.CharField(_("from"), max_length=12, choices=State.choices, blank=True)
    target = models.CharField(_("to"), max_length=12, choices=State.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    values = models.JSONField(default=dict)

    objects: ClassVar[Any] = PackPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        indexes = [models.Index(fields=["pack", "-at", "-id"], name="packs_event_newest")]

    def __str__(self) -> str:
        return f"{self.pack} {self.act}"

    @property
    def thing(self) -> Any:
        """What was changed, in words; empty for other steps."""
        return THINGS.get(self.values.get("what", ""), "")

    @property
    def before(self) -> str:
        """What stood before, as it was called; kinds of borrowers in the reader's words."""
        return _said(self.values.get("before"))

    @property
    def after(self) -> str:
        """What stands since."""
        return _said(self.values.get("after") or self.values.get("client_types"))

    @staticmethod
    def pack_model() -> type[Pack]:
        """For querysets, which stand below the models."""
        return Pack
