"""Reads over spreads: the bank's figures, the periods with their ratios and checks, and the summary that packs seal."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone, translation

from credit.spreads.choices import SpreadState
from credit.spreads.models import Line, Period, Spread
from credit.spreads.rules import Check, Figures, Ratio, Stressed, StressFigures, check_all, ratios, signs, stress
from crm.companies.models import Company, Coverage
from crm.kernel.errors import Sentence
from crm.policy import selectors as policy

TABLES = ("spreads.checks", "spreads.second_person", "spreads.stress", "spreads.need")
YEARS_SHOWN = 3
FULL_YEAR = 12


@dataclass(frozen=True)
class BankFigures:
    """The bank's figures for spreads in a jurisdiction on a day."""

    tolerance: Decimal
    second_person_above: Decimal
    stress: StressFigures
    basis_days: int


def bank_figures(jurisdiction: str, *, on: dt.date) -> BankFigures:
    """One query."""
    tables = policy.tables(TABLES, jurisdiction=jurisdiction, on=on)
    return BankFigures(
        Decimal(str(tables["spreads.checks"]["tolerance"])),
        Decimal(tables["spreads.second_person"]["above"]),
        StressFigures.of(tables["spreads.stress"]),
        int(tables["spreads.need"]["basis_days"]),
    )


def covered(company: Company) -> Company:
    """The company with who looks after it now."""
    company.current_coverage = list(Coverage.objects.current().filter(company=company).order_by("kind"))
    return company


def with_span(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Spreads with how many periods they hold, the newest one's end, and its sales, for lists."""
    sales = Line.objects.filter(period__spread=OuterRef("pk"), period__is_current=True, period__months=FULL_YEAR, code="sales").order_by(
        "-period__ends_on"
    )
    current = Q(periods__is_current=True)
    return rows.annotate(
        period_count=Count("periods", filter=current),
        newest=Max("periods__ends_on", filter=current),
        sales_e4=Subquery(sales.values("ten_thousandths")[:1]),
    )


def current_periods(spread: Spread) -> list[Period]:
    """The periods as last stated, newest first, with their lines. Two queries."""
    return list(Period.objects.filter(spread=spread).current().prefetch_related("lines").select_related("entered_by"))


class Dated(Protocol):
    """A period, or what is said of one."""

    @property
    def ends_on(self) -> dt.date:
        """Its last day."""

    @property
    def months(self) -> int:
        """How many it covers."""


P = TypeVar("P", bound=Dated)


def chosen(periods: Sequence[P]) -> list[P]:
    """What is shown, oldest first: the last three full years, and a part of a year that ends after them."""
    years = [period for period in periods if period.months == FULL_YEAR][:YEARS_SHOWN]
    newest = years[0].ends_on if years else dt.date.min
    part = next((period for period in periods if period.months != FULL_YEAR and period.ends_on > newest), None)
    return [*reversed(years), *([part] if part else [])]


def latest_spread(company_id: int) -> Spread | None:
    """The spread of a company, for packs. Whoever calls has checked that its reader may see the pack. One query."""
    return Spread.objects.filter(company_id=company_id).select_related("company", "prepared_by", "checked_by").first()


def needs_second_person(spread: Spread, bank: BankFigures, asked_hkd: Decimal | None = None) -> bool:
    """Whether a second person has to check it: more than the bank's amount is asked for (domain 6.6)."""
    asked = spread.asked_hkd if asked_hkd is None else asked_hkd
    return asked is not None and asked > bank.second_person_above


@dataclass(frozen=True)
class PeriodSummary:
    """One period: its end, months, kind, which statement of it, lines (code, amount, label, page) and ratios."""

    ends_on: dt.date
    months: int
    kind: str
    statement: int
    source: str
    lines: tuple[tuple[str, Decimal, str, str], ...]
    ratios: tuple[Ratio, ...]

    def to_json(self) -> dict[str, Any]:
        """Amounts as text."""
        return {
            "ends_on": self.ends_on.isoformat(),
            "months": self.months,
            "kind": self.kind,
            "statement": self.statement,
            "source": self.source,
            "lines": [{"code": code, "amount": f"{amount:f}", "label": label, "page": page} for code, amount, label, page in self.lines],
            "ratios": [ratio.to_json() for ratio in self.ratios],
        }


@dataclass(frozen=True)
class Summary:
    """All that a pack seals of a spread: header, periods newest first, what does not tie, red flags, stress cases of the last full year."""

    spread_id: int
    currency: str
    unit: int
    jurisdiction: str
    state: str
    prepared_by: str
    checked_by: str
    checked_at: dt.datetime | None
    needs_second_person: bool
    periods: tuple[PeriodSummary, ...]
    untied: tuple[Check, ...]
    signs: tuple[tuple[str, Sentence], ...]
    stressed: tuple[Stressed, ...]
    stressed_by: StressFigures

    @property
    def is_ready(self) -> bool:
        """Nothing of it stands in a pack's way: there are figures, they tie, and a second person looked where that is asked for."""
        return bool(self.periods) and not self.untied and (self.state == SpreadState.CHECKED or not self.needs_second_person)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, the same for the same figures whatever the reader's language: sentences are in English."""
        with translation.override("en"):
            return self._plain()

    def _plain(self) -> dict[str, Any]:
        return {
            "currency": self.currency,
            "unit": self.unit,
            "jurisdiction": self.jurisdiction,
            "state": self.state,
            "prepared_by": self.prepared_by,
            "checked_by": self.checked_by,
            "checked_at": self.checked_at.isoformat() if self.checked_at else None,
            "needs_second_person": self.needs_second_person,
            "periods": [period.to_json() for period in self.periods],
            "untied": [check.to_json() for check in self.untied],
            "flags": [code for code, _sentence in self.signs],
            "stress": [case.to_json() for case in self.stressed],
        }


def summary(spread: Spread, *, asked_hkd: Decimal | None = None, on: dt.date | None = None) -> Summary:
    """The spread as it stands, worked out anew. Three queries besides those of `spread` and its people.

    `asked_hkd`: what the pack asks for, where that is known better than the spread does.
    """
    bank = bank_figures(spread.jurisdiction, on=on or timezone.localdate())
    periods = current_periods(spread)
    figures = [period.figures for period in periods]
    full = next((entry for entry in figures if entry.months == FULL_YEAR), None)
    return Summary(
        spread_id=spread.pk,
        currency=spread.currency,
        unit=spread.unit,
        jurisdiction=spread.jurisdiction,
        state=spread.state,
        prepared_by=spread.prepared_by.username,
        checked_by=spread.checked_by.username if spread.checked_by else "",
        checked_at=spread.checked_at,
        needs_second_person=needs_second_person(spread, bank, asked_hkd),
        periods=tuple(_period(period, figures) for period in periods),
        untied=tuple(check for check in check_all(figures, tolerance=bank.tolerance) if not check.is_tied),
        signs=tuple(signs(figures)),
        stressed=tuple(stress(full, bank.stress)) if full else (),
        stressed_by=bank.stress,
    )


def _period(period: Period, figures: list[Figures]) -> PeriodSummary:
    found = sorted(period.lines.all(), key=lambda line: line.code)
    kept = tuple((line.code, line.amount, line.label, line.page) for line in found)
    told = (period.ends_on, period.months, period.kind, period.statement, period.source)
    return PeriodSummary(*told, kept, tuple(ratios(period.figures, figures)))
