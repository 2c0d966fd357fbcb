"""Cases that are up for decision, decisions, the committee's motions and votes, conditions."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.decisions.choices import (
    Choice,
    ConditionKind,
    ConditionState,
    ConditionType,
    Level,
    MotionState,
    Outcome,
    Word,
)
from credit.decisions.querysets import ConditionQuerySet, CreditQuerySet, LetterQuerySet, OfPackQuerySet
from credit.packs.models import AMOUNT, Pack, PackVersion
from credit.reviews.models import OfPack
from crm.kernel.addresses import url_of
from crm.kernel.files import StoredFile
from crm.kernel.models import AuditedModel, EventModel
from crm.papers.choices import Language

_WHO: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class Case(OfPack, AuditedModel):
    """A pack that was put up for decision: at which level, and why. Class R."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="cases")
    version_read = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(_("number"))
    level = models.CharField(_("level"), max_length=3, choices=Level.choices)
    grounds = models.JSONField(default=list, help_text="Ground values.")
    total = models.DecimalField(_("group exposure after the request (HKD)"), **AMOUNT)
    is_secured = models.BooleanField(_("secured"))
    is_connected = models.BooleanField(_("connected party"), default=False)
    exception = models.CharField(_("critical exception to policy"), max_length=1000, blank=True)
    rating = models.CharField(_("risk class"), max_length=2)
    appeal_facts = models.TextField(_("new facts"), blank=True)
    routed_by = models.ForeignKey(verbose_name=_("put up by"), **_WHO)
    routed_at = models.DateTimeField(_("put up"))

    objects: ClassVar[Any] = CreditQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("credit", "case")
        constraints = [models.UniqueConstraint(fields=["pack", "number"], name="decisions_case_once")]

    def __str__(self) -> str:
        return f"{self.pack} case {self.number}"


class Decision(OfPack, EventModel):
    """What was decided on a version, by whom, at which level, with the decider's own judgement. Never changed, by the database too."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="decisions")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="decision")
    version_read = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome.choices)
    level = models.CharField(_("level"), max_length=3, choices=Level.choices)
    total = models.DecimalField(_("group exposure after the request (HKD)"), **AMOUNT)
    judgement = models.TextField(_("own judgement"))
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    items = models.JSONField(_("to be answered"), default=list)
    conditions = models.JSONField(_("conditions"), default=list, help_text="As they stood: number, kind, type, text, essential, due.")
    valid_until = models.DateField(_("may be accepted until"), null=True)
    due_on = models.DateField(_("answers due"), null=True)
    reapply_on = models.DateField(_("may be asked for again from"), null=True)

    objects: ClassVar[Any] = OfPackQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("credit", "decision")
        constraints = [
            models.CheckConstraint(condition=Q(actor__isnull=False, post__isnull=False), name="decisions_by_somebody"),
            models.CheckConstraint(condition=~Q(outcome="declined") | ~Q(reason=""), name="decisions_declined_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.pack} {self.outcome}"


class Motion(OfPack, AuditedModel):
    """What the chair of a sitting puts to the vote."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="motions")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="motions")
    word = models.CharField(_("for"), max_length=7, choices=Word.choices)
    ruling = models.JSONField(default=dict)
    chair = models.ForeignKey(verbose_name=_("chair"), **_WHO)
    put_at = models.DateTimeField(_("put"))
    state = models.CharField(_("state"), max_length=7, choices=MotionState.choices, default=MotionState.OPEN)
    closed_at = models.DateTimeField(_("closed"), null=True)

    objects: ClassVar[Any] = CreditQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("credit", "motion")
        constraints = [models.UniqueConstraint(fields=["case"], condition=Q(state="open"), name="decisions_one_open_motion")]

    def __str__(self) -> str:
        return f"{self.case} {self.word}"


class Vote(OfPack, EventModel):
    """One member's vote with their own judgement. Never changed, by the database too."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="+")
    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, related_name="votes")
    choice = models.CharField(_("vote"), max_length=7, choices=Choice.choices)
    judgement = models.CharField(_("own judgement"), max_length=1000)

    objects: ClassVar[Any] = CreditQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("credit", "vote")
        constraints = [models.UniqueConstraint(fields=["motion", "actor"], name="decisions_one_vote")]

    def __str__(self) -> str:
        return f"{self.motion} {self.choice}"


class Condition(OfPack, AuditedModel):
    """A condition of an approval: proposed with the case, open from the decision on, shown by one, checked by another."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="conditions")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="conditions")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("when"), max_length=10, choices=ConditionKind.choices)
    type = models.CharField(_("kind"), max_length=9, choices=ConditionType.choices)
    text = models.CharField(_("condition"), max_length=1000)
    is_essential = models.BooleanField(_("essential"), default=True)
    due_on = models.DateField(pgettext_lazy("date", "by"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=ConditionState.choices, default=ConditionState.PROPOSED)
    evidence = models.CharField(_("how it is met"), max_length=1000, blank=True)
    shown_by = models.ForeignKey(null=True, verbose_name=_("shown by"), **_WHO)
    checked_by = models.ForeignKey(null=True, verbose_name=_("checked by"), **_WHO)
    settled_at = models.DateTimeField(_("settled"), null=True)

    objects: ClassVar[Any] = ConditionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("credit", "condition")
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="decisions_condition_once"),
            models.CheckConstraint(
                condition=Q(checked_by=None) | Q(shown_by=None) | ~Q(checked_by=F("shown_by")), name="decisions_checked_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(state="met") | Q(shown_by__isnull=False, checked_by__isnull=False), name="decisions_met_by_two"
            ),
            models.CheckConstraint(condition=~Q(kind="subsequent") | Q(due_on__isnull=False), name="decisions_subsequent_due"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class FacilityLetter(OfPack, EventModel):
    """A facility letter as one of credit administration drew it up from a decision: its words and its file for ever as they were.

    Class K once it was sent; before that it is the credit department's and credit administration's. The database refuses a change.
    """

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="letters")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="letters")
    language = models.CharField(_("language"), max_length=7, choices=Language.choices)
    template_code = models.CharField(_("template"), max_length=40)
    terms = models.JSONField(_("terms"), help_text="What was decided, as the letter tells it: facilities, conditions, last day.")
    subject = models.CharField(_("subject"), max_length=400)
    body = models.TextField(_("text"))
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    sha256 = models.CharField(max_length=64)

    objects: ClassVar[Any] = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility letter")
        constraints = [
            models.CheckConstraint(condition=Q(actor__isnull=False, post__isnull=False), name="decisions_letter_by_somebody"),
            models.CheckConstraint(condition=~Q(body=""), name="decisions_letter_says_something"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def file_url(self) -> str:
        """Where its PDF is taken."""
        return url_of("decisions:letter_pdf", self.pk)


class LetterIssue(OfPack, EventModel):
    """A facility letter went to the client: sent by another person of credit administration than drew it up. Never changed."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="+")
    letter = models.OneToOneField(FacilityLetter, on_delete=models.PROTECT, related_name="issue")

    objects: ClassVar[Any] = OfPackQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter sent")
        constraints = [models.CheckConstraint(condition=Q(actor__isnull=False, post__isnull=False), name="decisions_sent_by_somebody")]

    def __str__(self) -> str:
        return str(self.letter_id)
