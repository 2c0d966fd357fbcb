"""Concessions, what was done with them, the rulings, and what takes somebody's own authority away."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.concessions.choices import (
    DECIDED,
    Act,
    ClientReaction,
    CreditState,
    Kind,
    ProbeVia,
    ReviewState,
    State,
    TellChannel,
)
from crm.concessions.querysets import ConcessionPartQuerySet, ConcessionQuerySet, ProbeQuerySet, RulingQuerySet, StandingQuerySet
from crm.concessions.rules import Terms
from crm.kernel.addresses import url_of
from crm.kernel.files import StoredFile
from crm.kernel.models import AuditedModel, EventModel, OwnedModel, VersionedModel


class Concession(AuditedModel, VersionedModel, OwnedModel):
    """One concession to a company: asked for or exercised by its owner. Class I; level, queue, decider and matrix are class R.

    Amounts of `terms` are in `currency`; `forgone` and `granted_forgone` in that of the centre. Seen by the owner, whoever covers the
    company, their heads, head office, compliance, audit and finance; some types by credit.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="concessions", verbose_name=_("company"))
    kind = models.CharField(_("type"), max_length=4, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.REQUESTED)
    is_exercise = models.BooleanField(_("own authority"), default=False)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, null=True)
    terms = models.JSONField(_("asked"), default=dict)
    granted = models.JSONField(_("granted"), null=True)
    forgone = models.DecimalField(_("income forgone, asked"), max_digits=16, decimal_places=2)
    granted_forgone = models.DecimalField(_("income forgone"), max_digits=16, decimal_places=2, null=True)
    reason = models.TextField(_("why"))
    evidence = models.TextField(_("evidence of a rival’s offer"), blank=True)
    paper = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("paper of a rival’s offer"))
    expected_return = models.TextField(_("what it brings us"), blank=True)
    promise = models.CharField(_("promised in return"), max_length=300, blank=True)
    promise_due_on = models.DateField(_("promised by"), null=True)
    promise_kept_at = models.DateTimeField(_("promise kept"), null=True)
    sunset_on = models.DateField(_("ends on"))
    facts_changed = models.TextField(_("what has changed since the refusal"), blank=True)
    earlier = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="later", verbose_name=_("asked again after"))
    renews = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="renewals", verbose_name=_("renews"))
    question = models.TextField(_("question"), blank=True)
    answer = models.TextField(_("answer"), blank=True)

    queue_level = models.PositiveSmallIntegerField(editable=False, null=True)
    asked_at = models.DateTimeField(_("asked"))
    due_at = models.DateTimeField(_("decide by"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_level = models.PositiveSmallIntegerField(editable=False, null=True)
    outcome_reason = models.TextField(_("reason of the decision"), blank=True)
    credit_state = models.CharField(_("credit"), max_length=8, choices=CreditState.choices, blank=True)
    credit_until = models.DateTimeField(_("credit may object until"), null=True)

    tell_not_before = models.DateTimeField(_("tell not before"), null=True)
    tell_by = models.DateTimeField(_("tell by"), null=True)
    told_at = models.DateTimeField(_("told"), null=True)
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("told by"))
    channel = models.CharField(_("how"), max_length=8, choices=TellChannel.choices, blank=True)
    reaction = models.CharField(_("how the client took it"), max_length=10, choices=ClientReaction.choices, blank=True)
    late_noted_at = models.DateTimeField(null=True, editable=False)

    effective_on = models.DateField(_("in force from"), null=True)
    expires_on = models.DateField(_("in force until"), null=True)
    ended_at = models.DateTimeField(_("over since"), null=True)

    review_state = models.CharField(_("review"), max_length=10, choices=ReviewState.choices, blank=True)
    review_why = models.JSONField(default=list)
    review_due_at = models.DateTimeField(_("review by"), null=True)
    review_words = models.TextField(_("the reviewer’s words"), blank=True)

    objects = ConcessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("concession")
        verbose_name_plural = _("concessions")
        indexes = [
            models.Index(fields=["-asked_at", "-id"], name="concessions_newest"),
            models.Index(fields=["owner", "-asked_at", "-id"], name="concessions_by_owner"),
            models.Index(fields=["team", "-asked_at", "-id"], name="concessions_by_team"),
            models.Index(fields=["centre", "-asked_at", "-id"], name="concessions_by_centre"),
            models.Index(fields=["company", "kind", "-asked_at"], name="concessions_by_company"),
            models.Index(fields=["state", "sunset_on"], name="concessions_by_state"),
            models.Index(fields=["kind", "decided_at"], name="concessions_by_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(told_at=None)
                | (Q(decided_at__isnull=False) & Q(told_at__gte=F("decided_at")) & Q(told_at__gte=F("tell_not_before"))),
                name="concessions_told_in_time",
                violation_error_message=_("A client is never told before the decision, nor before its time."),
            ),
            models.CheckConstraint(
                condition=Q(effective_on=None) | ~Q(kind__in=["CT1", "CT2", "CT3", "CT4", "CT10"]) | Q(told_at__isnull=False),
                name="concessions_applied_after_told",
                violation_error_message=_("The client is told first."),
            ),
            models.CheckConstraint(
                condition=Q(is_exercise=True, review_state__gt="") | Q(is_exercise=False, review_state=""),
                name="concessions_exercise_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(is_exercise=False) | ~Q(kind__in=["CT5", "CT7", "CT8", "CT10"]), name="concessions_exercise_of_types"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "returned", "withdrawn", "vetoed"]) | Q(decided_at__isnull=False),
                name="concessions_decided_when_decided",
            ),
            models.CheckConstraint(condition=Q(expires_on=None) | Q(expires_on__lte=F("sunset_on")), name="concessions_end_in_time"),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.company}"

    def get_absolute_url(self) -> str:
        """The concession's page."""
        return url_of("concessions:concession_detail", self.pk)

    @property
    def asked_terms(self) -> Terms:
        """What was asked for."""
        return Terms.from_json(self.terms)

    @property
    def granted_terms(self) -> Terms | None:
        """What was granted; None where nothing was, or not yet."""
        return Terms.from_json(self.granted) if self.granted else None

    @property
    def centre_currency(self) -> str:
        """The currency of `forgone`."""
        return str(self.centre.currency)


class ConcessionPart(models.Model):
    """A row that belongs to one concession."""

    objects: ClassVar[Any] = ConcessionPartQuerySet.as_manager()

    class Meta:
        abstract = True

    @staticmethod
    def concession_model() -> type[Concession]:
        """For querysets, which stand below the models."""
        return Concession


class ConcessionEvent(ConcessionPart, EventModel):
    """One thing that somebody did with a concession. Who and at which level is class R where it was a ruling."""

    concession = models.ForeignKey(Concession, on_delete=models.PROTECT, related_name="events", verbose_name=_("concession"))
    act = models.CharField(_("what"), max_length=10, choices=Act.choices)
    words = models.TextField(_("words"), blank=True)
    level = models.PositiveSmallIntegerField(null=True)

    class Meta:
        verbose_name = _("event of a concession")
        indexes = [models.Index(fields=["concession", "id"], name="concessions_events")]

    def __str__(self) -> str:
        return f"{self.concession_id} {self.act}"


class Ruling(ConcessionPart, EventModel):
    """A decision, for ever as it was: by whom, at which level, from which inputs and matrix. Class R: compliance, audit, head office."""

    concession = models.OneToOneField(Concession, on_delete=models.PROTECT, related_name="ruling", verbose_name=_("concession"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=[(state.value, state.label) for state in DECIDED])
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by"))
    is_exercise = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField(_("level"))
    required = models.PositiveSmallIntegerField(_("required level"))
    terms = models.JSONField(_("terms"), default=dict)
    inputs = models.JSONField(default=dict)
    matrix = models.JSONField(default=dict)
    matrix_version = models.CharField(_("version of the matrix"), max_length=16)
    matrix_on = models.DateField(_("matrix of"))
    rate = models.DecimalField(_("rate"), max_digits=12, decimal_places=6, null=True)
    forgone = models.DecimalField(_("income forgone"), max_digits=16, decimal_places=2)

    objects: ClassVar[Any] = RulingQuerySet.as_manager()

    class Meta:
        verbose_name = _("ruling")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_exercise=True, actor=F("asker")) | (Q(is_exercise=False) & ~Q(actor=F("asker"))),
                name="concessions_ruled_by_another",
                violation_error_message=_("Nobody decides their own request."),
            ),
            models.CheckConstraint(condition=Q(level__gte=F("required")), name="concessions_ruled_high_enough"),
        ]

    def __str__(self) -> str:
        return f"{self.concession_id} {self.outcome}"


