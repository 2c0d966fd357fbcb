"""Payments and lists of a month as tables."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.payments.choices import Mode, State
from credit.payments.models import MonthList, Payment
from crm.web.tables import ChipColumn, Column, MoneyColumn, NameColumn, Table, WhenColumn
from crm.web.templatetags import ui

STATE_TONES = {State.ASKED: "amber", State.CHECKED: "indigo", State.PAID: "jade", State.REJECTED: "seal"}


class PaymentTable(Table):
    """Newest first."""

    company = NameColumn(verbose_name=_("Company"), accessor="pack__company", orderable=False)
    number = Column(verbose_name=_("Number"), orderable=False, css="nowrap")
    asked_on = WhenColumn(verbose_name=_("Day"), initial_sort_descending=True)
    payee = Column(verbose_name=_("Payee"), orderable=False, css="long")
    amount = MoneyColumn(verbose_name=_("Amount"), currency_accessor="currency", orderable=False)
    mode = ChipColumn(verbose_name=_("Mode"), tones={Mode.TRUSTEE: "indigo"}, orderable=False)
    state = ChipColumn(verbose_name=pgettext_lazy("payment", "Standing"), tones=STATE_TONES, orderable=False)

    class Meta:
        model = Payment


def list_standing(owed: MonthList, now: dt.datetime) -> Any:
    """In a word: owed, late, brought, brought late."""
    if owed.brought_at:
        return _("Brought late") if owed.is_late(now) else _("Brought")
    return pgettext_lazy("list of payments", "Late") if owed.is_late(now) else pgettext_lazy("list of payments", "Owed")


def list_tone(owed: MonthList, now: dt.datetime) -> str:
    """The tone of that word."""
    if owed.is_late(now):
        return "amber" if owed.brought_at else "seal"
    return "jade" if owed.brought_at else ""


class MonthListTable(Table):
    """The one that is due last on top."""

    company = NameColumn(verbose_name=_("Company"), accessor="pack__company", orderable=False)
    pack = Column(verbose_name=_("Credit pack"), accessor="pack__number", orderable=False, css="nowrap")
    month = Column(verbose_name=_("Month"), orderable=False, css="nowrap")
    due_at = WhenColumn(verbose_name=pgettext_lazy("list of payments", "Due"), initial_sort_descending=True)
    brought_at = WhenColumn(verbose_name=_("Brought"), orderable=False)
    standing = Column(verbose_name=pgettext_lazy("list of payments", "Standing"), accessor="pk", orderable=False)

    class Meta:
        model = MonthList

    def render_month(self, value: dt.date, record: MonthList) -> str:
        """Month and year."""
        return date_format(value, "YEAR_MONTH_FORMAT")

    def value_month(self, value: dt.date, record: MonthList) -> dt.date:
        """Its first day."""
        return value

    def render_standing(self, value: Any, record: MonthList) -> Any:
        """Whether it is there, and in time."""
        now = timezone.now()
        return ui.chip(list_standing(record, now), list_tone(record, now))

    def value_standing(self, value: Any, record: MonthList) -> str:
        """In words."""
        return str(list_standing(record, timezone.now()))
