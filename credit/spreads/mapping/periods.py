"""When a column's or row's period ends, how many months it covers and what kind of accounts it is, from its heading."""

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from credit.spreads.choices import PeriodKind
from credit.spreads.mapping.amounts import NotTaken
from credit.spreads.reading.grids import CIRCLE, DATE, ERROR, NUMBER, UNSAVED, Cell
from crm.kernel.text import fold

FIRST, LAST = 1990, 2100
_SERIALS = range(32874, 73051)
"""Days as a spreadsheet counts them, from 1990 to the end of 2099: dates that lost their form."""
_EPOCH = dt.date(1899, 12, 30)
_MONTHS = {
    name: at for at, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)
}
_ISO = re.compile(r"(\d{4})[-/.年]\s?(\d{1,2})[-/.月]\s?(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
_WORDED = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3})[a-z]*\.?,?[\s-]+(\d{4})")
_AMERICAN = re.compile(r"([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_SPAN = re.compile(r"(\d{4})年\s?\d{1,2}\s?月?\s?[-–至]\s?(\d{1,2})\s?月")
_YEAR_MONTH = re.compile(r"(\d{4})[-/.年]\s?(\d{1,2})\s?月?(?!\d)")
_HALF = re.compile(r"(?:1h\s?(\d{4})|h1\s?(\d{4})|(\d{4})\s?h1|(\d{4})\s?1h|(\d{4})年?\s?(?:上半年|半年度|中期))")
_YEAR = re.compile(r"(?:fy|f/y|year)?\s?(?<!\d)((?:19|20)\d{2})\s?(?:年度|年|/\d{2})?(?!\d)")
_COVERED = re.compile(r"(\d{1,2}|three|six|nine|twelve|三|六|九|十二)\s?(?:个|個)?(?:months?|月)(?:止|期间|期間)?")
_SPELT = {"three": 3, "six": 6, "nine": 9, "twelve": 12, "三": 3, "六": 6, "九": 9, "十二": 12}


@dataclass(frozen=True)
class Heading:
    """What a heading says of its period."""

    ends_on: dt.date
    months: int = 12
    kind: str = PeriodKind.AUDITED


def heading_of(cell: Cell, *, year_end_month: int = 12) -> Heading | None:
    """The period that a heading names; None where it names none. NotTaken for a date that can be read in two ways, or an error.

    A year alone ends with `year_end_month`.
    """
    if cell.kind in (ERROR, CIRCLE, UNSAVED):
        raise NotTaken(_("The heading holds an error, so its period is not known."))
    if cell.kind == DATE:
        return _sound(dt.date.fromisoformat(cell.text))
    if cell.kind == NUMBER:
        return _from_number(cell.text, year_end_month)
    text = fold(unicodedata.normalize("NFKC", cell.text)).strip()
    if not any(character.isdigit() for character in text):
        return None
    if text.isdigit():
        return _from_number(text, year_end_month)
    found = _dated(text) or _undated(text, year_end_month)
    if found is None:
        return None
    ends_on, months = found
    return _sound(ends_on, _covered(text) or months, _kind(text, _covered(text) or months))


def _from_number(text: str, year_end_month: int) -> Heading | None:
    if not text.isdigit():
        return None
    number = int(text)
    if FIRST <= number <= LAST:
        return Heading(month_end(number, year_end_month))
    return _sound(_EPOCH + dt.timedelta(days=number)) if number in _SERIALS else None


def month_end(year: int, month: int) -> dt.date:
    """The last day of a month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _dated(text: str) -> tuple[dt.date, int] | None:
    if (match := _SPAN.search(text)) and 1 <= int(match[2]) <= 12:
        return month_end(int(match[1]), int(match[2])), int(match[2])
    if match := _ISO.search(text):
        return _date(*map(int, match.groups())), 12
    if match := _DAY_FIRST.search(text):
        first, second, year = map(int, match.groups())
        if first != second and first <= 12 and second <= 12:
            raise NotTaken(_("The date can be read in two ways. Write it as YYYY-MM-DD."))
        return _date(year, *((second, first) if first > 12 or first == second else (first, second))), 12
    if (match := _WORDED.search(text)) and match[2] in _MONTHS:
        return _date(int(match[3]), _MONTHS[match[2]], int(match[1])), 12
    if (match := _AMERICAN.search(text)) and match[1] in _MONTHS:
        return _date(int(match[3]), _MONTHS[match[1]], int(match[2])), 12
    return None


def _undated(text: str, year_end_month: int) -> tuple[dt.date, int] | None:
    if match := _HALF.search(text):
        year = int(next(group for group in match.groups() if group))
        return month_end(year, 6), 6
    if (match := _YEAR_MONTH.search(text)) and FIRST <= int(match[1]) <= LAST and 1 <= int(match[2]) <= 12:
        return month_end(int(match[1]), int(match[2])), 12
    if match := _YEAR.search(text):
        return month_end(int(match[1]), year_end_month), 12
    return None


def _date(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise NotTaken(_("There is no such day.")) from error


def _sound(ends_on: dt.date, months: int = 12, kind: str = PeriodKind.AUDITED) -> Heading:
    if not FIRST <= ends_on.year <= LAST:
        raise NotTaken(_("The year is not between %(first)s and %(last)s.") % {"first": FIRST, "last": LAST})
    return Heading(ends_on, months, kind)


def _covered(text: str) -> int | None:
    match = _COVERED.search(text)
    if match is None:
        return None
    months = _SPELT.get(match[1]) or (int(match[1]) if match[1].isdigit() else 0)
    return months if 1 <= months <= 24 and not re.search(r"\d{4}[年-]\s?\d{0,2}$", text[: match.start()]) else None


def _kind(text: str, months: int) -> str:
    if "management" in text or "管理" in text:
        return PeriodKind.MANAGEMENT
    if months < 12 or "interim" in text or "中期" in text:
        return PeriodKind.INTERIM
    if "unaudited" in text or "未经审" in text or "未审" in text:
        return PeriodKind.MANAGEMENT
    return PeriodKind.AUDITED
