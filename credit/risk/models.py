"""Where a client's debt stands, every movement of it, and proposed changes with their four eyes."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.packs.models import Pack
from credit.risk.choices import Ground, LoanClass, ProposalState, Rating
from credit.risk.querysets import OfClientQuerySet, OfStandingQuerySet
from crm.clients.models import Client
from crm.kernel.addresses import url_of
from crm.kernel.models import AuditedModel, ChoiceLabels, EventModel, VersionedModel

_WHO: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class Followed(models.Model):
    """Seen by whoever follows the client's debt."""

    class Meta:
        abstract = True

    @staticmethod
    def followed_models() -> tuple[type[Client], type[Pack]]:
        """For querysets, which stand below the models."""
        return Client, Pack


class Standing(Followed, AuditedModel, VersionedModel):
    """The class of a client's debt, or of one facility apart (class R). Seen by who sees the client, and by the credit department.

    `since_on` is the day of the last movement; an improvement needs its months from then on. `days_on` is the day that the core bank's
    figures of `days_overdue` are of: none while no figure has come.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="risk_standings", verbose_name=_("client"))
    facility = models.CharField(
        _("facility"), max_length=20, blank=True, help_text="The core bank's reference; empty: all of the client's."
    )
    loan_class = models.PositiveSmallIntegerField(_("loan class"), choices=LoanClass.choices, default=LoanClass.PASS)
    grade = models.PositiveSmallIntegerField(_("internal grade"), null=True)
    risk_class = models.CharField(_("risk class"), max_length=2, choices=Rating.choices)
    watch = models.JSONField(default=list)
    since_on = models.DateField(_("since"))
    days_overdue = models.PositiveIntegerField(_("days overdue"), default=0)
    days_on = models.DateField(null=True)

    objects: ClassVar[Any] = OfClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("risk class")
        verbose_name_plural = _("risk classes")
        constraints = [
            models.UniqueConstraint(fields=["client", "facility"], name="risk_standing_once"),
            models.CheckConstraint(condition=Q(loan_class__range=(1, 5)), name="risk_standing_class"),
            models.CheckConstraint(
                condition=Q(loan_class=1, risk_class__in=["R1", "R2", "R3"]) | Q(loan_class__gt=1, risk_class__in=["R4", "R5"]),
                name="risk_standing_fits",
            ),
        ]
        indexes = [models.Index(fields=["risk_class", "client"], name="risk_standing_by_class")]

    def __str__(self) -> str:
        return f"{self.client} {self.facility}".strip()

    def get_absolute_url(self) -> str:
        """Its page."""
        return url_of("risk:standing_detail", self.pk)


class Movement(Followed, EventModel):
    """One movement of a class: from what, to what, on what ground. Added, never changed; the database refuses it too."""

    standing = models.ForeignKey(Standing, on_delete=models.PROTECT, related_name="movements")
    ground = models.CharField(_("ground"), max_length=8, choices=Ground.choices)
    old_loan_class = models.PositiveSmallIntegerField(choices=LoanClass.choices, null=True)
    new_loan_class = models.PositiveSmallIntegerField(choices=LoanClass.choices)
    old_risk_class = models.CharField(max_length=2, choices=Rating.choices, blank=True)
    new_risk_class = models.CharField(max_length=2, choices=Rating.choices)
    days_overdue = models.PositiveIntegerField(default=0)
    reason = models.CharField(_("why"), max_length=1000, blank=True)
    on = models.DateField(_("day"))

    objects: ClassVar[Any] = OfStandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("movement of a class")
        indexes = [models.Index(fields=["standing", "-on", "-id"], name="risk_movement_newest")]

    def __str__(self) -> str:
        return f"{self.standing_id} {self.old_risk_class} {self.new_risk_class}"


class Proposal(Followed, ChoiceLabels):
    """A class that a manager proposes, the head reviews and an approver sets: three people, one open at a time."""

    standing = models.ForeignKey(Standing, on_delete=models.PROTECT, related_name="proposals")
    loan_class = models.PositiveSmallIntegerField(_("loan class"), choices=LoanClass.choices)
    grade = models.PositiveSmallIntegerField(_("internal grade"), null=True)
    reason = models.CharField(_("why"), max_length=1000)
    state = models.CharField(
        pgettext_lazy("risk class", "state"), max_length=9, choices=ProposalState.choices, default=ProposalState.PROPOSED
    )
    proposed_by = models.ForeignKey(verbose_name=_("proposed by"), **_WHO)
    proposed_at = models.DateTimeField(_("proposed"))
    reviewed_by = models.ForeignKey(null=True, verbose_name=_("reviewed by"), **_WHO)
    reviewed_at = models.DateTimeField(null=True)
    review_note = models.CharField(max_length=1000, blank=True)
    ended_by = models.ForeignKey(null=True, verbose_name=_("ended by"), **_WHO)
    ended_at = models.DateTimeField(null=True)
    end_note = models.CharField(max_length=1000, blank=True)

    objects: ClassVar[Any] = OfStandingQuerySet.as_manager()

    class Meta(ChoiceLabels.Meta):
        verbose_name = _("proposed class")
        constraints = [
            models.UniqueConstraint(fields=["standing"], condition=Q(state__in=["proposed", "reviewed"]), name="risk_one_open_proposal"),
            models.CheckConstraint(condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("proposed_by")), name="risk_reviewed_by_another"),
            models.CheckConstraint(
                condition=~Q(state="set")
                | (Q(reviewed_by__isnull=False, ended_by__isnull=False) & ~Q(ended_by=F("proposed_by")) & ~Q(ended_by=F("reviewed_by"))),
                name="risk_set_by_a_third",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standing_id} {self.loan_class}"

    def get_absolute_url(self) -> str:
        """The class that it is about."""
        return url_of("risk:standing_detail", self.standing_id)
