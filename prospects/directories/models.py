"""Sources of company lists, imports of them with their staged rows, and what was decided on rows that may be duplicates."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.files import StoredFile
from crm.kernel.jobs import Job
from crm.kernel.models import AuditedModel, VersionedModel
from prospects.directories.choices import RUNNING, HeldBack, ImportState, Verdict
from prospects.directories.mapping import Condition, Mapping
from prospects.directories.querysets import ImportPartQuerySet, ImportQuerySet, SourceQuerySet


class Source(AuditedModel):
    """A directory that is loaded again and again, such as an exchange's list. Seen by all who load directories.

    `mappings` remembers, by the fingerprint of a header, what its columns mean (`Mapping.to_json`).
    """

    name = models.CharField(_("source"), max_length=80)
    exchange = models.CharField(_("exchange"), max_length=12, blank=True)
    as_of = models.DateField(_("newest list"), null=True, blank=True)
    mappings = models.JSONField(default=dict)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        constraints = [models.UniqueConstraint(Lower("name"), name="directories_source_once")]

    def __str__(self) -> str:
        return self.name


class Import(AuditedModel, VersionedModel):
    """One loading of one file. Seen by its owner; head office, compliance and audit read all. Without an owner: made at the console.

    `sample` holds the first rows as [number, cells], `choices` the values of columns that have few; `published_through` is the last row of
    the file that has been carried out, `marks` the newest ids (of companies, when comparing began; of their history, coverage, timeline and
    work, when carrying out began), by which later ones are told. The six counts sum up to `read`.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="imports", verbose_name=_("source"))
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("loaded by"))
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    outbox_id = models.BigIntegerField(null=True, help_text="The piece of work that a worker has, or had, in hand.")
    state = models.CharField(_("state"), max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    as_of = models.DateField(_("as of"), help_text=_("The day of the list. A value of an older list never overwrites a newer one."))

    sheets = models.JSONField(default=list)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    columns = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    choices = models.JSONField(default=dict)
    mapping = models.TextField()
    condition = models.CharField(_("only rows where"), max_length=300, blank=True)

    read = models.PositiveIntegerField(_("rows"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    duplicates = models.PositiveIntegerField(_("possible duplicates"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    skipped = models.PositiveIntegerField(_("not chosen"), default=0)

    published_through = models.PositiveIntegerField(default=0)
    marks = models.JSONField(default=dict)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        indexes = [
            models.Index(fields=["owner", "-id"], name="directories_import_owner"),
            models.Index(fields=["source", "-id"], name="directories_import_source"),
        ]

    def __str__(self) -> str:
        return f"{self.source} ({self.file.name})"

    def get_absolute_url(self) -> str:
        """Its page: how far it is, then what came of it."""
        return url_of("directories:import_detail", self.pk)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each verdict."""
        return {verdict.value: getattr(self, verdict.value) for verdict in Verdict}

    @property
    def is_running(self) -> bool:
        """A worker has it in hand, or is about to."""
        return self.state in RUNNING

    @property
    def change_reason(self) -> str:
        """What the history of a company says of changes by this import; by it they are told from later ones."""
        return f"{self.source.name} #{self.pk}"

    @cached_property
    def read_as(self) -> Mapping:
        """What its columns mean."""
        return Mapping.from_json(self.mapping)

    @cached_property
    def chosen(self) -> Any:
        """The test that rows must pass: a function of their cells."""
        return Condition.parse(self.condition).on(self.columns) if self.condition else lambda cells: True


class StagedRow(models.Model):
    """One row of an import: its cells, what became of it and why, and how to put that back. Seen with its import.

    `problems` are [column, value, reason]; `candidates` {"company" or "row": id or number, "score": 0 to 100}; `same_as_row` is an earlier
    row of the file that makes the same company; `done` is `Changes.to_json`.
    """

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    key = models.CharField(max_length=120, blank=True)
    cells = models.JSONField(default=list)
    verdict = models.CharField(_("what became of it"), max_length=10, choices=Verdict.choices)
    company = models.ForeignKey(Company, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("company"))
    same_as_row = models.PositiveIntegerField(null=True)
    held_back = models.CharField(_("why"), max_length=10, choices=HeldBack.choices, blank=True)
    problems = models.JSONField(default=list)
    candidates = models.JSONField(default=list)
    done = models.JSONField(null=True)

    objects = ImportPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("row")
        indexes = [models.Index(fields=["of_import", "verdict", "number"], name="directories_row_verdict")]
        constraints = [models.UniqueConstraint(fields=["of_import", "number"], name="directories_row_once")]

    def __str__(self) -> str:
        return f"{self.of_import_id}: {self.number}"


class RowDecision(models.Model):
    """What a person decided on a row that may be a duplicate: kept for the next list of the source. Seen with sources.

    `company` is the company that the row is of from now on; where it is "not the same", `because` says why.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="decisions")
    row_key = models.CharField(max_length=120)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    of_import = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="decisions")
    is_same = models.BooleanField()
    because = models.CharField(_("not the same because"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by"))
    at = models.DateTimeField(_("decided"))

    objects = SourceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "row_key"], name="directories_decision_once"),
            models.CheckConstraint(
                condition=Q(is_same=True) | ~Q(because=""),
                name="directories_decision_reasoned",
                violation_error_message=_("Say why it is not the same company."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.row_key}"
