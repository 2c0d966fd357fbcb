"""The report of an event: who came, the bill, what came of it; and what of the bill is reimbursed."""

import datetime as dt
from typing import Any

from django.db import transaction

from crm.gifts import rules as gifts
from crm.gifts.services import record_taken_home
from crm.hospitality import permissions, rules, selectors
from crm.hospitality.choices import TRANSITIONS, Act, OwnCost, State, Work
from crm.hospitality.models import Guest, HospitalityRequest, Report, Seat, TakenHome
from crm.hospitality.rules import Bill, Figures, Told
from crm.hospitality.selectors import Setting
from crm.hospitality.services import limiting, requests, traces
from crm.kernel import limits, todo
from crm.kernel.limits import EntryKind
from crm.kernel.text import strip_controls
from crm.kernel.workflow import check_transition
from crm.visits.rules import closing_time, wrong_texts

SETTLED = ("billed", "eligible", "paid", "reserved", "own_reason", "per_head", "near_cap", "round_sum", "on_weekend", "often")


@transaction.atomic
def report_event(*, event_id: int, actor: Any, now: dt.datetime, told: Told) -> HospitalityRequest:
    """File the report, and settle: what is reserved becomes what is spent; a small event takes its budget now (domain 4.4).

    A report is never refused for want of room: what does not fit is the host's own cost, with the reason. Things carried away are
    entered in the gift register. NotAllowed for others than the host and before the event; RuleBroken by field.
    """
    event = traces.locked(event_id, actor)
    permissions.can_report(user=actor, event=event, now=now).require()
    check_transition(TRANSITIONS, event.state, State.REPORTED)
    setting = selectors.setting_of(event)
    rules.check_told(told, figures=setting.figures, day=event.event_on)
    _check_texts(told)
    seated = _take_seats(event, told, actor=actor, setting=setting)
    report = _write_report(event, told, heads=len(seated) + event.seats.count() + 1, now=now)
    report.record(actor=actor)
    reason = unpaid_because(event, told.bill, seated, figures=setting.figures)
    counted = {guest.holder for guest in event.guests.all() if guest.invited} if event.reserved else set()
    how = {"figures": setting.figures, "actor": actor, "now": now, "seated": seated, "counted": counted, "reason": reason}
    settle(event, told.bill, report.heads, **how)
    if told.venue.strip():
        event.venue = " ".join(strip_controls(told.venue).split())[: rules.LINE_LIMIT]
    event.state, event.heads, event.guest_names = State.REPORTED, report.heads, traces.names(seated)
    event.has_official = event.has_official or any(guest.is_official for guest in seated)
    event.record(actor=actor)
    facts: dict[str, Any] = {"billed": event.billed, "eligible": event.eligible, "paid": event.paid, "own_reason": event.own_reason}
    traces.step(event, Act.REPORT, actor=actor, now=now, **facts)
    _carry(event, told, actor=actor, now=now)
    traces.close(event, Work.REPORT, actor=actor, now=now)
    if event.paid:
        traces.ask(event, Work.CLAIM, actor=actor, due_at=event.claim_due_at, assignee=event.owner)
    if told.next_step.strip() and told.next_step_on:
        due_at = closing_time(told.next_step_on, setting.calendar)
        if due_at > now:
            words = " ".join(strip_controls(told.next_step).split())[: todo.TITLE_LIMIT]
            todo.add_task(actor=actor, now=now, title=words, due_at=due_at, company_id=event.company_id)
    traces.write_timeline(event)
    return event


def _check_texts(told: Told) -> None:
    wrong = {}
    for name, text in told.texts().items():
        if len(text) > rules.TEXT_LIMIT or wrong_texts({"summary": text}):
            wrong[name] = next(iter(wrong_texts({"concerns": text}).values()), "")
    rules.refuse(wrong)


def _take_seats(event: HospitalityRequest, told: Told, *, actor: Any, setting: Setting) -> list[Guest]:
    """Mark who came, add who was not invited, and put the colleagues in their seats. Returns the guests who came."""
    invited = list(event.guests.select_related("contact").order_by("pk"))
    came = [guest for guest in invited if guest.pk in told.came]
    known = {guest.holder for guest in invited}
    more = requests.make_guests(event, told.more, actor=actor) if told.more else []
    if len(came) != len(set(told.came)) or any(guest.holder in known for guest in more):
        rules.refuse({"guests": rules.check_table((), colleagues=0, figures=setting.figures)["guests"]})
    colleagues = requests.who_sits(told.colleague_ids, actor=actor)
    table = [*(rules.Invited(guest.contact_id, guest.name) for guest in came), *told.more]
    rules.refuse(rules.check_table(table, colleagues=len(colleagues), figures=setting.figures))
    for guest in invited:
        guest.came = guest in came
    for guest in more:
        guest.request, guest.invited, guest.came = event, False, True
    Guest.objects.bulk_update(invited, ["came"])
    Guest.objects.bulk_create(more)
    event.seats.all().delete()
    Seat.objects.bulk_create(Seat(request=event, user=user) for user in colleagues)
    return [*came, *more]


