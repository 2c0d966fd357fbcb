"""Values of figures: how they are read from what was typed, compared and shown."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.kernel.contributions import PolicyTable
from crm.kernel.errors import RuleBroken
from crm.kernel.money import StrayComma, exact, prefix, typed_figure
from crm.kernel.wording import listed
from crm.policy.choices import NUMBERS, Unit

MOST_MONEY = Decimal(10) ** 13
MOST = 1_000_000
LONGEST_TEXT, MOST_WORDS = 300, 200
CURRENCIES = {"HK": "HKD", "CN": "CNY"}
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)[-–]([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class Proposal:
    """What somebody proposes: new values of some keys of one table from a day on; None ends a person's own figure."""

    table: str
    values: dict[str, Any]
    effective_from: dt.date
    reason: str
    jurisdiction: str = ""
    person_id: int | None = None


def unit_of(table: PolicyTable, key: str) -> str:
    """The unit of a key's values."""
    return table.units.get(key, table.unit)


def read(table: PolicyTable, key: str, value: Any) -> Any:
    """A value as it is kept, from what was typed or sent. RuleBroken, with the key as field, where it does not fit the unit.

    Money is kept as text with two decimals, other numbers as whole numbers, parts as a dictionary of them.
    """
    try:
        if table.parts:
            if not isinstance(value, dict) or set(value) != set(table.parts):
                raise ValueError(_("Give each of its numbers."))
            return {part: _read(unit_of(table, key), value[part]) for part in table.parts}
        if key in table.choices:
            return _chosen(table.choices[key], value)
        if isinstance(value, str) and value.strip() in table.special:
            return value.strip()
        return _read(unit_of(table, key), value)
    except ValueError as error:
        raise RuleBroken(str(error), fields={key: str(error)}) from error


def _read(unit: str, value: Any) -> Any:
    if unit == Unit.MONEY:
        return _money(value)
    if unit in NUMBERS:
        return _whole(unit, value)
    if unit == Unit.SPANS:
        return _spans(value)
    if unit == Unit.WORDS:
        return _words(value)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        raise ValueError(_("Write a line of text."))
    return " ".join(value.split())


def _chosen(choices: Mapping[str, Any], value: Any) -> str:
    if not isinstance(value, str) or value not in choices:
        raise ValueError(_("Choose one of those listed."))
    return value


def _money(value: Any) -> str:
    sentence = _("Write an amount of 0 or more, with two decimals at most.")
    try:
        amount = exact(typed_figure(value) if isinstance(value, str) else value)
    except (TypeError, ValueError) as error:
        raise ValueError(sentence) from error
    if not 0 <= amount <= MOST_MONEY or amount != round(amount, 2):
        raise ValueError(sentence)
    return f"{amount + 0:.2f}"


def _whole(unit: str, value: Any) -> int:
    most = 100 if unit == Unit.PERCENT else MOST
    try:
        text = typed_figure(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    except StrayComma:
        text = ""
    if not re.fullmatch(r"[0-9]{1,7}", text) or int(text) > most:
        raise ValueError(_("Write a whole number from 0 to %(most)s.") % {"most": f"{most:,}"})
    return int(text)


def _spans(value: Any) -> list[list[str]]:
    sentence = _("Write times such as 09:30-12:30, 14:00-17:30.")
    pairs = value if isinstance(value, list) else []
    parts = value.split(",") if isinstance(value, str) else ["-".join(map(str, pair)) if isinstance(pair, list) else "" for pair in pairs]
    found = [_SPAN.fullmatch(part.strip()) for part in parts]
    spans = [[f"{hit[1]}:{hit[2]}", f"{hit[3]}:{hit[4]}"] for hit in found if hit]
    edges = [edge for span in spans for edge in span]
    if not spans or len(spans) != len(found) or edges != sorted(set(edges)):
        raise ValueError(sentence)
    return spans


def _words(value: Any) -> list[str]:
    lines = value.splitlines() if isinstance(value, str) else value
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise ValueError(_("Write one word or phrase a line."))
    words = [" ".join(line.split()) for line in lines if line.strip()]
    if not words or len(words) > MOST_WORDS or any(len(word) > LONGEST_TEXT for word in words):
        raise ValueError(_("Write one word or phrase a line."))
    return list(dict.fromkeys(words))


def size(value: Any) -> tuple[int, Decimal] | None:
    """Something to compare numbers by; a word that stands for a number is more than all of them. None for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return 0, exact(value)
    except ValueError:
        return 1, Decimal(0)


def is_more(value: Any, other: Any) -> bool:
    """Whether `value` gives more than `other`. What cannot be compared counts as more, so that it asks for the higher approval."""
    ours, theirs = size(value), size(other)
    return ours is None or theirs is None or ours > theirs


def lesser(value: Any, other: Any) -> Any:
    """The smaller of the two (domain 5.1: a person's own figure only lowers that of the grade)."""
    return other if is_more(value, other) else value


def in_words(table: PolicyTable, key: str, value: Any, jurisdiction: str = "") -> str:
    """A value as a person reads it: "HK$ 5,000.00", "90 days", "30 · 7 days". Empty where there is none."""
    if value is None or value == "":
        return ""
    named = table.choices.get(key, table.special)
    if isinstance(value, str) and value in named:
        return str(named[value])
    if isinstance(value, dict):
        shown = (f"{label} {_shown(unit_of(table, key), value.get(part), '')}" for part, label in table.parts.items())
        return " · ".join(shown)
    return _shown(unit_of(table, key), value, CURRENCIES.get(jurisdiction, ""))


def in_short(table: PolicyTable, key: str, value: Any, jurisdiction: str = "") -> str:
    """As `in_words`, of a list of words their number alone."""
    if isinstance(value, list) and unit_of(table, key) == Unit.WORDS:
        return ngettext("%(count)s word or phrase", "%(count)s words or phrases", len(value)) % {"count": len(value)}
    return in_words(table, key, value, jurisdiction)


def _shown(unit: str, value: Any, currency: str) -> str:
    if unit == Unit.MONEY:
        figure = f"{exact(value):,.2f}"
        return f"{prefix(currency)} {figure}" if currency else figure
    if unit == Unit.SPANS:
        return listed(f"{begin}–{end}" for begin, end in value)
    if unit == Unit.WORDS:
        return listed(value)
    if unit not in NUMBERS or not isinstance(value, int):
        return str(value)
    return _counted(unit, value)


def _counted(unit: str, value: int) -> str:
    figure = {"figure": f"{value:,}"}
    if unit == Unit.DAYS:
        return ngettext("%(figure)s day", "%(figure)s days", value) % figure
    if unit == Unit.MONTHS:
        return ngettext("%(figure)s month", "%(figure)s months", value) % figure
    if unit == Unit.HOURS:
        return ngettext("%(figure)s hour", "%(figure)s hours", value) % figure
    if unit == Unit.MINUTES:
        return ngettext("%(figure)s minute", "%(figure)s minutes", value) % figure
    if unit == Unit.TIMES:
        return ngettext("%(figure)s time", "%(figure)s times", value) % figure
    plain = {Unit.PERCENT: "{} %", Unit.BASIS_POINTS: "{} bp", Unit.MEGABYTES: "{} MB"}
    return plain.get(Unit(unit), "{}").format(figure["figure"])


def typed(table: PolicyTable, key: str, value: Any) -> str:
    """A value as one would type it, to start from."""
    if value is None:
        return ""
    if unit_of(table, key) == Unit.WORDS:
        return "\n".join(value)
    if unit_of(table, key) == Unit.SPANS:
        return ", ".join("-".join(span) for span in value)
    return str(value)
