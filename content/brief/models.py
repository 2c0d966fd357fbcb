"""The days on which a person was to read, and the stories that they put aside."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.brief.querysets import OwnReadingQuerySet
from content.clippings.models import Clipping
from crm.kernel.addresses import url_of


class ReadingDay(models.Model):
    """A working day's half hour of reading, of one person. Seen by that person alone."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("person")
    )
    day = models.DateField(_("day"))
    done_at = models.DateTimeField(_("read"), null=True)

    objects: ClassVar[Any] = OwnReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of reading")
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="brief_reading_once")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Leads to the brief."""
        return url_of("brief:reading_day", self.pk)


class Dismissal(models.Model):
    """A story that somebody called not relevant: it leaves their brief, and those like it stand lower. Seen by that person alone."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    clipping = models.ForeignKey(Clipping, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[Any] = OwnReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("story put aside")
        constraints = [models.UniqueConstraint(fields=["person", "clipping"], name="brief_dismissed_once")]
        indexes = [models.Index(fields=["person", "-at"], name="brief_dismissed_by")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.clipping_id}"
