"""What a paper for a client may hold (domain 1.3, rule 1): its fields, and the phrases that it may not say. Pure functions on texts."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import Sentence
from crm.kernel.text import fold, fold_with_offsets, strip_controls
from crm.papers.choices import FaultKind

_SLOT = re.compile(r"\{\{([^{}\n]*)\}\}")
# Full-width ones too: they look like a field and would reach the client as they are.
_BRACE = re.compile("[{}｛｝]")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
# Letters by their category that nobody sees: Hangul fillers.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")
# Cyrillic and Greek letters that look like Latin ones.
_LOOKALIKES = str.maketrans("авсԁеоніјкӏмпрԛѕтухԝαεικνορτυχ", "abcdeohijklmnpqstyxwaeiknoptux")

_NOT_ALLOWED = _("No letter may name the field “%(field)s” (line %(line)s, character %(column)s). Allowed are: %(allowed)s.")
_NO_NAME = _(
    "Between two braces stands the name of one field and nothing else, not “%(field)s” (line %(line)s, character %(column)s). "
    "Allowed are: %(allowed)s."
)
_BY_ITSELF = _("The finished letter would say “%(phrase)s” (line %(line)s, character %(column)s), which never reaches a client.")
_WITH_FIELD = _(
    "The finished letter would say “%(phrase)s” (line %(line)s, character %(column)s), which never reaches a client. It comes with the "
    "field “%(field)s”: no letter can be written from a template here. Ask compliance."
)


@dataclass(frozen=True)
class Place:
    """Where something stands in a text, both counted from one."""

    line: int
    column: int


@dataclass(frozen=True)
class Slot:
    """A field as a text names it, and the characters that it takes there."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Phrases:
    """What no client may read: words anywhere, names of levels within `beside` characters of a word of deciding."""

    words: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    decides: tuple[str, ...] = ()
    beside: int = 0


@dataclass(frozen=True)
class Fault:
    """Why a text is refused: the field or phrase, where it stands, and the sentence for whoever wrote it."""

    kind: FaultKind
    what: str
    place: Place
    sentence: Sentence


@dataclass(frozen=True)
class Written:
    """A text with its fields filled in, and which characters came with which field."""

    text: str
    came_with: tuple[Slot, ...] = field(default=())

    def field_at(self, start: int, end: int) -> str:
        """The first field whose value has a part in these characters; empty where the template's own words alone say it."""
        return next((slot.name for slot in self.came_with if slot.start < end and start < slot.end), "")


