"""What spreads add to shared screens, and their figures."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from credit.spreads import permissions
from credit.spreads.choices import SpreadState
from credit.spreads.models import Period, Spread
from credit.spreads.selectors import covered
from credit.spreads.services.traces import TIMELINE
from crm.kernel.addresses import url_of
from crm.kernel.contributions import (
    ApiRouter,
    ClientPanel,
    CompanyForm,
    Invariant,
    NavItem,
    PaletteCommand,
    PolicyTable,
    RecordAction,
    TimelineKind,
    register,
)
from crm.kernel.permission import Permission, denied

HEADING = _("Spreads")


def _reads(user: Any) -> bool:
    return bool(permissions.can_read_spreads(user=user))


def _panel_shown(user: Any, company: Any) -> bool:
    return _reads(user)


def _begin_url(record: Any) -> str:
    return f"{url_of('spreads:spread_begin')}?company={getattr(record, 'company_id', record.pk)}"


def _can_begin(user: Any, record: Any) -> Permission:
    company = getattr(record, "company", record)
    allowed = permissions.can_enter(user=user, company=company if hasattr(company, "current_coverage") else covered(company))
    if allowed and Spread.objects.filter(company_id=company.pk).exists():
        return denied(_("This company has a spread already. Its periods are added there."))
    return allowed


def _checked_by_makers() -> Iterator[str]:
    for pk in Spread.objects.filter(checked_by=F("prepared_by")).values_list("pk", flat=True):
        yield f"Spread {pk}: whoever prepared it checked it."
    own = Period.objects.filter(spread__state=SpreadState.CHECKED, entered_by=F("spread__checked_by"))
    for pk in own.values_list("spread_id", flat=True).distinct().order_by("spread_id"):
        yield f"Spread {pk}: whoever entered figures checked it."


def _changed_after_check() -> Iterator[str]:
    late = Spread.objects.filter(state=SpreadState.CHECKED, figures_at__gt=F("checked_at"))
    for pk in late.values_list("pk", flat=True):
        yield f"Spread {pk}: its figures changed after they were checked."


register(
    NavItem(_("Spreads"), "spreads:spread_list", "log", order=430, section=_("Credit"), shown=_reads),
    PaletteCommand(
        _("Begin a spread"),
        "spreads:spread_begin",
        "log",
        words=_("accounts statements ratios figures"),
        order=43,
        shown=permissions.is_maker,
    ),
    CompanyForm("spread", "spreads:spread_begin"),
    *(
        RecordAction(model, _("Begin a spread"), "log", _begin_url, _can_begin, order=38)
        for model in ("companies.company", "clients.client")
    ),
    ClientPanel("spread", _("Spread"), "spreads:company_spread", order=36, shown=_panel_shown),
    TimelineKind(TIMELINE, _("Spread"), "indigo", "spreads:spread_detail", gettext),
    Invariant("spreads.second_person", "Nobody checks figures that they entered", _checked_by_makers),
    Invariant("spreads.checked", "Figures that were checked are those that stand", _changed_after_check),
    PolicyTable(
        "spreads.checks",
        _("How far figures may lie apart"),
        HEADING,
        "count",
        labels={"tolerance": _("Tolerance, in units of the statement")},
        order=620,
    ),
    PolicyTable(
        "spreads.second_person",
        _("Second person on a spread"),
        HEADING,
        "money",
        labels={"above": _("Needed above this amount asked for, in HKD")},
        order=621,
    ),
    PolicyTable(
        "spreads.stress",
        _("Stress cases"),
        HEADING,
        "count",
        labels={
            "sales_percent": _("Sales down, per cent"),
            "margin_points": _("Margin down, points"),
            "rate_bp": _("Rates up, basis points"),
            "debtor_days": _("Debtor days up"),
        },
        units={"sales_percent": "percent", "margin_points": "points", "rate_bp": "bp", "debtor_days": "days"},
        order=622,
    ),
    PolicyTable(
        "spreads.need",
        _("Working-capital need of the mainland"),
        HEADING,
        "days",
        labels={"basis_days": _("Days of a year")},
        order=623,
    ),
    ApiRouter("spreads", "credit.spreads.api.router", order=92),
)
