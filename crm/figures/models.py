"""The nightly files of the core bank, and what they say of clients day by day.

Amounts are whole hundredths: SQLite adds decimals up as binary fractions, which would lose or invent a cent, and totals must tie to it.
Those whose name ends in `_hkd`, and all of turnover, income and returned items, are in Hong Kong dollars at the rate that the core bank
used on the day; the others are in the row's own currency.
"""

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.clients.models import Client
from crm.figures.choices import DepositKind, FileKind, FileState, IncomeKind, Product
from crm.figures.querysets import DailyQuerySet, FileQuerySet
from crm.kernel.addresses import url_of
from crm.kernel.limits import decimal
from crm.kernel.models import ChoiceLabels


class FigureFile(ChoiceLabels):
    """One nightly file as it was delivered, and how far it is loaded. Seen by head office, finance, the business office and audit.

    `totals` holds for each column of amounts, in hundredths, what the trailer states and what was loaded, found unchanged and refused.
    `refusals` are the first rows that were refused, each with its number, column, value and reason.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=FileKind.choices)
    on = models.DateField(_("day"))
    version = models.PositiveSmallIntegerField(_("statement"), default=1)
    bank = models.CharField(_("bank"), max_length=40)
    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(pgettext_lazy("of a file", "standing"), max_length=8, choices=FileState.choices, default=FileState.LOADING)
    read = models.PositiveIntegerField(_("rows"), default=0)
    loaded = models.PositiveIntegerField(pgettext_lazy("rows of a file", "loaded"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    totals = models.JSONField(default=dict)
    refusals = models.JSONField(default=list)
    totals_match = models.BooleanField(_("totals match"), default=False)
    published_through = models.PositiveIntegerField(default=0, help_text="The last line of the file that is carried out.")
    started_at = models.DateTimeField(_("begun"))
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = FileQuerySet.as_manager()

    class Meta(ChoiceLabels.Meta):
        verbose_name = _("nightly file")
        constraints = [
            models.UniqueConstraint(fields=["kind", "on", "sha256"], name="figures_file_once"),
            models.CheckConstraint(
                condition=models.Q(read=models.F("loaded") + models.F("unchanged") + models.F("refused")), name="figures_file_counted"
            ),
        ]
        indexes = [models.Index(fields=["-on", "-id"], name="figures_file_newest")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """What came in it, and what was refused."""
        return url_of("figures:file_detail", self.pk)

    @property
    def is_restatement(self) -> bool:
        """States a day anew."""
        return self.version > 1


class DailyFigure(ChoiceLabels):
    """What one file says of a client on one day. Never changed: a re-statement is a newer row, and the older one stays beside it."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name=_("client"))
    on = models.DateField(_("day"))
    file = models.ForeignKey(FigureFile, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))
    is_latest = models.BooleanField(default=True, help_text="No newer file has said otherwise.")

    KEYS: ClassVar[tuple[str, ...]] = ()
    AMOUNTS: ClassVar[tuple[str, ...]] = ()
    COUNTS: ClassVar[tuple[str, ...]] = ()
    PLAIN: ClassVar[tuple[str, ...]] = ()

    objects: ClassVar[Any] = DailyQuerySet.as_manager()

    class Meta(ChoiceLabels.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.client_id} {self.on}"

    @staticmethod
    def client_model() -> type[Client]:
        """For querysets, which stand below the models."""
        return Client


def _once(name: str, *keys: str) -> list[models.BaseConstraint]:
    """One standing row of each key; its index is also the way to a client's days."""
    return [models.UniqueConstraint(fields=["client", "on", *keys], condition=models.Q(is_latest=True), name=f"figures_{name}_once")]


class Balance(DailyFigure):
    """What a client held in one kind of deposits and one currency at the end of a day. Below zero where the account was overdrawn."""

    kind = models.CharField(_("kind"), max_length=10, choices=DepositKind.choices)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.BigIntegerField(_("balance"))
    amount_hkd = models.BigIntegerField(_("balance in HKD"))

    KEYS = ("kind", "currency")
    AMOUNTS = ("amount", "amount_hkd")

    class Meta(DailyFigure.Meta):
        verbose_name = _("balance")
        constraints = _once("balance", "kind", "currency")


class Turnover(DailyFigure):
    """What was paid in and out over a client's accounts of one currency on a day, and the largest of each, in Hong Kong dollars."""

    currency = models.CharField(_("currency"), max_length=3)
    paid_in = models.BigIntegerField(_("paid in"))
    paid_out = models.BigIntegerField(_("paid out"))
    largest_in = models.BigIntegerField(_("largest in"))
    largest_out = models.BigIntegerField(_("largest out"))

    KEYS = ("currency",)
    AMOUNTS = ("paid_in", "paid_out", "largest_in", "largest_out")

    class Meta(DailyFigure.Meta):
        verbose_name = _("turnover")
        constraints = _once("turnover", "currency")


