"""Handovers of clients with their lists, and the three signatures."""

import json
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.handovers.choices import HandoverState, Side
from credit.handovers.querysets import HandoverQuerySet, OfHandoverQuerySet
from crm.clients.models import Client
from crm.kernel.addresses import url_of
from crm.kernel.models import AuditedModel, ChoiceLabels, EventModel

_WHO: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class Handover(AuditedModel):
    """A client goes from one manager to another by a list of all that is open, which three people sign. Class I.

    `content` is the list as canonical JSON under its hash; a signature holds for that hash alone. Once it is done the database refuses any
    change. Seen by whoever sees the client whole, and by the three.
    """

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="handovers", verbose_name=_("client"))
    outgoing = models.ForeignKey(verbose_name=_("hands over"), **_WHO)
    incoming = models.ForeignKey(verbose_name=_("takes over"), **_WHO)
    witness = models.ForeignKey(verbose_name=_("witness"), **_WHO)
    reason = models.CharField(_("why"), max_length=300)
    state = models.CharField(pgettext_lazy("handover", "standing"), max_length=7, choices=HandoverState.choices, default=HandoverState.OPEN)
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    listed_at = models.DateTimeField(_("list of"))
    begun_by = models.ForeignKey(verbose_name=_("begun by"), **_WHO)
    begun_at = models.DateTimeField(_("begun"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    end_reason = models.CharField(_("why it was dropped"), max_length=300, blank=True)

    objects: ClassVar[Any] = HandoverQuerySet.as_manager()

    class Meta(AuditedModel.Meta):
        verbose_name = pgettext_lazy("client", "handover")
        indexes = [models.Index(fields=["-begun_at", "-id"], name="handovers_newest")]
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=Q(state="open"), name="handovers_one_open"),
            models.CheckConstraint(
                condition=~Q(outgoing=F("incoming")) & ~Q(witness=F("outgoing")) & ~Q(witness=F("incoming")), name="handovers_three_people"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | (~Q(state="open") & Q(ended_at__isnull=False)), name="handovers_ended"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page."""
        return url_of("handovers:handover_detail", self.pk)

    @property
    def told(self) -> dict[str, Any]:
        """The list as values."""
        found: dict[str, Any] = json.loads(self.content)
        return found

    @staticmethod
    def client_model() -> type[Client]:
        """For querysets, which stand below the models."""
        return Client


class Signature(EventModel, ChoiceLabels):
    """One of the three signed a list, by their own sign-in. Never changed, by the database too.

    `reason`: why the head signed in the place of somebody who has left.
    """

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(_("for"), max_length=7, choices=Side.choices)
    sha256 = models.CharField(max_length=64)
    reason = models.CharField(_("why in another’s place"), max_length=300, blank=True)

    objects: ClassVar[Any] = OfHandoverQuerySet.as_manager()

    class Meta(ChoiceLabels.Meta):
        verbose_name = _("signature")
        constraints = [
            models.UniqueConstraint(fields=["handover", "side", "sha256"], name="handovers_side_once"),
            models.UniqueConstraint(fields=["handover", "actor", "sha256"], name="handovers_person_once"),
            models.CheckConstraint(condition=Q(actor__isnull=False, post__isnull=False), name="handovers_signed_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.handover_id} {self.side}"

    @staticmethod
    def handover_model() -> type[Handover]:
        """For querysets, which stand below the models."""
        return Handover
