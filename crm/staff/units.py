"""Business operations on units and working calendars: add and change a unit, close it, set a day, add the holidays of a year."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.utils import bulk_create_with_history

from crm.kernel.calendars import seed_days
from crm.kernel.clock import FIRST_YEAR, LAST_YEAR
from crm.kernel.errors import RuleBroken, Sentence
from crm.kernel.wording import listed
from crm.staff import permissions, rules
from crm.staff.choices import PARENTS_OF, USUAL_ZONES, ChangeState, UnitKind
from crm.staff.models import CalendarDay, OrgUnit, Post, PostChange, User

HOLIDAYS = "Public holidays"
"""The reason under which the days of a year are kept."""


def _refuse(field: str, sentence: Sentence) -> RuleBroken:
    return RuleBroken(sentence, fields={field: sentence})


def zone_for(name: str, jurisdiction: str) -> str:
    """The time zone that was named, or the usual one of the jurisdiction where none was. RuleBroken for one that there is not."""
    chosen = name.strip() or USUAL_ZONES[jurisdiction]
    if chosen not in rules.time_zones():
        raise _refuse("time_zone", _("There is no such time zone."))
    return chosen


def check_place(kind: str, parent: OrgUnit | None) -> None:
    """RuleBroken unless a unit of this kind may be part of the parent (domain 1.1), which is open."""
    if not PARENTS_OF[kind]:
        raise _refuse("kind", _("The bank has its head office already."))
    if parent is None:
        raise _refuse("parent", _("Choose the unit that it is part of."))
    if not rules.may_stand_under(kind, parent.kind):
        kinds = listed(UnitKind(above).label for above in PARENTS_OF[kind])
        raise _refuse("parent", _("A unit of this kind is part of one of these kinds: %(kinds)s.") % {"kinds": kinds})
    if parent.closed_on is not None:
        raise _refuse("parent", _("This unit is closed."))


@transaction.atomic
def add_unit(*, parent_id: int | None, facts: Mapping[str, Any], actor: User, now: dt.datetime) -> OrgUnit:
    """Add a unit under another. `facts`: kind, the three names, jurisdiction, time_zone (empty: the usual one) and currency.

    A centre begins with the public holidays of this year and the next. Raises NotAllowed for others than administrators; RuleBroken for a
    kind that is no part of such a parent, a parent that is closed, a time zone that there is not, a name that is there already.
    """
    permissions.can_administer(user=actor).require()
    parent = OrgUnit.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=parent_id).first()
    unit = OrgUnit(parent=parent, **facts)
    check_place(unit.kind, parent)
    return keep_new(unit, actor=actor, now=now)


def keep_new(unit: OrgUnit, *, actor: User | None, now: dt.datetime, reason: str = "") -> OrgUnit:
    """Save a unit that is fit for its place, and give a centre its calendar. RuleBroken as `add_unit`."""
    unit.time_zone = zone_for(unit.time_zone, unit.jurisdiction)
    _keep(unit, actor=actor, reason=reason)
    unit.place()
    if unit.kind == UnitKind.CENTRE:
        year = timezone.localdate(now, unit.zone).year
        _add_days(unit, (day for each in (year, year + 1) for day in public_holidays(unit, each)), actor=actor)
    return unit


def _keep(unit: OrgUnit, *, actor: User | None, reason: str = "", fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            unit.record(actor=actor, reason=reason, fields=fields)
    except IntegrityError as error:
        raise _refuse("name_en", _("A unit of this name is there already.")) from error


@transaction.atomic
def change_unit(*, unit_id: int, version: int | None, changes: Mapping[str, Any], actor: User, now: dt.datetime) -> OrgUnit:
    """Change names, time zone or the day of closing, by the names of `rules.UNIT_FACTS`.

    Raises NotAllowed for others than administrators; StaleVersion where `version` is not the one kept; RuleBroken for a time zone that
    there is not, a name that is there already, and a closing that posts or units stand against.
    """
    permissions.can_administer(user=actor).require()
    unit: OrgUnit = OrgUnit.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=unit_id)
    unit.claim(version or 0, shown=rules.UNIT_FACTS)
    closed_before = unit.closed_on
    for name in rules.UNIT_FACTS:
        setattr(unit, name, changes.get(name, getattr(unit, name)))
    unit.time_zone = zone_for(unit.time_zone, unit.jurisdiction)
    if unit.hand_back():
        return unit
    if unit.closed_on != closed_before:
        _check_closing(unit)
    _keep(unit, actor=actor, fields=[*rules.UNIT_FACTS, "version"])
    return unit


def _check_closing(unit: OrgUnit) -> None:
    """RuleBroken where somebody would hold a post in a unit that is closed, or a unit would be part of one."""
    day = unit.closed_on
    if day is None:
        if unit.parent is not None and unit.parent.closed_on is not None:
            raise _refuse("closed_on", _("The unit that it is part of is closed."))
        return
    posts = Post.objects.filter(unit=unit)
    waiting = PostChange.objects.filter(unit=unit, state=ChangeState.PROPOSED)
    units = unit.children.filter(Q(closed_on=None) | Q(closed_on__gt=day))
    against = (
        (posts.filter(to_at=None).count(), _("posts that are held: %(count)s")),
        (waiting.count(), _("changes of posts that wait: %(count)s")),
        (units.count(), _("open units under it: %(count)s")),
    )
    if any(count for count, _words in against):
        what = listed(words % {"count": count} for count, words in against if count)
        raise _refuse("closed_on", _("This stands against closing the unit: %(what)s.") % {"what": what})
    last = posts.aggregate(last=Max("to_at"))["last"]
    if last is not None and day < (ended := timezone.localdate(last, (unit.centre or unit).zone)):
        raise _refuse("closed_on", _("The last post in this unit ends on %(day)s. Close it then or later.") % {"day": f"{ended:%Y-%m-%d}"})


@transaction.atomic
def set_calendar_day(*, centre_id: int, day: dt.date, spans: Iterable[tuple[str, str]], name: str, actor: User) -> CalendarDay:
    """Open or close a centre on one day. Clocks that have ended keep their results (invariant 41). NotAllowed for another kind of unit."""
    centre = _locked_centre(centre_id, actor)
    row = CalendarDay.objects.filter(centre=centre, day=day).first() or CalendarDay(centre=centre, day=day)
    row.spans, row.name = [list(span) for span in spans], name
    row.record(actor=actor, reason=name)
    _count_up(centre)
    return row


@transaction.atomic
def add_public_holidays(*, centre_id: int, year: int, actor: User) -> int:
    """Add the holidays and make-up days of a year that are not set yet; those that are stay as they are. Returns how many were added.

    Raises NotAllowed for others than administrators and for another kind of unit, RuleBroken for a year of which none are known.
    """
    centre = _locked_centre(centre_id, actor)
    days = list(public_holidays(centre, year)) if FIRST_YEAR <= year <= LAST_YEAR else []
    if not days:
        raise _refuse("year", _("No public holidays are known of this year."))
    return _add_days(centre, days, actor=actor)


def public_holidays(centre: OrgUnit, year: int) -> Iterator[CalendarDay]:
    """The days of a year that differ where the centre stands, not saved yet; none of a year of which none are known."""
    for day, spans in seed_days(centre.jurisdiction, year).items():
        yield CalendarDay(centre=centre, day=day, spans=[[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in spans])


def _locked_centre(centre_id: int, actor: User) -> OrgUnit:
    centre: OrgUnit = OrgUnit.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=centre_id)
    permissions.can_keep_calendar(user=actor, unit=centre).require()
    return centre


def _add_days(centre: OrgUnit, days: Iterable[CalendarDay], *, actor: User | None) -> int:
    wanted = {row.day: row for row in days}
    kept = set(CalendarDay.objects.filter(centre=centre, day__in=wanted).values_list("day", flat=True))
    new = [row for day, row in wanted.items() if day not in kept]
    if new:
        bulk_create_with_history(new, CalendarDay, default_user=actor, default_change_reason=HOLIDAYS)
        _count_up(centre)
    return len(new)


def _count_up(centre: OrgUnit) -> None:
    """Let every process read the centre's days anew."""
    OrgUnit.objects.filter(pk=centre.pk).update(calendar_version=F("calendar_version") + 1)
