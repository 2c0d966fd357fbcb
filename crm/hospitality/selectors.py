"""Reads over requests, limits, calendars and figures for one page or operation."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from crm.clients.choices import Tier
from crm.clients.models import Client
from crm.companies.models import Company, Contact
from crm.companies.permissions import BUSINESS_ROLES
from crm.figures.selectors import average_deposits
from crm.gifts.choices import ANYWHERE, NEVER, PLACES
from crm.hospitality import rules
from crm.hospitality.choices import CLIENT, GUEST, MONTH, OwnCost, State
from crm.hospitality.models import Guest, HospitalityRequest, Report
from crm.hospitality.rules import Figures
from crm.kernel import limits
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.text import fold
from crm.policy import selectors as policy
from crm.staff import selectors as staff
from crm.staff.choices import Role, UnitKind

_BY_GRADE = (MONTH, "hospitality.lunch", "hospitality.dinner", "hospitality.official_lunch", "hospitality.official_dinner", CLIENT, GUEST)
_AMOUNTS = (*(name for name in _BY_GRADE if name != GUEST), "hospitality.free", "hospitality.ladder", "hospitality.amounts")
_SPECIAL = ("hospitality.deadlines", "hospitality.rules", "hospitality.majors")
_TABLES = (*_AMOUNTS, GUEST, *_SPECIAL, NEVER)
HOSTS = (*BUSINESS_ROLES, Role.HO)
CONTACTS_SHOWN, OUTLINE_ROWS = 12, 10


@dataclass(frozen=True)
class Hosting:
    """In which post somebody hosts a company's guests: whose limits hold, whose calendar, whose currency."""

    post: Any
    team: Any
    centre: Any

    @property
    def role(self) -> str:
        """The host's grade."""
        return str(self.post.role)


def hosting(user: Any, company: Company) -> Hosting | None:
    """The post in which this person would host: that which looks after the company, else the highest. None for who hosts nobody."""
    posts = [post for post in user.actor.posts if post.role in HOSTS]
    if not posts:
        return None
    units = {unit_id for row in company.current_coverage for unit_id in (row.team_id, row.centre_id)}
    post = max(posts, key=lambda post: (post.unit_id in units, post.grade))
    centre = post.unit.centre or next((row.centre for row in company.current_coverage if row.centre_id), None)
    if centre is None:
        return None
    return Hosting(post, post.unit if post.unit.kind == UnitKind.TEAM else None, centre)


@dataclass(frozen=True)
class Setting:
    """The host's figures on the day of an event, and the calendar of the centre."""

    figures: Figures
    calendar: WorkingCalendar


def figures(role: str, *, jurisdiction: str, on: dt.date, person: int | None = None) -> Figures:
    """The figures of a grade, or of one person who holds it, on a day. One query."""
    read = policy.tables(_TABLES, jurisdiction=jurisdiction, on=on, person=person)
    column = rules.column_of(role)
    amounts = {name: {key: Decimal(str(value)) for key, value in read[name].items()} for name in _AMOUNTS}
    return Figures(
        month=amounts[MONTH][column],
        lunch=amounts["hospitality.lunch"][column],
        dinner=amounts["hospitality.dinner"][column],
        official_lunch=amounts["hospitality.official_lunch"][column],
        official_dinner=amounts["hospitality.official_dinner"][column],
        client=amounts[CLIENT][column],
        guest=int(read[GUEST][column]),
        free=amounts["hospitality.free"][column],
        ladder=amounts["hospitality.ladder"],
        cash=amounts["hospitality.amounts"]["cash"],
        ceiling=amounts["hospitality.amounts"]["ceiling"],
        terms={key: int(value) for key, value in read["hospitality.deadlines"].items()},
        shares={key: int(value) for key, value in read["hospitality.rules"].items()},
        never=tuple(fold(word) for key in (ANYWHERE, PLACES) for word in read[NEVER][key]),
        majors={key: Decimal(str(value)) for key, value in read["hospitality.majors"].items()},
    )


def setting(*, role: str, centre: Any, event_at: dt.datetime, host_id: int, company_id: int | None = None) -> Setting:
    """Figures and calendar for an event with guests of a company. Three queries, one more where it may be a deposit major."""
    day = timezone.localdate(event_at, centre.zone)
    read = figures(role, jurisdiction=centre.jurisdiction, on=day, person=host_id)
    if company_id is not None and is_major(company_id, on=day, deposits=read.majors["deposits"]):
        read = read.for_major()
    return Setting(read, staff.working_calendar(centre, on=day))


