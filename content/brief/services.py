"""Business operations of the brief: setting the day's reading, saying that it is done, putting a story aside."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from content.brief import rules
from content.brief.choices import READING
from content.brief.models import Dismissal, ReadingDay
from content.brief.permissions import can_read_brief
from content.brief.selectors import local_day
from content.clippings.models import Clipping
from crm.kernel.errors import RuleBroken
from crm.kernel.worklist import WorkItem, WorkState
from crm.staff.choices import RELATIONSHIP_ROLES, UnitKind
from crm.staff.models import OrgUnit, Post
from crm.staff.selectors import working_calendar

SUBJECT = "brief.reading_day"
SET_FROM = dt.time(6)


def set_reading(*, now: dt.datetime) -> int:
    """Give each relationship manager the reading of today, once it is six in the morning of a working day at their centre.

    What was left unread the days before is dropped: nobody reads old papers. Returns how many were given. Safe to run again.
    """
    return sum(_set_at(pk, now=now) for pk in OrgUnit.objects.filter(kind=UnitKind.CENTRE).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _set_at(centre_id: int, *, now: dt.datetime) -> int:
    # The lock lets a second clock wait and find the work done.
    centre = OrgUnit.objects.select_for_update().get(pk=centre_id)
    local = now.astimezone(centre.zone)
    calendar = working_calendar(centre, on=local.date())
    if local.time() < SET_FROM or not calendar.is_working_day(local.date()):
        return 0
    posts = Post.objects.current(now).filter(role__in=RELATIONSHIP_ROLES, unit__centre_id=centre_id, user__is_active=True)
    held = ReadingDay.objects.filter(day=local.date()).values("person_id")
    people = sorted(set(posts.exclude(user_id__in=held).values_list("user_id", flat=True)))
    old = WorkItem.objects.open().filter(kind=READING, assignee_id__in=people)
    old.update(state=WorkState.DROPPED, closed_at=now)
    # SQLite and PostgreSQL give the keys of what bulk_create made.
    days = ReadingDay.objects.bulk_create(ReadingDay(person_id=person_id, day=local.date()) for person_id in people)
    due = rules.read_by(calendar, local.date())
    WorkItem.objects.bulk_create(
        WorkItem(kind=READING, assignee_id=day.person_id, due_at=due, subject_type=SUBJECT, subject_id=day.pk) for day in days
    )
    return len(days)


@transaction.atomic
def finish_reading(*, actor: Any, now: dt.datetime) -> ReadingDay:
    """The day's reading is done. Said twice, the first time counts. NotAllowed for who has no brief."""
    can_read_brief(user=actor).require()
    day, _new = ReadingDay.objects.select_for_update().get_or_create(person=actor, day=local_day(actor, now))
    return _finish(day, actor=actor, now=now)


@transaction.atomic
def tick_reading(*, item_id: int, actor: Any, now: dt.datetime) -> ReadingDay:
    """The same by one tap on the work item. WorkItem.DoesNotExist where hidden; RuleBroken where it is over."""
    return _finish(_day_of(item_id, actor, WorkState.OPEN), actor=actor, now=now)


@transaction.atomic
def untick_reading(*, item_id: int, actor: Any, now: dt.datetime) -> ReadingDay:
    """Not read after all."""
    day = _day_of(item_id, actor, WorkState.DONE)
    day.done_at = None
    day.save(update_fields=["done_at"])
    WorkItem.objects.filter(pk=item_id).update(state=WorkState.OPEN, closed_at=None, closed_by=None)
    return day


def _day_of(item_id: int, actor: Any, state: WorkState) -> ReadingDay:
    item = WorkItem.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=item_id, subject_type=SUBJECT)
    if item.state != state:
        raise RuleBroken(_("This is done already.") if state == WorkState.OPEN else _("It is open."))
    day: ReadingDay = ReadingDay.objects.visible_to(actor).select_for_update().get(pk=item.subject_id)
    return day


def _finish(day: ReadingDay, *, actor: Any, now: dt.datetime) -> ReadingDay:
    if day.done_at is None:
        day.done_at = now
        day.save(update_fields=["done_at"])
        for item in WorkItem.objects.open().filter(subject_type=SUBJECT, subject_id=day.pk):
            item.close(actor=actor, now=now)
    return day


@transaction.atomic
def put_aside(*, clipping_id: int, actor: Any, now: dt.datetime) -> Dismissal:
    """A story is not relevant to this person: it leaves their brief, and those like it sink. Said twice, the first time counts.

    Clipping.DoesNotExist where hidden; NotAllowed for who has no brief.
    """
    clipping = Clipping.objects.visible_to(actor).get(pk=clipping_id)
    can_read_brief(user=actor).require()
    row, _new = Dismissal.objects.get_or_create(person=actor, clipping_id=clipping.story_id, defaults={"at": now})
    return row
