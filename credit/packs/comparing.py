"""Two versions held against each other: what each part gives as plain values, flattened to lines."""

from dataclasses import dataclass
from typing import Any

from credit.packs.models import PackVersion
from credit.packs.parts import PackPart
from crm.kernel.contributions import of
from crm.kernel.errors import Sentence

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class DifferentLine:
    """One value that differs: where it stands, what it was and is; empty where it was not there."""

    path: tuple[str, ...]
    before: str
    after: str

    @property
    def where(self) -> str:
        """The place in words."""
        return " · ".join(step.replace("_", " ") for step in self.path)

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
        before, after = flat(part.content(old)), flat(part.content(new))
        paths = [*after, *(path for path in before if path not in after)]
        lines = [
            DifferentLine(path, before.get(path, ""), after.get(path, "")) for path in paths if before.get(path, "") != after.get(path, "")
        ]
        if lines:
            found.append(PartDifference(part.code, part.label, lines))
    return found
