"""Times of publication as papers, feeds and archives write them, into ISO 8601."""

import datetime as dt
import re
from email.utils import parsedate_to_datetime

from dateutil import parser

_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?\s*(?:[^\d]{0,6}?(\d{1,2})[:：時时點点](\d{1,2})?)?")
_COMPACT = re.compile(r"\d{8}|\d{14}")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")


def iso(text: str) -> str:
    """The time in ISO 8601, with the zone that was written; "" where it is none that we can read. A day alone is its midnight."""
    text = " ".join(text.split())
    if not text or len(text) > 100:
        return ""
    for read in (_iso, _chinese, _digits, _mail, _any):
        try:
            moment = read(text)
        except (ValueError, OverflowError, TypeError, AttributeError):
            continue
        if moment is not None and 1900 <= moment.year <= 2100:
            return moment.isoformat()
    return ""


def _iso(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _chinese(text: str) -> dt.datetime | None:
    match = _CHINESE.search(text)
    if match is None:
        return None
    year, month, day, hour, minute = (int(part or 0) for part in match.groups())
    return dt.datetime(year, month, day, hour, minute)  # noqa: DTZ001 - the zone is the caller's


def _digits(text: str) -> dt.datetime | None:
    if _COMPACT.fullmatch(text) and text[:2] in ("19", "20"):
        return dt.datetime.strptime(text, "%Y%m%d" if len(text) == 8 else "%Y%m%d%H%M%S")  # noqa: DTZ007 - the zone is the caller's
    if _EPOCH.fullmatch(text):
        return dt.datetime.fromtimestamp(int(text[:10]), tz=dt.UTC)
    return None


def _mail(text: str) -> dt.datetime:
    return parsedate_to_datetime(text)


def _any(text: str) -> dt.datetime | None:
    # Without a year or a day dateutil would fill in those of today.
    first, second = (parser.parse(text, default=default) for default in (dt.datetime(1904, 1, 1), dt.datetime(1908, 2, 2)))  # noqa: DTZ001
    return first if first == second else None
