"""Events of hospitality from the request to the claim, who sat at the table, receipts, and what was posted."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.companies.models import Company, Contact
from crm.hospitality.choices import (
    Account,
    Act,
    ExtraKind,
    ExtraState,
    Kind,
    Level,
    Means,
    OwnCost,
    Purpose,
    Relationship,
    State,
)
from crm.hospitality.querysets import BooksQuerySet, PartQuerySet, RequestQuerySet
from crm.kernel.addresses import url_of
from crm.kernel.files import StoredFile
from crm.kernel.models import AuditedModel, EventModel, OwnedModel, VersionedModel
from crm.visits.models import Visit

_AMOUNT: dict[str, Any] = {"max_digits": 12, "decimal_places": 2}


def _person(label: Any, **more: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=label, **more)


class HospitalityRequest(AuditedModel, VersionedModel, OwnedModel):
    """An invitation by a member of staff, the owner, from its draft to the paid claim. Class I. Amounts in `currency`, the centre's own.

    Seen by the host, colleagues at the table, the heads of team and centre, head office, compliance, finance and audit.
    """

    number = models.CharField(_("number"), max_length=16, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="hospitality", verbose_name=_("company"))
    host_role = models.CharField(_("host's grade"), max_length=4, editable=False)
    currency = models.CharField(_("currency"), max_length=3, editable=False)
    event_at = models.DateTimeField(_("when"))
    event_on = models.DateField(_("day"), editable=False, help_text="The day in the centre's time zone, which says the month that is used.")
    venue = models.CharField(_("where"), max_length=300)
    venue_key = models.CharField(max_length=300, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices)
    note = models.CharField(_("what it is for"), max_length=300, blank=True)
    is_away = models.BooleanField(_("outside the working region"), default=False)
    estimate = models.DecimalField(_("estimate"), **_AMOUNT)
    guest_names = models.CharField(_("guests"), max_length=400, editable=False, help_text="The guests in words, for lists and history.")
    heads = models.PositiveSmallIntegerField(_("at table"), editable=False)
    has_official = models.BooleanField(_("with a public official"), default=False, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="hospitality", verbose_name=_("visit"))

    state = models.CharField(_("state"), max_length=11, choices=State.choices, default=State.DRAFT, editable=False)
    needs = models.JSONField(_("why it is asked for"), default=list, editable=False)
    level = models.CharField(_("decided by"), max_length=3, choices=Level.choices, blank=True, editable=False)
    needs_consent = models.BooleanField(_("needs compliance's consent"), default=False, editable=False)
    consented_by = _person(_("consent by"), editable=False)
    consented_at = models.DateTimeField(_("consent"), null=True, editable=False)
    decided_by = _person(pgettext_lazy("hospitality", "approved by"), editable=False)
    decided_at = models.DateTimeField(pgettext_lazy("hospitality", "approved"), null=True, editable=False)
    approved = models.DecimalField(_("approved amount"), null=True, editable=False, **_AMOUNT)
    reserved = models.DecimalField(_("reserved"), default=0, editable=False, **_AMOUNT)
    report_due_at = models.DateTimeField(_("report due"), null=True, editable=False)
    claim_due_at = models.DateTimeField(_("claim due"), null=True, editable=False)
    release_on = models.DateField(_("released after"), null=True, editable=False)

    billed = models.DecimalField(_("bill"), null=True, editable=False, **_AMOUNT)
    eligible = models.DecimalField(_("may be claimed"), null=True, editable=False, **_AMOUNT)
    paid = models.DecimalField(_("reimbursed"), default=0, editable=False, **_AMOUNT)
    own_reason = models.CharField(_("own cost because"), max_length=8, choices=OwnCost.choices, blank=True, editable=False)
    per_head = models.DecimalField(_("per head"), null=True, editable=False, **_AMOUNT)
    near_cap = models.BooleanField(_("just under the cap per head"), default=False, editable=False)
    round_sum = models.BooleanField(_("round sum"), default=False, editable=False)
    on_weekend = models.BooleanField(_("on a weekend"), default=False, editable=False)
    often = models.BooleanField(_("a guest again and again"), default=False, editable=False)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("hospitality")
        verbose_name_plural = _("hospitality")
        indexes = [
            models.Index(fields=["-event_at", "-id"], name="hospitality_newest"),
            models.Index(fields=["owner", "-event_at", "-id"], name="hospitality_by_owner"),
            models.Index(fields=["team", "-event_at", "-id"], name="hospitality_by_team"),
            models.Index(fields=["centre", "-event_at", "-id"], name="hospitality_by_centre"),
            models.Index(fields=["company", "-event_at", "-id"], name="hospitality_by_company"),
            models.Index(fields=["state", "release_on"], name="hospitality_by_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(estimate__gt=0), name="hospitality_estimate_positive"),
            models.CheckConstraint(condition=Q(reserved__gte=0, paid__gte=0), name="hospitality_no_negative"),
            models.CheckConstraint(
                condition=Q(eligible=None, paid=0) | Q(eligible__isnull=False, eligible__gte=F("paid")),
                name="hospitality_paid_within_eligible",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("owner")),
                name="hospitality_not_by_host",
                violation_error_message=_("Nobody decides on their own hospitality."),
            ),
            models.CheckConstraint(condition=Q(consented_by=None) | ~Q(consented_by=F("owner")), name="hospitality_consent_not_by_host"),
            models.CheckConstraint(
                condition=Q(consented_at=None) | Q(consented_at__lt=F("event_at")), name="hospitality_consent_before_event"
            ),
            models.CheckConstraint(
                condition=Q(approved=None) | (Q(decided_by__isnull=False) & (Q(needs_consent=False) | Q(consented_at__isnull=False))),
                name="hospitality_consent_first",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The event's page."""
        return url_of("hospitality:request_detail", self.pk)

    @property
    def month(self) -> str:
        """The month whose limit it uses: "2026-03"."""
        return f"{self.event_on:%Y-%m}"

    @property
    def own(self) -> Any:
        """What of the eligible bill the host bears."""
        return None if self.eligible is None else self.eligible - self.paid

    @property
    def reimbursed(self) -> Any:
        """What is paid; nothing where none is."""
        return self.paid or None

    @staticmethod
    def seat_model() -> "type[Seat]":
        """For querysets, which stand below the models."""
        return Seat


