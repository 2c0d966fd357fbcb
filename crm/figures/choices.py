"""Kinds of nightly files and of what stands in them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FileKind(models.TextChoices):
    """What a nightly file tells. One of each is expected for every working day, of some kinds once they have come."""

    BALANCES = "balances", _("Balances")
    TURNOVER = "turnover", _("Turnover")
    LIMITS = "limits", _("Limits and drawings")
    INCOME = "income", _("Income")
    CONDUCT = "conduct", _("Conduct of accounts")
    ARREARS = "arrears", _("Arrears and advances")
    BILLS = "bills", _("Bills outstanding")


SENT_BY_SOME = (FileKind.ARREARS, FileKind.BILLS)
"""Kinds that not every bank's core system sends: called for from the first one on."""


class FileState(models.TextChoices):
    """Where the loading of a file stands."""

    LOADING = "loading", pgettext_lazy("of a nightly file", "Not finished")
    DONE = "done", pgettext_lazy("of a nightly file", "Loaded")


class DepositKind(models.TextChoices):
    """Kinds of deposits."""

    CURRENT = "current", _("Current account")
    SAVINGS = "savings", _("Savings account")
    TIME = "time", _("Time deposit")
    STRUCTURED = "structured", _("Structured deposit")


class Product(models.TextChoices):
    """Families of products that earn income (domain 9)."""

    DEPOSITS = "deposits", pgettext_lazy("product", "Deposits")
    CASH = "cash", _("Cash management")
    LOANS = "loans", pgettext_lazy("product", "Loans")
    PROPERTY = "property", _("Property finance")
    TRADE = "trade", _("Trade finance")
    FX = "fx", _("FX and hedging")
    CARDS = "cards", _("Cards and acquiring")
    AGENCY = "agency", _("Agency business")
    ADVISORY = "advisory", _("Advisory")
    CHAIN = "chain", _("Supply chain")
    PRIVATE = "private", _("Private banking of the owner")


class IncomeKind(models.TextChoices):
    """What income is (domain 9: fee share)."""

    INTEREST = "interest", _("Net interest")
    FEE = "fee", pgettext_lazy("income", "Fees")
    FX = "fx", pgettext_lazy("income", "FX margin")


class Arrival(models.TextChoices):
    """How a file of a working day came, for the board."""

    ON_TIME = "on_time", _("On time")
    LATE = "late", pgettext_lazy("of a nightly file", "Late")
    UNTIED = "untied", _("Total differs")
    BROKEN = "broken", pgettext_lazy("of a nightly file", "Not finished")
    MISSING = "missing", pgettext_lazy("of a nightly file", "Missing")
    DUE = "due", pgettext_lazy("of a nightly file", "Not due yet")
