"""Alerts and what they found."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from content.alerts.choices import Pace
from content.alerts.querysets import AlertHitQuerySet, AlertQuerySet
from content.alerts.rules import CAP, MOST_TOLD, NAME_LENGTH
from content.clippings.models import Clipping
from crm.kernel.addresses import url_of
from crm.kernel.models import ChoiceLabels, VersionedModel
from crm.kernel.query import LONGEST_QUERY


class Alert(ChoiceLabels, VersionedModel):
    """A search that somebody keeps, to be told of new stories that it finds. Seen by its owner alone."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alerts", verbose_name=_("owner"))
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    query = models.CharField(_("what is looked for"), max_length=LONGEST_QUERY)
    pace = models.CharField(_("tell me"), max_length=8, choices=Pace.choices, default=Pace.DAILY)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("quiet until"), null=True, blank=True)
    cap = models.PositiveSmallIntegerField(
        _("stories a mail"), default=CAP, validators=[MinValueValidator(1), MaxValueValidator(MOST_TOLD)]
    )
    is_on = models.BooleanField(_("switched on"), default=True)

    objects: ClassVar[Any] = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        ordering: ClassVar[list[str]] = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], name="alerts_name_once", violation_error_message=_("You have an alert of this name.")
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None) | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="alerts_quiet_both",
                violation_error_message=_("Quiet hours need a beginning and an end."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where it is changed."""
        return url_of("alerts:alert_update", self.pk)


class AlertHit(models.Model):
    """A story that an alert found: why, when it is due to be told, and when it was. Once for an alert and a story."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="hits", db_index=False)
    story = models.ForeignKey(Clipping, on_delete=models.CASCADE, related_name="+")
    clipping = models.ForeignKey(Clipping, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = AlertHitQuerySet.as_manager()

    class Meta:
        verbose_name = _("story found by an alert")
        constraints = [models.UniqueConstraint(fields=["alert", "story"], name="alerts_story_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(told_at=None), name="alerts_due"),
            models.Index(fields=["alert", "-at"], name="alerts_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id}: {self.story_id}"

    @staticmethod
    def clipping_model() -> type[Clipping]:
        """For querysets, which stand below the models."""
        return Clipping
