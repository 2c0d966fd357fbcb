"""The independent directory of contacts, verifications, and what was done, asked and answered."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.flags.models import Flag
from credit.verifications.choices import Act, Channel, Ground, Kind, Result, State
from credit.verifications.querysets import DirectoryQuerySet, VerificationPartQuerySet, VerificationQuerySet
from crm.clients.models import Client
from crm.kernel.addresses import url_of
from crm.kernel.files import StoredFile
from crm.kernel.models import AuditedModel, ChoiceLabels, EventModel, VersionedModel

_WHO: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class DirectoryContact(AuditedModel, VersionedModel):
    """Whom to ask about papers, from a source that is independent of any paper: a register, the carrier's own published list."""

    kind = models.CharField(_("for"), max_length=9, choices=Kind.choices, default=Kind.BILL)
    name = models.CharField(_("name"), max_length=200)
    scac = models.CharField(_("carrier’s code"), max_length=4, blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    address = models.CharField(_("address or number"), max_length=200)
    source = models.CharField(_("where it was found"), max_length=300)
    checked_on = models.DateField(_("checked on"))
    is_used = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = DirectoryQuerySet.as_manager()

    class Meta(AuditedModel.Meta):
        verbose_name = _("directory contact")
        constraints = [models.UniqueConstraint(fields=["kind", "name", "address"], name="verifications_contact_once")]

    def __str__(self) -> str:
        return f"{self.name} · {self.address}"

    def get_absolute_url(self) -> str:
        """Where it is kept."""
        return url_of("verifications:contact_update", self.pk)


class Verification(AuditedModel):
    """One paper that is being verified with who issued it. Class R; hidden from who could warn the client. Never deleted."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="verifications", verbose_name=_("client"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    state = models.CharField(pgettext_lazy("verification", "standing"), max_length=6, choices=State.choices, default=State.OPEN)
    ground = models.CharField(_("why it is verified"), max_length=7, choices=Ground.choices)
    number = models.CharField(_("number of the paper"), max_length=60)
    number_key = models.CharField(max_length=60, editable=False)
    reference = models.CharField(_("our reference of the deal"), max_length=60)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    invoice = models.CharField(_("invoice number"), max_length=60, blank=True)
    invoice_key = models.CharField(max_length=60, blank=True, editable=False)
    contact = models.CharField(_("contact that the paper names"), max_length=300, blank=True)
    scac = models.CharField(_("carrier’s code"), max_length=4, blank=True)
    vessel = models.CharField(_("vessel"), max_length=80, blank=True)
    voyage = models.CharField(_("voyage"), max_length=40, blank=True)
    load_port = models.CharField(_("port of loading"), max_length=80, blank=True)
    discharge_port = models.CharField(_("port of discharge"), max_length=80, blank=True)
    on_board_on = models.DateField(_("on board"), null=True)
    shipper = models.CharField(_("shipper"), max_length=200, blank=True)
    consignee = models.CharField(_("consignee"), max_length=200, blank=True)
    goods = models.CharField(_("goods"), max_length=300, blank=True)
    weight = models.CharField(_("weight"), max_length=40, blank=True)
    containers = models.JSONField(_("containers"), default=list)
    opened_by = models.ForeignKey(null=True, verbose_name=_("transcribed by"), **_WHO)
    opened_at = models.DateTimeField(_("transcribed"))
    asked = models.ForeignKey(DirectoryContact, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("asked of"))
    sent_at = models.DateTimeField(_("sent"), null=True)
    chase_at = models.DateTimeField(_("ask again"), null=True)
    reply_by = models.DateTimeField(_("reply by"), null=True)
    result = models.CharField(_("result"), max_length=10, choices=Result.choices, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True)
    flags = models.ManyToManyField(Flag, related_name="+", blank=True)

    objects: ClassVar[Any] = VerificationQuerySet.as_manager()

    class Meta(AuditedModel.Meta):
        verbose_name = _("verification")
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="verifications_newest"),
            models.Index(fields=["kind", "scac", "number_key"], name="verifications_number"),
            models.Index(fields=["invoice_key"], condition=~Q(invoice_key=""), name="verifications_invoice"),
            models.Index(fields=["reply_by"], condition=Q(state__in=["sent", "chased"]), name="verifications_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["client", "kind", "scac", "number_key", "reference"], name="verifications_once"),
            models.CheckConstraint(
                condition=(Q(state="done") & ~Q(result="") & Q(settled_at__isnull=False)) | (~Q(state="done") & Q(result="")),
                name="verifications_settled_with_result",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "chased"]) | Q(sent_at__isnull=False, reply_by__isnull=False, asked__isnull=False),
                name="verifications_sent_to_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The case."""
        return url_of("verifications:verification_detail", self.pk)

    @property
    def is_to_be_transcribed(self) -> bool:
        """Put up by itself, with no more than the core bank's books say of the paper."""
        return self.opened_by_id is None and self.state != State.DONE


class Step(EventModel, ChoiceLabels):
    """What was done, asked or answered: channel, name, time, the message and the hash of what was kept. Never changed, by the database."""

    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(_("what"), max_length=6, choices=Act.choices)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices, blank=True)
    name = models.CharField(_("who"), max_length=200, blank=True)
    told_at = models.DateTimeField(_("when it was said"), null=True)
    message = models.TextField(_("message"), blank=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the file, else of the message in UTF-8.")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("original"))

    objects: ClassVar[Any] = VerificationPartQuerySet.as_manager()

    class Meta(ChoiceLabels.Meta):
        verbose_name = _("step of a verification")

    def __str__(self) -> str:
        return f"{self.verification_id} {self.act}"

    @staticmethod
    def verification_model() -> type[Verification]:
        """For querysets, which stand below the models."""
        return Verification
