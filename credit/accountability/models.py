"""The file of a live loan, what people write into it, what was frozen of it, and who read it."""

import json
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.accountability.choices import Bench, EntryKind, Outcome, Way
from credit.accountability.querysets import BallotQuerySet, FileQuerySet, OfCaseQuerySet, OfFileQuerySet, ReadingQuerySet
from credit.packs.models import Pack
from credit.risk.choices import LoanClass
from credit.risk.models import Movement
from crm.clients.models import Client
from crm.kernel.addresses import url_of
from crm.kernel.files import StoredFile
from crm.kernel.models import ChoiceLabels, EventModel


class DutyFile(EventModel):
    """One live loan: duties due and done, instructions, objections. Opened by itself, once a pack is live, and kept for good. Class R.

    A pack's facilities have no lasting identity, so the file is the pack's. `since` is the moment from which duties count; `originator`
    began the loan and stays responsible for that, whoever looks after the client later.
    """

    pack = models.OneToOneField(Pack, on_delete=models.PROTECT, related_name="duty_file", verbose_name=_("credit pack"))
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="duty_files", verbose_name=_("client"))
    originator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("began the loan"))
    since = models.DateTimeField(_("since"))

    objects: ClassVar[Any] = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("accountability file")
        verbose_name_plural = _("accountability files")
        indexes = [models.Index(fields=["-at", "-id"], name="accountability_newest")]

    def __str__(self) -> str:
        return str(self.pack)

    def get_absolute_url(self) -> str:
        """Its page."""
        return url_of("accountability:file_detail", self.pk)

    @staticmethod
    def pack_model() -> type[Pack]:
        """For querysets, which stand below the models."""
        return Pack

    @staticmethod
    def frozen_ids() -> Any:
        """Of the files that are frozen, for querysets."""
        return Compilation.objects.values("file_of_id")


class OfFile(models.Model):
    """Belongs to a file."""

    class Meta:
        abstract = True

    @staticmethod
    def file_model() -> type[DutyFile]:
        """For querysets, which stand below the models."""
        return DutyFile


class Entry(OfFile, EventModel, ChoiceLabels):
    """An instruction received, an objection made in writing, a note. Added, never changed; the database refuses it too."""

    file_of = models.ForeignKey(DutyFile, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("what"), max_length=11, choices=EntryKind.choices)
    party = models.CharField(_("from or to whom"), max_length=200, blank=True)
    said_at = models.DateTimeField(_("when"), null=True)
    words = models.TextField(_("words"))
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("paper"))

    objects: ClassVar[Any] = OfFileQuerySet.as_manager()

    class Meta(ChoiceLabels.Meta):
        verbose_name = pgettext_lazy("accountability", "entry")
        constraints = [
            models.CheckConstraint(condition=Q(actor__isnull=False) & ~Q(words=""), name="accountability_entry_by_somebody"),
            models.CheckConstraint(
                condition=Q(kind="note") | (~Q(party="") & Q(said_at__isnull=False)), name="accountability_entry_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_of_id} {self.kind}"


class Compilation(OfFile, EventModel):
    """The file as it stood when the loan fell to class 3 or worse: canonical JSON under its hash, with the score. Never changed.

    `movement` is the one that it was compiled for. `due` and `on_time` are counted from the content's own duties.
    """

    file_of = models.ForeignKey(DutyFile, on_delete=models.PROTECT, related_name="compilations")
    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="+")
    loan_class = models.PositiveSmallIntegerField(_("loan class"), choices=LoanClass.choices)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    due = models.PositiveIntegerField(_("duties due"))
    on_time = models.PositiveIntegerField(_("done on time"))
    score = models.DecimalField(_("duty completeness"), max_digits=5, decimal_places=4, null=True)

    objects: ClassVar[Any] = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("frozen file")
        constraints = [
            models.UniqueConstraint(fields=["file_of", "movement"], name="accountability_frozen_once"),
            models.CheckConstraint(condition=Q(loan_class__gte=3), name="accountability_frozen_when_bad"),
            models.CheckConstraint(condition=Q(score=None, due=0) | Q(score__range=(0, 1), due__gt=0), name="accountability_score"),
        ]

    def __str__(self) -> str:
        return f"{self.file_of_id} {self.at:%Y-%m-%d}"

    @property
    def told(self) -> dict[str, Any]:
        """The content as values."""
        found: dict[str, Any] = json.loads(self.content)
        return found


class Case(OfFile, EventModel):
    """A committee on a frozen file: human resources, audit and credit, convened by one of them (`actor`). Class R.

    Whoever is judged may answer in writing until `statement_until`; then the members vote.
    """

    file_of = models.ForeignKey(DutyFile, on_delete=models.PROTECT, related_name="cases")
    compilation = models.OneToOneField(Compilation, on_delete=models.PROTECT, related_name="case")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("relationship manager")
    )
    statement_until = models.DateTimeField(_("answers until"))

    objects: ClassVar[Any] = OfFileQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("accountability", "committee")

    def __str__(self) -> str:
        return str(self.file_of)

    def get_absolute_url(self) -> str:
        """The file."""
        return self.file_of.get_absolute_url()


