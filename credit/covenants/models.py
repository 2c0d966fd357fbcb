"""Covenants, the tests of their periods, waivers, and what was done with each."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.covenants import rules
from credit.covenants.choices import (
    UNDERTAKINGS,
    Act,
    Comparison,
    Document,
    Frequency,
    Metric,
    State,
    TestState,
    WaiverState,
)
from credit.covenants.querysets import CovenantPartQuerySet, CovenantQuerySet, VoteQuerySet
from credit.decisions.choices import Choice, Level
from credit.decisions.models import Condition
from credit.packs.models import Pack
from crm.kernel.addresses import url_of
from crm.kernel.files import StoredFile
from crm.kernel.models import AuditedModel, ChoiceLabels, EventModel

_WHO: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}
_ANSWERED = [str(metric) for metric in UNDERTAKINGS]


class Covenant(AuditedModel):
    """What the borrower of a pack promised, as one wrote it down and another confirmed it. Its terms never change after that, by the
    database too: a successor replaces it. Class I; `threshold` in times, per cent, or an amount of `currency`.
    """  # fmt: skip

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="covenants", verbose_name=_("credit pack"))
    condition = models.ForeignKey(
        Condition, on_delete=models.PROTECT, null=True, related_name="covenants", verbose_name=_("condition of the decision")
    )
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="successors", verbose_name=_("replaces"))
    metric = models.CharField(_("what is promised"), max_length=16, choices=Metric.choices)
    comparison = models.CharField(_("side"), max_length=5, choices=Comparison.choices, blank=True)
    threshold = models.DecimalField(_("threshold"), max_digits=20, decimal_places=4, null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    words = models.CharField(_("in words"), max_length=rules.WORDS, blank=True)
    document = models.CharField(_("tested from"), max_length=11, choices=Document.choices)
    frequency = models.PositiveSmallIntegerField(_("how often"), choices=Frequency.choices)
    first_on = models.DateField(_("end of the first period"))
    due_days = models.PositiveSmallIntegerField(_("paper due after (days)"))
    cure_days = models.PositiveSmallIntegerField(_("days to cure"))
    state = models.CharField(pgettext_lazy("covenant", "state"), max_length=8, choices=State.choices, default=State.PROPOSED)
    next_on = models.DateField(_("end of the next period"), null=True, help_text="Whose test falls due next; empty where none does.")
    until_on = models.DateField(_("last day"), null=True)
    proposed_by = models.ForeignKey(verbose_name=_("written down by"), **_WHO)
    proposed_at = models.DateTimeField(_("written down"))
    confirmed_by = models.ForeignKey(null=True, verbose_name=_("confirmed by"), **_WHO)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    objects: ClassVar[Any] = CovenantQuerySet.as_manager()
    standing: str  # of those read by `standing_on`

    class Meta(AuditedModel.Meta):
        verbose_name = _("covenant")
        indexes = [
            models.Index(fields=["-proposed_at", "-id"], name="covenants_newest"),
            models.Index(fields=["next_on"], condition=Q(next_on__isnull=False), name="covenants_to_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["replaces"], condition=Q(state__in=["proposed", "in_force", "replaced"]), name="covenants_one_successor"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")), name="covenants_confirmed_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_force", "replaced"]) | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="covenants_in_force_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(metric__in=_ANSWERED, threshold=None, comparison="")
                | (~Q(metric__in=_ANSWERED) & Q(threshold__isnull=False) & ~Q(comparison="")),
                name="covenants_measured_with_threshold",
            ),
            models.CheckConstraint(condition=~Q(metric="tnw") | ~Q(currency=""), name="covenants_amount_with_currency"),
        ]

    def __str__(self) -> str:
        return f"{self.get_metric_display()} {self.promise}".strip()

    def get_absolute_url(self) -> str:
        """The covenant's page."""
        return url_of("covenants:covenant_detail", self.pk)

    @staticmethod
    def pack_model() -> type[Pack]:
        """For querysets, which stand below the models."""
        return Pack

    @property
    def promise(self) -> str:
        """The threshold with its side; empty for an undertaking."""
        return rules.promise(self.metric, self.comparison, self.threshold, self.currency)

    @property
    def is_measured(self) -> bool:
        """Worked out from figures; else a person answers."""
        return rules.is_measured(self.metric)


class OfCovenant(models.Model):
    """Belongs to a covenant."""

    class Meta:
        abstract = True

    @staticmethod
    def covenant_model() -> type[Covenant]:
        """For querysets, which stand below the models."""
        return Covenant


