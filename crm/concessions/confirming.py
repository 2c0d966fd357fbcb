"""What the letter of confirmation may say: fields of class P and K alone (domain 1.3, rule 1; 5.4). No level, no decider, no time."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from crm.companies.choices import AddressKind
from crm.companies.models import reads_chinese
from crm.concessions.choices import Kind
from crm.concessions.models import Concession
from crm.concessions.rules import Terms
from crm.kernel.contributions import PaperContext, PaperField
from crm.kernel.money import Money

CONTEXT = "concession_confirmation"
_POSTAL = (AddressKind.OFFICE, AddressKind.REGISTERED)

_FOR_CLIENT = {
    Kind.CT1: pgettext_lazy("to a client", "the margin of your loan of %(amount)s is lowered by %(bp)s basis points for %(days)s days"),
    Kind.CT2: pgettext_lazy("to a client", "the rate of your deposit of %(amount)s is raised by %(bp)s basis points for %(days)s days"),
    Kind.CT3: pgettext_lazy("to a client", "%(amount)s of the standard fee of %(standard)s is waived"),
    Kind.CT4: pgettext_lazy("to a client", "your exchange deal of %(amount)s is done at a spread lowered by %(cut_percent)s per cent"),
    Kind.CT5: pgettext_lazy("to a client", "a temporary excess of %(amount)s over your limit for %(days)s days is in place"),
    Kind.CT6: pgettext_lazy("to a client", "the outstanding document may reach us up to %(days)s days later"),
    Kind.CT7: pgettext_lazy("to a client", "you may draw on uncleared items up to %(amount)s"),
    Kind.CT8: pgettext_lazy(
        "to a client", "the cash margin of your letter of credit of %(amount)s is lowered by %(points)s percentage points"
    ),
    Kind.CT9: pgettext_lazy("to a client", "your instructions are taken up to %(minutes)s minutes after the cut-off time"),
    Kind.CT10: pgettext_lazy("to a client", "%(amount)s of the prepayment fee of %(standard)s is waived"),
}


@dataclass(frozen=True)
class Confirmation:
    """What the letter is about: the concession, who writes, in which post, on what day."""

    concession: Concession
    sender: Any
    post: Any
    day: dt.date


def in_words(terms: Terms, currency: str) -> str:
    """What is granted, as the client reads it."""
    values = {}
    for name in ("amount", "standard"):
        amount = getattr(terms, name)
        values[name] = str(Money(amount, currency)) if amount is not None else ""
    for name in ("bp", "days", "cut_percent", "points", "minutes"):
        figure = getattr(terms, name)
        values[name] = f"{figure.normalize():f}" if figure is not None else ""
    return str(_FOR_CLIENT[Kind(terms.kind)] % values)


def _result(about: Confirmation) -> str:
    terms = about.concession.granted_terms
    return in_words(terms, about.concession.currency) if terms else ""


def _day_of(day: dt.date | None) -> str:
    return date_format(day, "DATE_FORMAT" if reads_chinese() else "j F Y") if day else ""


def _address(about: Confirmation) -> str:
    rows = about.concession.company.addresses.filter(kind__in=_POSTAL)
    return str(min(rows, key=lambda row: (_POSTAL.index(AddressKind(row.kind)), row.pk), default=""))


def _salutation(about: Confirmation) -> str:
    return pgettext("of a letter", "Dear Sir or Madam,")


def _field(name: str, label: Any, klass: str, value: Any, *samples: str) -> PaperField:
    return PaperField(name, label, klass, value, dict(zip(("en", "zh-hant", "zh-hans"), samples, strict=True)))


CONFIRMATION = PaperContext(
    CONTEXT,
    _("Confirmation of a concession"),
    (
        _field("date", _("Date"), "P", lambda about: _day_of(about.day), "4 March 2026", "2026年3月4日", "2026年3月4日"),
        _field("company_name", _("Company’s name"), "P", lambda about: about.concession.company.name,
               "Blue Kiln Ceramics Limited", "藍窰陶瓷有限公司", "蓝窑陶瓷有限公司"),
        _field("company_address", _("Company’s address"), "P", _address,
               "8 Lantern Road, Kwun Tong", "觀塘燈籠道8號", "观塘灯笼道8号"),
        _field("salutation", _("Salutation"), "K", _salutation, "Dear Sir or Madam,", "敬啟者：", "敬启者："),
        _field("result", _("What the client gets"), "K", _result,
               "HK$ 1,800.00 of the standard fee of HK$ 3,600.00 is waived", "標準收費 HK$ 3,600.00 中豁免 HK$ 1,800.00",
               "标准收费 HK$ 3,600.00 中减免 HK$ 1,800.00"),
        _field("ends_on", _("Until when it holds"), "K", lambda about: _day_of(about.concession.sunset_on),
               "31 December 2026", "2026年12月31日", "2026年12月31日"),
        _field("reference", _("Number"), "K", lambda about: about.concession.number, "CN-2026-0001", "CN-2026-0001", "CN-2026-0001"),
        _field("sender_name", _("Your name"), "P", lambda about: about.sender.name, "Grace Lau", "劉嘉恩", "刘嘉恩"),
        _field("centre_name", _("Name of the centre"), "P", lambda about: about.concession.centre.name,
               "Kowloon East Centre", "九龍東中心", "九龙东中心"),
    ),
    order=10,
)  # fmt: skip
