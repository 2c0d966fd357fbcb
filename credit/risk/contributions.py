"""What classes add to shared screens, and the bank's figures for them."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.risk import permissions, rules, selectors
from credit.risk.choices import LoanClass
from credit.risk.models import Standing
from credit.risk.services.moving import KIND, MOVED
from credit.risk.services.proposing import PENDING_KIND
from crm.kernel.contributions import (
    ApiRouter,
    ClientPanel,
    Invariant,
    NavItem,
    NotificationKind,
    PaletteCommand,
    PolicyTable,
    RiskClasses,
    TimelineKind,
    register,
)

HEADING = _("Monitoring")


def _panel_shown(user: Any, company: Any) -> bool:
    return permissions.reads(user)


def _better_than_days() -> Iterator[str]:
    """Invariant 28: days overdue are a ceiling. By the figures of the day that they are of."""
    for standing in Standing.objects.exclude(days_on=None).select_related("client__centre").order_by("pk").iterator(chunk_size=500):
        ladder = selectors.figures(standing.client.centre.jurisdiction, standing.days_on).ladder if standing.days_overdue else {}
        if standing.loan_class < rules.best_class(standing.days_overdue, ladder):
            yield f"Standing {standing.pk}: its class is better than {standing.days_overdue} days overdue allow."


def _unmoved() -> Iterator[str]:
    """A class stands as its last movement left it."""
    for standing in Standing.objects.order_by("pk").iterator(chunk_size=500):
        last = standing.movements.order_by("-pk").values_list("new_loan_class", "new_risk_class").first()
        if last != (standing.loan_class, standing.risk_class):
            yield f"Standing {standing.pk}: it is not what its last movement says."


register(
    NavItem(_("Risk classes"), "risk:standing_list", "warn", order=425, section=_("Credit"), shown=permissions.reads),
    PaletteCommand(
        _("Risk classes"), "risk:standing_list", "warn", words=_("loan class five categories overdue"), order=45, shown=permissions.reads
    ),
    ClientPanel("risk", pgettext_lazy("panel", "Risk class"), "risk:company_risk", order=34, shown=_panel_shown),
    TimelineKind(KIND, pgettext_lazy("panel", "Risk class"), "amber", "risk:standing_detail"),
    NotificationKind(MOVED, _("A risk class moved")),
    NotificationKind(PENDING_KIND, _("A proposed risk class")),
    RiskClasses(selectors.classes_of_companies),
    Invariant("risk.days", "Days overdue are a ceiling for the class", _better_than_days),
    Invariant("risk.movements", "A class stands as its last movement left it", _unmoved),
    PolicyTable(
        "risk.days",
        _("Loan classes by days overdue"),
        HEADING,
        "days",
        labels={str(one.value): one.label for one in LoanClass if one > LoanClass.PASS},
        order=650,
    ),
    PolicyTable(
        "risk.mapping",
        _("Internal class of a loan class (R)"),
        HEADING,
        "text",
        labels={str(one.value): one.label for one in LoanClass if one > LoanClass.PASS},
        choices={str(one.value): {"4": "R4", "5": "R5"} for one in LoanClass if one > LoanClass.PASS},
        order=651,
    ),
    PolicyTable(
        "risk.rules",
        _("Rules of risk classes"),
        HEADING,
        "count",
        labels={
            "r1_grade": _("R1 up to grade"),
            "new_months": _("New to the bank for (months)"),
            "trade_percent": _("Mostly trade finance above (per cent of use)"),
            "observation_months": _("Observation before an improvement (months)"),
            "stale_days": _("Figures say nothing after (days)"),
        },
        order=652,
    ),
    PolicyTable(
        "risk.trade",
        _("Facilities that are trade finance"),
        HEADING,
        "words",
        labels={"facilities": _("Facility types")},
        order=653,
    ),
    ApiRouter("risk-classes", "credit.risk.api.router", order=96),
)
