"""What covenants add to shared screens, the bank's figures for them, and what must hold."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from credit.accountability.parts import DutySource
from credit.covenants import approving, duties, flagging, handing, panels, permissions, rules, selectors
from credit.covenants.choices import BREACHED_NEWS, TIMELINE, WAIVER_NEWS, Act, CovenantWork, Metric, State, TestState, WaiverState
from credit.covenants.models import Covenant, CovenantTest, Waiver
from credit.decisions import selectors as decisions
from credit.decisions.choices import Level
from credit.flags.parts import FlagWitness, NightlyFlags
from credit.handovers.parts import HandoverSource
from crm.kernel.contributions import (
    ApiRouter,
    ApprovalKind,
    ClientPanel,
    Invariant,
    NavItem,
    NotificationKind,
    PaletteCommand,
    PolicyTable,
    TimelineKind,
    WorkKind,
    register,
)
from crm.kernel.wording import spoken

HEADING = _("Covenants")


def _panel_shown(user: Any, company: Any) -> bool:
    return permissions.reads(user)


def _by_one_alone() -> Iterator[str]:
    """Confirmed by another than wrote it down."""
    for pk in Covenant.objects.filter(confirmed_by=F("proposed_by")).order_by("pk").values_list("pk", flat=True):
        yield f"Covenant {pk}: one person alone wrote it down and confirmed it."


def _result_without_figures() -> Iterator[str]:
    """A result that was measured follows from the value and the threshold that were frozen with it."""
    results = (TestState.MET, TestState.BREACHED, TestState.CURED)
    rows = CovenantTest.objects.filter(state__in=results, covenant__threshold__isnull=False).select_related("covenant").order_by("pk")
    for test in rows.iterator(chunk_size=500):
        if test.value is None or test.threshold is None:
            yield f"Test {test.pk}: it has a result without a value."
        elif rules.keeps(test.value, test.covenant.comparison, test.threshold) != (test.state == TestState.MET):
            yield f"Test {test.pk}: its result does not follow from its value."


def _waived_badly() -> Iterator[str]:
    """Waived by nobody who asked for it or had a part in the pack."""
    for waiver in Waiver.objects.exclude(state=WaiverState.ASKED).select_related("covenant__pack").order_by("pk").iterator(chunk_size=500):
        if waiver.decided_by_id == waiver.asked_by_id or waiver.decided_by_id in decisions.barred(waiver.covenant.pack):
            yield f"Waiver {waiver.pk}: who decided on it had asked for it, or had a part in the pack."


def _waived_by_one_member() -> Iterator[str]:
    """What the committee decides is granted where the votes carry it, and refused where they do not."""
    rows = Waiver.objects.filter(level=Level.CC).exclude(state=WaiverState.ASKED).select_related("covenant__pack").order_by("pk")
    for waiver in rows.iterator(chunk_size=500):
        carried = selectors.carried(waiver, selectors.votes_on(waiver), waiver.decided_at)
        if carried is not (waiver.state == WaiverState.GRANTED):
            yield f"Waiver {waiver.pk}: its decision does not follow from the committee's votes."


def _not_opened() -> Iterator[str]:
    """A period that was tested stands before the next one: none is tested twice or passed over."""
    rows = Covenant.objects.filter(state=State.IN_FORCE, tests__ends_on__gte=F("next_on")).order_by("pk").distinct()
    for pk in rows.values_list("pk", flat=True):
        yield f"Covenant {pk}: a period is tested that falls due only later."


register(
    NavItem(HEADING, "covenants:covenant_list", "link", order=428, section=_("Credit"), shown=permissions.reads),
    PaletteCommand(
        HEADING, "covenants:covenant_list", "link", words=_("covenant waiver breach certificate"), order=48, shown=permissions.reads
    ),
    ClientPanel("covenants", HEADING, "covenants:company_covenants", order=36, shown=_panel_shown),
    panels.CARD,
    *panels.ACTIONS,
    TimelineKind(TIMELINE, _("Covenant"), "indigo", "covenants:covenant_detail", spoken(Metric, Act)),
    WorkKind(CovenantWork.CONFIRM, CovenantWork.CONFIRM.label, "check", "covenants:covenant_detail"),
    WorkKind(CovenantWork.LOOK, CovenantWork.LOOK.label, "warn", "covenants:covenant_detail"),
    WorkKind(CovenantWork.PAPER, CovenantWork.PAPER.label, "upload", "covenants:test_detail"),
    WorkKind(CovenantWork.TEST, CovenantWork.TEST.label, "check", "covenants:test_detail"),
    WorkKind(CovenantWork.CURE, CovenantWork.CURE.label, "warn", "covenants:test_detail"),
    ApprovalKind(
        CovenantWork.WAIVE, _("Waiver of covenant"), "amber", approving.cards, approving.pane, approving.decide, together=(), order=37
    ),
    NotificationKind(BREACHED_NEWS, _("Covenants breached"), by_mail=True),
    NotificationKind(WAIVER_NEWS, _("Waivers of covenants decided")),
    FlagWitness("covenants", flagging.hear_flag),
    NightlyFlags(flagging.raise_at_night),
    HandoverSource("covenants", HEADING, handing.found, handing.NOTES, order=25),
    DutySource("covenants", duties.KINDS, duties.found, order=30),
    Invariant("covenants.two", "Covenants are confirmed by another than wrote them down", _by_one_alone),
    Invariant("covenants.results", "Results of covenants follow from their frozen figures", _result_without_figures),
    Invariant("covenants.waivers", "Covenants are waived by nobody who asked or had a part in the pack", _waived_badly),
    Invariant("covenants.votes", "What the committee waives follows from its votes", _waived_by_one_member),
    Invariant("covenants.periods", "Each period of a covenant is tested once, in its turn", _not_opened),
    PolicyTable(
        "covenants.rules",
        _("Covenants"),
        HEADING,
        "days",
        labels={
            "test_days": _("Tested after the paper came within (working days)"),
            "confirm_days": _("Confirmed within (working days)"),
            "waive_days": _("A waiver is decided within (working days)"),
            "look_days": _("Looked at after RF-21 within (working days)"),
            "waivers": _("So many waivers of a limit raise a high flag"),
        },
        units={"waivers": "count"},
        order=656,
    ),
    ApiRouter("credit/covenants", "credit.covenants.api.router", order=98),
)
