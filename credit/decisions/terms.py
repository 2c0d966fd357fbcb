"""What a facility letter tells: the terms as they were decided, and the only fields that it may name (domain 1.3, rule 1; 6.8, row 15).

Amounts, prices and conditions come from the decision and the sealed version that it was taken on. No purpose, no reason, no level, no risk
class, no total: what the request, the review or a concession said never stands here.
"""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from credit.decisions.choices import LETTER_CONTEXT, ConditionKind
from credit.decisions.models import Decision
from credit.packs import selectors as packs
from credit.packs.catalogue import name_of
from crm.companies.models import reads_chinese
from crm.kernel.contributions import PaperContext, PaperField
from crm.kernel.money import Money
from crm.papers import rules as papers
from crm.papers.choices import FaultKind
from crm.papers.contributions import LETTER_FIELDS
from crm.papers.rules import Fault, Phrases, Written, place_of

_RISK_CLASS = re.compile(r"(?<![A-Za-z0-9])R[1-5](?![A-Za-z0-9])", re.IGNORECASE)


def terms_of(decision: Decision) -> dict[str, Any]:
    """What was decided, as plain JSON: of the sealed version the facilities with their prices, and the conditions as they stood."""
    rows = packs.facilities_of(decision.version_read)
    return {
        "facilities": [_facility(row, decision.pack.company_id) for row in rows],
        "conditions": [{name: row[name] for name in ("number", "kind", "text", "due_on")} for row in decision.conditions],
        "valid_until": decision.valid_until.isoformat() if decision.valid_until else None,
    }


def _facility(row: Any, company_id: int) -> dict[str, Any]:
    other = row.borrower if row.borrower is not None and row.borrower.company_id != company_id else None
    return {
        "type": row.type_code,
        "currency": row.currency,
        "amount": f"{row.amount:.2f}",
        "is_committed": row.is_committed,
        "in_cap": row.in_cap,
        "months": row.tenor_months,
        "margin_bps": None if row.margin_bps is None else f"{row.margin_bps:.2f}",
        "base_rate": row.base_rate,
        "fee": row.fee,
        "repayment": row.repayment,
        "borrower": str(other) if other is not None else "",
    }


def facilities(terms: dict[str, Any]) -> str:
    """The facilities, each with its price on the lines below, in the language in force."""
    return "\n".join(line for number, row in enumerate(terms["facilities"], start=1) for line in _lines(number, row))


def _lines(number: int, row: dict[str, Any]) -> Iterator[str]:
    amount = str(Money(Decimal(row["amount"]), row["currency"]))
    months = ngettext("%(number)s month", "%(number)s months", row["months"]) % {"number": row["months"]}
    told = {"number": number, "name": name_of(row["type"]), "amount": amount, "months": months}
    yield pgettext("facility letter", "%(number)s. %(name)s: %(amount)s, for %(months)s") % told
    if row["borrower"]:
        yield pgettext("facility letter", "Borrower: %(name)s") % {"name": row["borrower"]}
    if row["in_cap"]:
        yield pgettext("facility letter", "Within the shared limit")
    if not row["is_committed"]:
        yield pgettext("facility letter", "Uncommitted: we may ask for repayment at any time")
    price = _price(row)
    for words, value in (
        (pgettext("facility letter", "Interest: %(value)s"), price),
        (pgettext("facility letter", "Fees: %(value)s"), row["fee"]),
        (pgettext("facility letter", "Repayment: %(value)s"), row["repayment"]),
    ):
        if value:
            yield words % {"value": value}


def _price(row: dict[str, Any]) -> str:
    base: str = row["base_rate"]
    if row["margin_bps"] is None:
        return base
    percent = (Decimal(row["margin_bps"]) / 100).normalize()
    told = {"percent": f"{abs(percent):f}", "base": base}
    if not base:
        return pgettext("facility letter", "%(percent)s%% a year") % told
    if percent < 0:
        return pgettext("facility letter", "%(percent)s%% a year below %(base)s") % told
    return pgettext("facility letter", "%(percent)s%% a year over %(base)s") % told