def _write_report(event: HospitalityRequest, told: Told, *, heads: int, now: dt.datetime) -> Report:
    texts = {name: strip_controls(text).strip() for name, text in told.texts().items()}
    bill = {name: getattr(told.bill, name) for name in ("food", "drink", "other", "service", "tip")}
    return Report(
        request=event,
        relationship=told.relationship,
        relationship_before=selectors.last_relationship(event),
        purposes=sorted(told.purposes),
        next_step_on=told.next_step_on,
        means=told.means,
        heads=heads,
        filed_at=now,
        is_late=event.report_due_at is not None and now > event.report_due_at,
        **texts,
        **bill,
    )


def unpaid_because(event: HospitalityRequest, bill: Bill, seated: list[Guest], *, figures: Figures) -> str:
    """Why nothing is paid of this bill of those who came; empty where something may be. The limits are locked first: who else settles
    beside it, of this host or with this client, waits.
    """
    limiting.lock(event, {guest.holder for guest in event.guests.all()}, figures)
    official, family = any(guest.is_official for guest in seated), any(guest.is_family for guest in seated)
    return selectors.unpaid_because(event, official=official, family=family, total=bill.total, figures=figures)


def settle(
    event: HospitalityRequest,
    bill: Bill,
    heads: int,
    *,
    figures: Figures,
    actor: Any,
    now: dt.datetime,
    seated: list[Guest],
    counted: set[str],
    reason: str = "",
) -> None:
    """Work out what is paid, under the locks of all limits, and enter it. Sets the event's columns `SETTLED`; the caller saves.

    `counted`: the holders whose invitation to this event is counted already.
    """
    holders = {guest.holder for guest in seated}
    month = limiting.lock(event, holders | counted, figures)
    official = event.has_official or any(guest.is_official for guest in seated)
    event.billed, event.eligible = bill.total, bill.eligible(figures)
    event.per_head = rules.share(event.eligible, heads)
    if not reason and _too_often(event, holders - counted, figures):
        reason = OwnCost.GUEST
    settled = rules.settle(event.eligible, limiting.room(event, month, figures, heads=heads, official=official))
    paid = rules.ZERO if reason else settled.paid
    _count_guests(event, came=holders, counted=counted, actor=actor, now=now)
    limiting.spend(event, paid, figures=figures, actor=actor, now=now)
    event.own_reason = reason or settled.reason or (OwnCost.TIP if event.eligible < event.billed else "")
    _mark_outliers(event, figures, official=official, holders=holders)


def _too_often(event: HospitalityRequest, holders: set[str], figures: Figures) -> bool:
    times = selectors.guest_times(sorted(holders), event.event_on)
    return any(times.get(holder, 0) + 1 > figures.guest for holder in holders)


def _count_guests(event: HospitalityRequest, *, came: set[str], counted: set[str], actor: Any, now: dt.datetime) -> None:
    """Who came and was not counted is counted, whoever was counted and did not come is not any more. The truth, so without a cap."""
    for holders, times, entry in ((came - counted, 1, EntryKind.SPEND), (counted - came, -1, EntryKind.RELEASE)):
        if holders:
            limits.take(*limiting.guest_claims(event, holders, times, None), subject=event, entry=entry, actor=actor, now=now)


def _mark_outliers(event: HospitalityRequest, figures: Figures, *, official: bool, holders: set[str]) -> None:
    found = rules.outliers(
        per_head=event.per_head or rules.ZERO,
        cap=figures.per_head(event.kind, official=official),
        amount=event.billed or rules.ZERO,
        event_on=event.event_on,
        near_percent=figures.shares["near_cap_percent"],
    )
    event.near_cap, event.round_sum, event.on_weekend = (code in found for code in ("near_cap", "round_sum", "weekend"))
    times = selectors.guest_times(sorted(holders), event.event_on)
    event.often = any(count >= figures.shares["often_times"] for count in times.values())


def _carry(event: HospitalityRequest, told: Told, *, actor: Any, now: dt.datetime) -> None:
    """What was carried away leaves the bill, and is entered in the gift register, where it waits to be decided (domain 4.1)."""
    came = [guest for guest in event.guests.select_related("contact") if guest.came]
    for thing in told.carried:
        what, guest = " ".join(strip_controls(thing.what).split())[:120], " ".join(strip_controls(thing.guest).split())[:120]
        TakenHome.objects.create(request=event, what=what, value=thing.value, guest=guest, at=now, actor=actor)
        taker = next((one for one in came if guest and guest in (str(one), one.name)), came[0] if came else None)
        entry = gifts.TakenHome(
            _person(taker, guest), what, thing.value, event.event_on, source_type=event._meta.label_lower, source_id=event.pk
        )
        record_taken_home(company_id=event.company_id, entry=entry, actor=actor, now=now)


def _person(taker: Guest | None, name: str) -> gifts.Person:
    """Who carried it away, as the gift register names people: a guest who came, else the name that was given."""
    if taker is None:
        return gifts.Person(name=name)
    return gifts.Person(taker.contact_id, taker.name, taker.title, is_official=taker.is_official)