class Probe(EventModel):
    """Somebody looked whose decision a concession would be. Seen by compliance and audit."""

    via = models.CharField(_("where"), max_length=8, choices=ProbeVia.choices)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("company"))
    kind = models.CharField(_("type"), max_length=4, choices=Kind.choices)
    terms = models.JSONField(_("terms"), default=dict)
    slowed = models.BooleanField(_("put off"), default=False)

    objects: ClassVar[Any] = ProbeQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at a level")
        verbose_name_plural = _("looks at levels")
        indexes = [models.Index(fields=["actor", "-at"], name="concessions_probes_by")]

    def __str__(self) -> str:
        return f"{self.actor_id} {self.kind}"


class Standing(AuditedModel):
    """Something that takes a person's own authority away for a time. Seen by the person, their heads, head office, compliance, audit."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    unit = models.ForeignKey("staff.OrgUnit", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))
    reason = models.CharField(_("reason"), max_length=300)
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("to"), null=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("said by"))

    class Meta:
        abstract = True


class Conflict(Standing):
    """A declared conflict of interest of a person with a company: no authority of one's own over it, and no decision about it."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+", verbose_name=_("company"))

    objects: ClassVar[Any] = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        constraints = [models.UniqueConstraint(fields=["person", "company"], condition=Q(until=None), name="concessions_conflict_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.company}"


class Suspension(Standing):
    """A person's authority over concessions is suspended."""

    objects: ClassVar[Any] = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspension of authority")
        constraints = [models.UniqueConstraint(fields=["person"], condition=Q(until=None), name="concessions_suspension_once")]

    def __str__(self) -> str:
        return f"{self.person}"
