"""What red flags add to shared screens, the bank's figures for them, and what must hold."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from credit.accountability.parts import DutySource
from credit.flags import book, duties, handing, permissions, selectors
from credit.flags.choices import TIMELINE, FlagAct, FlagWork, Severity
from credit.flags.models import Flag, FlagEvent, Suspension
from credit.flags.services.suspending import DRAWABLE
from credit.handovers.parts import HandoverSource
from credit.packs.models import Pack
from credit.packs.parts import LimitStop
from credit.risk.parts import OpenFlags
from crm.kernel.addresses import url_of
from crm.kernel.contributions import (
    ApiRouter,
    ClientPanel,
    Invariant,
    NavItem,
    NotificationKind,
    PaletteCommand,
    PendingDecision,
    PolicyTable,
    RecordAction,
    TimelineKind,
    WorkKind,
    register,
)
from crm.kernel.permission import Permission
from crm.kernel.wording import DOT, spoken

HEADING = _("Red flags")
_LABELS = {code: entry.label for code, entry in book.entries().items()}


def _raise_url(record: Any) -> str:
    return f"{url_of('flags:flag_raise')}?company={getattr(record, 'company_id', record.pk)}"


def _may_raise(user: Any, record: Any) -> Permission:
    return permissions.can_raise(user=user)


def _may_raise_after(user: Any, visit: Any) -> Permission:
    """What was seen at a visit to a client becomes a flag from the visit's own page; a prospect has none."""
    return permissions.can_raise_on(user=user, company_id=visit.company_id)


def _panel_shown(user: Any, company: Any) -> bool:
    return permissions.reads(user)


def _critical_not_suspended() -> Iterator[str]:
    """Invariant 26: an open critical flag implies that undrawn limits are suspended."""
    held = Suspension.objects.filter(lifted_at=None).values("client_id")
    for pk in Flag.objects.open().critical().exclude(client__in=held).values_list("pk", flat=True).order_by("pk"):
        yield f"Flag {pk}: it is critical and open, and its client's limits are not suspended."
    packs = Pack.objects.filter(state__in=DRAWABLE, company__client__suspensions__in=Suspension.objects.filter(lifted_at=None))
    for number in packs.values_list("number", flat=True).order_by("pk").distinct():
        yield f"Pack {number}: it can be drawn while its client's limits are suspended."


def _closed_badly() -> Iterator[str]:
    """Invariant 27: closed only with evidence, by the right number of people, none of whom raised it."""
    shown = Q(events__act=FlagAct.CLOSE) & (Q(events__file__isnull=False) | ~Q(events__link=""))
    closed = Flag.objects.filter(state="closed").annotate(evidence=Count("events", filter=shown))
    for pk in closed.filter(evidence=0).values_list("pk", flat=True).order_by("pk"):
        yield f"Flag {pk}: it was closed without evidence."
    signed = FlagEvent.objects.filter(act=FlagAct.SIGN).values("flag_id")
    for pk in closed.filter(severity=Severity.CRITICAL).exclude(pk__in=signed).values_list("pk", flat=True):
        yield f"Flag {pk}: it is critical and was closed by one alone."
    for pk in closed.filter(closed_by=F("raised_by")).values_list("pk", flat=True):
        yield f"Flag {pk}: whoever raised it closed it."


def _gone() -> Iterator[str]:
    """Invariant 27: never deleted: every flag that was ever raised is there, with the event of its raising."""
    kept = set(Flag.objects.values_list("pk", flat=True))
    for pk in sorted(set(Flag.history.values_list("id", flat=True)) - kept):
        yield f"Flag {pk}: it was deleted."
    for pk in Flag.objects.exclude(events__act=FlagAct.RAISE).values_list("pk", flat=True):
        yield f"Flag {pk}: the event of its raising is not there."


_act_of = spoken(FlagAct)


def _words(title: str) -> str:
    """A row of the timeline, kept in English: the flag as the book calls it, and the step."""
    label, *rest = title.split(DOT)
    entry = book.entries().get(label.split(" ")[0])
    return DOT.join([str(entry.label) if entry else label, *map(_act_of, rest)])


