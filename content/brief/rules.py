"""Pure rules of the brief: since when it reads, what comes first, and how "not relevant" teaches the order."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from content.brief.choices import Why
from content.clippings.choices import Event
from crm.kernel.calendars import WorkingCalendar

EVENING = dt.time(18)
"""From this hour of the last working day on the papers are news of the next one."""

READ_BY = dt.time(10)
"""Reading is done by then (domain 2.2, step 0)."""

AT_MOST = 12
"""Stories: what half an hour is enough for."""

# Each "not relevant" makes later stories of the same sector, event or source stand as if they were so much older. Half of it is
# forgotten after thirty days, and nothing sinks by more than a day, so that news of a kind once put aside is not lost for good.
SINKS_BY = {"sector": dt.timedelta(hours=2), "event": dt.timedelta(hours=2), "source": dt.timedelta(hours=1)}
FORGETS_HALF_IN = dt.timedelta(days=30)
SINKS_AT_MOST = dt.timedelta(days=1)
REMEMBERED = dt.timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the order needs to know of a story. `event` is an Event's value or empty, `sectors` are standard names."""

    key: int
    published_at: dt.datetime
    event: str
    sectors: tuple[str, ...]
    source_id: int


@dataclass(frozen=True, slots=True)
class Putaside:
    """A story that somebody called not relevant, and when."""

    at: dt.datetime
    event: str
    sectors: tuple[str, ...]
    source_id: int


@dataclass
class Leanings:
    """How much later stories of a sector, event or source sink for one person, in seconds."""

    sectors: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    events: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    sources: dict[int, float] = field(default_factory=lambda: defaultdict(float))

    def sinking(self, story: Candidate) -> dt.timedelta:
        """By how much a story sinks: its heaviest sector, its event and its source together; at most a day."""
        of_sector = max((self.sectors.get(sector, 0.0) for sector in story.sectors), default=0.0)
        seconds = of_sector + self.events.get(story.event, 0.0) + self.sources.get(story.source_id, 0.0)
        return min(dt.timedelta(seconds=seconds), SINKS_AT_MOST)


def learnt(put_aside: Iterable[Putaside], *, now: dt.datetime) -> Leanings:
    """What a person's refusals teach, the older the less."""
    leanings = Leanings()
    for row in put_aside:
        weight = 0.5 ** (max(now - row.at, dt.timedelta(0)) / FORGETS_HALF_IN)
        for sector in row.sectors:
            leanings.sectors[sector] += weight * SINKS_BY["sector"].total_seconds()
        if row.event:
            leanings.events[row.event] += weight * SINKS_BY["event"].total_seconds()
        leanings.sources[row.source_id] += weight * SINKS_BY["source"].total_seconds()
    return leanings


def reads_since(calendar: WorkingCalendar, *, now: dt.datetime) -> dt.datetime:
    """Six in the evening of the last working day before today, in the centre's own time: on Monday, Friday's."""
    today = now.astimezone(calendar.zone).date()
    return dt.datetime.combine(calendar.add_working_days(today, -1), EVENING, calendar.zone)


def read_by(calendar: WorkingCalendar, day: dt.date) -> dt.datetime:
    """When reading is done on a working day."""
    return dt.datetime.combine(day, READ_BY, calendar.zone)


def why(story: Candidate, ties: Mapping[int, Why], own_sectors: Set[str]) -> Why | None:
    """Why a story concerns the person, if it does. `ties`: stories that name an own client or prospect, by key."""
    if story.key in ties:
        return ties[story.key]
    if not own_sectors.isdisjoint(story.sectors):
        return Why.SECTOR
    return Why.COMPETITOR if story.event == Event.COMPETITOR else None


def in_order(
    stories: Iterable[Candidate], *, ties: Mapping[int, Why], own_sectors: Set[str], leanings: Leanings
) -> list[tuple[Why, Candidate]]:
    """The brief: own clients, own prospects, own sectors, competitors; in each the newest first, less what sinks; at most twelve."""
    places = {reason: place for place, reason in enumerate(Why)}
    found = [(reason, story) for story in stories if (reason := why(story, ties, own_sectors)) is not None]
    found.sort(key=lambda pair: (places[pair[0]], -(pair[1].published_at - leanings.sinking(pair[1])).timestamp(), -pair[1].key))
    return found[:AT_MOST]
