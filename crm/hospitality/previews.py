"""What a form shows while one types: the room left before and after, from what stands in the form so far. Nothing here decides."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company, Contact, Coverage
from crm.hospitality import rules, selectors
from crm.hospitality.choices import Kind, Level, Need, OwnCost
from crm.hospitality.models import HospitalityRequest
from crm.hospitality.rules import Facts, Figures, Invited, Settled
from crm.kernel.contributions import known_officials, pending_decisions
from crm.kernel.errors import RuleBroken, Sentence

MOST = Decimal("9999999.99")
BILL = ("food", "drink", "other", "service", "tip")


@dataclass(frozen=True)
class Gauge:
    """One limit: what is used, what this adds, the cap."""

    label: Sentence
    used: Decimal
    adds: Decimal
    cap: Decimal

    @property
    def after(self) -> Decimal:
        """What is used with this."""
        return self.used + self.adds

    @property
    def fits(self) -> bool:
        """Whether it fits."""
        return self.after <= self.cap

    @property
    def left(self) -> Decimal:
        """What is left with this."""
        return self.cap - self.after

    @property
    def over(self) -> Decimal:
        """What is too much."""
        return self.after - self.cap


@dataclass(frozen=True)
class Times:
    """A guest, and how often they are invited this quarter with this."""

    name: str
    times: int
    most: int
    spent: Decimal

    @property
    def tone(self) -> str:
        """Above or at what may be."""
        return "seal" if self.times > self.most else "amber" if self.times == self.most else ""


@dataclass(frozen=True)
class Preview:
    """The room for what stands in the form."""

    currency: str
    month: str
    gauges: tuple[Gauge, ...]
    guests: tuple[Times, ...] = ()
    needs: tuple[Sentence, ...] = ()
    goes_to: Sentence = ""
    consent: bool = False
    refusal: Sentence = ""
    paid: Decimal | None = None
    own: Decimal | None = None
    own_reason: Sentence = ""


def with_coverage(company: Company) -> Company:
    """The company with who looks after it."""
    company.current_coverage = list(Coverage.objects.current().filter(company=company).select_related("centre").order_by("kind"))
    return company


def amount_of(text: str | None) -> Decimal:
    """An amount as it is being typed; zero for what is none yet."""
    try:
        typed = Decimal((text or "").strip() or "0")
    except InvalidOperation:
        return rules.ZERO
    return typed.quantize(rules.CENT) if typed.is_finite() and 0 <= typed <= MOST else rules.ZERO


def _moment(text: str | None, now: dt.datetime) -> dt.datetime:
    try:
        typed = parse_datetime(text or "")
    except ValueError:
        typed = None
    if typed is None or not 2000 < typed.year < 2200:
        return now
    return timezone.make_aware(typed) if timezone.is_naive(typed) else typed


def _invited(typed: Mapping[str, Any], company: Company, user: Any) -> tuple[list[Invited], dict[str, str]]:
    """The guests in the form so far, and the name of each by the holder of their count."""
    get_list = typed.getlist if hasattr(typed, "getlist") else lambda name: typed.get(name, [])
    ids = [int(pk) for pk in get_list("known") if pk.isascii() and pk.isdigit() and len(pk) < 19]
    contacts = Contact.objects.visible_to(user).filter(company=company, pk__in=ids) if ids else []
    officials = set(get_list("officials"))
    guests = [Invited(contact_id=contact.pk, name=contact.name, official=str(contact.pk) in officials) for contact in contacts]
    for number in range(1, 5):
        name = " ".join(typed.get(f"guest_{number}", "").split())[: rules.NAME_LIMIT]
        if name:
            official, family = (bool(typed.get(f"guest_{number}_{flag}")) for flag in ("official", "family"))
            guests.append(Invited(name=name, official=official, family=family))
    known = selectors.by_name(user, company.pk, [one.name for one in guests if not one.contact_id])
    ids = [*ids, *(person.pk for person in known.values())]
    officials_before = known_officials(ids)
    meant = [replace(one, contact_id=one.contact_id or getattr(known.get(rules.name_key(one.name)), "pk", None)) for one in guests]
    guests = [replace(one, official=one.official or one.contact_id in officials_before) for one in meant]
    holders = {selectors.guest_holder(contact_id=one.contact_id, name=one.name, company_id=company.pk): one.name for one in guests}
    return guests, holders


def of_request(*, user: Any, company: Company, typed: Mapping[str, Any], now: dt.datetime) -> Preview | None:
    """The room for a request in the making. None for who hosts nobody. Ten queries at most."""
    hosting = selectors.hosting(user, company)
    if hosting is None:
        return None
    moment, estimate = _moment(typed.get("event_at"), now), amount_of(typed.get("estimate"))
    setting = selectors.setting(role=hosting.role, centre=hosting.centre, event_at=moment, host_id=user.pk, company_id=company.pk)
    guests, holders = _invited(typed, company, user)
    kind = typed.get("kind", "") if typed.get("kind", "") in Kind.values else Kind.DINNER
    day = timezone.localdate(moment, hosting.centre.zone)
    colleagues = typed.getlist("colleagues") if hasattr(typed, "getlist") else []
    event = HospitalityRequest(
        company=company,
        owner=user,
        centre=hosting.centre,
        currency=hosting.centre.currency,
        event_at=moment,
        event_on=day,
        venue_key=rules.name_key(typed.get("venue", ""))[:300],
        estimate=estimate,
        heads=len(guests) + len(colleagues) + 1,
    )
    near = selectors.near(event, hours=setting.figures.shares["split_hours"])
    facts = Facts(
        kind=kind,
        estimate=estimate,
        together=estimate + sum((selectors.cost_of(other) for other in near), rules.ZERO),
        heads=max([event.heads, *(other.heads for other in near)]),
        official=any(guest.official for guest in guests),
        family=any(guest.family for guest in guests),
        away=bool(typed.get("away")),
        pending=pending_decisions([company.pk], day).get(company.pk, ()),
    )
    gauges = (
        *_gauges(event, setting.figures, adds=estimate),
        Gauge(_("Per head"), rules.ZERO, facts.per_head, setting.figures.per_head(kind, official=facts.official)),
    )
    return Preview(
        event.currency, event.month, gauges, _times(holders, day, setting.figures), **_route(facts, setting.figures, hosting.role)
    )


def _gauges(event: HospitalityRequest, figures: Figures, *, adds: Decimal, held: Decimal = rules.ZERO) -> tuple[Gauge, Gauge]:
    month = selectors.month_room(user_id=event.owner_id, month=event.month, cap=figures.month, currency=event.currency)
    return (
        Gauge(_("Your month"), month.used - held, adds, month.cap),
        Gauge(_("This client, whole bank, this quarter"), selectors.client_used(event) - held, adds, figures.client),
    )


def _times(holders: Mapping[str, str], day: dt.date, figures: Figures, *, counted: bool = False) -> tuple[Times, ...]:
    known, spent = selectors.guest_times(list(holders), day), selectors.guest_spent(list(holders), day)
    more = 0 if counted else 1
    return tuple(Times(name, known.get(holder, 0) + more, figures.guest, spent.get(holder, rules.ZERO)) for holder, name in holders.items())


def _route(facts: Facts, figures: Figures, role: str) -> dict[str, Any]:
    try:
        way = rules.route(facts, figures, host_role=role)
    except RuleBroken as error:
        return {"refusal": error.message}
    words = tuple(Need(code).label for code in way.needs)
    return {"needs": words, "goes_to": Level(way.level).label if way.level else "", "consent": way.consent}


def of_report(*, event: HospitalityRequest, typed: Mapping[str, Any]) -> Preview:
    """What a report in the making would pay, and what would be the host's own."""
    figures = selectors.setting_of(event).figures
    bill = rules.Bill(**{name: amount_of(typed.get(name)) for name in BILL})
    came = set(typed.getlist("came")) if hasattr(typed, "getlist") else set()
    guests = [guest for guest in event.guests.select_related("contact") if str(guest.pk) in came]
    rows = [number for number in range(1, 4) if typed.get(f"guest_{number}", "").strip()]
    official, family = (
        any(getattr(guest, f"is_{flag}") for guest in guests) or any(typed.get(f"guest_{number}_{flag}") for number in rows)
        for flag in ("official", "family")
    )
    colleagues = typed.getlist("colleagues") if hasattr(typed, "getlist") else []
    heads = len(guests) + len(rows) + len(colleagues) + 1
    eligible = bill.eligible(figures)
    client, month = (
        selectors.client_used(event),
        selectors.month_room(user_id=event.owner_id, month=event.month, cap=figures.month, currency=event.currency),
    )
    room = rules.Room(
        month=month.left + event.reserved,
        client=figures.client - client + event.reserved,
        per_head=rules.per_head_room(
            figures, kind=event.kind, heads=heads, official=event.has_official or official, approved=event.approved or rules.ZERO
        ),
        approved=figures.overrun(event.approved) if event.approved is not None else None,
    )
    nothing = selectors.unpaid_because(event, official=official, family=family, total=bill.total, figures=figures)
    settled = Settled(rules.ZERO, eligible, nothing) if nothing and eligible else rules.settle(eligible, room)
    gauges = [
        Gauge(
            _("Per head"), rules.ZERO, rules.share(eligible, heads), figures.per_head(event.kind, official=event.has_official or official)
        ),
        *_gauges(event, figures, adds=settled.paid, held=event.reserved),
    ]
    if room.approved is not None:
        gauges.insert(0, Gauge(_("Against approved, 110% at most"), rules.ZERO, eligible, room.approved))
    holders = {guest.holder: str(guest) for guest in guests}
    times = _times(holders, event.event_on, figures, counted=bool(event.reserved))
    reason = OwnCost(settled.reason).label if settled.reason else ""
    return Preview(event.currency, event.month, tuple(gauges), times, paid=settled.paid, own=bill.total - settled.paid, own_reason=reason)
