"""Reads over people, units and working calendars."""

import datetime as dt
from functools import lru_cache
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Q, QuerySet, Sum
from django.utils import timezone

from crm.kernel.calendars import Span, WorkingCalendar
from crm.policy import selectors as policy
from crm.staff.choices import DECIDING_ROLES, HEADS, Role, stands_in
from crm.staff.models import CalendarDay, LeaveCover, OrgUnit, Post, User

WORKING_HOURS = "staff.working_hours"


def _span(pair: list[str]) -> tuple[dt.time, dt.time]:
    return dt.time.fromisoformat(pair[0]), dt.time.fromisoformat(pair[1])


def working_calendar(centre: OrgUnit, *, on: dt.date, hours: dict[str, Any] | None = None) -> WorkingCalendar:
    """The centre's working time: usual hours from the policy of the day, and the days that differ.

    One query for the hours, unless the caller brings those of the table WORKING_HOURS along; one for the days, unless they are remembered.
    """
    hours = hours or policy.table(WORKING_HOURS, jurisdiction=centre.jurisdiction, on=on)
    return WorkingCalendar(
        zone=centre.zone,
        spans=tuple(_span(pair) for pair in hours["spans"]),
        exceptions=days_that_differ(centre.pk, centre.calendar_version, on - dt.timedelta(days=400)),
    )


@lru_cache(maxsize=256)
def days_that_differ(centre_id: int, version: int, since: dt.date) -> dict[dt.date, tuple[Span, ...]]:
    """A centre's days with other hours than usual. Remembered in each process for as long as the centre's row tells the same version."""
    days = CalendarDay.objects.filter(centre_id=centre_id, day__gte=since).values_list("day", "spans")
    return {day: tuple(_span(pair) for pair in spans) for day, spans in days}


def calendar_of(user: User, *, now: dt.datetime, hours: dict[str, Any] | None = None) -> WorkingCalendar:
    """The working time that a person lives by: of their first post's centre, else Hong Kong's usual hours on weekdays."""
    centre = user.actor.centre
    if centre is not None:
        return working_calendar(centre, on=timezone.localdate(now, centre.zone), hours=hours)
    hours = hours or policy.table(WORKING_HOURS, jurisdiction="HK", on=timezone.localdate(now))
    return WorkingCalendar(zone=timezone.get_default_timezone(), spans=tuple(_span(pair) for pair in hours["spans"]), exceptions={})


def people_of(units: list[int], *, now: dt.datetime) -> Any:
    """Current posts in some units, with people and units, by name."""
    return (
        Post.objects.current(now).filter(unit_id__in=units, user__is_active=True).select_related("user", "unit").order_by("user__name_en")
    )


def teammates(user: User, *, now: dt.datetime) -> QuerySet[User]:
    """Colleagues whom one may take along or give work to: all of one's own units; for a centre head all of the centre. By name."""
    test = Q(pk__in=[])
    for post in user.actor.posts:
        test |= Q(posts__unit__centre_id=post.unit_id) if post.role == Role.RCH else Q(posts__unit_id=post.unit_id)
    held = Q(posts__from_at__lte=now) & (Q(posts__to_at=None) | Q(posts__to_at__gt=now))
    return User.objects.colleagues_of(user).filter(test & held).distinct().order_by("name_en")


def tree() -> list[tuple[int, OrgUnit]]:
    """All units in the order of the tree, each with its depth."""
    units = sorted(OrgUnit.objects.select_related("parent"), key=lambda unit: [int(part) for part in unit.path.rstrip(".").split(".")])
    return [(unit.path.count(".") - 1, unit) for unit in units]


def headed_deciders(user: User, *, now: dt.datetime) -> QuerySet[User]:
    """The heads whom this person heads: a centre head the team heads, head office all team and centre heads and its own. By name."""
    test = Q(pk__in=())
    centres = [post.unit_id for post in user.actor.posts if post.role == Role.RCH]
    if centres:
        test |= Q(posts__role=Role.TH, posts__unit__centre_id__in=centres)
    if user.actor.has_role(Role.HO):
        test |= Q(posts__role__in=HEADS)
    held = Q(posts__from_at__lte=now) & (Q(posts__to_at=None) | Q(posts__to_at__gt=now))
    return User.objects.colleagues_of(user).filter(test & held).exclude(pk=user.pk).distinct().order_by("name_en")


def coverable(user: User, *, now: dt.datetime) -> QuerySet[User]:
    """Those for whom this person names a deputy: themselves, where they decide, and those whom they head."""
    own = [user.pk] if user.actor.has_role(*DECIDING_ROLES) else []
    return User.objects.colleagues_of(user).filter(Q(pk__in=own) | Q(pk__in=headed_deciders(user, now=now).values("pk")))


def deputies_for(principal: User, *, now: dt.datetime) -> list[User]:
    """Who may keep the principal's desk, by name: the same role and grade, or a higher one."""
    roles = {post.role for post in principal.actor.posts if post.role in DECIDING_ROLES}
    wanted = roles | (set(HEADS) if roles & set(HEADS) else set())
    people = User.objects.holding(*wanted, now=now).exclude(pk=principal.pk).prefetch_related("posts").order_by("name_en")
    desks = [post for post in principal.actor.posts if post.role in DECIDING_ROLES]
    return [person for person in people if desks and all(_reaches(person, desk, now) for desk in desks)]


def _reaches(person: User, desk: Post, now: dt.datetime) -> bool:
    return any(
        post.from_at <= now
        and (post.to_at is None or post.to_at > now)
        and stands_in(role=post.role, grade=post.grade, for_role=desk.role, for_grade=desk.grade)
        for post in person.posts.all()
    )


def covers_of(user: User, *, now: dt.datetime) -> dict[str, list[LeaveCover]]:
    """Leave covers that this person sees, today's and later ones and those of the last 30 days: `own`, `kept` for others, of `people`."""
    since = timezone.localdate(now) - dt.timedelta(days=30)
    rows = LeaveCover.objects.visible_to(user).filter(to_on__gte=since).select_related("principal", "deputy", "made_by", "ended_by")
    found: dict[str, list[LeaveCover]] = {"own": [], "kept": [], "people": []}
    for cover in rows.order_by("from_on", "pk"):
        found["own" if cover.principal_id == user.pk else "kept" if cover.deputy_id == user.pk else "people"].append(cover)
    return found


def locked_until(user: User, *, now: dt.datetime) -> dt.datetime | None:
    """Until when too many wrong passwords lock this person out at one place at least; None where nothing does. One query."""
    cool_off = dt.timedelta(hours=settings.AXES_COOLOFF_TIME)
    tries = AccessAttempt.objects.filter(username__iexact=user.username, attempt_time__gte=now - cool_off).order_by()
    places = tries.values("ip_address").annotate(failures=Sum("failures_since_start"), newest=Max("attempt_time"))
    full = [place["newest"] for place in places if place["failures"] >= settings.AXES_FAILURE_LIMIT]
    return max(full) + cool_off if full else None


def holders(*, role: str, unit_id: int | None, now: dt.datetime) -> list[int]:
    """Ids of those who serve a queue now: the holders of a role in a unit (None: anywhere), and whoever keeps their desk. 50 at most."""
    posts = Post.objects.current(now).filter(role=role, user__is_active=True)
    if unit_id is not None:
        posts = posts.filter(unit_id=unit_id)
    held = list(posts.values_list("user_id", flat=True)[:50])
    day = timezone.localdate(now)
    kept = LeaveCover.objects.standing().touching(day, day).filter(principal_id__in=held).values_list("deputy_id", flat=True)
    return sorted({*held, *kept})[:50]
