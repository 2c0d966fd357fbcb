"""Payments out of loans, what was done with each, what backs those for fixed assets, and the lists that borrowers bring."""

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.packs.models import AMOUNT, Pack
from credit.payments.choices import Act, Mode, State
from credit.payments.querysets import PaymentPartQuerySet, PaymentQuerySet
from credit.payments.rules import Listed
from crm.kernel.addresses import url_of
from crm.kernel.files import StoredFile
from crm.kernel.models import AuditedModel, ChoiceLabels, EventModel, VersionedModel

_WHO: dict[str, Any] = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class Payment(AuditedModel):
    """One payment out of a live pack: asked for in credit, checked by credit administration, paid by the business office. Class K."""

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="payments", verbose_name=_("credit pack"))
    mode = models.CharField(_("mode"), max_length=7, choices=Mode.choices)
    grounds = models.JSONField(default=list, help_text="Ground values.")
    amount = models.DecimalField(_("amount"), **AMOUNT)
    currency = models.CharField(_("currency"), max_length=3)
    purpose = models.CharField(pgettext_lazy("loan", "purpose"), max_length=300)
    payee = models.CharField(_("payee"), max_length=200)
    account = models.CharField(_("payee’s account"), max_length=60)
    payee_key = models.CharField(max_length=80, editable=False)
    contract = models.CharField(_("contract number"), max_length=60)
    contract_party = models.CharField(_("party of the contract"), max_length=200)
    contract_amount = models.DecimalField(_("amount of the contract"), **AMOUNT)
    invoice = models.CharField(_("invoice number"), max_length=60, blank=True)
    is_related = models.BooleanField(_("payee is related, and declared so"), default=False)
    is_split = models.BooleanField(_("split under the threshold"), default=False)
    needs_voucher = models.BooleanField(_("in the sample of vouchers"), default=False)
    state = models.CharField(pgettext_lazy("payment", "standing"), max_length=8, choices=State.choices, default=State.ASKED)
    asked_on = models.DateField(_("day"))
    maker = models.ForeignKey(verbose_name=_("asked by"), **_WHO)
    checker = models.ForeignKey(null=True, verbose_name=_("checked by"), **_WHO)
    executor = models.ForeignKey(null=True, verbose_name=_("carried out by"), **_WHO)
    paid_at = models.DateTimeField(_("paid"), null=True)

    objects: ClassVar[Any] = PaymentQuerySet.as_manager()

    class Meta(AuditedModel.Meta):
        verbose_name = pgettext_lazy("loan", "payment")
        indexes = [
            models.Index(fields=["-asked_on", "-id"], name="payments_newest"),
            models.Index(fields=["pack", "payee_key", "asked_on"], name="payments_to_payee"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_above_nothing"),
            models.CheckConstraint(condition=Q(checker=None) | ~Q(checker=F("maker")), name="payments_checked_by_another"),
            models.CheckConstraint(
                condition=Q(executor=None) | (~Q(executor=F("maker")) & ~Q(executor=F("checker"))), name="payments_by_three"
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(checker__isnull=False, executor__isnull=False, paid_at__isnull=False),
                name="payments_paid_by_three",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The payment's page."""
        return url_of("payments:payment_detail", self.pk)

    @staticmethod
    def pack_model() -> type[Pack]:
        """For querysets, which stand below the models."""
        return Pack


class PaymentEvent(EventModel, ChoiceLabels):
    """What was done with a payment. Added, never changed; the database refuses it too."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(_("what"), max_length=7, choices=Act.choices)
    note = models.CharField(_("words"), max_length=1000, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("voucher"))

    objects: ClassVar[Any] = PaymentPartQuerySet.as_manager()

    class Meta(ChoiceLabels.Meta):
        verbose_name = _("event of a payment")

    def __str__(self) -> str:
        return f"{self.payment_id} {self.act}"

    @staticmethod
    def payment_model() -> type[Payment]:
        """For querysets, which stand below the models."""
        return Payment


class ProgressProof(EventModel):
    """What backs a payment out of a fixed-asset loan: the borrower's equity and the certified progress. Written with it, never changed."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="proof")
    equity_planned = models.DecimalField(_("equity as agreed"), **AMOUNT)
    equity_paid = models.DecimalField(_("equity paid in"), **AMOUNT)
    certificate = models.CharField(_("progress certificate"), max_length=60)
    progress_percent = models.PositiveSmallIntegerField(_("certified progress (per cent)"))

    objects: ClassVar[Any] = PaymentPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("proof of progress")
        constraints = [models.CheckConstraint(condition=Q(progress_percent__lte=100), name="payments_progress_of_100")]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.certificate}"

    @staticmethod
    def payment_model() -> type[Payment]:
        """For querysets, which stand below the models."""
        return Payment


class MonthList(AuditedModel, VersionedModel):
    """A borrower's list of the payments that it made itself out of a loan in a month: owed from the first of them on. Class K.

    `month` is its first day. `lines` hold day, payee, amount and purpose as text; a list may come as a paper alone (`file`).
    """

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="month_lists", verbose_name=_("credit pack"))
    month = models.DateField(_("month"))
    due_at = models.DateTimeField(_("due"))
    brought_at = models.DateTimeField(_("brought"), null=True)
    brought_by = models.ForeignKey(null=True, verbose_name=_("brought by"), **_WHO)
    lines = models.JSONField(default=list)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("paper"))
    note = models.CharField(_("remark"), max_length=1000, blank=True)

    objects: ClassVar[Any] = PaymentQuerySet.as_manager()

    class Meta(AuditedModel.Meta):
        verbose_name = _("list of a month’s payments")
        indexes = [models.Index(fields=["-due_at", "-id"], name="payments_list_newest")]
        constraints = [
            models.UniqueConstraint(fields=["pack", "month"], name="payments_list_once"),
            models.CheckConstraint(
                condition=Q(brought_at=None, brought_by=None) | Q(brought_at__isnull=False, brought_by__isnull=False),
                name="payments_list_brought_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack.number} {self.month:%Y-%m}"

    def get_absolute_url(self) -> str:
        """The list's page."""
        return url_of("payments:list_detail", self.pk)

    @staticmethod
    def pack_model() -> type[Pack]:
        """For querysets, which stand below the models."""
        return Pack

    def is_late(self, now: dt.datetime) -> bool:
        """Whether it came after its day, or has not come by it."""
        return (self.brought_at or now) > self.due_at

    @property
    def listed(self) -> list[Listed]:
        """Its payments."""
        return [Listed.of_json(row) for row in self.lines]
