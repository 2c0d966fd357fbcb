"""What an operation on an event leaves elsewhere: its step, work items, the timeline row."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.companies.models import Coverage
from crm.hospitality.choices import EXTRA_SUBJECT, SUBJECT, TIMELINE, Level, Work
from crm.hospitality.models import Extra, HospitalityRequest, Step
from crm.hospitality.selectors import HOSTS
from crm.kernel.models import Sequence
from crm.kernel.worklist import TimelineRow, WorkItem, WorkState
from crm.staff.choices import Role
from crm.visits.rules import closing_time

PREFIX, BATCH_PREFIX = "HR", "HP"


def next_number(prefix: str, now: dt.datetime) -> str:
    """ "HR-2026-0317"."""
    year = timezone.localdate(now).year
    return f"{prefix}-{year}-{Sequence.take(prefix, year):04d}"


def locked(event_id: int, actor: Any) -> HospitalityRequest:
    """The event, locked, among those that the actor may see; read with its centre and company once the lock is held."""
    pk = HospitalityRequest.objects.visible_to(actor).select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=event_id)
    return HospitalityRequest.objects.select_related("centre", "team", "company", "owner").get(pk=pk)


def step(event: HospitalityRequest, act: str, *, actor: Any, now: dt.datetime, post: Any = None, reason: str = "", **facts: Any) -> Step:
    """The event row of what was done."""
    made_in = post if post is not None or actor is None else actor.actor.post(*HOSTS, Role.COMP, Role.FIN)
    kept = {name: str(value) for name, value in facts.items() if value is not None}
    return Step.objects.create(request=event, act=act, actor=actor, post=made_in, at=now, reason=reason[:300], facts=kept)


def queue(event: HospitalityRequest, level: str) -> dict[str, Any]:
    """Whose queue a level is: the host's team, the centre, the whole bank's head office."""
    units = {Level.TH: event.team, Level.RCH: event.centre, Level.HO: None}
    return {"unit": units[Level(level)], "role": level}


def ask(event: HospitalityRequest, kind: str, *, actor: Any, due_at: dt.datetime | None, extra: Extra | None = None, **whose: Any) -> None:
    """A work item for somebody, or for a shared queue."""
    WorkItem.objects.create(
        kind=kind,
        title=f"{event.number} · {event.company}"[:300],
        company_id=event.company_id,
        due_at=due_at,
        subject_type=EXTRA_SUBJECT if extra else SUBJECT,
        subject_id=extra.pk if extra else event.pk,
        created_by=actor,
        **whose,
    )


def close(
    event: HospitalityRequest, *kinds: str, actor: Any, now: dt.datetime, state: WorkState = WorkState.DONE, extra: Extra | None = None
) -> None:
    """What was to be done is done, or need not be done any more."""
    subject = {"subject_type": EXTRA_SUBJECT, "subject_id": extra.pk} if extra else {"subject_type": SUBJECT, "subject_id": event.pk}
    for item in WorkItem.objects.open().filter(kind__in=kinds, **subject).select_for_update(of=("self",)):
        item.close(actor=actor, now=now, state=state)


def ask_for_decision(event: HospitalityRequest, *, actor: Any, now: dt.datetime, calendar: Any) -> None:
    """Compliance first where its consent is needed; then the queue of the level, by the next working day."""
    today = now.astimezone(calendar.zone).date()
    due_at = min(closing_time(calendar.add_working_days(today, 1), calendar), event.event_at)
    if event.needs_consent and event.consented_at is None:
        ask(event, Work.CONSENT, actor=actor, due_at=due_at, unit=None, role=Role.COMP)
    else:
        ask(event, Work.DECIDE, actor=actor, due_at=due_at, **queue(event, event.level))


def ask_for_report(event: HospitalityRequest, *, actor: Any) -> None:
    """Reminds the host."""
    ask(event, Work.REPORT, actor=actor, due_at=event.report_due_at, assignee=event.owner)


def write_timeline(event: HospitalityRequest) -> None:
    """A held event on the client's timeline, in the scope of whoever looks after the client. Without an amount."""
    scope = Coverage.objects.current().filter(company_id=event.company_id).order_by("kind").first() or event
    with override("en"):
        title = f"{event.get_kind_display()} · {event.venue}"
    TimelineRow.objects.create(
        subject_type=SUBJECT,
        subject_id=event.pk,
        company_id=event.company_id,
        kind=TIMELINE,
        at=event.event_at,
        actor_id=event.owner_id,
        owner_id=scope.owner_id,
        team_id=scope.team_id,
        centre_id=scope.centre_id,
        title=title[:300],
        facts={"met": event.guest_names} if event.guest_names else {},
    )


def names(guests: Any) -> str:
    """Guests side by side, for lists and history."""
    return ", ".join(guest.contact.name if guest.contact_id else guest.name for guest in guests)[:400]


def no_reason() -> str:
    """What is said where a reason is missing."""
    return _("Say in a line why.")
