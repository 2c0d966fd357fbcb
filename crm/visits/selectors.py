"""Reads over visits, coverage, calendars and people for one page or operation."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Case, Count, F, Max, Q, QuerySet, SmallIntegerField, When
from django.utils import timezone

from crm.clients.choices import ClientStatus
from crm.clients.models import Client
from crm.companies.models import Address, Company, Contact, Coverage
from crm.companies.querysets import CompanyQuerySet
from crm.kernel.calendars import WorkingCalendar
from crm.kernel.prepared import Prepared
from crm.kernel.worklist import WorkItem
from crm.policy import selectors as policy
from crm.staff import selectors as staff
from crm.staff.choices import Jurisdiction, Role
from crm.staff.stand_in import Form, form_of, stand_in, values_of
from crm.visits.choices import FACTS, VisitKind, VisitState, WorkKindName
from crm.visits.models import BankAttendee, Promise, Visit
from crm.visits.rules import overdue_ratio

WARM_ROWS, WARM_READ = 6, 300
_WARM_READS = ("company_id", "tier", "company__name_en", "company__name_zh", "company__last_contact_at", "company__last_met_at")
AGENDA_ROWS = 8
NAMES = ("company__name_en", "company__name_zh", "owner__name_en", "owner__name_zh")
_AGENDA_READS = ("company_id", "kind", "objective", "at", "company__name_en", "company__name_zh")
OPEN_ROWS = 6
ADDRESSES, CONTACTS = 4, 12


@dataclass(frozen=True)
class WorkingRules:
    """What a person's deadlines are counted by: the calendar of their centre and the bank's figures of the day."""

    calendar: WorkingCalendar
    deadlines: dict[str, int]


def working_rules(*, user: Any, now: dt.datetime) -> WorkingRules:
    """The calendar and figures of the person's first post. Two queries."""
    centre = user.actor.centre
    zone = centre.zone if centre else timezone.get_default_timezone()
    names = (staff.WORKING_HOURS, "visits.deadlines")
    figures = policy.tables(names, jurisdiction=centre.jurisdiction if centre else Jurisdiction.HK, on=timezone.localdate(now, zone))
    return WorkingRules(staff.calendar_of(user, now=now, hours=figures[staff.WORKING_HOURS]), figures["visits.deadlines"])


def attachment_limits(*, user: Any, now: dt.datetime) -> tuple[int, int]:
    """The largest file in bytes, and how many one visit may have."""
    centre = user.actor.centre
    figures = policy.table(
        "visits.attachments", jurisdiction=centre.jurisdiction if centre else Jurisdiction.HK, on=timezone.localdate(now)
    )
    return int(figures["mb"]) * 1024 * 1024, int(figures["files"])


def loggable_companies(user: Any) -> CompanyQuerySet:
    """Companies that the person may log a visit with: those covered within reach."""
    covered = Coverage.objects.current().within(user.actor.reach_of())
    return Company.objects.visible_to(user).filter(pk__in=covered.values("company_id"))


def going_along(visit: Visit) -> QuerySet[Any]:
    """The colleagues who go along to a planned visit, by name."""
    return get_user_model().objects.filter(pk__in=visit.bank_attendees.values("user_id")).order_by("name_en", "pk")


def copy_readers(company: Company, *, user: Any, now: dt.datetime) -> QuerySet[Any]:
    """To whom a note on the company may be sent, by name: who looks after it, the heads above them and above the writer, head office.

    The form offers these; whoever else may read the company's visits gets a copy through the API.
    """
    covered = Coverage.objects.current().filter(company=company)
    own = user.actor.posts
    head_of_team = Q(posts__role=Role.TH) & (
        Q(posts__unit__in=covered.values("team_id")) | Q(posts__unit_id__in=[post.unit_id for post in own])
    )
    centres = [post.unit.centre_id for post in own if post.unit.centre_id]
    head_of_centre = Q(posts__role=Role.RCH) & (Q(posts__unit__in=covered.values("centre_id")) | Q(posts__unit_id__in=centres))
    held = Q(posts__from_at__lte=now) & (Q(posts__to_at=None) | Q(posts__to_at__gt=now))
    above = held & (head_of_team | head_of_centre | Q(posts__role=Role.HO))
    people = get_user_model().objects.colleagues_of(user).filter(above | Q(pk__in=covered.values("owner_id")))
    return people.exclude(pk=user.pk).distinct().order_by("name_en", "pk")


def facts_known(company_id: int) -> set[str]:
    """Which facts earlier visits to the company brought home. One query."""
    filled = {name: Count("pk", filter=~Q(**{name: ""})) for name in FACTS}
    found = Visit.objects.done().filter(company_id=company_id).aggregate(**filled)
    return {name for name, count in found.items() if count}


def newest_contact(company_id: int) -> tuple[dt.datetime | None, dt.datetime | None]:
    """When somebody of the company was last spoken to, and last met: what Company.last_contact_at and last_met_at must say."""
    visits = Visit.objects.filter(company_id=company_id)
    contact = visits.reached().aggregate(at=Max("happened_at"))["at"]
    return contact, visits.met().aggregate(at=Max("happened_at"))["at"]


