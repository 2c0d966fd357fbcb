"""Reads over surprise visits and what they are drawn by: figures, factors, frequencies, who may go. Never a day that is sealed."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Max
from django.utils import timezone

from credit.risk.rules import months_after
from credit.risk.selectors import Use, uses
from credit.surprises import drawing
from credit.surprises.choices import Origin, Result, VisitState
from credit.surprises.models import Premises, Quota, SurpriseVisit
from crm.clients.models import Client
from crm.kernel.calendars import WorkingCalendar
from crm.policy import selectors as policy
from crm.staff.choices import Role
from crm.staff.models import LeaveCover, OrgUnit, Post
from crm.staff.selectors import working_calendar

TABLES = tuple(f"surprises.{name}" for name in ("frequency", "gaps", "multipliers", "rules", "exposure", "usance", "times", "slots"))
FACTORS = ("new", "usance", "exposure", "unaudited", "unsatisfactory")
_STALE_DAYS = 30


@dataclass(frozen=True)
class Figures:
    """The bank's figures on a day in one jurisdiction."""

    frequency: Mapping[str, Any]
    gaps: Mapping[str, Any]
    multipliers: Mapping[str, Any]
    rules: Mapping[str, Any]
    exposure: Mapping[str, Any]
    usance: frozenset[str]
    times: Mapping[str, Any]
    slots: Mapping[str, Any]

    def days(self, name: str) -> int:
        """A figure of the rules."""
        return int(self.rules[name])

    def at(self, name: str) -> dt.time:
        """A time of day."""
        return dt.time.fromisoformat(self.times[name])

    def terms(self, gap: int, at_night: bool) -> drawing.Terms:
        """As the draw takes them."""
        odd = self.days("odd_percent") if at_night else 0
        return drawing.Terms(gap, len(self.slots["day"]), self.days("extra_percent"), odd)

    def span(self, slot: str) -> tuple[dt.time, dt.time]:
        """The hours of a drawn slot."""
        pair = self.slots[slot][0] if slot in (drawing.NIGHT, drawing.WEEKEND) else self.slots["day"][int(slot)]
        return dt.time.fromisoformat(pair[0]), dt.time.fromisoformat(pair[1])


def figures(jurisdiction: str, on: dt.date) -> Figures:
    """Read in one statement."""
    found = policy.tables(TABLES, jurisdiction=jurisdiction, on=on)
    held: dict[str, Any] = {name.partition(".")[2]: table for name, table in found.items()}
    return Figures(**held | {"usance": frozenset(held["usance"]["facilities"])})


def today_in(centre: OrgUnit, now: dt.datetime) -> dt.date:
    """The day in a centre."""
    return timezone.localdate(now, centre.zone)


def calendar_of(centre: OrgUnit, now: dt.datetime) -> WorkingCalendar:
    """The working time of a centre."""
    return working_calendar(centre, on=today_in(centre, now))


def factors(clients: Sequence[Client], *, on: dt.date, known: Figures) -> dict[int, list[str]]:
    """What multiplies the frequency of each of these clients, by client. Five statements."""
    ids = [client.pk for client in clients]
    used = uses(ids, on=on, days=_STALE_DAYS, trade=frozenset(), usance=known.usance)
    unaudited = set(Premises.objects.filter(client__in=ids, is_unaudited=True).values_list("client_id", flat=True))
    bad = _unsatisfactory(ids, on=on, months=known.days("unsatisfactory_months"))
    found = {}
    for client in clients:
        use = used.get(client.pk, Use())
        holds = {
            "new": on < months_after(client.opened_on, known.days("new_months")),
            "usance": bool(use.drawn) and use.usance * 100 > use.drawn * known.days("usance_percent"),
            "exposure": max(use.limits, use.drawn) > int(known.exposure["hkd"]),
            "unaudited": client.pk in unaudited,
            "unsatisfactory": client.pk in bad,
        }
        found[client.pk] = [name for name in FACTORS if holds[name]]
    return found


def _unsatisfactory(ids: Sequence[int], *, on: dt.date, months: int) -> set[int]:
    """Clients whose last visit was unsatisfactory, within so many months."""
    rows = SurpriseVisit.objects.filter(client__in=ids, state=VisitState.RECORDED, on__lte=on)
    newest = dict(rows.order_by().values_list("client_id").annotate(Max("on")))
    bad = rows.filter(result=Result.UNSATISFACTORY, on__in=set(newest.values())).values_list("client_id", "on")
    return {client_id for client_id, day in bad if day == newest[client_id] and on < months_after(day, months)}


def needed(risk_class: str, names: Iterable[str], known: Figures) -> int:
    """Visits in twelve months."""
    base = int(known.frequency[risk_class])
    return drawing.required(base, [Fraction(int(known.multipliers[name]), 100) for name in names], known.days("cap"))


def quotas_of(client_ids: Iterable[int], *, since: dt.date) -> dict[int, list[Quota]]:
    """The frequencies of clients from the year of a day on, in order. One statement."""
    found: dict[int, list[Quota]] = {}
    rows = Quota.objects.filter(client__in=client_ids, from_on__gte=dt.date(since.year, 1, 1)).order_by("client_id", "from_on")
    for row in rows:
        found.setdefault(row.client_id, []).append(row)
    return found


def managers_of(centre: OrgUnit, *, now: dt.datetime) -> list[int]:
    """Relationship managers of a centre, in a fixed order."""
    posts = Post.objects.current(now).filter(role__in=(Role.RM, Role.SRM), user__is_active=True, unit__centre=centre)
    return sorted(set(posts.values_list("user_id", flat=True)))


def heads_of(centre: OrgUnit, *, now: dt.datetime) -> list[int]:
    """Team heads and the centre head, who go where nobody else can."""
    posts = Post.objects.current(now).filter(role__in=(Role.TH, Role.RCH), user__is_active=True)
    return sorted(set(posts.filter(unit__centre=centre).values_list("user_id", flat=True)))


def away(on: dt.date) -> set[int]:
    """Who is on leave on a day."""
    return set(LeaveCover.objects.standing().touching(on, on).values_list("principal_id", flat=True))


def last_before(visit: SurpriseVisit) -> SurpriseVisit | None:
    """The last recorded visit to the client before this one."""
    rows = SurpriseVisit.objects.filter(client_id=visit.client_id, state=VisitState.RECORDED, begins_at__lt=visit.begins_at)
    return rows.order_by("-begins_at").first()


@dataclass(frozen=True)
class Progress:
    """A client's year: visits needed until its end, those that count, and how many of them its manager made of their own will."""

    needed: int
    drawn: int
    own: int
    counted: int


def premises_of(client: Client) -> Premises:
    """What is known of where it works; an empty row that is not kept where nothing is."""
    return Premises.objects.filter(client=client).first() or Premises(client=client, version=0)


def origin_needs_two(risk_class: str, known: Figures) -> bool:
    """Whether two go together."""
    return bool(risk_class) and int(risk_class[1:]) >= known.days("two_from")


DRAWN = (Origin.DRAWN, Origin.REDRAWN, Origin.FLAG, Origin.FIRST_USE)