def tidy(text: str) -> str:
    """A text as it is kept: single line feeds, no control or invisible direction characters, nothing blank at its ends."""
    return strip_controls(text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def laid_out(body: str) -> tuple[list[list[str]], list[list[str]]]:
    """A letter's paragraphs as lists of lines: those down to the salutation, before which no subject stands, and the rest.

    The salutation is the first paragraph of a single line that ends in a comma or colon, as in English and Chinese letters. Where none is,
    the first list is empty.
    """
    paragraphs = [lines for part in re.split(r"\n\s*\n", body.strip("\n")) if (lines := part.split("\n")) != [""]]
    for place, lines in enumerate(paragraphs):
        if len(lines) == 1 and lines[0].rstrip().endswith((",", ":", "，", "：")):
            return paragraphs[: place + 1], paragraphs[place + 1 :]
    return [], paragraphs


def place_of(text: str, offset: int) -> Place:
    """Line and column of a character."""
    return Place(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def slots(text: str) -> list[Slot]:
    """The fields that a text names, in order. What is not well formed is for `faults`."""
    return [Slot(match[1].strip(), match.start(), match.end()) for match in _SLOT.finditer(text)]


def faults(text: str, *, allowed: Collection[str], phrases: Phrases) -> list[Fault]:
    """All that stands against a template's text, in order of place; empty where it may be kept.

    A field that exists but is not for clients and one that does not exist at all are refused in the same words.
    """
    named = slots(text)
    found = [*_misspelt(text, named), *_not_allowed(text, named, allowed)]
    for start, _end, words in hits(text, phrases, named):
        place = place_of(text, start)
        told = {"phrase": words, "line": place.line, "column": place.column}
        sentence = _("“%(phrase)s” never reaches a client (line %(line)s, character %(column)s).") % told
        found.append(Fault(FaultKind.PHRASE, words, place, sentence))
    return sorted(found, key=lambda fault: (fault.place.line, fault.place.column))


def _misspelt(text: str, named: Sequence[Slot]) -> Iterator[Fault]:
    rest = list(text)
    for slot in named:
        rest[slot.start : slot.end] = " " * (slot.end - slot.start)
    stray = _BRACE.search("".join(rest))
    if stray:
        place = place_of(text, stray.start())
        told = {"line": place.line, "column": place.column, "example": "{{ date }}"}
        sentence = _("A brace stands alone at line %(line)s, character %(column)s. Write a field as %(example)s.") % told
        yield Fault(FaultKind.FORM, stray[0], place, sentence)


def _not_allowed(text: str, named: Sequence[Slot], allowed: Collection[str]) -> Iterator[Fault]:
    for slot in named:
        if slot.name in allowed:
            continue
        place = place_of(text, slot.start)
        told: dict[str, Any] = {"field": slot.name[:60], "line": place.line, "column": place.column, "allowed": ", ".join(allowed)}
        kind, sentence = (FaultKind.FIELD, _NOT_ALLOWED) if _NAME.fullmatch(slot.name) else (FaultKind.FORM, _NO_NAME)
        yield Fault(kind, slot.name, place, sentence % told)


def written(text: str, values: Mapping[str, str], lists: Collection[str] = ()) -> Written:
    """The text with its fields filled in as plain text; a value is never read for fields. KeyError for a field without a value.

    A line that holds nothing but fields of which nothing is known is left out. The values of `lists` keep their lines where the field
    stands on a line of its own.
    """
    pieces: list[str] = []
    came: list[Slot] = []
    length = 0
    for line in text.split("\n"):
        named = slots(line)
        alone = len(named) == 1 and named[0].name in lists and not _SLOT.sub("", line).strip()
        filled = {slot: _filled(values[slot.name], keeps_lines=alone) for slot in named}
        if named and not any(filled.values()) and not _SLOT.sub("", line).strip():
            continue
        at = 0
        for slot in named:
            before, value = line[at : slot.start], filled[slot]
            length += len(before)
            came.append(Slot(slot.name, length, length + len(value)))
            length += len(value)
            pieces += [before, value]
            at = slot.end
        pieces += [line[at:], "\n"]
        length += len(line) - at + 1
    whole = "".join(pieces)[:-1]
    return Written(whole, tuple(came))


def _filled(value: str, *, keeps_lines: bool) -> str:
    parts = value.split("\n") if keeps_lines else [value]
    return "\n".join(filter(None, (" ".join(strip_controls(part).split()) for part in parts)))


def spoken(paper: Written, phrases: Phrases) -> list[Fault]:
    """What a finished text says that no client may read, and with which field it came."""
    found = []
    for start, end, words in hits(paper.text, phrases):
        place = place_of(paper.text, start)
        told = {"phrase": words, "line": place.line, "column": place.column, "field": paper.field_at(start, end)}
        found.append(Fault(FaultKind.PHRASE, words, place, (_WITH_FIELD if told["field"] else _BY_ITSELF) % told))
    return found


def hits(text: str, phrases: Phrases, left_out: Sequence[Slot] = ()) -> list[tuple[int, int, str]]:
    """Where a text says what no client may read: start, end and the words as they stand there.

    Case, width, accents, traditional and simplified forms, invisible characters, letters that look alike, and whatever stands between two
    letters or across a line break make no difference. `left_out` are fields, read as if nothing stood there.
    """
    folded, offsets = fold_with_offsets(text)
    places = [
        place
        for place, character in enumerate(folded)
        if _is_read(character) and not any(slot.start <= offsets[place] < slot.end for slot in left_out)
    ]
    squeezed = "".join(folded[place] for place in places).translate(_LOOKALIKES)
    found: list[tuple[int, int, str]] = []
    for start, end in sorted({*_said(squeezed, phrases.words), *_levels(squeezed, folded, places, phrases)}):
        first, last = offsets[places[start]], offsets[places[end - 1] + 1]
        found.append((first, last, " ".join(strip_controls(text[first:last]).split())))
    return found


def _is_read(character: str) -> bool:
    return character.isalnum() and character not in _UNSEEN


def _squeezed(phrase: str) -> str:
    return "".join(character for character in fold(phrase) if _is_read(character)).translate(_LOOKALIKES)


def _said(squeezed: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    for phrase in map(_squeezed, words):
        start = squeezed.find(phrase) if phrase else -1
        while start >= 0:
            yield start, start + len(phrase)
            start = squeezed.find(phrase, start + 1)


def _levels(squeezed: str, folded: str, places: Sequence[int], phrases: Phrases) -> Iterator[tuple[int, int]]:
    """Names of levels that begin a word, with a word of deciding close before or after them."""
    for start, end in _said(squeezed, phrases.levels):
        before = folded[places[start] - 1] if places[start] else " "
        if before.isascii() and before.isalpha() and squeezed[start].isascii():
            continue
        around = (squeezed[max(0, start - phrases.beside) : start], squeezed[end : end + phrases.beside])
        if any(_squeezed(word) in part for word in phrases.decides for part in around):
            yield start, end
