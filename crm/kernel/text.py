"""The one analyser of Rapport: every engine, key and highlight folds and cuts text here, so that all agree on what is "the same"."""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import opencc

from crm.kernel import pinyin
from crm.kernel.late import late

if TYPE_CHECKING:
    import numpy as np

ANALYSER_VERSION = 1
"""Stamped on whatever is derived from the folded text; another number means: rebuild."""

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""The Chinese characters, as the inside of a regular expression's character class."""

CJK = HAN + "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uac00-\ud7a3"
"""The scripts written without blanks (Chinese, kana, hangul), as the inside of a character class."""

_BETWEEN_WORDS = re.compile(r"[\W_]+")
_HAN_RUN = re.compile(f"[{HAN}]+")
_TOKEN = re.compile(rf"(?P<cjk>[{CJK}]+)|[^\W_{CJK}]+")
_INITIAL = re.compile(f"(?P<han>[{HAN}]+)|[a-z0-9]+")

# Marks that change the character before them. They are composed first, since all the rest is folded character by character.
_JOINING = "\u1160-\u11ff\u3099\u309a\uff9e\uff9f"
_HAS_JOINING = re.compile(f"[{_JOINING}]")
_JOINED = re.compile(f"[^{_JOINING}][{_JOINING}]+")

_LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ı": "i", "ŋ": "n", "ς": "σ"}

# Zero-width joiner and non-joiner stay: they shape emoji and Indic scripts. Tab and line feed stay: they are layout.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


@cache
def _simplified() -> dict[str, str]:
    """OpenCC's character tables (general, Hong Kong, Taiwan) as one map of single characters, followed to the end (繫 -> 系)."""
    ranges = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF))
    characters = [chr(code) for first, last in ranges for code in range(first, last + 1)]
    table: dict[str, str] = {}
    for configuration in ("tw2s", "hk2s", "t2s"):
        converted = opencc.OpenCC(configuration).convert("\n".join(characters)).split("\n")
        pairs = zip(characters, converted, strict=True)
        table.update((before, after) for before, after in pairs if before != after and len(after) == 1)
    for character in table:
        seen = {character}
        while table[character] in table and table[character] not in seen:
            seen.add(table[character])
            table[character] = table[table[character]]
    return table