register(
    NavItem(HEADING, "flags:flag_list", "warn", order=430, section=_("Credit"), shown=permissions.reads),
    PaletteCommand(HEADING, "flags:flag_list", "warn", words=_("red flags monitoring warning"), order=46, shown=permissions.reads),
    PaletteCommand(_("Raise a flag"), "flags:flag_raise", "warn", words=_("red flag raise"), order=47, shown=permissions.raises),
    RecordAction("clients.client", _("Raise a flag"), "warn", _raise_url, _may_raise, order=80),
    RecordAction("visits.visit", _("Raise a flag"), "warn", _raise_url, _may_raise_after, order=80),
    ClientPanel("flags", HEADING, "flags:company_flags", order=75, shown=_panel_shown),
    PendingDecision("flags", selectors.pending_of),
    TimelineKind(TIMELINE, _("Red flag"), "seal", "flags:flag_detail", _words),
    *(
        WorkKind(work, work.label, icon, "flags:flag_detail")
        for work, icon in (
            (FlagWork.NOTE, "edit"),
            (FlagWork.EXPLAIN, "edit"),
            (FlagWork.PLAN, "edit"),
            (FlagWork.VISIT, "visits"),
            (FlagWork.READ, "warn"),
            (FlagWork.ALERT, "warn"),
            (FlagWork.LEGAL, "building"),
            (FlagWork.LATE, "clock"),
            (FlagWork.CLOSE, "check"),
        )
    ),
    NotificationKind("flags.critical", _("Critical red flag"), by_mail=True, at_once=True),
    NotificationKind("flags.raised", _("Red flag on a client of yours")),
    LimitStop("flags", selectors.stopped),
    OpenFlags(selectors.open_counts),
    HandoverSource("flags", HEADING, handing.found, handing.NOTES, order=20),
    DutySource("flags", duties.KINDS, duties.found, order=30),
    Invariant("flags.suspended", "An open critical flag implies that undrawn limits are suspended", _critical_not_suspended),
    Invariant("flags.closed", "Flags are closed with evidence, by the right people", _closed_badly),
    Invariant("flags.kept", "Flags are never deleted", _gone),
    PolicyTable(
        "flags.severity",
        _("How bad a red flag is"),
        HEADING,
        "text",
        labels=_LABELS,
        choices={code: dict(Severity.choices) for code in _LABELS},
        order=640,
    ),
    PolicyTable(
        "flags.clocks",
        _("What a red flag asks for, and by when"),
        HEADING,
        "days",
        labels={
            "note_days": _("Low: note within (working days)"),
            "explain_days": _("Medium: explained within (working days)"),
            "plan_days": _("High: plan within (working days)"),
            "visit_days": _("High: visit within (working days)"),
            "alert_minutes": _("Critical: read within"),
            "mediums": _("So many open mediums make one high"),
        },
        units={"alert_minutes": "minutes", "mediums": "count"},
        order=641,
    ),
    PolicyTable("flags.visits", _("Visits sooner than usual (working days)"), HEADING, "days", labels=_LABELS, order=642),
    PolicyTable(
        "flags.automatic",
        _("When figures raise a flag by themselves"),
        HEADING,
        "percent",
        labels={
            "deposit_fall_percent": _("RF-20: deposits fall by more than"),
            "deposit_days": _("RF-20, RF-21: within"),
            "proceeds_fall_percent": _("RF-21: what comes in a day falls by more than"),
            "returned_items": _("RF-22: more returned items than"),
            "returned_days": _("RF-22: within"),
            "excess_days": _("RF-23: over the limit for longer than"),
            "excess_times": _("RF-23: over the limit so often"),
            "excess_window_days": _("RF-23: within"),
            "late_days": _("RF-26: late by more than"),
            "stock_rise_percent": _("RF-31: stock up by more than"),
            "sales_fall_percent": _("RF-31: while sales fall by more than"),
            "debtor_days_rise": _("RF-32: debtor days up by more than"),
            "certificate_days": _("RF-41: paper late by more than"),
            "outflow_percent": _("RF-19: one payment above this part of average deposits"),
            "outflow_amount": _("RF-19: and of at least (HKD)"),
            "fresh_days": _("Figures older than this are not judged by"),
            "quiet_days": _("After closing, not raised anew for"),
            "news_days": _("News of the last"),
        },
        units={
            **dict.fromkeys(
                ("deposit_days", "returned_days", "excess_days", "excess_window_days", "late_days", "debtor_days_rise", "certificate_days"),
                "days",
            ),
            **dict.fromkeys(("fresh_days", "quiet_days", "news_days"), "days"),
            **dict.fromkeys(("returned_items", "excess_times"), "count"),
            "outflow_amount": "money",
        },
        order=643,
    ),
    ApiRouter("flags", "credit.flags.api.router", order=96),
)
