"""Reads single values of a directory: dates in western and Taiwanese years, countries, web and mail addresses, names of officers."""

import datetime as dt
import html
import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from crm.kernel.text import fold

_NOT_WORD = re.compile(r"[\W_]+")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d{2}.*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})(?: \d{1,2}:\d{2}.*)?")
_REPUBLIC = re.compile(r"(?:中華民國|中华民国|民國|民国|roc)?\s*(\d{2,3})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_COMPACT_REPUBLIC = re.compile(r"(\d{2,3})(\d{2})(\d{2})")
_WORDY = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[ -]+([a-z]{3,9})\.?|([a-z]{3,9})\.?[ -]+(\d{1,2})(?:st|nd|rd|th)?),?[ -]+(\d{4})", re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_REPUBLIC_BEGINS = 1911
_EPOCH = dt.date(1970, 1, 1)

_MAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
_AROUND_AT = re.compile(r"\s*@\s*")
_SEVERAL = re.compile(r"[;,、，；\s]+")

_OFFICERS = re.compile(r"[、，；;\n]|(?<=[^\x00-\x7f])\s*[/,]\s*(?=[^\x00-\x7f])|\s/\s")
_ASIDE = re.compile(r"[(（][^)）]*[)）]")
_NO_OFFICER = re.compile(r"暫缺|暂缺|待補|待补|尚未|遴選|遴选|空缺|未派|新任|出缺|^無$|^无$|^vacant$|^tbd$|^none$|公告", re.IGNORECASE)
_HONORIFIC = re.compile(r"(?:先生|女士|小姐|代理|兼任|代行)$|^(?:總裁|总裁|代理|執行長)\s*[:：]?\s*")
_REPRESENTED = re.compile(r"代表人\s*[:：]?\s*([^()（）]+)")
_COMPANY = re.compile(r"公司|財團法人|财团法人|基金會|基金会|\b(?:limited|ltd|inc|corp|llc)\b", re.IGNORECASE)


def plain_text(text: str) -> str:
    """`text` on one line, with the entities of HTML resolved, which lists taken from web pages still hold."""
    if "&" in text and ";" in text:
        text = html.unescape(text)
    return " ".join(text.split())


def date_of(text: str, *, day_first: bool = True) -> dt.date | None:
    """The day that `text` names, or None.

    Understands ISO, 2023年3月1日, 20230301, 1 March 2023, 01/03/2023 and the years of Taiwan (1120814, 112/8/14, 民國112年8月14日).
    `day_first`: whether 01/03/2023 is the first of March. The first day of 1970 is how systems write "unknown", so it is None.
    """
    day = _date_of(text.strip(), day_first)
    return None if day == _EPOCH else day


def _date_of(text: str, day_first: bool) -> dt.date | None:
    if match := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(match[1], match[2], match[3])
    if match := _YEAR_LAST.fullmatch(text):
        first, second = (match[1], match[2]) if day_first else (match[2], match[1])
        return _day(match[3], second, first) or _day(match[3], first, second)
    if match := _REPUBLIC.fullmatch(text) or _COMPACT_REPUBLIC.fullmatch(text):
        return _day(str(int(match[1]) + _REPUBLIC_BEGINS), match[2], match[3])
    if match := _WORDY.fullmatch(text):
        month = (match[2] or match[3])[:3].lower()
        return _day(match[5], str(_MONTHS.index(month) + 1), match[1] or match[4]) if month in _MONTHS else None
    return None


def _day(year: str, month: str, day: str) -> dt.date | None:
    try:
        found = dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year >= 1000 else None


@cache
def _countries() -> dict[str, str]:
    table = tomllib.loads(Path(__file__).with_name("countries.toml").read_text(encoding="utf-8"))
    return {name: code for code, names in table.items() for name in (*names, code.lower())}


@lru_cache(maxsize=4096)
def country_of(text: str) -> str:
    """The ISO code of the country that `text` names in any of our languages ("Hong Kong", "KY 開曼群島", "美國"), or ""."""
    plain = _NOT_WORD.sub(" ", fold(text)).strip()
    countries = _countries()
    if plain in countries:
        return countries[plain]
    first, _, rest = plain.partition(" ")
    return countries.get(rest, "") if len(first) == 2 and countries.get(first) == countries.get(rest) else ""


def email_of(text: str) -> str:
    """The first e-mail address in `text`, or ""; blanks around the @ and full width are forgiven."""
    tidy = _AROUND_AT.sub("@", unicodedata.normalize("NFKC", text))
    return next((part for part in _SEVERAL.split(tidy) if _MAIL.fullmatch(part)), "")


def officers_in(text: str) -> list[str]:
    """The persons named in a cell: several divided by 、 or /, without titles and remarks; for a corporate director its representative."""
    if _NO_OFFICER.search(text):
        return []
    names = []
    for part in _OFFICERS.split(plain_text(text)):
        represented = _REPRESENTED.search(part)
        name = represented[1] if represented else _ASIDE.sub("", part)
        name = _HONORIFIC.sub("", name.strip()).strip(" ,、")
        if name and not (_COMPANY.search(name)) and any(character.isalpha() for character in name):
            names.append(name if any(character.isascii() and character.isalpha() for character in name) else name.replace(" ", ""))
    return list(dict.fromkeys(names))