class CovenantTest(OfCovenant, AuditedModel):
    """The test of one period: by when the paper is due and tested, and what came of it. The figures of a result never change.

    `figures`: formula, figures and source that a value came from, as text; `threshold` as it stood then.
    """

    covenant = models.ForeignKey(Covenant, on_delete=models.PROTECT, related_name="tests", verbose_name=_("covenant"))
    ends_on = models.DateField(_("period ends"))
    paper_due_on = models.DateField(_("paper due"))
    state = models.CharField(pgettext_lazy("covenant test", "state"), max_length=10, choices=TestState.choices, default=TestState.WAITING)
    received_on = models.DateField(_("paper received"), null=True)
    received_by = models.ForeignKey(null=True, verbose_name=_("received by"), **_WHO)
    received_at = models.DateTimeField(null=True)
    test_due_at = models.DateTimeField(_("tested by then"), null=True)
    tested_by = models.ForeignKey(null=True, verbose_name=_("tested by"), **_WHO)
    tested_at = models.DateTimeField(_("tested"), null=True)
    value = models.DecimalField(_("value"), max_digits=26, decimal_places=6, null=True)
    threshold = models.DecimalField(_("threshold"), max_digits=20, decimal_places=4, null=True)
    figures = models.JSONField(_("figures"), default=dict)
    reason = models.CharField(_("why it cannot be tested"), max_length=rules.REASON, blank=True)
    cure_until = models.DateField(_("to be cured by"), null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    rechecked_at = models.DateTimeField(null=True, help_text="When the frozen figures were last compared with what they are now.")
    late_flagged_at = models.DateTimeField(null=True)
    breach_flagged_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = CovenantPartQuerySet.as_manager()

    class Meta(AuditedModel.Meta):
        verbose_name = _("test of a covenant")
        indexes = [
            models.Index(fields=["paper_due_on"], condition=Q(state="waiting", late_flagged_at=None), name="covenants_late"),
            models.Index(fields=["cure_until"], condition=Q(state="breached", breach_flagged_at=None), name="covenants_uncured"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["covenant", "ends_on"], name="covenants_tested_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["met", "breached", "cured"])
                | Q(tested_by__isnull=False, tested_at__isnull=False, received_on__isnull=False),
                name="covenants_result_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(state="untestable") | ~Q(reason=""), name="covenants_untestable_why"),
            models.CheckConstraint(condition=~Q(state="breached") | Q(cure_until__isnull=False), name="covenants_breach_with_days"),
        ]

    def __str__(self) -> str:
        return f"{self.covenant} · {self.ends_on}"

    def get_absolute_url(self) -> str:
        """The test's page."""
        return url_of("covenants:test_detail", self.pk)

    @property
    def shown_value(self) -> str:
        """The value with its unit; empty without one."""
        return "" if self.value is None else rules.shown(self.value, self.covenant.metric, self.covenant.currency)


class Waiver(OfCovenant, AuditedModel):
    """A request to do without a covenant: for one test, or for all periods that end by a day. Decided by the level that approved;
    the committee's by its votes.
    """  # fmt: skip

    covenant = models.ForeignKey(Covenant, on_delete=models.PROTECT, related_name="waivers", verbose_name=_("covenant"))
    test = models.ForeignKey(CovenantTest, on_delete=models.PROTECT, null=True, related_name="waivers", verbose_name=_("test"))
    until = models.DateField(_("until"), null=True)
    reason = models.CharField(_("reason"), max_length=1000)
    level = models.CharField(_("level"), max_length=3, choices=Level.choices)
    state = models.CharField(
        pgettext_lazy("covenant waiver", "state"), max_length=7, choices=WaiverState.choices, default=WaiverState.ASKED
    )
    asked_by = models.ForeignKey(verbose_name=_("asked by"), **_WHO)
    asked_at = models.DateTimeField(_("asked"))
    decided_by = models.ForeignKey(null=True, verbose_name=_("decided by"), **_WHO)
    decided_at = models.DateTimeField(_("decided"), null=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)

    objects: ClassVar[Any] = CovenantPartQuerySet.as_manager()

    class Meta(AuditedModel.Meta):
        verbose_name = _("waiver of a covenant")
        constraints = [
            models.UniqueConstraint(fields=["covenant"], condition=Q(state="asked"), name="covenants_one_waiver_asked"),
            models.CheckConstraint(
                condition=Q(test=None, until__isnull=False) | Q(test__isnull=False, until=None), name="covenants_waiver_of_test_or_until"
            ),
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="covenants_waived_by_another"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None) | (~Q(state="asked") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="covenants_waiver_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.covenant_id} {self.state}"

    def get_absolute_url(self) -> str:
        """Its test's page, else its covenant's."""
        if self.test_id is not None:
            return url_of("covenants:test_detail", self.test_id)
        return url_of("covenants:covenant_detail", self.covenant_id)


class WaiverVote(OfCovenant, EventModel, ChoiceLabels):
    """A member's vote on a waiver that the committee decides, with their own judgement. Whoever votes first chairs the vote and closes it.

    Never changed, by the database too.
    """

    covenant = models.ForeignKey(Covenant, on_delete=models.PROTECT, related_name="+")
    waiver = models.ForeignKey(Waiver, on_delete=models.PROTECT, related_name="votes", verbose_name=_("waiver of a covenant"))
    choice = models.CharField(_("vote"), max_length=7, choices=Choice.choices)
    judgement = models.CharField(_("own judgement"), max_length=1000)

    objects: ClassVar[Any] = VoteQuerySet.as_manager()

    class Meta(ChoiceLabels.Meta):
        verbose_name = _("vote on a waiver")
        constraints = [
            models.UniqueConstraint(fields=["waiver", "actor"], name="covenants_one_vote"),
            models.CheckConstraint(condition=Q(actor__isnull=False, post__isnull=False), name="covenants_vote_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.waiver_id} {self.choice}"


class CovenantEvent(OfCovenant, EventModel, ChoiceLabels):
    """What was done, with its evidence. Added, never changed; the database refuses it too."""

    covenant = models.ForeignKey(Covenant, on_delete=models.PROTECT, related_name="events")
    test = models.ForeignKey(CovenantTest, on_delete=models.PROTECT, null=True, related_name="events")
    act = models.CharField(_("what"), max_length=8, choices=Act.choices)
    result = models.CharField(_("result"), max_length=10, choices=TestState.choices, blank=True)
    note = models.CharField(_("words"), max_length=1000, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("evidence"))
    link = models.CharField(_("link"), max_length=500, blank=True)

    objects: ClassVar[Any] = CovenantPartQuerySet.as_manager()

    class Meta(ChoiceLabels.Meta):
        verbose_name = _("event of a covenant")

    def __str__(self) -> str:
        return f"{self.covenant_id} {self.act}"