class _FoldTable(dict[int, str]):
    """A translation table that works out each character when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    before, after = "", character
    while before != after:
        before = after
        plain = (mark for mark in unicodedata.normalize("NFKD", after.lower()) if not _is_dropped(mark))
        composed = unicodedata.normalize("NFC", "".join(plain)).lower()
        after = "".join(_LETTERS.get(letter) or _simplified().get(letter, letter) for letter in composed)
    return after


def _is_dropped(character: str) -> bool:
    """Accents, invisible characters (zero width, soft hyphen, direction marks) and variation selectors carry no meaning here."""
    return "\u0300" <= character <= "\u036f" or unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f"


_FOLD = _FoldTable()

_LONG = 100
"""Characters from which on it pays to look them up in an array."""
_UNKNOWN = 0xFFFFFFFF


@cache
def _folded_table() -> "np.ndarray":
    """By code point what it folds to, as far as it was met and is one character: 4 MB."""
    return late("numpy").full(sys.maxunicode + 1, _UNKNOWN, dtype="<u4")  # type: ignore[no-any-return]


def fold(text: str) -> str:
    """The form in which two spellings of one text are equal.

    Compatibility forms (full width, ligatures), case, accents, invisible characters and traditional, Hong Kong and Taiwan variants of
    Chinese are folded away. Chinese is folded one character to one, so its offsets stay. Folding twice changes nothing.
    """
    if text.isascii():
        return text.lower()
    if _HAS_JOINING.search(text):
        text = _JOINED.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return text.translate(_FOLD) if len(text) < _LONG else _fold_long(text)


def first_named(text: str, words: Iterable[str]) -> str:
    """The first of some words that a text names in any spelling or script, Latin ones as whole words or in the plural; "" if none."""
    said = f" {_in_words(text)} "
    for word in words:
        looked_for = _in_words(word)
        forms = (f" {looked_for} ", f" {looked_for}s ") if looked_for.isascii() else (looked_for,)
        if looked_for and any(form in said for form in forms):
            return word
    return ""


def _in_words(text: str) -> str:
    return " ".join(_BETWEEN_WORDS.split(fold(text))).strip()


def _fold_long(text: str) -> str:
    """A long text folded by one look-up of all its characters at once, four times as fast; all must be known and fold one to one."""
    folded = _folded_codes(text)
    return text.translate(_FOLD) if folded is None else folded.tobytes().decode("utf-32-le", "surrogatepass")


def fold_straight(text: str) -> tuple[str, bool]:
    """`fold(text)`, and whether each character folded to one, so that a hit in it has the same offsets in the original."""
    if text.isascii():
        return text.lower(), True
    if _HAS_JOINING.search(text):
        return fold(text), False
    if len(text) < _LONG:
        return text.translate(_FOLD), all(len(_FOLD[ord(character)]) == 1 for character in text)
    folded = _folded_codes(text)
    if folded is None:
        return text.translate(_FOLD), False
    return folded.tobytes().decode("utf-32-le", "surrogatepass"), True


def _folded_codes(text: str) -> "np.ndarray | None":
    """The code points that a text folds to, one to one; None where some character does not fold so."""
    table = _folded_table()
    written = late("numpy").frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    folded = table[written]
    if folded.max() != _UNKNOWN:
        return folded
    for code in {ord(character) for character in text}:
        if len(_FOLD[code]) == 1:
            table[code] = ord(_FOLD[code])
    folded = table[written]
    return folded if folded.max() != _UNKNOWN else None


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """`fold(text)` and, for each of its characters and for its end, the offset in `text` where that began.

    A hit at `folded[i:j]` stands in the original at `text[offsets[i]:offsets[j]]`.
    """
    folded, is_straight = fold_straight(text)
    if is_straight:
        return folded, list(range(len(text) + 1))
    offsets: list[int] = []
    position = 0
    for start, end, length in _odd_pieces(text):
        offsets.extend(range(position, start))
        offsets.extend([start] * length)
        position = end
    offsets.extend(range(position, len(text) + 1))
    return folded, offsets


def _odd_pieces(text: str) -> Iterator[tuple[int, int, int]]:
    """The pieces of `text` that do not fold one character to one: start, end, and the length folded. A text has few, if any."""
    odd = "".join(character for character in set(text) if len(_FOLD[ord(character)]) != 1)
    kinds = [_JOINED.pattern] if _HAS_JOINING.search(text) else []
    kinds += [f"[{re.escape(odd)}]"] if odd else []
    if kinds:
        for match in re.finditer("|".join(kinds), text):
            yield match.start(), match.end(), len(fold(match[0]))


def tokens(text: str) -> list[str]:
    """The terms of `text` in their order, folded: Latin words and numbers whole; a CJK run as overlapping pairs, then its last character.

    The last character alone lets a search for one character, run as a prefix, find it at the end of a run too.
    """
    found: list[str] = []
    for match in _TOKEN.finditer(fold(text)):
        run = match[0]
        if match["cjk"]:
            found.extend(map("".join, pairwise(run)))
            found.append(run[-1])
        else:
            found.append(run)
    return found


def token_spans(folded: str) -> Iterator[tuple[str, int, int]]:
    """The terms of a text that is folded already, as `tokens` gives them, each with where it begins and ends in it."""
    for match in _TOKEN.finditer(folded):
        run, start, end = match[0], match.start(), match.end()
        if match["cjk"]:
            for place, pair in enumerate(pairwise(run), start):
                yield "".join(pair), place, place + 2
            yield run[-1], end - 1, end
        else:
            yield run, start, end


def initials(text: str, *, person: bool = False) -> str:
    """Pinyin initials of the Chinese in `text`, with Latin words and digits kept as they are: 裕達紡織 -> "ydfz", TCL科技 -> "tclkj".

    With `person` the family name is read as one (曾国强 -> "zgq").
    """
    parts: list[str] = []
    for match in _INITIAL.finditer(fold(text)):
        if match["han"]:
            parts.extend(syllable[0] for syllable in pinyin.syllables(match[0], person=person))
        else:
            parts.append(match[0])
    return "".join(parts)


def has_han(text: str) -> bool:
    """Whether any Chinese character stands in `text`."""
    # English is told at once: comparing a directory with all names held asks this of millions.
    return not text.isascii() and _HAN_RUN.search(text) is not None


def strip_controls(text: str) -> str:
    """`text` without what no keyboard types: control and direction characters, zero-width blanks, lone surrogates.

    Line ends become a line feed; tabs and line feeds stay.
    """
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n"))
