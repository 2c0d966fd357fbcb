"""How the figures behind a covenant's value are shown: formula, lines and source in the reader's language, from what was frozen."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from credit.covenants import rules
from credit.covenants.choices import Metric
from credit.covenants.models import Covenant, CovenantTest
from credit.spreads.choices import PeriodKind, UnitOfMoney
from credit.spreads.lines import lines
from credit.spreads.rules.ratios import FORMULAS
from crm.kernel.errors import Sentence
from crm.web.templatetags.ui import money

_FORMULA = {formula.code: formula.formula for formula in FORMULAS}
_TURNOVER = _("paid in over our accounts / sales of the same months")
_HOW = {"stated": "", "follows": _("follows from others"), "nought": _("not stated, taken as nought")}


@dataclass(frozen=True, slots=True)
class Shown:
    """A value against its threshold, with where it came from: rows of (name, amount, remark), and the source in a line."""

    value: str
    promise: str
    keeps: bool | None
    formula: Sentence = ""
    reason: Sentence = ""
    rows: tuple[tuple[Any, Any, Any], ...] = ()
    source: str = ""


def figures_of(
    covenant: Covenant, value: Decimal | None, threshold: Decimal | None, figures: Mapping[str, Any], reason: Sentence = ""
) -> Shown:
    """What is behind a value, measured now or frozen."""
    told = rules.promise(covenant.metric, covenant.comparison, threshold, covenant.currency) if threshold is not None else covenant.promise
    keeps = None if value is None or threshold is None else rules.keeps(value, covenant.comparison, threshold)
    shown = "" if value is None else rules.shown(value, covenant.metric, covenant.currency)
    if not figures:
        return Shown(shown, told, keeps, reason=reason)
    if covenant.metric == Metric.TURNOVER:
        return Shown(shown, told, keeps, _TURNOVER, reason, _turnover_rows(figures), _source(figures))
    return Shown(shown, told, keeps, _FORMULA[covenant.metric], reason, _ratio_rows(figures), _source(figures))


def shown_of(test: CovenantTest) -> Shown:
    """What was frozen with a test."""
    return figures_of(test.covenant, test.value, test.threshold, test.figures, test.reason)


def _day(text: str) -> str:
    return date_format(dt.date.fromisoformat(text), "DATE_FORMAT")


def _turnover_rows(figures: Mapping[str, Any]) -> tuple[tuple[Any, Any, Any], ...]:
    span = _now("%(since)s to %(until)s") % {"since": _day(figures["since"]), "until": _day(figures["until"])}
    scaled = _now("of the last full year, put on %(months)s months") % {"months": figures["of_months"]} if figures["scaled"] else ""
    return (
        (_("Paid in over our accounts"), money(Decimal(figures["paid_in"]), "HKD"), span),
        (_("Sales"), money(Decimal(figures["sales"]), "HKD"), scaled),
    )


def _ratio_rows(figures: Mapping[str, Any]) -> tuple[tuple[Any, Any, Any], ...]:
    known = lines()
    return tuple(
        (
            known[row["line"]].name if row["line"] in known else row["line"],
            f"{Decimal(row['amount']):,.0f}",
            " · ".join(str(part) for part in (_day(row["period"]), _HOW.get(row["how"], "")) if part),
        )
        for row in figures["sources"]
    )


def _source(figures: Mapping[str, Any]) -> str:
    """Which statement of which accounts, in which currency and unit, at which rate."""
    parts = [
        figures["source"],
        str(PeriodKind(figures["accounts"]).label),
        _day(figures["period"]),
        _now("%(months)s months") % {"months": figures["months"]},
        f"{figures['currency']}, {UnitOfMoney(figures['unit']).label}",
    ]
    if figures["statement"] > 1:
        parts.append(_now("statement %(number)s") % {"number": figures["statement"]})
    if "rate" in figures:
        parts.append(_now("at the rate %(rate)s") % {"rate": figures["rate"]})
    return " · ".join(part for part in parts if part)
