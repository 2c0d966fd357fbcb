"""Two versions held against each other: what each part gives as plain values, flattened to lines that are said in words."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from credit.packs.models import PackVersion
from credit.packs.parts import PackPart
from crm.kernel.contributions import of
from crm.kernel.errors import Sentence

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
PEOPLE = frozenset({"by", "written_by", "received_by", "checked_by", "waived_by"})
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MONEY = re.compile(r"-?\d+\.\d\d")


@dataclass(frozen=True)
class DifferentLine:
    """One value that differs: where it stands, what it was and is, empty where it was not there.

    `where`, `was` and `now` say the same in words.
    """

    path: tuple[str, ...]
    before: str
    after: str
    where: str = ""
    was: str = ""
    now: str = ""

    @property
    def kind(self) -> str:
        """Added, removed or changed."""
        if not self.before:
            return ADDED
        return CHANGED if self.after else REMOVED


@dataclass(frozen=True)
class PartDifference:
    """The lines of one part that differ."""

    code: str
    label: Sentence
    lines: list[DifferentLine]


def flat(value: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], str]:
    """JSON values as lines: a path to each plain value. Lists count by place; nothing, an empty list and an empty text are no line."""
    if isinstance(value, dict):
        return {line: text for key, inner in value.items() for line, text in flat(inner, (*path, str(key))).items()}
    if isinstance(value, list | tuple):
        if all(not isinstance(one, dict | list | tuple) for one in value):
            return {path: ", ".join(str(one) for one in value)} if value else {}
        return {line: text for place, inner in enumerate(value, 1) for line, text in flat(inner, (*path, str(place))).items()}
    return {} if value in (None, "") else {path: str(value)}


def differences(old: PackVersion, new: PackVersion) -> list[PartDifference]:
    """The parts that differ, in their order."""
    found = []
    for part in of(PackPart):
        contents = part.content(old), part.content(new)
        before, after = flat(contents[0]), flat(contents[1])
        words = {**part.words(contents[0]), **part.words(contents[1])}
        paths = [*after, *(path for path in before if path not in after)]
        lines = [
            DifferentLine(path, before.get(path, ""), after.get(path, ""))
            for path in paths
            if before.get(path, "") != after.get(path, "") and words.get(path[-1]) != ""
        ]
        if lines:
            found.append(PartDifference(part.code, part.label, _said(lines, part, words)))
    return found


def _said(lines: list[DifferentLine], part: PackPart, words: Mapping[str, Sentence]) -> list[DifferentLine]:
    names = _names(text for line in lines if line.path[-1] in PEOPLE for text in (line.before, line.after))

    def said(line: DifferentLine, text: str) -> str:
        step = line.path[-1]
        if step in part.reads:
            return str(part.reads[step](text, words)) if text else ""
        return names.get(text, text) if step in PEOPLE else _plain(text)

    def where(line: DifferentLine) -> str:
        return capfirst(" · ".join(str(words.get(step, step.replace("_", " "))) for step in line.path))

    return [
        DifferentLine(line.path, line.before, line.after, where(line), said(line, line.before), said(line, line.after)) for line in lines
    ]


def _names(usernames: Iterable[str]) -> dict[str, str]:
    """What people are called. One statement, none where nobody is named."""
    meant = {one for one in usernames if one}
    rows = get_user_model()._default_manager.filter(username__in=meant) if meant else ()
    return {row.get_username(): str(row) for row in rows}


def _plain(text: str) -> str:
    """A day, a time, money or yes and no as they are read."""
    if text in ("True", "False"):
        return _("Yes") if text == "True" else _("No")
    if _MOMENT.fullmatch(text):
        return date_format(timezone.localtime(dt.datetime.fromisoformat(text)), "DATETIME_FORMAT")
    if _DAY.fullmatch(text):
        return date_format(dt.date.fromisoformat(text), "DATE_FORMAT")
    return f"{Decimal(text):,.2f}" if _MONEY.fullmatch(text) else text
