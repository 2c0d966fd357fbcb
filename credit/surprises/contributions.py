"""What surprise visits add to shared screens, the bank's figures for them, and what must hold."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.accountability.parts import DutySource
from credit.flags.parts import FlagWitness, NightlyFlags
from credit.reviews.choices import Rating
from credit.risk.contributions import HEADING
from credit.surprises import duties, flagging, permissions
from credit.surprises.models import DrawOrder, SurpriseVisit
from credit.surprises.parts import ClientContacts, VisitWitness
from credit.surprises.services.keeping import MORNING, REVEALED
from credit.surprises.services.reading import READ
from crm.hospitality.models import HospitalityRequest
from crm.kernel.contributions import (
    ApiRouter,
    ClientPanel,
    Invariant,
    NavItem,
    NotificationKind,
    PaletteCommand,
    PolicyTable,
    register,
)
from crm.kernel.errors import Sentence
from crm.visits.models import Visit

_BY_CLASS = {rating.value: rating.label for rating in Rating}


def _panel_shown(user: Any, company: Any) -> bool:
    return permissions.reads(user)


def _logged(company_id: int, since: dt.datetime, until: dt.datetime) -> Iterator[Sentence]:
    """Calls, meetings and visits that were agreed, planned or held in that time, whoever wrote them down and when."""
    rows = Visit.objects.filter(company_id=company_id)
    found = rows.filter(created_at__range=(since, until)) | rows.filter(happened_at__range=(since, until))
    for visit in found.order_by("pk")[:1]:
        yield f"{visit.get_kind_display()} {visit.pk}"


def _invited(company_id: int, since: dt.datetime, until: dt.datetime) -> Iterator[Sentence]:
    """Guests who were asked in that time."""
    for request in HospitalityRequest.objects.filter(company_id=company_id, created_at__range=(since, until)).order_by("pk")[:1]:
        yield f"{HospitalityRequest._meta.verbose_name} {request.pk}"


def _revealed_early() -> Iterator[str]:
    """Invariant 16: no row of a drawn visit is older than the evening of its eve."""
    for visit in SurpriseVisit.objects.exclude(origin="own").order_by("pk").iterator(chunk_size=500):
        if (visit.on - visit.revealed_at.date()).days > 12:
            yield f"Surprise visit {visit.pk}: it was revealed long before its day."


def _announced_twice() -> Iterator[str]:
    """Invariant 18: for each visit that was announced, cancelled or not made, another is drawn."""
    orders = set(DrawOrder.objects.values_list("client_id", "window", "attempt"))
    rows = SurpriseVisit.objects.exclude(origin="own")
    for visit in (rows.exclude(tainted_at=None) | rows.filter(state__in=["cancelled", "missed"])).order_by("pk"):
        attempt = f"{int(visit.attempt.rstrip('x')) + 1}{'x' if visit.attempt.endswith('x') else ''}"
        if (visit.client_id, visit.window, attempt) not in orders:
            yield f"Surprise visit {visit.pk}: nothing is drawn in its place."


register(
    NavItem(_("Monitoring"), "surprises:board", "search", order=424, section=_("Credit"), shown=permissions.reads),
    NavItem(_("On site"), "surprises:visit_list", "visits", order=426, section=_("Credit"), shown=permissions.reads),
    PaletteCommand(
        _("Monitoring"), "surprises:board", "search", words=_("surprise visits post-loan watch"), order=46, shown=permissions.reads
    ),
    ClientPanel("surprises", _("Surprise visits"), "surprises:company_visits", order=35, shown=_panel_shown),
    NotificationKind(REVEALED, _("Surprise visit tomorrow"), at_once=True),
    NotificationKind(MORNING, _("Surprise visit today"), at_once=True),
    NotificationKind(READ, _("Sealed draws were read"), by_mail=True, at_once=True),
    FlagWitness("surprises", flagging.hear_flag),
    VisitWitness("flags", flagging.hear_visit),
    NightlyFlags(flagging.raise_of_figures),
    DutySource("surprises", duties.KINDS, duties.found, order=60),
    ClientContacts("visits", _logged),
    ClientContacts("hospitality", _invited),
    Invariant("surprises.sealed", "A surprise visit is written down on its eve", _revealed_early),
    Invariant("surprises.anew", "An announced, cancelled or missed visit is drawn anew", _announced_twice),
    PolicyTable("surprises.frequency", _("Surprise visits in twelve months"), HEADING, "times", labels=_BY_CLASS, order=660),
    PolicyTable("surprises.announced", _("Announced review visits in twelve months"), HEADING, "times", labels=_BY_CLASS, order=661),
    PolicyTable("surprises.gaps", _("Days between two surprise visits"), HEADING, "days", labels=_BY_CLASS, order=662),
    PolicyTable(
        "surprises.multipliers",
        _("What multiplies surprise visits"),
        HEADING,
        "percent",
        labels={
            "new": _("New to the bank"),
            "usance": _("Mostly usance credits and invoice financing"),
            "exposure": _("Large exposure"),
            "unaudited": _("Accounts not audited"),
            "unsatisfactory": _("Last visit unsatisfactory"),
        },
        order=663,
    ),
    PolicyTable(
        "surprises.rules",
        _("Rules of surprise visits"),
        HEADING,
        "count",
        labels={
            "cap": _("Most visits in twelve months"),
            "new_months": _("New to the bank for (months)"),
            "usance_percent": _("Mostly usance above (per cent of use)"),
            "unsatisfactory_months": _("An unsatisfactory visit counts for (months)"),
            "high_days": _("After a high red flag within (working days)"),
            "critical_days": _("After a critical red flag within (working days)"),
            "first_use_days": _("First use is looked at within (days)"),
            "redraw_days": _("Drawn anew up to so many working days beyond the window"),
            "extra_percent": _("Windows with a second draw (per cent)"),
            "odd_percent": _("Nights and Saturdays, where work goes around the clock (per cent)"),
            "manager_percent": _("Made by the client’s own manager (per cent)"),
            "two_from": _("Two people from R"),
            "own_percent": _("Managers’ own visits count up to (per cent of those needed)"),
            "record_days": _("Record due within (working days)"),
            "edit_days": _("Record open for changes for (working days)"),
            "fence_metres": _("At the place within (metres)"),
            "headcount_percent": _("People missing against payroll tolerated (per cent)"),
            "photo_hours": _("Photos taken within (hours)"),
        },
        order=664,
    ),
    PolicyTable("surprises.exposure", _("Large exposure"), HEADING, "money", labels={"hkd": _("Above, in Hong Kong dollars")}, order=665),
    PolicyTable(
        "surprises.usance",
        _("Facilities of usance credits and invoices"),
        HEADING,
        "words",
        labels={"facilities": _("Facility types")},
        order=666,
    ),
    PolicyTable(
        "surprises.times",
        _("When a surprise visit is shown"),
        HEADING,
        "text",
        labels={"reveal": _("To the centre head, the working day before"), "tell": _("To the visitors, on the day")},
        order=667,
    ),
    PolicyTable(
        "surprises.slots",
        _("Hours of surprise visits"),
        HEADING,
        "spans",
        labels={"day": pgettext_lazy("hours", "By day"), "night": pgettext_lazy("hours", "By night"), "saturday": _("On Saturdays")},
        order=668,
    ),
    ApiRouter("surprise-visits", "credit.surprises.api.router", order=97),
)
