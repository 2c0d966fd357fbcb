"""Base classes of all models, and the kernel's own tables."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.kernel.drafts import Draft
from crm.kernel.errors import StaleVersion
from crm.kernel.events import AppendOnly, EventModel
from crm.kernel.files import StoredFile
from crm.kernel.jobs import Job
from crm.kernel.limits import Budget, LimitEntry, Window
from crm.kernel.outbox import Outbox
from crm.kernel.submissions import Submission
from crm.kernel.worklist import TimelineRow, WorkItem

__all__ = [
    "AppendOnly",
    "AuditedModel",
    "Budget",
    "Draft",
    "EventModel",
    "Job",
    "LimitEntry",
    "Outbox",
    "OwnedModel",
    "Sequence",
    "StoredFile",
    "Submission",
    "TimelineRow",
    "VersionedModel",
    "Window",
    "WorkItem",
]


class ChoiceLabels(models.Model):
    """`get_<field>_display()` by one look-up. Django's own makes a dictionary of all choices at every call, which lists pay row by row."""

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: Any) -> str:  # noqa: N802 - Django's own name
        value = getattr(self, field.attname)
        return force_str(_labels(field).get(value, value), strings_only=True)


@cache
def _labels(field: Any) -> dict[Any, Any]:
    return dict(field.flatchoices)


class AuditedModel(ChoiceLabels):
    """A row whose every version is kept with who changed it, when and why."""

    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    history = HistoricalRecords(inherit=True)

    class Meta(ChoiceLabels.Meta):
        abstract = True

    def record(self, *, actor: Any, reason: str = "", fields: list[str] | None = None) -> None:
        """Save and write the history row in the name of `actor` (None: the system). `fields` limits the update."""
        self._history_user = actor
        self._change_reason = reason
        if fields is None:
            self.save()
        else:
            self.save(update_fields=[*fields, "updated_at"])


class VersionedModel(models.Model):
    """A row that two people may edit: a save that comes from an older version than the one kept is refused."""

    version = models.PositiveIntegerField(default=1, editable=False)
    _as_claimed: dict[str, Any] | None = None

    class Meta:
        abstract = True

    def claim(self, expected: int, *, shown: Iterable[str], of: models.Model | None = None) -> None:
        """Count the version up; StaleVersion, with the values of `shown` as they stand, where `expected` is not the one kept.

        `shown` names columns, or maps a form's words to them; `of` is the part that has them, where this record counts for its parts.
        """
        self.require_version(expected, shown=shown, of=of)
        self._as_claimed = self._column_values()
        self.version += 1

    def require_version(self, expected: int, *, shown: Iterable[str], of: models.Model | None = None) -> None:
        """As `claim`, for a service that counts up where it writes."""
        if self.version != expected:
            columns = shown if isinstance(shown, Mapping) else {name: name for name in shown}
            raise StaleVersion(
                _("Somebody else saved this meanwhile. Compare both versions; nothing that you typed is lost."),
                current={word: getattr(of or self, column) for word, column in columns.items()},
            )

    def count_up(self, seen: int | None, *, shown: Iterable[str], of: models.Model | None = None) -> None:
        """As `claim`; of whoever states the values without having been shown any (None) nothing is compared."""
        self.claim(self.version if seen is None else seen, shown=shown, of=of)

    def hand_back(self) -> bool:
        """Take the version back where nothing was changed since `claim`, so that nobody who has the form open is overtaken by nothing.

        Returns whether so; there is nothing to save then.
        """
        is_same = self._column_values() == self._as_claimed
        if is_same:
            self.version -= 1
        return is_same

    def _column_values(self) -> dict[str, Any]:
        return {field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields if field.name != "version"}


class OwnedModel(models.Model):
    """A row that somebody looks after. Team (none for a centre head) and centre are those of the owner's post when it was given to them."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"))
    team = models.ForeignKey("staff.OrgUnit", on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("team"))
    centre = models.ForeignKey("staff.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("centre"))

    class Meta:
        abstract = True


class Sequence(models.Model):
    """The last number given out for a prefix and year, for the whole bank. Gaps are allowed."""

    prefix = models.CharField(max_length=16)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="kernel_sequence_once")]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}: {self.last}"

    @classmethod
    def take(cls, prefix: str, year: int) -> int:
        """The next number. The UPDATE takes the row's lock, so two callers never get the same one."""
        with transaction.atomic():
            cls.objects.get_or_create(prefix=prefix, year=year)
            cls.objects.filter(prefix=prefix, year=year).update(last=F("last") + 1)
            return cls.objects.values_list("last", flat=True).get(prefix=prefix, year=year)
