"""Red flags with what was done about each, flags that the news suggests, and limits that a critical flag suspends."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from content.clippings.models import Clipping
from credit.flags import book
from credit.flags.choices import TONES, FlagAct, FlagState, Origin, Severity, SuggestionState
from credit.flags.querysets import FlagPartQuerySet, FlagQuerySet, SuggestionQuerySet, SuspensionQuerySet
from crm.clients.models import Client
from crm.kernel.addresses import url_of
from crm.kernel.files import StoredFile
from crm.kernel.models import AuditedModel, ChoiceLabels, EventModel

_WHO: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class OfClient(models.Model):
    """Belongs to a client."""

    class Meta:
        abstract = True

    @staticmethod
    def client_model() -> type[Client]:
        """For querysets, which stand below the models."""
        return Client


class Flag(OfClient, AuditedModel):
    """One red flag on one client. Never deleted, by the database too; closed with evidence by the right level. Class R."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="flags", verbose_name=_("client"))
    code = models.CharField(_("code"), max_length=6)
    severity = models.CharField(_("severity"), max_length=1, choices=Severity.choices)
    state = models.CharField(pgettext_lazy("red flag", "standing"), max_length=7, choices=FlagState.choices, default=FlagState.OPEN)
    origin = models.CharField(_("origin"), max_length=7, choices=Origin.choices, default=Origin.PERSON)
    note = models.CharField(_("what was seen"), max_length=2000)
    raised_by = models.ForeignKey(null=True, verbose_name=_("raised by"), **_WHO)
    raised_at = models.DateTimeField(_("raised"))
    due_at = models.DateTimeField(_("first answer due"), null=True)
    clipping = models.ForeignKey(Clipping, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("news"))
    figures = models.JSONField(default=dict, help_text="What raised it: figure, value, threshold, days; as text.")
    counted_in = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="counted", verbose_name=_("counted in"))
    signed_by = models.ForeignKey(null=True, verbose_name=_("first signature"), **_WHO)
    signed_as = models.CharField(max_length=4, blank=True)
    closed_by = models.ForeignKey(null=True, verbose_name=_("closed by"), **_WHO)
    closed_at = models.DateTimeField(_("closed"), null=True)

    objects: ClassVar[Any] = FlagQuerySet.as_manager()

    class Meta(AuditedModel.Meta):
        verbose_name = _("red flag")
        indexes = [
            models.Index(fields=["-raised_at", "-id"], name="flags_newest"),
            models.Index(fields=["client", "severity"], condition=Q(state__in=["open", "closing"]), name="flags_open_of_client"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "code"],
                condition=Q(origin__in=["figures", "sum"], state__in=["open", "closing"]),
                name="flags_one_open_by_figures",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_by__isnull=False, closed_at__isnull=False), name="flags_closed_by_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed", severity="C") | (Q(signed_by__isnull=False) & ~Q(signed_by=F("closed_by"))),
                name="flags_critical_closed_by_two",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | Q(raised_by=None) | ~Q(closed_by=F("raised_by")), name="flags_closed_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        """The flag's page."""
        return url_of("flags:flag_detail", self.pk)

    @property
    def entry(self) -> book.Entry:
        """What the book says of it."""
        return book.entries()[self.code]

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.entry.name

    @property
    def tone(self) -> str:
        """Of its chip: hollow once it is closed."""
        return TONES[Severity(self.severity)] if self.is_open else ""

    @property
    def is_open(self) -> bool:
        """Not closed."""
        return self.state != FlagState.CLOSED

    @property
    def is_hushed(self) -> bool:
        """Hidden from who could warn the client."""
        return self.code in book.hushed()


class FlagEvent(EventModel, ChoiceLabels):
    """What was done about a flag, with its evidence. Added, never changed; the database refuses it too."""

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(_("what"), max_length=8, choices=FlagAct.choices)
    note = models.CharField(_("words"), max_length=2000, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("evidence"))
    link = models.CharField(_("link"), max_length=500, blank=True)

    objects: ClassVar[Any] = FlagPartQuerySet.as_manager()

    class Meta(ChoiceLabels.Meta):
        verbose_name = _("event of a red flag")

    def __str__(self) -> str:
        return f"{self.flag_id} {self.act}"

    @staticmethod
    def flag_model() -> type[Flag]:
        """For querysets, which stand below the models."""
        return Flag


class Suggestion(OfClient, ChoiceLabels):
    """A flag that a news story suggests; a person takes it or not."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", verbose_name=_("client"))
    clipping = models.ForeignKey(Clipping, on_delete=models.PROTECT, related_name="+", verbose_name=_("news"))
    code = models.CharField(_("code"), max_length=6)
    state = models.CharField(_("state"), max_length=7, choices=SuggestionState.choices, default=SuggestionState.OPEN)
    made_at = models.DateTimeField(_("made"))
    ruled_by = models.ForeignKey(null=True, verbose_name=_("ruled by"), **_WHO)
    ruled_at = models.DateTimeField(_("ruled"), null=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("red flag"))

    objects: ClassVar[Any] = SuggestionQuerySet.as_manager()

    class Meta(ChoiceLabels.Meta):
        verbose_name = _("suggested red flag")
        constraints = [models.UniqueConstraint(fields=["client", "clipping", "code"], name="flags_suggested_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.client}"

    def get_absolute_url(self) -> str:
        """The board, where it is ruled on."""
        return url_of("flags:suggestion_take", self.pk)

    @property
    def entry(self) -> book.Entry:
        """What the book says of the code."""
        return book.entries()[self.code]


class Suspension(OfClient, models.Model):
    """A client's undrawn limits stand still from one moment to another, as long as a critical flag is open. Class R.

    `packs` are the live packs that it stopped, each with the state that it goes back to. Of its reason nothing is told but by the flag.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="suspensions", verbose_name=_("client"))
    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="+", help_text="The first critical one.")
    since = models.DateTimeField(_("since"))
    lifted_at = models.DateTimeField(_("lifted"), null=True)
    packs = models.JSONField(default=list, help_text="[[pack id, state before], ...]")

    objects: ClassVar[Any] = SuspensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspension of limits")
        constraints = [models.UniqueConstraint(fields=["client"], condition=Q(lifted_at=None), name="flags_suspended_once")]

    def __str__(self) -> str:
        return f"{self.client}: {self.since}"