class OfCase(models.Model):
    """Belongs to a case."""

    class Meta:
        abstract = True

    @staticmethod
    def file_model() -> type[DutyFile]:
        """For querysets, which stand below the models."""
        return DutyFile


class Statement(OfCase, EventModel):
    """What somebody who is judged says in writing: before the decision, and once against it (`is_objection`)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="statements")
    words = models.TextField(_("words"))
    is_objection = models.BooleanField(_("against the decision"), default=False)

    objects: ClassVar[Any] = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        constraints = [models.UniqueConstraint(fields=["case", "actor", "is_objection"], name="accountability_heard_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.actor_id}"


class Ballot(OfCase, EventModel, ChoiceLabels):
    """One member's vote with their own judgement. Never changed, by the database too."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ballots")
    bench = models.CharField(_("for"), max_length=6, choices=Bench.choices)
    outcome = models.CharField(_("decision"), max_length=7, choices=Outcome.choices)
    judgement = models.CharField(_("own judgement"), max_length=1000)

    objects: ClassVar[Any] = BallotQuerySet.as_manager()

    class Meta(ChoiceLabels.Meta):
        verbose_name = pgettext_lazy("accountability", "ballot")
        constraints = [
            models.UniqueConstraint(fields=["case", "actor"], name="accountability_one_ballot"),
            models.CheckConstraint(condition=Q(actor__isnull=False, post__isnull=False), name="accountability_ballot_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"


class Ruling(OfCase, EventModel, ChoiceLabels):
    """What the committee decided. `deferral_percent` of variable pay is a proposal by the bank's guide, never done by itself."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="ruling")
    outcome = models.CharField(_("decision"), max_length=7, choices=Outcome.choices)
    reason = models.CharField(_("why"), max_length=1000)
    votes = models.JSONField(default=dict, help_text="How many ballots for each outcome.")
    deferral_percent = models.PositiveSmallIntegerField(_("deferral of variable pay, proposed (per cent)"))

    objects: ClassVar[Any] = OfCaseQuerySet.as_manager()

    class Meta(ChoiceLabels.Meta):
        verbose_name = pgettext_lazy("accountability", "decision")
        constraints = [models.CheckConstraint(condition=Q(deferral_percent__lte=100), name="accountability_deferral")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"


class Reading(EventModel):
    """Somebody read a file (invariant 39). Seen by compliance and audit."""

    file_of = models.ForeignKey(DutyFile, on_delete=models.PROTECT, related_name="readings")
    way = models.CharField(_("how"), max_length=5, choices=Way.choices)

    objects: ClassVar[Any] = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading of a file")

    def __str__(self) -> str:
        return f"{self.file_of_id} {self.way}"
