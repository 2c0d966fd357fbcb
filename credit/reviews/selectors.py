"""Reads over reviews: clocks, questions, memos, the figures that hold, who may take a pack."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from credit.packs.choices import IN_CREDIT, Act, State
from credit.packs.models import Pack, PackEvent, PackVersion
from credit.reviews import rules
from credit.reviews.choices import UNSETTLED, WAITING, Party, QuestionState, Severity
from credit.reviews.models import Memo, Question, Review, Saying
from credit.reviews.rules import Clock, Step, Stretch
from crm.kernel.calendars import WorkingCalendar
from crm.policy import selectors as policy
from crm.staff.choices import Role
from crm.staff.models import User
from crm.staff.selectors import working_calendar

T = TypeVar("T")
_MOVES = (Act.OPEN_VERSION, Act.DROP_VERSION)


def today_of(pack: Pack, now: dt.datetime) -> dt.date:
    """The day in the pack's centre."""
    return timezone.localdate(now, pack.centre.zone)


def figures(pack: Pack, now: dt.datetime) -> dict[str, Any]:
    """Days of answers and fact checks, on the day."""
    return policy.table("reviews.rules", jurisdiction=pack.jurisdiction, on=today_of(pack, now))


def calendar_of(pack: Pack, now: dt.datetime) -> WorkingCalendar:
    """The working time of the pack's centre."""
    return working_calendar(pack.centre, on=today_of(pack, now))


def target_days(pack: Pack, now: dt.datetime) -> int:
    """From complete pack to decision, by model and segment (domain 6.1)."""
    held = policy.table("reviews.targets", jurisdiction=pack.jurisdiction, on=today_of(pack, now))
    return int(held[f"{pack.authorship}.{pack.segment}"])


def stretches_of(packs: Iterable[Pack]) -> dict[int, list[Stretch]]:
    """Who had each of these packs when, by pack id. One statement."""
    steps: dict[int, list[Step]] = defaultdict(list)
    rows = PackEvent.objects.filter(pack__in=[pack.pk for pack in packs]).filter(Q(act__in=_MOVES) | ~Q(target=""))
    for pack_id, at, act, target in rows.order_by("at", "pk").values_list("pack_id", "at", "act", "target"):
        steps[pack_id].append(Step(at, act, target))
    return {pack_id: rules.stretches(found) for pack_id, found in steps.items()}


def clocks_of(packs: Sequence[Pack], *, now: dt.datetime) -> dict[int, Clock]:
    """The credit department's clock of each pack in review. Statements: one, and two for each centre among them."""
    found = stretches_of(packs)
    calendars: dict[int, WorkingCalendar] = {}
    targets: dict[str, dict[str, Any]] = {}
    clocks = {}
    for pack in packs:
        if pack.centre_id not in calendars:
            calendars[pack.centre_id] = calendar_of(pack, now)
        if pack.jurisdiction not in targets:
            targets[pack.jurisdiction] = policy.table("reviews.targets", jurisdiction=pack.jurisdiction, on=today_of(pack, now))
        days = int(targets[pack.jurisdiction][f"{pack.authorship}.{pack.segment}"])
        clocks[pack.pk] = rules.clock(found.get(pack.pk, []), Party.CREDIT, calendar=calendars[pack.centre_id], target_days=days, now=now)
    return clocks


def clock_of(pack: Pack, *, now: dt.datetime) -> Clock | None:
    """The credit department's clock: as it was stopped, else as it runs; None before the handoff."""
    stopped = pack.clocks.filter(party=Party.CREDIT).order_by("-pk").first()
    if stopped is not None and pack.state not in IN_CREDIT:
        seconds, day = dt.timedelta(seconds=stopped.seconds), dt.timedelta(seconds=stopped.day_seconds)
        return Clock(Party.CREDIT, seconds, day, stopped.target_days, False)
    if pack.handed_off_at is None:
        return None
    return clocks_of([pack], now=now)[pack.pk]


def at_hand(pack: Pack, name: str, read: Callable[[Pack], T]) -> T:
    """What a page asks of a pack several times, read once for each loaded pack. Not for services, which change it meanwhile."""
    if name not in pack.__dict__:
        pack.__dict__[name] = read(pack)
    found: T = pack.__dict__[name]
    return found


def review_of(pack: Pack) -> Review | None:
    """With analyst; None while nobody has it."""
    return Review.objects.filter(pack=pack).select_related("analyst", "assigned_by", "rated_by").first()


def questions_of(pack: Pack, *, user: Any) -> list[Question]:
    """With their threads, in their order. Two statements."""
    rows = list(Question.objects.visible_to(user).filter(pack=pack).select_related("asked_by").order_by("number"))
    by_pk = {row.pk: row for row in rows}
    for row in rows:
        row.entries = []
    for saying in Saying.objects.filter(question__in=by_pk).select_related("actor", "file").order_by("at", "pk") if rows else ():
        by_pk[saying.question_id].entries.append(saying)
    return rows


def blockers(pack: Pack, states: Sequence[str] = UNSETTLED) -> int:
    """Blockers in these states: unsettled ones stop the decision (invariant 29), waiting ones the way back from QUERY."""
    return pack.questions.filter(severity=Severity.BLOCKER, state__in=states).count()


def drafts_of(pack: Pack) -> list[Question]:
    """Questions of the list that was not sent yet."""
    return list(pack.questions.filter(state=QuestionState.DRAFT).order_by("number"))


def memo_of(pack: Pack) -> Memo | None:
    """The newest memo."""
    return pack.memos.select_related("written_by", "facts_checked_by", "pack").order_by("-number").first()


def writers_of(pack: Pack) -> set[int]:
    """Who wrote what is decided: the relationship manager, and under model B the analyst."""
    return {pack.owner_id, *pack.memos.values_list("written_by_id", flat=True)}


def endorsers_of(pack: Pack) -> set[int]:
    """Who endorsed it, at any time."""
    acts = pack.events.filter(act=Act.ENDORSE, actor__isnull=False)
    return set(acts.values_list("actor_id", flat=True))


def intake(user: Any) -> QuerySet[Pack]:
    """What is with the credit department, with what stops it."""
    asked = Question.objects.filter(pack=OuterRef("pk"))
    held = PackVersion.objects.filter(pack=OuterRef("pk"), state="on_hold")
    return (
        Pack.objects.visible_to(user)
        .filter(state__in=IN_CREDIT)
        .annotate(
            open_questions=Count("questions", filter=Q(questions__state__in=WAITING), distinct=True),
            is_held=Exists(held),
            is_blocked=Exists(asked.filter(severity=Severity.BLOCKER, state__in=WAITING)),
        )
    )


def next_pack(user: Any) -> Pack | None:
    """The pack that waits longest for an analyst and that this person may take."""
    waiting = Pack.objects.visible_to(user).filter(state=State.HANDED_OFF, review=None).exclude(owner=user)
    waiting = waiting.exclude(versions__state="on_hold").exclude(events__act=Act.ENDORSE, events__actor=user)
    return waiting.order_by("state_since", "pk").first()


def analysts(now: dt.datetime) -> QuerySet[User]:
    """Who holds an analyst's post now."""
    holding = User.objects.filter(is_active=True, posts__role=Role.CA, posts__from_at__lte=now)
    return holding.filter(Q(posts__to_at=None) | Q(posts__to_at__gt=now)).distinct().order_by("name_en", "pk")
