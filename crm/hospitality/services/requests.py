"""Asking for hospitality: draft, submit, cancel."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company, Contact, Coverage
from crm.hospitality import permissions, rules, selectors
from crm.hospitality.choices import TRANSITIONS, Act, Level, State, Work
from crm.hospitality.models import Guest, HospitalityRequest, Seat
from crm.hospitality.rules import Facts, Invited, Wish
from crm.hospitality.selectors import Setting
from crm.hospitality.services import limiting, traces
from crm.kernel.contributions import known_officials, pending_decisions
from crm.kernel.errors import RuleBroken
from crm.kernel.text import strip_controls
from crm.kernel.workflow import check_transition
from crm.kernel.worklist import WorkState
from crm.staff.models import Post
from crm.visits.models import Visit
from crm.visits.rules import closing_time, wrong_texts

SHOWN = ("event_at", "venue", "kind", "purpose", "note", "estimate", "is_away")


@transaction.atomic
def draft_request(*, actor: Any, now: dt.datetime, company_id: int, wish: Wish, submit: bool = False) -> HospitalityRequest:
    """Write down what one wants to do, and submit it at once where `submit` says so.

    Company.DoesNotExist where hidden; NotAllowed for who does not look after the company; RuleBroken with a sentence for each wrong field.
    """
    company = Company.objects.visible_to(actor).get(pk=company_id)
    covered = Coverage.objects.current().filter(company=company).select_related("centre").order_by("kind")
    company.current_coverage = list(covered)
    permissions.can_host(user=actor, company=company).require()
    hosting = selectors.hosting(actor, company)
    if hosting is None:
        raise RuleBroken(_("You are in no centre, so no limit holds for you. Ask an administrator."))
    event = HospitalityRequest(
        number=traces.next_number(traces.PREFIX, now),
        company=company,
        owner=actor,
        team=hosting.team,
        centre=hosting.centre,
        host_role=hosting.role,
        currency=hosting.centre.currency,
    )
    _write(event, wish, actor=actor, now=now)
    return _submit(event, actor=actor, now=now) if submit else event


@transaction.atomic
def change_request(
    *, event_id: int, actor: Any, now: dt.datetime, version: int | None, wish: Wish, submit: bool = False
) -> HospitalityRequest:
    """Change a draft, or what was returned. NotAllowed where it is submitted; StaleVersion where it was saved meanwhile; RuleBroken."""
    event = traces.locked(event_id, actor)
    permissions.can_change(user=actor, event=event).require()
    event.claim(version or 0, shown=SHOWN)
    _write(event, wish, actor=actor, now=now)
    return _submit(event, actor=actor, now=now) if submit else event


@transaction.atomic
def submit_request(*, event_id: int, actor: Any, now: dt.datetime) -> HospitalityRequest:
    """Hand it in: it may happen at once, or goes to whoever decides, compliance first where it is sensitive (domain 4.2 and 4.3)."""
    event = traces.locked(event_id, actor)
    permissions.can_change(user=actor, event=event).require()
    return _submit(event, actor=actor, now=now)


@transaction.atomic
def cancel_request(*, event_id: int, actor: Any, now: dt.datetime, reason: str = "") -> HospitalityRequest:
    """It does not take place; what was reserved is free again."""
    event = traces.locked(event_id, actor)
    permissions.can_cancel(user=actor, event=event).require()
    check_transition(TRANSITIONS, event.state, State.CANCELLED)
    words = " ".join(strip_controls(reason).split())
    if not words and event.state not in (State.DRAFT, State.RETURNED):
        raise RuleBroken(traces.no_reason(), fields={"reason": traces.no_reason()})
    held = event.reserved
    limiting.release(event, figures=selectors.setting_of(event).figures, actor=actor, now=now)
    event.state = State.CANCELLED
    event.record(actor=actor, reason=words, fields=["state", "reserved"])
    traces.step(event, Act.CANCEL, actor=actor, now=now, reason=words, released=held)
    for kind in (Work.DECIDE, Work.CONSENT, Work.REPORT):
        traces.close(event, kind, actor=actor, now=now, state=WorkState.DROPPED)
    return event


def _write(event: HospitalityRequest, wish: Wish, *, actor: Any, now: dt.datetime) -> None:
    """Check the wish and save it with its guests and colleagues."""
    setting = selectors.setting(
        role=event.host_role, centre=event.centre, event_at=wish.event_at, host_id=event.owner_id, company_id=event.company_id
    )
    rules.check_wish(wish, now=now, calendar=setting.calendar, figures=setting.figures)
    venue, note = " ".join(strip_controls(wish.venue).split()), " ".join(strip_controls(wish.note).split())
    wrong = wrong_texts({"place_text": venue, "objective": note})
    rules.refuse({"venue": wrong.get("place_text", ""), "note": wrong.get("objective", "")})
    guests = make_guests(event, wish.guests, actor=actor)
    colleagues = who_sits(wish.colleague_ids, actor=actor)
    event.event_at, event.event_on = wish.event_at, timezone.localdate(wish.event_at, event.centre.zone)
    event.venue, event.venue_key, event.note = venue, rules.name_key(venue)[:300], note
    event.kind, event.purpose, event.estimate, event.is_away = wish.kind, wish.purpose, wish.estimate, wish.away
    event.visit = _visit(wish.visit_id, event, actor)
    event.heads = len(guests) + len(colleagues) + 1
    event.has_official = any(guest.is_official for guest in guests)
    event.guest_names = traces.names(guests)
    event.record(actor=actor)
    event.guests.all().delete()
    event.seats.all().delete()
    for guest in guests:
        guest.request = event
    Guest.objects.bulk_create(guests)
    Seat.objects.bulk_create(Seat(request=event, user=user) for user in colleagues)


def _visit(visit_id: int | None, event: HospitalityRequest, actor: Any) -> Visit | None:
    """The visit from which it was entered, of the same company."""
    if visit_id is None:
        return None
    return Visit.objects.visible_to(actor).get(pk=visit_id, company_id=event.company_id)


def make_guests(event: HospitalityRequest, invited: Any, *, actor: Any) -> list[Guest]:
    """The guests, not yet saved. RuleBroken for a contact that is hidden or of another company, and for one person twice.

    A name that is that of one of the company's people is this person. Once an official, always an official.
    """
    meant = selectors.by_name(actor, event.company_id, [guest.name for guest in invited if not guest.contact_id])
    invited = [_meant(guest, meant) for guest in invited]
    ids = [guest.contact_id for guest in invited if guest.contact_id]
    found = Contact.objects.visible_to(actor).filter(company_id=event.company_id, pk__in=ids) if ids else []
    contacts = {contact.pk: contact for contact in found}
    if len(contacts) != len(set(ids)):
        sentence = _("Pick people of this company, or write the names of new ones.")
        raise RuleBroken(sentence, fields={"guests": sentence})
    officials = known_officials(ids)
    guests = [_guest(event, guest, contacts, officials) for guest in invited]
    if len({guest.holder for guest in guests}) < len(guests):
        sentence = _("A guest stands here twice.")
        raise RuleBroken(sentence, fields={"guests": sentence})
    before = selectors.once_official_by_name([guest.holder for guest in guests if guest.contact is None])
    for guest in guests:
        guest.is_official = guest.is_official or guest.holder in before
    return guests


def _meant(guest: Invited, people: dict[str, Contact]) -> Invited:
    person = None if guest.contact_id else people.get(rules.name_key(guest.name))
    return replace(guest, contact_id=person.pk) if person else guest


def _guest(event: HospitalityRequest, guest: Invited, contacts: dict[Any, Contact], officials: set[int]) -> Guest:
    contact = contacts.get(guest.contact_id)
    name = "" if contact else " ".join(strip_controls(guest.name).split())
    return Guest(
        request=event if event.pk else None,
        contact=contact,
        name=name,
        title=strip_controls(guest.title).strip() or (contact.title if contact else ""),
        company_name=strip_controls(guest.company).strip(),
        is_official=guest.official or guest.contact_id in officials,
        is_family=guest.family,
        holder=selectors.guest_holder(contact_id=guest.contact_id, name=name, company_id=event.company_id),
    )


def who_sits(ids: Any, *, actor: Any) -> list[Any]:
    """Colleagues at the table, without the host. RuleBroken for somebody who is none."""
    wanted = set(ids) - {actor.pk}
    people = list(get_user_model().objects.colleagues_of(actor).filter(pk__in=wanted)) if wanted else []
    if len(people) != len(wanted):
        sentence = _("Pick colleagues who work here now.")
        raise RuleBroken(sentence, fields={"colleagues": sentence})
    return people


def _submit(event: HospitalityRequest, *, actor: Any, now: dt.datetime) -> HospitalityRequest:
    setting = selectors.setting_of(event)
    rules.refuse({"event_at": rules.check_day(event.event_at, now=now, calendar=setting.calendar, figures=setting.figures)})
    facts = facts_of(event, setting)
    way = rules.route(facts, setting.figures, host_role=event.host_role)
    # What is over can only be reported; where it needed approval beforehand, it is the host's own cost unless an exception is made.
    target = State.SUBMITTED if way.needs and event.event_at > now else State.FREE
    check_transition(TRANSITIONS, event.state, target)
    event.state, event.needs, event.needs_consent = target, list(way.needs), way.consent
    event.level = _who_decides(event, way.level, now=now) if way.needs else ""
    event.consented_by, event.consented_at = None, None
    set_terms(event, setting)
    event.record(actor=actor)
    traces.step(event, Act.SUBMIT, actor=actor, now=now, level=event.level, together=facts.together, per_head=facts.per_head)
    if target == State.SUBMITTED:
        traces.ask_for_decision(event, actor=actor, now=now, calendar=setting.calendar)
    else:
        traces.ask_for_report(event, actor=actor)
    return event


def facts_of(event: HospitalityRequest, setting: Setting) -> Facts:
    """What decides how a saved request goes. RuleBroken where a colleague has entered this table already."""
    shares = setting.figures.shares
    near = selectors.near(event, hours=shares["split_hours"])
    for other in near:
        apart = abs(other.event_at - event.event_at) < dt.timedelta(hours=shares["table_hours"])
        if other.owner_id != event.owner_id and other.company_id == event.company_id and other.venue_key == event.venue_key and apart:
            raise RuleBroken(_("A colleague has entered this table already. It counts once, on the host."), code="same_table")
    return Facts(
        kind=event.kind,
        estimate=event.estimate,
        together=event.estimate + sum((selectors.cost_of(other) for other in near), rules.ZERO),
        heads=max([event.heads, *(other.heads for other in near)]),
        official=event.has_official,
        family=event.guests.filter(is_family=True).exists(),
        away=event.is_away,
        pending=pending_decisions([event.company_id], event.event_on).get(event.company_id, ()),
    )


def set_terms(event: HospitalityRequest, setting: Setting) -> None:
    """By when it is reported and claimed, and after which day its reserve is released (domain 4.4 and 4.5)."""
    terms, calendar = setting.figures.terms, setting.calendar
    event.report_due_at = closing_time(calendar.add_working_days(event.event_on, terms["report_working_days"]), calendar)
    event.claim_due_at = closing_time(calendar.add_working_days(event.event_on, terms["claim_working_days"]), calendar)
    event.release_on = event.event_on + dt.timedelta(days=terms["release_days"])


def _who_decides(event: HospitalityRequest, level: str, *, now: dt.datetime) -> str:
    """The level, or the next one where nobody holds it who is apart from the table (domain 4.3)."""
    involved = {event.owner_id, *event.seats.values_list("user_id", flat=True)}
    while level != Level.HO:
        place = traces.queue(event, level)
        held = (
            Post.objects.current(now).filter(role=level, unit=place["unit"], user__is_active=True) if place["unit"] else Post.objects.none()
        )
        if held.exclude(user_id__in=involved).exists():
            break
        level = rules.raised(level)
    return level
