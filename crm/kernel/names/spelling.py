"""Which name somebody meant who wrote it a little wrong: where to look for such names, and which stretch of a name is like what was typed.

"A little": one letter or character too many, missing, other or exchanged with its neighbour (in long words two), other characters of the
same sound, pinyin or initials for the name itself. Traditional and simplified are the same here as everywhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_lowercase

from rapidfuzz.distance import OSA

from crm.kernel import pinyin
from crm.kernel.names.keys import search_keys, typed_key
from crm.kernel.names.legal import core_name
from crm.kernel.names.people import person_initials
from crm.kernel.text import HAN, fold_with_offsets, has_han, token_spans, tokens

VARIED = 12
SHORTEST, SHORTEST_INITIALS, LONG = 4, 3, 8
SHORTEST_ZH, LONG_ZH = 3, 6

_LAST = "\U0010ffff"
_BEHIND_BLANK = "!"
_HAN_RUN = re.compile(f"[{HAN}]+")

_ANY = "%"

Range = tuple[str, str, str]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Likely:
    """A stretch of a name as it is written there, and how many letters or characters it is away from what was typed."""

    text: str
    distance: int


def key_ranges(typed: str) -> list[Range]:
    """Where in the keys of `search_keys` names like `typed` lie: from, up to but without, and a LIKE pattern that they fit.

    None for what is too short to tell.
    """
    key = typed_key(typed)
    return [*dict.fromkeys(_chinese_ranges(key) if has_han(key) else _latin_ranges(key))]


def likely(typed: str, name: str, *, is_person: bool = False) -> Likely | None:
    """What of `name` was meant by `typed`; None where that stands in the name already, or is not like any stretch of it."""
    if not has_han(typed):
        return _latin(typed, name) or _read_aloud(typed, name, is_person=is_person)
    return _chinese(typed, name) if has_han(name) else None


def _latin_ranges(key: str) -> Iterator[Range]:
    joined = key.replace(" ", "")
    if len(joined) < SHORTEST_INITIALS or joined.isdigit():
        return
    # Initials are a key by themselves, a whole reading in pinyin begins with what was typed.
    yield joined, joined + _BEHIND_BLANK, _ANY
    if len(joined) >= SHORTEST:
        yield joined, joined + _LAST, _ANY
        is_cut = len(key) > VARIED
        for variant in _one_off(key[:VARIED]):
            # Whole words only, or a short one would find half of all names.
            yield variant, variant + (_LAST if is_cut else _BEHIND_BLANK), _ANY


def _one_off(word: str) -> Iterator[str]:
    """The word itself, and with one letter or blank too few, exchanged, other, or too many."""
    yield word
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in f" {ascii_lowercase}":
            yield before + letter + after[1:]
            yield before + letter + after


def _chinese_ranges(key: str) -> Iterator[Range]:
    """By sound; with one character too few, exchanged, other, or missing; of a long one by the half that is right."""
    size = len(key)
    if size < 2 or not _HAN_RUN.fullmatch(key):
        return
    sound = "".join(pinyin.syllables(key))
    yield sound, sound + _LAST, _ANY
    if size < SHORTEST_ZH:
        return
    # A first character that is wrong or missing: names have a key from each later one on.
    starts = [key[1:], *({key[: size // 2], key[size // 2 :]} if size >= LONG_ZH else ())]
    key = key[:VARIED]
    for place in range(1, len(key) + 1):
        before, after = key[:place], key[place:]
        if after:
            starts += [before + after[1:], key[: place - 1] + after[0] + before[-1] + after[1:]]
            yield before, before + _LAST, f"{before}_{after[1:]}%"
            yield before, before + _LAST, f"{before}_{after}%"
    for start in starts:
        if len(start) >= SHORTEST_ZH - 1:
            yield start, start + _LAST, _ANY


def _latin(typed: str, name: str) -> Likely | None:
    """The nearest words side by side, one more or fewer than were typed where a blank was lost or slipped in."""
    wanted = tokens(typed)
    whole = "".join(wanted)
    if len(whole) < SHORTEST:
        return None
    folded, offsets = fold_with_offsets(name)
    words = [span for span in token_spans(folded) if span[0].isascii()]
    most = 2 if len(whole) >= LONG else 1
    found: list[tuple[int, int, Span]] = []
    for count in {max(len(wanted) - 1, 1), len(wanted), len(wanted) + 1}:
        for first in range(len(words) - count + 1):
            window = words[first : first + count]
            distance = OSA.distance(whole, "".join(word for word, _start, _end in window), score_cutoff=most)
            if distance == 0 and count == len(wanted):
                return None
            if distance <= most:
                found.append((max(distance, 1), abs(count - len(wanted)), (window[0][1], window[-1][2])))
    if not found:
        return None
    distance, _extra, (start, end) = min(found)
    return Likely(name[offsets[start] : offsets[end]], distance)


def _read_aloud(typed: str, name: str, *, is_person: bool) -> Likely | None:
    """The whole name where its initials or its pinyin were typed."""
    whole = typed_key(typed).replace(" ", "")
    if len(whole) < SHORTEST_INITIALS:
        return None
    if is_person:
        chinese = "".join(_HAN_RUN.findall(typed_key(name)))
        readings = {"".join(pinyin.syllables(chinese, person=True))} if chinese else set()
        said = whole in readings | {person_initials(name)}
        return Likely(name, 1) if said else None
    keys = search_keys(name)
    said = any(kind == "initials" and key == whole for kind, key in keys)
    said = said or (len(whole) >= SHORTEST and any(kind == "pinyin" and key.startswith(whole) for kind, key in keys))
    return Likely(_core_as_written(name), 1) if said else None


def _chinese(typed: str, name: str) -> Likely | None:
    """The nearest characters side by side."""
    wanted = "".join(_HAN_RUN.findall(typed_key(typed)))
    folded, offsets = fold_with_offsets(name)
    size = len(wanted)
    if size < 2 or wanted in folded:
        return None
    sound = pinyin.syllables(wanted)
    most = 2 if size >= LONG_ZH else 1
    found: list[tuple[int, int, int, Span]] = []
    for run in _HAN_RUN.finditer(folded):
        for length in (size, size + 1, size - 1):
            for start in range(run.start(), run.end() - length + 1):
                window = folded[start : start + length]
                distance = OSA.distance(wanted, window, score_cutoff=most) if min(size, length) >= SHORTEST_ZH else most + 1
                if length == size and distance > 1 and pinyin.syllables(window) == sound:
                    distance = 1
                if distance <= most:
                    found.append((distance, (window[0] != wanted[0]) + (length != size), -length, (start, start + length)))
    if not found:
        return None
    distance, _odd, _length, (start, end) = min(found)
    return Likely(name[offsets[start] : offsets[end]], distance)


def _core_as_written(name: str) -> str:
    """The name without its legal form, in its own script and case; the whole of it where the form stands in the middle."""
    folded, offsets = fold_with_offsets(name)
    core = core_name(name)
    if has_han(core):
        start = folded.find(core)
        return name[offsets[start] : offsets[start + len(core)]] if start >= 0 else name
    words, spans = core.split(), list(token_spans(folded))
    if words and [word for word, _start, _end in spans[: len(words)]] == words:
        return name[offsets[spans[0][1]] : offsets[spans[len(words) - 1][2]]]
    return name
