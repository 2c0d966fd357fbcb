"""The parts of a spread's page, and a company's spread as a panel of the company's page."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from credit.spreads import permissions, selectors, showing
from credit.spreads.forms import NeedForm, ProjectionForm
from credit.spreads.models import Period, Spread, SpreadEvent, SpreadUpload
from credit.spreads.rules import Projection, project, ratios, signs, stress, working_capital_need
from crm.companies.models import Company
from crm.kernel.errors import DomainError
from crm.kernel.permission import ALLOWED, Permission
from crm.web.views import RecordFragmentView

_PANEL_RATIOS = ("gross_margin", "ebitda_margin", "current", "gearing", "interest_cover", "dscr")
_TENTH = Decimal("0.1")
EVENTS_SHOWN = 100


class SpreadPart(RecordFragmentView):
    """A part of a spread's page."""

    model = Spread
    select_related = ("company", "prepared_by", "checked_by")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees the spread."""
        return ALLOWED

    @property
    def periods(self) -> list[Period]:
        """As last stated, newest first."""
        return selectors.current_periods(self.object)


class SpreadRatios(SpreadPart):
    """All ratios with formula and sources."""

    template_name = "spreads/ratios.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds columns and rows."""
        periods = self.periods
        shown = selectors.chosen(periods)
        rows = showing.ratio_rows(shown, periods) if shown else []
        return super().get_context_data(columns=[showing.column(period) for period in shown], rows=rows, **context)


class SpreadLines(SpreadPart):
    """The stated lines with their pages."""

    template_name = "spreads/lines.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds columns and groups; whoever may enter gets a way to correct a period."""
        shown = selectors.chosen(self.periods)
        enters = permissions.can_enter(user=self.request.user, company=selectors.covered(self.object.company))
        return super().get_context_data(
            columns=[showing.column(period) for period in shown], groups=showing.line_groups(shown), enters=enters, **context
        )


class SpreadStress(SpreadPart):
    """The stress cases of the last full year, and the coming years at a growth and margin of one's own."""

    template_name = "spreads/stress.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds cases and projection; `growth` and `gross_margin` of the address, in percent, stand over those of last year."""
        spread = self.object
        everything = [period.figures for period in self.periods]
        year = next((figures for figures in everything if figures.months == selectors.FULL_YEAR), None)
        if year is None:
            return super().get_context_data(year=None, **context)
        bank = selectors.bank_figures(spread.jurisdiction, on=timezone.localdate())
        found = ratios(year, everything)
        known = {ratio.code: ratio.value for ratio in found}
        expected = {name: _percent(known[name]) for name in ("growth", "gross_margin")}
        form = ProjectionForm(self.request.GET if set(expected) <= set(self.request.GET) else expected)
        rows = []
        if form.is_valid():
            told = Projection(form.cleaned_data["growth"] / 100, form.cleaned_data["gross_margin"] / 100)
            rows = project(year, found, told)
        return super().get_context_data(
            year=year,
            stressed=showing.stress_rows(stress(year, bank.stress)),
            form=form,
            years=[(year.ends_on.year + row.year, [showing.amount(_whole(value)) for value in _shown(row)]) for row in rows],
            **context,
        )


def _shown(row: Any) -> tuple[Decimal | None, ...]:
    return row.sales, row.gross_profit, row.ebitda, row.working_capital, row.need, row.cash


def _whole(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)


def _percent(value: Decimal | None) -> Decimal:
    return ((value or Decimal(0)) * 100).quantize(_TENTH, rounding=ROUND_HALF_EVEN)


class SpreadNeed(SpreadPart):
    """The working-capital need, begun with what the last full year says."""

    template_name = "spreads/need.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the form and, once it is filled, what comes of it."""
        bank = selectors.bank_figures("CN", on=timezone.localdate())
        sent = self.request.GET if "sales" in self.request.GET else None
        form = NeedForm(sent, initial={} if sent else self._begun(bank.basis_days))
        need, refusal = None, ""
        if sent and form.is_valid():
            try:
                need = working_capital_need(form.case(), basis=bank.basis_days)
            except DomainError as error:
                refusal = str(error)
        return super().get_context_data(form=form, need=need, refusal=refusal, basis=bank.basis_days, **context)

    def _begun(self, basis: int) -> dict[str, Decimal]:
        """What the last full year says: sales, margin before tax, growth, and days on the bank's basis."""
        everything = [period.figures for period in self.periods]
        year = next((figures for figures in everything if figures.months == selectors.FULL_YEAR), None)
        if year is None:
            return {}
        known = {ratio.code: ratio.value for ratio in ratios(year, everything)}
        profit, sales = year.value("profit_before_tax"), year.value("sales")
        begun = {name: value * basis / 365 for name, value in known.items() if name in ("dio", "dso", "dpo") and value is not None}
        found = {name: value.quantize(_TENTH, rounding=ROUND_HALF_EVEN) for name, value in begun.items()}
        if sales is not None:
            found["sales"] = (sales * self.object.unit).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
        if sales and profit is not None:
            found["margin"] = _percent(profit / sales)
        if known["growth"] is not None:
            found["growth"] = _percent(known["growth"])
        return found


class SpreadPast(SpreadPart):
    """What was done, statements that were restated, and files that wait to be taken over."""

    template_name = "spreads/past.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds events, earlier statements and open files."""
        spread, user = self.object, self.request.user
        events = (
            SpreadEvent.objects.visible_to(user).filter(spread=spread).select_related("actor", "period", "upload__file").order_by("-pk")
        )
        earlier = (
            Period.objects.visible_to(user).filter(spread=spread, is_current=False).select_related("entered_by").prefetch_related("lines")
        )
        current = {(period.ends_on, period.months): period for period in self.periods}
        return super().get_context_data(
            events=events[:EVENTS_SHOWN],
            earlier=[_restated(period, current.get((period.ends_on, period.months))) for period in earlier.order_by("-ends_on", "-pk")],
            open_files=SpreadUpload.objects.visible_to(user).filter(spread=spread, state="read").select_related("file").order_by("-pk"),
            **context,
        )


def _restated(period: Period, now: Period | None) -> dict[str, Any]:
    """An earlier statement with the lines that stand otherwise now."""
    standing = {line.code: line for line in now.lines.all()} if now else {}
    changed = [
        (line.name, showing.amount(line.amount), showing.amount(standing[line.code].amount) if line.code in standing else "")
        for line in period.lines.all()
        if line.code not in standing or standing[line.code].amount != line.amount
    ]
    return {"period": period, "column": showing.column(period), "changed": changed}


class CompanySpread(RecordFragmentView):
    """A company's spread as a panel of its page."""

    model = Company
    template_name = "spreads/company_spread.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads spreads at all; whether this one is for the row."""
        return permissions.can_read_spreads(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The ratios that a pack shows first, of the last full years."""
        user, company = self.request.user, self.object
        spread = Spread.objects.visible_to(user).filter(company=company).first()
        begins = spread is None and permissions.can_enter(user=user, company=selectors.covered(company))
        if spread is None:
            return super().get_context_data(spread=None, begins=begins, **context)
        periods = selectors.current_periods(spread)
        shown = selectors.chosen(periods)
        rows = showing.ratio_rows(shown, periods) if shown else []
        codes = ["sales", *(ratio.code for ratio in ratios(shown[-1].figures))] if shown else []
        kept = [row for code, row in zip(codes, rows, strict=True) if code in ("sales", *_PANEL_RATIOS)]
        figures = [period.figures for period in periods]
        columns = [showing.column(period) for period in shown]
        return super().get_context_data(spread=spread, columns=columns, rows=kept, signs=signs(figures), **context)
