"""Reviews of packs: who has one, its rating; questions with their threads; the analyst's memo; clocks that were stopped."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.packs.models import Pack, PackVersion
from credit.reviews.choices import Party, QuestionAct, QuestionState, Rating, Severity, Topic
from credit.reviews.querysets import MemoQuerySet, OfPackQuerySet, QuestionQuerySet, ReviewQuerySet, SayingQuerySet
from crm.kernel.addresses import url_of
from crm.kernel.files import StoredFile
from crm.kernel.models import AuditedModel, EventModel, VersionedModel

_WHO: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class OfPack(models.Model):
    """Belongs to a pack and leads to its page."""

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """The pack's page."""
        return url_of("packs:pack_detail", self.pack_id)  # type: ignore[attr-defined]

    @staticmethod
    def pack_model() -> type[Pack]:
        """For querysets, which stand below the models."""
        return Pack


class Review(OfPack, AuditedModel, VersionedModel):
    """The credit department's work on a pack: whose it is, and the internal risk class (class R)."""

    pack = models.OneToOneField(Pack, on_delete=models.PROTECT, related_name="review")
    analyst = models.ForeignKey(verbose_name=_("analyst"), **_WHO)
    assigned_at = models.DateTimeField(_("assigned"))
    assigned_by = models.ForeignKey(verbose_name=_("assigned by"), **_WHO)
    rating = models.CharField(_("risk class"), max_length=2, choices=Rating.choices, blank=True)
    rating_reason = models.CharField(_("why this class"), max_length=1000, blank=True)
    rated_by = models.ForeignKey(null=True, verbose_name=_("rated by"), **_WHO)
    rated_at = models.DateTimeField(_("rated"), null=True)

    objects: ClassVar[Any] = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")

    def __str__(self) -> str:
        return str(self.pack)


class Question(OfPack, models.Model):
    """One question of the credit department, pinned to a part of the application. Its thread is added to, never changed."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="questions")
    asked_of = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="+", help_text="The version that was read.")
    number = models.PositiveSmallIntegerField(_("number"))
    topic = models.CharField(_("about"), max_length=10, choices=Topic.choices)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices)
    state = models.CharField(_("state"), max_length=9, choices=QuestionState.choices, default=QuestionState.DRAFT)
    text = models.TextField(_("question"))
    asked_by = models.ForeignKey(verbose_name=_("asked by"), **_WHO)
    sent_at = models.DateTimeField(_("sent"), null=True)
    due_at = models.DateTimeField(_("due"), null=True)

    objects: ClassVar[Any] = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("credit", "question")
        verbose_name_plural = pgettext_lazy("credit", "questions")
        constraints = [
            models.UniqueConstraint(fields=["pack", "number"], name="reviews_question_once"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(sent_at__isnull=False, due_at__isnull=False), name="reviews_sent_with_due"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state__in=["open", "reopened"]), name="reviews_question_due")]

    def __str__(self) -> str:
        return f"{self.pack} Q{self.number}"


class Saying(EventModel):
    """One entry of a question's thread, with its evidence. Added, never changed; the database refuses it too."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="thread")
    act = models.CharField(_("what"), max_length=8, choices=QuestionAct.choices)
    text = models.TextField(_("words"), blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("evidence"))

    objects: ClassVar[Any] = SayingQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")

    def __str__(self) -> str:
        return f"{self.question} {self.act}"

    @staticmethod
    def question_model() -> type[Question]:
        """For querysets, which stand below the models."""
        return Question


class Memo(OfPack, AuditedModel):
    """The analyst's own document under model B; frozen when the pack is put up for decision, by the database too."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="memos")
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(pgettext_lazy("credit", "memo"), blank=True)
    written_by = models.ForeignKey(verbose_name=_("written by"), **_WHO)
    sent_at = models.DateTimeField(_("sent for the fact check"), null=True)
    facts_due_at = models.DateTimeField(_("fact check until"), null=True)
    facts_checked_at = models.DateTimeField(_("facts checked"), null=True)
    facts_checked_by = models.ForeignKey(null=True, verbose_name=_("facts checked by"), **_WHO)
    facts_note = models.TextField(_("on the facts"), blank=True)
    by_silence = models.BooleanField(_("accepted by silence"), default=False)
    frozen_at = models.DateTimeField(_("frozen"), null=True)

    objects: ClassVar[Any] = MemoQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("credit", "memo")
        constraints = [
            models.UniqueConstraint(fields=["pack", "number"], name="reviews_memo_once"),
            models.CheckConstraint(
                condition=Q(facts_checked_by=None) | ~Q(facts_checked_by=F("written_by")), name="reviews_facts_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack} memo {self.number}"

    @property
    def version(self) -> int:
        """Counted up by each save, as its history counts. One statement."""
        return self.history.count()


class StoppedClock(OfPack, EventModel):
    """What a party had used when a decision fell. Never counted anew, whatever becomes of the calendar (invariant 41)."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="clocks")
    party = models.CharField(_("whose"), max_length=7, choices=Party.choices)
    seconds = models.PositiveIntegerField(_("open seconds used"))
    day_seconds = models.PositiveIntegerField(_("open seconds of a day"))
    target_days = models.PositiveSmallIntegerField(_("target (working days)"))
    stretches = models.JSONField(default=list, help_text="[since, until, why] in ISO 8601, as counted.")

    objects: ClassVar[Any] = OfPackQuerySet.as_manager()

    class Meta:
        verbose_name = _("clock")

    def __str__(self) -> str:
        return f"{self.pack} {self.party}"
