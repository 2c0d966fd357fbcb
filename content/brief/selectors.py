"""Reads of the brief: a person's stories of the morning, and how often they read."""

import datetime as dt
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from content.brief import rules
from content.brief.choices import Why
from content.brief.models import Dismissal, ReadingDay
from content.clippings.models import Clipping, Mention
from content.clippings.selectors import READS, Clip, Named, clips
from crm.companies.choices import CoverageKind
from crm.companies.models import Coverage
from crm.companies.querysets import Among
from crm.staff.choices import Role
from crm.staff.selectors import calendar_of

WEIGHED, COVERED, PUT_ASIDE = 1_000, 5_000, 500
"""At most so many of the newest stories, covered companies and refusals are looked at."""

COUNTED = dt.timedelta(days=30)
_TIES = {CoverageKind.CLIENT: Why.CLIENT, CoverageKind.PROSPECT: Why.PROSPECT}


@dataclass(frozen=True)
class Told:
    """A story of the brief: why it stands there, the clipping and whom it names."""

    why: Why
    clip: Clip

    @property
    def stranger(self) -> Named | None:
        """The first company named that is neither a client nor a prospect within the reader's reach, so that it may become one."""
        return next((named for named in self.clip.named if not named.tie), None)

    @property
    def about(self) -> Named | None:
        """The company that a call would be about: an own one before others."""
        return self.clip.named[0] if self.clip.named else None


@dataclass(frozen=True)
class Brief:
    """A person's stories since last evening."""

    since: dt.datetime
    stories: list[Told] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """What it takes to read them all."""
        return sum(told.clip.clipping.read_minutes for told in self.stories)

    @property
    def groups(self) -> list[tuple[Why, list[Told]]]:
        """The stories by why they stand there."""
        return [(reason, list(told)) for reason, told in groupby(self.stories, key=lambda told: told.why)]


def own_coverage(user: Any) -> QuerySet[Coverage]:
    """What a person looks after; for a team head, what the team does."""
    teams = [post.unit_id for post in user.actor.posts if post.role == Role.TH]
    test = Q(owner_id=user.pk) | Q(team_id__in=teams) if teams else Q(owner_id=user.pk)
    return Coverage.objects.current().visible_to(user).filter(test)


def brief_of(user: Any, *, now: dt.datetime) -> Brief:
    """The brief as it stands now. Nine statements, and one more where the centre's days are not remembered."""
    since = rules.reads_since(calendar_of(user, now=now), now=now)
    coverage = own_coverage(user)
    held: dict[int, Why] = {}
    own_sectors: set[str] = set()
    for company_id, kind, sector in coverage.order_by("-kind").values_list("company_id", "kind", "company__sector")[:COVERED]:
        held[company_id] = Why.CLIENT if held.get(company_id) == Why.CLIENT else _TIES[CoverageKind(kind)]
        own_sectors |= {sector} if sector else set()
    ties = _ties(coverage, held, since)
    away, leanings = _put_aside(user, now)
    stories = [story for story in _candidates(user, since, set(ties)) if story.key not in away]
    ordered = rules.in_order(stories, ties=ties, own_sectors=own_sectors, leanings=leanings)
    return Brief(since, _told(user, ordered))


def _ties(coverage: QuerySet[Coverage], held: dict[int, Why], since: dt.datetime) -> dict[int, Why]:
    """Which clippings name an own client or prospect for certain. Who may see them is asked of the clippings."""
    named = Mention.objects.standing().filter(Among("company_id", coverage.values("company_id")), published_at__gte=since)
    ties: dict[int, Why] = {}
    for clipping_id, company_id in named.values_list("clipping_id", "company_id"):
        reason = held.get(company_id)
        if reason is not None and ties.get(clipping_id) != Why.CLIENT:
            ties[clipping_id] = reason
    return ties


def _candidates(user: Any, since: dt.datetime, named: set[int]) -> list[rules.Candidate]:
    """The newest stories, and those that name own companies however many came after them."""
    seen = Clipping.objects.visible_to(user).live().heads().filter(published_at__gte=since)
    columns = ("pk", "published_at", "event", "sectors", "source_id")
    rows = {row[0]: row for row in seen.newest_first().values_list(*columns)[:WEIGHED]}
    rows |= {row[0]: row for row in seen.filter(pk__in=named).values_list(*columns)}
    return [rules.Candidate(key, at, event, tuple(sectors), source) for key, at, event, sectors, source in rows.values()]


def _put_aside(user: Any, now: dt.datetime) -> tuple[set[int], rules.Leanings]:
    """The stories that this person put aside, and what that teaches."""
    rows = Dismissal.objects.visible_to(user).filter(at__gte=now - rules.REMEMBERED).order_by("-at")
    read = ("clipping_id", "clipping__head_id", "at", "clipping__event", "clipping__sectors", "clipping__source_id")
    away: set[int] = set()
    taught = []
    for clipping_id, head_id, at, event, sectors, source_id in rows.values_list(*read)[:PUT_ASIDE]:
        # A story may have got another head since.
        away |= {clipping_id, head_id or clipping_id}
        taught.append(rules.Putaside(at, event, tuple(sectors), source_id))
    return away, rules.learnt(taught, now=now)


def _told(user: Any, ordered: list[tuple[Why, rules.Candidate]]) -> list[Told]:
    rows = Clipping.objects.visible_to(user).filter(pk__in=[story.key for _why, story in ordered]).select_related("source").only(*READS)
    found = {clip.clipping.pk: clip for clip in clips(rows, user=user)}
    return [Told(reason, found[story.key]) for reason, story in ordered if story.key in found]


def local_day(user: Any, now: dt.datetime) -> dt.date:
    """The day that it is where the person works."""
    return timezone.localdate(now, user.actor.centre.zone if user.actor.centre else None)


@dataclass(frozen=True)
class Reading:
    """How a person's reading stands: today's row where there is one, and of how many days in the last thirty they read."""

    today: ReadingDay | None
    read: int
    days: int


def reading_of(user: Any, *, now: dt.datetime) -> Reading:
    """For the person alone. Two statements, and none of what others read."""
    today = local_day(user, now)
    own = ReadingDay.objects.visible_to(user)
    counted = own.filter(day__gt=today - COUNTED).aggregate(days=Count("pk"), read=Count("pk", filter=Q(done_at__isnull=False)))
    return Reading(own.filter(day=today).first(), counted["read"], counted["days"])