class Part(models.Model):
    """A row that belongs to one event and is seen with it."""

    objects: ClassVar[Any] = PartQuerySet.as_manager()

    class Meta:
        abstract = True

    @staticmethod
    def request_model() -> type[HospitalityRequest]:
        """For querysets, which stand below the models."""
        return HospitalityRequest


class Guest(Part):
    """Somebody who was invited, or came: a known contact, or a new name. `came` is empty until it is reported."""

    request = models.ForeignKey(HospitalityRequest, on_delete=models.CASCADE, related_name="guests", db_index=False)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="hospitality", verbose_name=_("contact"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    title = models.CharField(_("position"), max_length=120, blank=True)
    company_name = models.CharField(_("company"), max_length=120, blank=True)
    is_official = models.BooleanField(_("public official or state-owned staff"), default=False)
    is_family = models.BooleanField(_("family"), default=False)
    holder = models.CharField(max_length=60, db_index=True, editable=False, help_text="Whose count of invitations it adds to.")
    invited = models.BooleanField(_("invited"), default=True)
    came = models.BooleanField(_("came"), null=True)

    class Meta:
        verbose_name = _("guest")
        constraints = [
            models.UniqueConstraint(fields=["request", "holder"], name="hospitality_guest_once"),
            models.CheckConstraint(condition=Q(contact__isnull=False) | ~Q(name=""), name="hospitality_guest_named"),
        ]

    def __str__(self) -> str:
        return str(self.contact) if self.contact_id else self.name


class Seat(Part):
    """A colleague at the table, besides the host. They see the event, and never decide on it."""

    request = models.ForeignKey(HospitalityRequest, on_delete=models.CASCADE, related_name="seats", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("colleague"))

    class Meta:
        verbose_name = _("colleague")
        constraints = [models.UniqueConstraint(fields=["request", "user"], name="hospitality_seat_once")]

    def __str__(self) -> str:
        return str(self.user)


class Step(Part, EventModel):
    """What was done with an event, by whom, in which post, from which values. Never changed."""

    request = models.ForeignKey(HospitalityRequest, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(_("what"), max_length=11, choices=Act.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("step")

    def __str__(self) -> str:
        return f"{self.request} {self.act}"


class Report(Part, AuditedModel):
    """What a host reports of an event: the bill, how the relationship stands, what came of it (domain 4.5)."""

    request = models.OneToOneField(HospitalityRequest, on_delete=models.PROTECT, related_name="report")
    relationship = models.CharField(_("relationship now"), max_length=10, choices=Relationship.choices)
    relationship_before = models.CharField(_("relationship before"), max_length=10, choices=Relationship.choices, blank=True)
    purposes = models.JSONField(_("purpose"), default=list)
    topics = models.TextField(_("talked about"))
    client_requests = models.TextField(_("what the client asks for"), blank=True)
    commitments = models.TextField(_("what we promised"), blank=True)
    result = models.TextField(_("what came of it"))
    intelligence = models.TextField(_("heard of the market"), blank=True)
    next_step = models.TextField(_("next step"), blank=True)
    next_step_on = models.DateField(pgettext_lazy("deadline", "by"), null=True, blank=True)
    food = models.DecimalField(_("food"), **_AMOUNT)
    drink = models.DecimalField(_("drinks at table"), **_AMOUNT)
    other = models.DecimalField(pgettext_lazy("on a bill", "other"), **_AMOUNT)
    service = models.DecimalField(_("service charge"), **_AMOUNT)
    tip = models.DecimalField(_("tip"), **_AMOUNT)
    means = models.CharField(_("paid by"), max_length=14, choices=Means.choices)
    deviation = models.TextField(_("why it went otherwise than asked for"), blank=True)
    heads = models.PositiveSmallIntegerField(_("at table"))
    filed_at = models.DateTimeField(_("filed"))
    is_late = models.BooleanField(_("late"), default=False)

    class Meta:
        verbose_name = _("report")

    def __str__(self) -> str:
        return str(self.request)


class TakenHome(Part, EventModel):
    """Something that a guest carried away from the table: it left the bill and belongs in the gift register (domain 4.1)."""

    request = models.ForeignKey(HospitalityRequest, on_delete=models.PROTECT, related_name="taken_home")
    what = models.CharField(_("what"), max_length=120)
    value = models.DecimalField(_("value"), **_AMOUNT)
    guest = models.CharField(_("by whom"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("carried away")

    def __str__(self) -> str:
        return self.what


class Extra(Part, AuditedModel):
    """More than was paid: a variation by the same level inside the limits, an exception by the next one outside them (domain 4.4)."""

    request = models.ForeignKey(HospitalityRequest, on_delete=models.PROTECT, related_name="extras")
    kind = models.CharField(_("kind"), max_length=9, choices=ExtraKind.choices)
    amount = models.DecimalField(_("amount"), **_AMOUNT)
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(_("state"), max_length=7, choices=ExtraState.choices, default=ExtraState.ASKED)
    level = models.CharField(_("decided by"), max_length=3, choices=Level.choices)
    host = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("host"))
    decided_by = _person(_("decided by"))
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("more than was paid")
        constraints = [
            models.UniqueConstraint(fields=["request"], condition=Q(state="asked"), name="hospitality_extra_one_open"),
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=F("host")), name="hospitality_extra_not_by_host"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="hospitality_extra_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.amount}"


class Batch(AuditedModel):
    """One posting for a period and currency: claims debited and credited, later paid; or the reversal of one claim."""

    number = models.CharField(_("number"), max_length=16, unique=True)
    period = models.CharField(_("period"), max_length=7)
    currency = models.CharField(_("currency"), max_length=3)
    is_reversal = models.BooleanField(_("reversal"), default=False)
    total = models.DecimalField(_("total"), **_AMOUNT)
    posted_by = _person(pgettext_lazy("accounting", "posted by"))
    posted_at = models.DateTimeField(pgettext_lazy("accounting", "posted"))
    paid_by = _person(_("paid by"))
    paid_at = models.DateTimeField(pgettext_lazy("accounting", "paid"), null=True)

    objects: ClassVar[Any] = BooksQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        indexes = [models.Index(fields=["-posted_at", "-id"], name="hospitality_batch_newest")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The posting's page."""
        return url_of("hospitality:batch_detail", self.pk)


class Claim(Part, AuditedModel):
    """The host's claim to what was settled, with its receipts; who checked it, and where it was posted."""

    request = models.OneToOneField(HospitalityRequest, on_delete=models.PROTECT, related_name="expense_claim")
    claimant = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("claimant"))
    filed_at = models.DateTimeField(_("filed"))
    query = models.CharField(_("what finance asks"), max_length=300, blank=True)
    verified_by = _person(_("checked by"))
    verified_at = models.DateTimeField(_("checked"), null=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="claims", verbose_name=_("posting"))

    class Meta:
        verbose_name = _("claim")
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("claimant")),
                name="hospitality_not_checked_by_claimant",
                violation_error_message=_("Nobody checks their own claim."),
            )
        ]

    def __str__(self) -> str:
        return str(self.request)


class Receipt(Part):
    """A receipt of a claim: paid once across all staff, whoever brings it again."""

    request = models.ForeignKey(HospitalityRequest, on_delete=models.PROTECT, related_name="receipts")
    merchant = models.CharField(_("merchant"), max_length=120)
    number = models.CharField(_("receipt no."), max_length=60)
    day = models.DateField(_("date"))
    amount = models.DecimalField(_("amount"), **_AMOUNT)
    digest = models.CharField(max_length=64, editable=False)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("picture"))

    class Meta:
        verbose_name = _("receipt")
        constraints = [
            models.UniqueConstraint(
                fields=["digest"], name="hospitality_receipt_once", violation_error_message=_("This receipt was claimed before.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.merchant} {self.number}"


class PostingLine(EventModel):
    """One line of the books: an account with its debit or credit, the cost centre, the client and its tier. Never changed."""

    class Entry(models.TextChoices):
        """What the line belongs to."""

        POST = "post", _("Posting")
        PAY = "pay", _("Payment")
        REVERSE = "reverse", _("Reversal")

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="lines")
    request = models.ForeignKey(HospitalityRequest, on_delete=models.PROTECT, related_name="lines")
    entry = models.CharField(_("entry"), max_length=7, choices=Entry.choices)
    account = models.CharField(_("account"), max_length=10, choices=Account.choices)
    code = models.CharField(_("account no."), max_length=20)
    debit = models.DecimalField(_("debit"), default=0, **_AMOUNT)
    credit = models.DecimalField(_("credit"), default=0, **_AMOUNT)
    cost_centre = models.CharField(_("cost centre"), max_length=120)
    client_number = models.CharField(_("client no."), max_length=40, blank=True)
    tier = models.CharField(_("tier"), max_length=2, blank=True)

    objects: ClassVar[Any] = BooksQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a posting")
        constraints = [
            models.CheckConstraint(condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0), name="hospitality_line_one_side")
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.debit or self.credit}"