def conditions(terms: dict[str, Any], kind: str) -> str:
    """The conditions of a kind under their heading; empty where there are none."""
    rows = [row for row in terms["conditions"] if row["kind"] == kind]
    if not rows:
        return ""
    if kind == ConditionKind.PRECEDENT:
        heading = pgettext("facility letter", "Before the facilities may be drawn:")
    else:
        heading = pgettext("facility letter", "Afterwards, each by its day:")
    return "\n".join([heading, *(_condition(row) for row in rows)])


def _condition(row: dict[str, Any]) -> str:
    if not row["due_on"]:
        return f"- {row['text']}"
    by = pgettext("facility letter", "by %(day)s") % {"day": day_of(row["due_on"])}
    return f"- {row['text']} ({by})"


def day_of(iso: str | None) -> str:
    """A day in words; empty for none."""
    if not iso:
        return ""
    return date_format(dt.date.fromisoformat(iso), "DATE_FORMAT" if reads_chinese() else "j F Y")


def unsayable(text: str, never: Phrases) -> list[Fault]:
    """What of a text no client may read: the bank's phrases, and risk classes by their letter (internal, class R)."""
    found = papers.spoken(Written(text), never)
    for match in _RISK_CLASS.finditer(text):
        place = place_of(text, match.start())
        told = {"phrase": match[0], "line": place.line, "column": place.column}
        words = _("The finished letter would say “%(phrase)s” (line %(line)s, character %(column)s), which is a risk class of the bank.")
        found.append(Fault(FaultKind.PHRASE, match[0], place, words % told))
    return found


def free_texts(version: Any) -> Iterator[tuple[Any, str]]:
    """The words of a version's facilities that a letter would tell, each with its facility."""
    for row in packs.facilities_of(version):
        for text in (row.base_rate, row.fee, row.repayment):
            if text:
                yield row, text


def _field(name: str, label: Any, value: Any, *samples: str, lines: bool = False) -> PaperField:
    return PaperField(name, label, "K", value, dict(zip(("en", "zh-hant", "zh-hans"), samples, strict=True)), lines=lines)


FACILITY_LETTER = PaperContext(
    LETTER_CONTEXT,
    _("Facility letter"),
    (
        *LETTER_FIELDS,
        _field("reference", _("Number"), lambda about: about.about.pack.number, "BK-2026-01", "BK-2026-01", "BK-2026-01"),
        _field("facilities", _("Facilities with their prices"), lambda about: facilities(about.about.terms),
               "1. Trust receipt: HK$ 5,000,000.00, for 12 months\nInterest: 1.75% a year over HIBOR",
               "1. 信託收據：HK$ 5,000,000.00，為期12個月\n利息：年利率為HIBOR加1.75%",
               "1. 信托收据：HK$ 5,000,000.00，为期12个月\n利息：年利率为HIBOR加1.75%", lines=True),
        _field("conditions_before", _("Conditions before drawing"), lambda about: conditions(about.about.terms, ConditionKind.PRECEDENT),
               "Before the facilities may be drawn:\n- Guarantee signed", "提取授信前須符合：\n- 擔保書已簽署",
               "提取授信前须符合：\n- 担保书已签署", lines=True),
        _field("conditions_after", _("Conditions afterwards"), lambda about: conditions(about.about.terms, ConditionKind.SUBSEQUENT),
               "Afterwards, each by its day:\n- Audited accounts (by 30 September 2026)",
               "其後須按期符合：\n- 經審計賬目（2026年9月30日或之前）",
               "其后须按期符合：\n- 经审计账目（2026年9月30日或之前）", lines=True),
        _field("valid_until", _("Last day of acceptance"), lambda about: day_of(about.about.terms["valid_until"]),
               "4 June 2026", "2026年6月4日", "2026年6月4日"),
    ),
    order=30,
)  # fmt: skip
"""The letter that offers what was decided; `about` is a `credit.decisions.services.letters.Decided`."""

__all__ = ["FACILITY_LETTER", "conditions", "facilities", "free_texts", "terms_of", "unsayable"]
