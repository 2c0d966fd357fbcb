"""Published times as papers, feeds and archives write them."""

import datetime as dt
import re
from email.utils import parsedate_tz
from zoneinfo import ZoneInfo

_MONTHS = {
    name: number
    for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}
_ZONE = r"(?P<zone>Z|UTC|GMT|HKT|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
_CLOCK = (
    r"(?:[\sT,，]*(?P<half>上午|下午|早上|晚上|中午|凌晨)?\s*(?P<hour>\d{1,2})(?:[:：]|时|時|点|點)(?P<minute>\d{2})分?(?:[:：]?(?P<second>\d{2})秒?)?"
    r"(?:[.,]\d{1,9})?\s*(?P<ampm>[AaPp]\.?[Mm]\.?)?\s*" + _ZONE + r")?"
)
_DAYS = (
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
    r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号號]?(?:\s*[(（]?(?:星期|周|週|礼拜|禮拜)[一二三四五六日天][)）]?)?",
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})",
    r"(?:[A-Za-z]{3,9},?\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)?[-\s]+(?P<name>[A-Za-z]{3,9})\.?,?[-\s]+(?P<year>\d{4})",
    r"(?:[A-Za-z]{3,9},?\s+)?(?P<name>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})",
)
_FORMS = tuple(re.compile(rf"\s*{day}{_CLOCK}\s*", re.IGNORECASE) for day in _DAYS)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?")
_EPOCH = re.compile(r"(\d{10})(\d{3})?(?:\.\d+)?")
_LONGEST = 80


def moment_of(text: str, zone: ZoneInfo) -> dt.datetime | None:
    """The aware moment that `text` writes; None if it writes none. Without a zone it is in `zone`; a day alone is its midnight.

    Days before months, as Hong Kong writes them (3/4/2025 is 3 April). Also seconds or milliseconds since 1970.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        if epoch := _EPOCH.fullmatch(text):
            return dt.datetime.fromtimestamp(int(epoch[1]), tz=dt.UTC)
        if compact := _COMPACT.fullmatch(text):
            return dt.datetime(*(int(part or 0) for part in compact.groups()), tzinfo=zone)  # type: ignore[arg-type, misc]
        for form in _FORMS:
            if match := form.fullmatch(text):
                return _moment(match, zone)
        return _of_mail(text, zone)
    except (ValueError, OverflowError):
        return None


def is_day_only(text: str) -> bool:
    """Whether a written moment names no time of day."""
    return not re.search(r"\d[:：时時点點]\d{2}", text) and not _EPOCH.fullmatch(text.strip()) and not _COMPACT.fullmatch(text.strip())


def _moment(match: re.Match[str], zone: ZoneInfo) -> dt.datetime:
    parts = match.groupdict()
    month = _MONTHS[parts["name"][:3].lower()] if parts.get("name", "")[:3].lower() in _MONTHS else int(parts.get("month") or 0)
    hour = int(parts["hour"] or 0)
    half = (parts["ampm"] or "").lower()[:1] or {"下午": "p", "晚上": "p", "上午": "a", "早上": "a", "凌晨": "a"}.get(
        parts["half"] or "", ""
    )
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    second = min(int(parts["second"] or 0), 59)
    naive = dt.datetime(int(parts["year"]), month, int(parts["day"]), hour, int(parts["minute"] or 0), second)  # noqa: DTZ001 -- zone follows
    return naive.replace(tzinfo=_zone(parts["zone"], zone))


def _zone(written: str | None, zone: ZoneInfo) -> dt.tzinfo:
    if not written:
        return zone
    if written.upper() in ("Z", "UTC", "GMT"):
        return dt.UTC
    if written.upper() == "HKT":
        return ZoneInfo("Asia/Hong_Kong")
    digits = written[1:].replace(":", "").ljust(4, "0")
    offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return dt.timezone(-offset if written[0] == "-" else offset)


def _of_mail(text: str, zone: ZoneInfo) -> dt.datetime | None:
    """The forms of RFC 2822, with its names of American zones."""
    parts = parsedate_tz(text)
    if parts is None:
        return None
    offset = parts[9]
    moment = dt.datetime(*parts[:6], tzinfo=dt.UTC)
    if offset is None and not text.endswith("-0000"):
        return moment.replace(tzinfo=zone)
    return moment.replace(tzinfo=dt.timezone(dt.timedelta(seconds=offset or 0)))
