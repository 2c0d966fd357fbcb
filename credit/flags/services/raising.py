"""Raising a flag: by a person, by figures, by a verification, a visit or a payment. Three open mediums make one high (domain 7.4)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from content.clippings.models import Clipping
from credit.flags import book, permissions, rules, selectors
from credit.flags.choices import COMPOSITE, FlagAct, FlagState, FlagWork, Origin, Severity
from credit.flags.models import Flag
from credit.flags.parts import FlagWitness
from credit.flags.services.suspending import suspend
from credit.flags.services.traces import ask, ask_bank, file_of, hold_client, tell, tell_alerted, write_event, write_timeline
from credit.packs.rules import refuse
from credit.reviews.rules import text
from crm.clients.models import Client
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.contributions import of
from crm.staff.choices import Role
from crm.visits.rules import closing_time

_STEPS = {FlagAct.NOTE: FlagWork.NOTE, FlagAct.EXPLAIN: FlagWork.EXPLAIN, FlagAct.PLAN: FlagWork.PLAN, FlagAct.VISIT: FlagWork.VISIT}
_DAYS = {FlagAct.NOTE: "note_days", FlagAct.EXPLAIN: "explain_days", FlagAct.PLAN: "plan_days", FlagAct.VISIT: "visit_days"}


@transaction.atomic
def raise_flag(
    *,
    client_id: int,
    code: str,
    note: str,
    actor: Any,
    now: dt.datetime,
    origin: str = Origin.PERSON,
    critical: bool = False,
    is_worst: bool = False,
    clipping_id: int | None = None,
    figures: dict[str, str] | None = None,
    file_id: int | None = None,
    link: str = "",
) -> Flag:
    """Raise a flag on a client; where one of the same code stands open that the actor sees, what was seen is added to that one.

    `actor` None: the system. Whoever raises by another origin than a person's has asked their own permission before.
    `critical`: only where the book allows it (RF-35, a winding-up petition). `is_worst`: as bad as the book allows for the code (RF-41 is
    high from the third waiver on); a flag that stands open becomes so.
    A critical flag suspends the undrawn limits in this transaction and alerts credit and compliance. Client.DoesNotExist; NotAllowed for
    who may not raise; RuleBroken for an unknown code, no words, a bad link, or a file of somebody else.
    """
    if code not in book.raisable():
        raise refuse("code", _("Pick one of the choices."))
    if critical and book.entries()[code].worst != Severity.CRITICAL:
        raise refuse("critical", _("This flag is never critical by itself."))
    words, address = text(note, rules.NOTE, "note", _("Say what was seen.")), rules.link_of(link)
    client = hold_client(client_id)
    if actor is not None and origin == Origin.PERSON:
        permissions.can_raise(user=actor, client=client).require()
    file = file_of(file_id, actor)
    known = Flag.objects.filter(client=client, code=code).open()
    known = known.visible_to(actor) if actor is not None else known
    flag: Flag | None = known.order_by("pk").first()
    if flag is not None:
        flag.client = client
        write_event(flag, FlagAct.SEEN, actor=actor, now=now, note=words, file=file, link=address)
        worst = Severity.CRITICAL if critical else book.entries()[code].worst if is_worst else ""
        if worst and rules.is_worse(worst, flag.severity):
            _worsen(flag, worst, actor=actor, now=now)
        return flag
    severity = Severity.CRITICAL if critical else selectors.severity_of(code, on=selectors.today_of(client, now))
    if is_worst and rules.is_worse(book.entries()[code].worst, severity):
        severity = book.entries()[code].worst
    told = {"origin": origin, "figures": figures or {}, "clipping": _clipping(clipping_id)}
    flag = _begin(client, code, severity, words, actor=actor, now=now, file=file, link=address, **told)
    _count_mediums(client, now=now)
    return flag


def _worsen(flag: Flag, severity: str, *, actor: Any, now: dt.datetime) -> None:
    """What the worse severity asks for begins now."""
    flag.severity = severity
    flag.record(actor=actor, reason=FlagAct.SEEN, fields=["severity"])
    clocks = selectors.clocks(on=selectors.today_of(flag.client, now))
    if severity == Severity.CRITICAL:
        _alarm(flag, clocks, actor=actor, now=now)
    else:
        _start_clocks(flag, clocks, selectors.calendar_of(flag.client, now), actor=actor, now=now)
    _tell_witnesses(flag, now)


def _clipping(clipping_id: int | None) -> Clipping | None:
    if clipping_id is None:
        return None
    found: Clipping = Clipping.objects.get(pk=clipping_id)
    return found


def _begin(
    client: Client, code: str, severity: str, words: str, *, actor: Any, now: dt.datetime, file: Any = None, link: str = "", **told: Any
) -> Flag:
    flag = Flag(client=client, code=code, severity=severity, note=words, raised_by=actor, raised_at=now, **told)
    flag.record(actor=actor, reason=FlagAct.RAISE)
    write_event(flag, FlagAct.RAISE, actor=actor, now=now, note=words, file=file, link=link)
    write_timeline(flag, FlagAct.RAISE, actor=actor, now=now)
    clocks = selectors.clocks(on=selectors.today_of(client, now))
    _start_clocks(flag, clocks, selectors.calendar_of(client, now), actor=actor, now=now)
    if severity == Severity.CRITICAL:
        _alarm(flag, clocks, actor=actor, now=now)
    _tell_witnesses(flag, now)
    return flag


def _tell_witnesses(flag: Flag, now: dt.datetime) -> None:
    for witness in of(FlagWitness):
        witness.hear(flag=flag, now=now)


def _alarm(flag: Flag, clocks: dict[str, int], *, actor: Any, now: dt.datetime) -> None:
    """At once: nothing more is drawn; credit approvers and compliance have it on their lists and are told within the hour.

    Of a denied bill and the like compliance also has the legal department on its list, which has no seat in this system.
    """
    suspend(flag, now=now)
    due_at = now + dt.timedelta(minutes=clocks["alert_minutes"])
    for role in (Role.CO, Role.COMP):
        ask_bank(flag, FlagWork.ALERT, role=role, actor=None if flag.is_hushed else actor, due_at=due_at, now=now)
    if flag.entry.legal:
        ask_bank(flag, FlagWork.LEGAL, role=Role.COMP, actor=None if flag.is_hushed else actor, due_at=due_at, now=now)
    tell_alerted(flag, key="raised", now=now)


def _start_clocks(flag: Flag, clocks: dict[str, int], calendar: WorkingCalendar, *, actor: Any, now: dt.datetime) -> None:
    """What whoever looks after the client has to do, and by when; nothing of a hushed flag."""
    if flag.is_hushed:
        return
    client, today = flag.client, selectors.today_of(flag.client, now)
    steps = list(rules.ASKED[flag.severity])
    if flag.code in clocks and FlagAct.VISIT not in steps:
        steps.append(FlagAct.VISIT)
    dues = []
    for step in steps:
        days = clocks.get(flag.code, clocks[_DAYS[step]]) if step == FlagAct.VISIT else clocks[_DAYS[step]]
        due_at = max(closing_time(calendar.add_working_days(today, days), calendar), now)
        dues.append(due_at)
        ask(flag, _STEPS[step], actor=actor, due_at=due_at, assignee=client.owner)
    if flag.severity == Severity.HIGH:
        unit, role = (client.team, Role.TH) if client.team_id else (client.centre, Role.RCH)
        ask(flag, FlagWork.READ, actor=actor, due_at=max(closing_time(today, calendar), now), unit=unit, role=role)
    if dues:
        flag.due_at = min(dues)
        flag.record(actor=actor, reason=FlagAct.RAISE, fields=["due_at"])
        tell(flag, "flags.raised", [client.owner_id], key="raised", now=now)


def _count_mediums(client: Client, *, now: dt.datetime) -> None:
    """Three open mediums that were not counted yet make one high flag, once; what becomes of them later does not undo it."""
    today = selectors.today_of(client, now)
    loose = list(Flag.objects.filter(client=client, severity=Severity.MEDIUM, state=FlagState.OPEN, counted_in=None).order_by("pk"))
    if len(loose) < selectors.clocks(on=today)["mediums"] or Flag.objects.filter(client=client, code=COMPOSITE).open().exists():
        return
    with override("en"):
        words = _now("Open at once: %(codes)s.") % {"codes": ", ".join(flag.code for flag in loose)}
    severity = selectors.severity_of(COMPOSITE, on=today)
    whole = _begin(client, COMPOSITE, severity, words, actor=None, now=now, origin=Origin.SUM, figures={"flags": str(len(loose))})
    for flag in loose:
        flag.client, flag.counted_in = client, whole
        flag.record(actor=None, reason=FlagAct.COUNT, fields=["counted_in"])
        write_event(flag, FlagAct.COUNT, actor=None, now=now, note=str(whole.code))
