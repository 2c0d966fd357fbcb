"""Statements, kinds of periods, layouts of files, and what is done with a spread."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Part(models.TextChoices):
    """The statement in which a line stands."""

    BALANCE = "balance", _("Balance sheet")
    PROFIT = "profit", _("Profit and loss")
    CASH = "cash", _("Cash flow")
    SECURITY = "security", _("Security")


class PeriodKind(models.TextChoices):
    """How far the figures of a period may be trusted."""

    AUDITED = "audited", _("Audited")
    MANAGEMENT = "management", _("Management accounts")
    INTERIM = "interim", pgettext_lazy("of accounts", "Interim")


class UnitOfMoney(models.IntegerChoices):
    """What one in the statement stands for."""

    ONE = 1, pgettext_lazy("unit of money", "Units")
    THOUSAND = 1_000, pgettext_lazy("unit of money", "Thousands")
    TEN_THOUSAND = 10_000, pgettext_lazy("unit of money", "Ten thousands")
    MILLION = 1_000_000, pgettext_lazy("unit of money", "Millions")


class SpreadState(models.TextChoices):
    """Whether a second person has looked."""

    OPEN = "open", _("Not checked")
    CHECKED = "checked", _("Checked by a second person")


SPREAD_TRANSITIONS: dict[str, set[str]] = {
    SpreadState.OPEN: {SpreadState.CHECKED},
    SpreadState.CHECKED: {SpreadState.OPEN},
}


class SpreadAct(models.TextChoices):
    """What was done with a spread, for its event row."""

    BEGIN = "begin", pgettext_lazy("of a spread", "Begun")
    ENTER = "enter", pgettext_lazy("of a spread", "Figures typed")
    LOAD = "load", pgettext_lazy("of a spread", "Figures loaded from a file")
    RESTATE = "restate", pgettext_lazy("of a spread", "Figures restated")
    CHECK = "check", pgettext_lazy("of a spread", "Checked")
    CHANGE = "change", pgettext_lazy("of a spread", "Details changed")


class Layout(models.TextChoices):
    """How a file sets its figures out."""

    DOWN = "down", _("Lines go down, periods stand side by side")
    ACROSS = "across", _("Periods go down, lines stand side by side")
    FACTS = "facts", _("One figure a row, with its dates")


class UploadState(models.TextChoices):
    """Where a file stands that somebody brought."""

    READ = "read", pgettext_lazy("of a file", "Read, not taken over yet")
    LOADED = "loaded", pgettext_lazy("of a file", "Taken over")