def is_major(company_id: int, *, on: dt.date, deposits: Decimal) -> bool:
    """A client of tier A whose 90-day average deposits reach `deposits` Hong Kong dollars (domain 4.2: the preferred guests)."""
    client_id = Client.objects.filter(company_id=company_id, tier=Tier.A).values_list("pk", flat=True).first()
    return client_id is not None and average_deposits([client_id], on=on).get(client_id, rules.ZERO) >= deposits


def setting_of(event: HospitalityRequest) -> Setting:
    """Those of a saved event."""
    return setting(role=event.host_role, centre=event.centre, event_at=event.event_at, host_id=event.owner_id, company_id=event.company_id)


# Who holds which limit


def month_holder(user_id: int) -> str:
    """Whose month it is."""
    return f"user:{user_id}"


def client_holder(event: HospitalityRequest) -> str:
    """Whose quarter it is: the client's, in one currency, since amounts of two cannot be added."""
    return f"company:{event.company_id}:{event.currency}"


def guest_holder(*, contact_id: int | None, name: str, company_id: int) -> str:
    """Whose invitations are counted: a contact's, or those of a name at a company."""
    return f"contact:{contact_id}" if contact_id else f"name:{company_id}:{rules.name_key(name)}"[:60]


# What stands beside an event


def near(event: HospitalityRequest, *, hours: int) -> list[HospitalityRequest]:
    """Other events within some hours at the same place by the same host, or with the same client by anybody (domain 4.4). One query."""
    span = dt.timedelta(hours=hours)
    around = HospitalityRequest.objects.alive().filter(event_at__gt=event.event_at - span, event_at__lt=event.event_at + span)
    same = Q(company_id=event.company_id) | Q(owner_id=event.owner_id, venue_key=event.venue_key)
    return list(around.exclude(pk=event.pk).filter(same, currency=event.currency).order_by("pk"))


def cost_of(event: HospitalityRequest) -> Decimal:
    """What an event costs as far as is known: the bill, what was approved, the estimate."""
    return next(amount for amount in (event.billed, event.approved, event.estimate) if amount is not None)


def once_official(contact_ids: Sequence[int]) -> set[int]:
    """Contacts that somebody of the bank has had at table as officials before."""
    found = Guest.objects.filter(contact_id__in=contact_ids, is_official=True).values_list("contact_id", flat=True)
    return {contact_id for contact_id in found if contact_id}


def once_official_by_name(holders: Sequence[str]) -> set[str]:
    """The same for guests who are no contacts, by the holder of their count."""
    found = Guest.objects.filter(holder__in=holders, contact=None, is_official=True).values_list("holder", flat=True)
    return set(found) if holders else set()


def by_name(user: Any, company_id: int, names: Sequence[str]) -> dict[str, Contact]:
    """The people of a company whom these names mean, by name as it is compared: a known person is one person, however they are entered."""
    wanted = {rules.name_key(name) for name in names if name.strip()}
    if not wanted:
        return {}
    people = Contact.objects.visible_to(user).filter(company_id=company_id).order_by("-pk")
    return {key: person for person in people for key in map(rules.name_key, (person.name_en, person.name_zh)) if key and key in wanted}


def needed_approval(event: HospitalityRequest, total: Decimal, figures: Figures) -> bool:
    """Whether the bill of an event that nobody approved is above what needs no approval, together with others near it that the bank pays
    and nobody approved (domain 4.4: split bills are added together). Two queries at most.
    """
    if event.approved is not None:
        return False
    if total > figures.free:
        return True
    others = near(event, hours=figures.shares["split_hours"])
    return total + sum((other.billed or rules.ZERO for other in others if other.approved is None and other.paid), rules.ZERO) > figures.free


def unpaid_because(event: HospitalityRequest, *, official: bool, family: bool, total: Decimal, figures: Figures) -> str:
    """Why nothing is paid of a bill: an official came without consent, or it turned out to be what is approved beforehand (domain 4.2)."""
    if official and event.consented_at is None:
        return OwnCost.CONSENT
    asked_first = bool(event.needs) or family
    if event.approved is None and (asked_first or needed_approval(event, total, figures)):
        return OwnCost.UNASKED
    return ""


def last_relationship(event: HospitalityRequest) -> str:
    """How the relationship stood at the client's last reported event."""
    earlier = Report.objects.filter(request__company_id=event.company_id).exclude(request_id=event.pk)
    return earlier.order_by("-request__event_at").values_list("relationship", flat=True).first() or ""


def people(user: Any, company: Company) -> list[Contact]:
    """The client's people, for the form."""
    return list(Contact.objects.visible_to(user).filter(company=company, left_on=None).order_by("sort_key", "pk")[:CONTACTS_SHOWN])


