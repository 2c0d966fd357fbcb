"""What the letter of confirmation may say: fields of class P and K alone (domain 1.3, rule 1; 5.4). No level, no decider, no time."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.companies.models import reads_chinese
from crm.concessions.choices import Kind
from crm.concessions.rules import Terms
from crm.kernel.contributions import PaperContext, PaperField
from crm.kernel.money import Money
from crm.papers.contributions import LETTER_FIELDS
from crm.papers.selectors import LetterSubject

CONTEXT = "concession_confirmation"

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


def _result(about: LetterSubject) -> str:
    terms = about.about.granted_terms
    return in_words(terms, about.about.currency) if terms else ""


def _ends_on(about: LetterSubject) -> str:
    return date_format(about.about.sunset_on, "DATE_FORMAT" if reads_chinese() else "j F Y")


def _field(name: str, label: Any, value: Any, *samples: str) -> PaperField:
    return PaperField(name, label, "K", value, dict(zip(("en", "zh-hant", "zh-hans"), samples, strict=True)))


CONFIRMATION = PaperContext(
    CONTEXT,
    _("Confirmation of a concession"),
    (
        *LETTER_FIELDS,
        _field("result", _("What the client gets"), _result,
               "HK$ 1,800.00 of the standard fee of HK$ 3,600.00 is waived", "標準收費 HK$ 3,600.00 中豁免 HK$ 1,800.00",
               "标准收费 HK$ 3,600.00 中减免 HK$ 1,800.00"),
        _field("ends_on", _("Until when it holds"), _ends_on, "31 December 2026", "2026年12月31日", "2026年12月31日"),
        _field("reference", _("Number"), lambda about: about.about.number, "CN-2026-0001", "CN-2026-0001", "CN-2026-0001"),
    ),
    order=10,
)  # fmt: skip