@dataclass(frozen=True)
class Background:
    """What stands beside the form of a visit: where the company is, whom we know there, what was said last, what is open.

    Each part is read when it is first asked for, so that saving does not pay for what only the page shows.
    """

    user: Any
    company: Company

    @cached_property
    def addresses(self) -> list[Address]:
        """Where the company is."""
        return list(Address.objects.visible_to(self.user).filter(company=self.company).order_by("pk")[:ADDRESSES])

    @cached_property
    def contacts(self) -> list[Contact]:
        """Whom we know there, those who decide first."""
        people = Contact.objects.visible_to(self.user).filter(company=self.company, left_on=None)
        return list(people.order_by("-is_decision_maker", "sort_key")[:CONTACTS])

    @cached_property
    def last(self) -> Visit | None:
        """The newest visit."""
        return Visit.objects.visible_to(self.user).done().filter(company=self.company).newest_first().first()

    @cached_property
    def open_work(self) -> list[WorkItem]:
        """What one has yet to do for it, what was promised first."""
        items = WorkItem.objects.visible_to(self.user).open().filter(company=self.company)
        promised = Case(When(kind=WorkKindName.PROMISE, then=0), default=1, output_field=SmallIntegerField())
        return list(items.order_by(promised, F("due_at").asc(nulls_last=True), "pk")[:OPEN_ROWS])

    @property
    def promised(self) -> list[WorkItem]:
        """What the bank said that it would do."""
        return [item for item in self.open_work if item.kind == WorkKindName.PROMISE]

    @property
    def also_open(self) -> list[WorkItem]:
        """The rest: tasks, conditions, reports, which nobody promised."""
        return [item for item in self.open_work if item.kind != WorkKindName.PROMISE]


def agenda(*, user: Any, now: dt.datetime) -> list[Visit]:
    """One's planned visits from the oldest that is not yet logged on, and those that one goes along to. One query."""
    return _AGENDA(form_of(user), **values_of(user))


def _agenda(form: Form) -> QuerySet[Visit]:
    user = stand_in(form)
    own = Visit.objects.planned().filter(owner_id=user.pk).order_by().values("pk")
    joined = BankAttendee.objects.filter(user_id=user.pk, visit__state=VisitState.PLANNED).values("visit_id")
    planned = Visit.objects.visible_to(user).filter(pk__in=own.union(joined, all=True))
    return planned.select_related("company").only(*_AGENDA_READS).order_by("at", "pk")[:AGENDA_ROWS]


_AGENDA: Prepared[Visit] = Prepared(_agenda)


@dataclass(frozen=True)
class Warm:
    """A client to keep warm: by what it is due, how long it has been, how far past its cadence (1 is due)."""

    client: Client
    kind: str
    days: int | None
    cadence: int
    ratio: float

    @property
    def tone(self) -> str:
        """Seal where it is past, amber where it soon will be."""
        return "seal" if self.ratio >= 1 else "amber"


def keep_warm(*, user: Any, now: dt.datetime) -> list[Warm]:
    """One's own clients whose call or meeting is due or nearly so, the longest overdue first (domain 3.2). Two queries."""
    if not user.actor.reach().owner_id:
        return []
    centre = user.actor.centre
    cadence = policy.table("visits.cadence", jurisdiction=centre.jurisdiction if centre else Jurisdiction.HK, on=now.date())
    oldest_first = _OWN_CLIENTS(form_of(user), **values_of(user))
    rows = [_warm(client, cadence.get(client.tier or "D", {}), now) for client in oldest_first]
    return sorted((row for row in rows if row and row.ratio >= 0.8), key=lambda row: -row.ratio)[:WARM_ROWS]


def _own_clients(form: Form) -> QuerySet[Client]:
    user = stand_in(form)
    mine = Client.objects.visible_to(user).filter(owner_id=user.pk).exclude(status=ClientStatus.CLOSED)
    read = mine.select_related("company").only(*_WARM_READS)
    return read.order_by(F("company__last_contact_at").asc(nulls_first=True), "pk")[:WARM_READ]


_OWN_CLIENTS: Prepared[Client] = Prepared(_own_clients)


def _warm(client: Client, cadence: dict[str, int], now: dt.datetime) -> Warm | None:
    """The more pressing of call and meeting."""
    company = client.company
    options = []
    for kind, last, days in (
        (VisitKind.VISIT, company.last_met_at, cadence.get("meet")),
        (VisitKind.CALL, company.last_contact_at, cadence.get("call")),
    ):
        if days:
            passed = None if last is None else max((now - last).days, 0)
            options.append(Warm(client, kind, passed, days, overdue_ratio(last=last, days=days, now=now)))
    return max(options, key=lambda option: option.ratio, default=None)


def open_promises(*, user: Any, company_id: int) -> QuerySet[Promise]:
    """What the bank promised the company and has not kept yet."""
    return Promise.objects.visible_to(user).filter(company_id=company_id, kept_at=None).order_by("due_on", "pk")
