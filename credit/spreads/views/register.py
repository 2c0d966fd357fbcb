"""The list of spreads, and a spread's page."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.spreads import permissions, selectors
from credit.spreads.choices import SpreadState
from credit.spreads.filters import SpreadFilters
from credit.spreads.models import Spread
from credit.spreads.rules import check_all, signs
from credit.spreads.tables import STATE_TONES, SpreadTable
from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.permission import ALLOWED, Permission
from crm.web.templatetags.ui import money
from crm.web.views import Action, DetailView, Empty, Fact, ListView, Tab


class SpreadList(ListView):
    """`/credit/spreads/`: last changed first."""

    model = Spread
    table_class = SpreadTable
    filterset_class = SpreadFilters
    title = _("Spreads")
    ordering = ("-updated_at",)
    select_related = ("company", "prepared_by", "checked_by")
    search_hint = _("Company, stock code or phone")
    empty = Empty(
        _("No spreads yet"),
        _("Three years of accounts and the interim, typed or loaded from a file, with all ratios worked out."),
        icon="log",
    )

    def permission(self, request: HttpRequest) -> Permission:
        """Who lends, decides, oversees."""
        return permissions.can_read_spreads(user=request.user)

    def get_queryset(self) -> Any:
        """With how far each reaches."""
        return selectors.with_span(super().get_queryset())

    def search(self, queryset: Any, q: str) -> Any:
        """By the company."""
        return queryset.found(Company.objects.visible_to(self.request.user).named(q))

    def actions(self) -> list[Action]:
        """Begin one."""
        if not permissions.is_maker(self.request.user):
            return []
        return [Action(_("Begin a spread"), url_of("spreads:spread_begin"), "plus", primary=True)]


class SpreadDetail(DetailView):
    """A company's spread: what does not tie, the ratios, and behind tabs the lines, stress, need and earlier statements."""

    model = Spread
    select_related = ("company", "prepared_by", "checked_by")
    template_name = "spreads/spread_detail.html"
    crumb = (_("Spreads"), "spreads:spread_list")
    tabs = (
        Tab("ratios", _("Ratios"), "spreads:spread_ratios"),
        Tab("lines", pgettext_lazy("statements", "Lines"), "spreads:spread_lines"),
        Tab("stress", _("Stress and projection"), "spreads:spread_stress"),
        Tab("need", _("Working capital"), "spreads:spread_need"),
        Tab("past", _("What was done"), "spreads:spread_past"),
    )

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    def facts(self) -> list[Fact]:
        """What it is in, by whom, for how much."""
        spread = self.object
        facts = [
            Fact(_("Figures in"), f"{spread.currency} · {spread.get_unit_display()}"),
            Fact(_("Prepared by"), spread.prepared_by.name),
        ]
        if spread.checked_by:
            facts.append(Fact(_("Checked by"), spread.checked_by.name, date_format(timezone.localtime(spread.checked_at), "DATE_FORMAT")))
        if spread.asked_hkd is not None:
            facts.append(Fact(pgettext_lazy("amount", "Asked for"), money(spread.asked_hkd, "HKD")))
        return facts

    def actions(self) -> list[Action]:
        """Enter, load, check, change."""
        spread, user = self.object, self.request.user
        enters = permissions.can_enter(user=user, company=selectors.covered(spread.company))
        actions = []
        if enters:
            actions = [
                Action(_("Change the details"), url_of("spreads:details_change", spread.pk), "edit"),
                Action(_("Type a period"), url_of("spreads:period_enter", spread.pk), "plus"),
                Action(_("Load a file"), url_of("spreads:file_bring", spread.pk), "upload"),
            ]
        if user.actor.has_role(*permissions.CHECKERS):
            checks = permissions.can_check(user=user, spread=spread)
            check_url = url_of("spreads:spread_check", spread.pk)
            actions.append(Action(_("Check as second person"), check_url, "check", primary=True, dialog=True, refusal=checks.reason))
        return actions

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds what does not tie, red flags, and whether a second person has to look."""
        spread = self.object
        bank = selectors.bank_figures(spread.jurisdiction, on=timezone.localdate())
        figures = [period.figures for period in selectors.current_periods(spread)]
        return super().get_context_data(
            tone=STATE_TONES[SpreadState(spread.state)],
            untied=[check for check in check_all(figures, tolerance=bank.tolerance) if not check.is_tied],
            checked_count=len(check_all(figures, tolerance=bank.tolerance)),
            signs=signs(figures),
            waits=selectors.needs_second_person(spread, bank) and spread.state != SpreadState.CHECKED,
            above=bank.second_person_above,
            **context,
        )
