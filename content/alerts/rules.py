"""Pure rules of alerts: when what was found is due to be told, what is too old to tell, and how many there may be."""

import datetime as dt
from zoneinfo import ZoneInfo

from content.alerts.choices import Pace

MORNING = dt.time(7, 30)
"""When the daily ones tell, by the clock of the owner's centre (domain 2.8)."""

FRESH = dt.timedelta(days=3)
"""What was printed longer ago is no news: an archive that is read in tells nobody."""

MOST_ALERTS = 100
"""Alerts that one person may keep."""

CAP, MOST_TOLD = 20, 100
"""Stories of one alert that a mail lists unless its owner says otherwise, and the most that they may say."""

NAME_LENGTH = 80
PREVIEW_DAYS = 30


def is_quiet(at: dt.time, quiet_from: dt.time | None, quiet_to: dt.time | None) -> bool:
    """Whether a time of day lies in the quiet hours, which may pass midnight; their end is not quiet. Without both there are none."""
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to:
        return False
    if quiet_from < quiet_to:
        return quiet_from <= at < quiet_to
    return at >= quiet_from or at < quiet_to


def due_at(pace: str, *, now: dt.datetime, zone: ZoneInfo, quiet_from: dt.time | None, quiet_to: dt.time | None) -> dt.datetime:
    """When something found `now` (aware) is told: at once, at the next full hour, or at the next 07:30; after quiet hours, in UTC.

    The daily one keeps its time: whoever wants quiet at 07:30 is still told then.
    """
    local = now.astimezone(zone)
    if pace == Pace.DAILY:
        day = local.date() if local.time() < MORNING else local.date() + dt.timedelta(days=1)
        return _moment(day, MORNING, zone)
    told = local if pace == Pace.AT_ONCE else local.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
    if quiet_to is not None and is_quiet(told.time(), quiet_from, quiet_to):
        day = told.date() if told.time() < quiet_to else told.date() + dt.timedelta(days=1)
        return _moment(day, quiet_to, zone)
    return told.astimezone(dt.UTC)


def _moment(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, time, zone).astimezone(dt.UTC)