class LimitUse(DailyFigure):
    """A facility's limit and what was drawn under it at the end of a day. The core bank's own reference names the facility."""

    reference = models.CharField(_("facility"), max_length=20)
    facility = models.CharField(_("type"), max_length=12)
    currency = models.CharField(_("currency"), max_length=3)
    limit = models.BigIntegerField(_("limit"))
    drawn = models.BigIntegerField(_("drawn"))
    limit_hkd = models.BigIntegerField(_("limit in HKD"))
    drawn_hkd = models.BigIntegerField(_("drawn in HKD"))

    KEYS = ("reference",)
    PLAIN = ("facility", "currency")
    AMOUNTS = ("limit", "drawn", "limit_hkd", "drawn_hkd")

    class Meta(DailyFigure.Meta):
        verbose_name = _("limit and drawing")
        constraints = _once("limit", "reference")

    @property
    def limit_amount(self) -> Decimal:
        """The limit, in its own currency."""
        return decimal(self.limit)

    @property
    def drawn_amount(self) -> Decimal:
        """What is drawn, in the limit's currency."""
        return decimal(self.drawn)


class Income(DailyFigure):
    """What the bank booked on a day as earned from a client with one product, in Hong Kong dollars. Below zero where it was given back."""

    product = models.CharField(_("product"), max_length=10, choices=Product.choices)
    kind = models.CharField(_("kind"), max_length=10, choices=IncomeKind.choices)
    one_off = models.BooleanField(_("once only"), default=False)
    amount = models.BigIntegerField(_("income"))

    KEYS = ("product", "kind", "one_off")
    AMOUNTS = ("amount",)

    class Meta(DailyFigure.Meta):
        verbose_name = _("income")
        constraints = _once("income", "product", "kind", "one_off")


class Conduct(DailyFigure):
    """Items returned on a day, and for how many days on end an account has stood over its limit. Clients without either are left out."""

    returned_items = models.PositiveIntegerField(_("items returned"))
    returned_amount = models.BigIntegerField(_("amount returned"))
    excess_days = models.PositiveIntegerField(_("days in excess"))

    AMOUNTS = ("returned_amount",)
    COUNTS = ("returned_items", "excess_days")

    class Meta(DailyFigure.Meta):
        verbose_name = _("conduct")
        constraints = _once("conduct")


class Arrears(DailyFigure):
    """A facility that is late on a day, or under which the bank paid for the client and was not repaid. Current ones are left out.

    `overdue_days` count from the first due date that is unpaid; of an advance from the day on which the bank paid.
    """

    reference = models.CharField(_("facility"), max_length=20)
    facility = models.CharField(_("type"), max_length=12)
    overdue_days = models.PositiveIntegerField(_("days overdue"))
    overdue_hkd = models.BigIntegerField(_("overdue in HKD"))
    advanced_hkd = models.BigIntegerField(_("advanced by the bank in HKD"))

    KEYS = ("reference",)
    PLAIN = ("facility",)
    AMOUNTS = ("overdue_hkd", "advanced_hkd")
    COUNTS = ("overdue_days",)

    class Meta(DailyFigure.Meta):
        verbose_name = _("arrears")
        constraints = _once("arrears", "reference")

    @property
    def overdue_amount(self) -> Decimal:
        """What is late, in Hong Kong dollars."""
        return decimal(self.overdue_hkd)

    @property
    def advanced_amount(self) -> Decimal:
        """What the bank paid and was not repaid, in Hong Kong dollars."""
        return decimal(self.advanced_hkd)


class Bill(DailyFigure):
    """A bill of lading behind a deal that the bank has paid and is not repaid, as the core bank books it."""

    reference = models.CharField(_("deal"), max_length=20)
    number = models.CharField(_("number of the bill"), max_length=40)
    scac = models.CharField(_("carrier’s code"), max_length=4)
    currency = models.CharField(_("currency"), max_length=3)
    amount = models.BigIntegerField(_("amount"))
    amount_hkd = models.BigIntegerField(_("amount in HKD"))

    KEYS = ("reference", "number")
    PLAIN = ("scac", "currency")
    AMOUNTS = ("amount", "amount_hkd")

    class Meta(DailyFigure.Meta):
        verbose_name = _("bill outstanding")
        constraints = _once("bill", "reference", "number")


MODELS: dict[str, type[DailyFigure]] = {
    FileKind.BALANCES: Balance,
    FileKind.TURNOVER: Turnover,
    FileKind.LIMITS: LimitUse,
    FileKind.INCOME: Income,
    FileKind.CONDUCT: Conduct,
    FileKind.ARREARS: Arrears,
    FileKind.BILLS: Bill,
}
"""Where the rows of each kind of file stand."""