# Room


@dataclass(frozen=True)
class MonthRoom:
    """A host's month: what may be used, what is reserved and spent, what is left."""

    month: str
    currency: str
    cap: Decimal
    reserved: Decimal
    spent: Decimal

    @property
    def used(self) -> Decimal:
        """Reserved or spent."""
        return self.reserved + self.spent

    @property
    def left(self) -> Decimal:
        """What may still be used."""
        return self.cap - self.used


def month_room(*, user_id: int, month: str, cap: Decimal, currency: str) -> MonthRoom:
    """How a host's month stands under the limit that holds now. Two queries."""
    opened = limits.budget(MONTH, month_holder(user_id), month, cap=cap)
    reserved, spent = limits.split(opened)
    return MonthRoom(month, currency, max(cap, opened.used), reserved, spent)


def own_month(user: Any, *, now: dt.datetime) -> MonthRoom | None:
    """The reader's own month; None for who hosts nobody."""
    posts = [post for post in user.actor.posts if post.role in HOSTS and post.unit.centre_id]
    if not posts:
        return None
    post = max(posts, key=lambda post: post.grade)
    day = timezone.localdate(now, post.unit.centre.zone)
    cap = figures(post.role, jurisdiction=post.unit.centre.jurisdiction, on=day, person=user.pk).month
    return month_room(user_id=user.pk, month=rules.month_of(day), cap=cap, currency=post.unit.centre.currency)


def client_used(event: HospitalityRequest) -> Decimal:
    """What the whole bank has used for the client in the event's quarter."""
    first, last = rules.quarter_of(event.event_on)
    holder = client_holder(event)
    return limits.used_in_window(CLIENT, [holder], since=first, until=last).get(holder, rules.ZERO)


def guest_times(holders: Sequence[str], day: dt.date) -> dict[str, int]:
    """How often each was invited in the quarter of a day, by anybody of the bank. One query."""
    first, last = rules.quarter_of(day)
    return {holder: int(times) for holder, times in limits.used_in_window(GUEST, holders, since=first, until=last).items()}


def guest_spent(holders: Sequence[str], day: dt.date) -> dict[str, Decimal]:
    """What the whole bank has spent on each in the quarter of a day: the shares by head of the tables at which they sat. One query."""
    first, last = rules.quarter_of(day)
    rows = Guest.objects.filter(holder__in=holders, came=True, request__event_on__range=(first, last))
    sums: dict[str, Decimal] = {}
    for holder, per_head in rows.values_list("holder", "request__per_head"):
        sums[holder] = sums.get(holder, rules.ZERO) + (per_head or rules.ZERO)
    return sums


@dataclass(frozen=True)
class GuestRow:
    """A guest with what the whole bank has done for them this quarter."""

    guest: Guest
    times: int
    most: int
    spent: Decimal

    @property
    def tone(self) -> str:
        """Near or at what may be."""
        return "seal" if self.times >= self.most else "amber" if self.times == self.most - 1 else ""


def guest_rows(event: HospitalityRequest, *, most: int) -> list[GuestRow]:
    """The guests of an event with their running totals. Three queries."""
    guests = list(event.guests.select_related("contact").order_by("pk"))
    holders = [guest.holder for guest in guests]
    times, spent = guest_times(holders, event.event_on), guest_spent(holders, event.event_on)
    return [GuestRow(guest, times.get(guest.holder, 0), most, spent.get(guest.holder, rules.ZERO)) for guest in guests]


# Registers


def of_company(*, user: Any, company_id: int) -> QuerySet[HospitalityRequest]:
    """A client's events that the reader may see, newest first."""
    rows = HospitalityRequest.objects.visible_to(user).filter(company_id=company_id)
    return rows.select_related("owner").order_by("-event_at", "-pk")


def exceptions(*, user: Any, first: dt.date, last: dt.date, currency: str) -> QuerySet[HospitalityRequest]:
    """The outliers of a span of days in one currency (domain 4.6)."""
    rows = HospitalityRequest.objects.visible_to(user).filter(event_on__range=(first, last), currency=currency)
    return rows.filter(
        Q(near_cap=True) | Q(round_sum=True) | Q(on_weekend=True) | Q(often=True) | ~Q(own_reason="") | Q(state=State.CLAWED_BACK)
    )


def ready_to_post() -> QuerySet[HospitalityRequest]:
    """Claims that finance has checked and not posted."""
    return HospitalityRequest.objects.filter(state=State.VERIFIED).select_related("company", "owner", "centre", "team")
