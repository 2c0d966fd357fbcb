"""Which encoding a text file is in: strict decoding first, then whether the characters are ones that people write.

Nearly every file of bytes "decodes" as GB18030 or Big5, so decoding alone proves nothing. A wrong guess puts invented names into the
bank's books; where two readings stay possible the file is refused.
"""

import codecs
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from crm.kernel.common_characters import common_characters
from prospects.directories.reading.refusals import Refused

_CHUNK = 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)
"""Byte order marks: the encoding to open the file in, and the one that counts its bytes from the very first."""

_CHINESE = ("gb18030", "cp950", "big5hkscs")
_PLAUSIBLE = 0.6
"""Share of the characters outside ASCII that must be common ones. True readings of company lists reach 0.85, false ones 0.45."""
_MARGIN = 0.15
_WIDE_SHARE = 0.02
"""From this share of NUL bytes on, a file is taken for UTF-16 without its mark."""

_STRAY_SHARE = 0.1
"""Up to this share of NUL bytes in ASCII or UTF-8 they are damage; UTF-16 has more of them wherever it holds Latin letters."""

_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_PUNCTUATION = frozenset("，。、（）－：；「」『』《》〈〉【】〔〕“”‘’…—–·‧．／＆％＋　•～〇℃№※→！？＠＃×°②③④①○●◎")
_WESTERN = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿŠšŽžŒœŸ‘’“”–—…€®™°")


@dataclass(frozen=True)
class _Reading:
    """How a file looks when read in one encoding; `error_at` is the offset of the first byte that does not decode."""

    encoding: str
    characters: Counter[str]
    error_at: int | None

    @property
    def is_clean(self) -> bool:
        return self.error_at is None


class StrayNul(Exception):
    """Text with a byte that no text has, at offset `at`."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class BrokenText(Exception):
    """The bytes are meant to be `encoding`, but the one at offset `at` does not fit."""

    def __init__(self, encoding: str, at: int) -> None:
        super().__init__(encoding, at)
        self.encoding = encoding
        self.at = at


def encoding_of(path: Path) -> str:
    """The Python name of the encoding of the text at `path`.

    Refused: bytes that are no text, or text that reads plausibly in no encoding or in two. `BrokenText`: the encoding is plain, but a byte
    is damaged. `StrayNul`: the text is plain but for a NUL byte.
    """
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    try:
        return _found(path, head)
    except Refused:
        _refuse_stray_nul(head)
        raise


def _found(path: Path, head: bytes) -> str:
    for mark, encoding, plain in _MARKS:
        if head.startswith(mark):
            _sound(_read(path, plain))
            return encoding
    if head.count(0) >= len(head) * _WIDE_SHARE:
        return _wide(path)
    if len(_CONTROLS.findall(head)) > len(head) * 0.01:
        raise Refused("binary")
    unicode = _read(path, "utf-8")
    if unicode.is_clean and not _only_short_sequences(unicode):
        return _sound(unicode)
    return _unmarked(path, unicode)


def _refuse_stray_nul(head: bytes) -> None:
    """StrayNul: a NUL byte in what is otherwise plain text, which short lists reach the share of UTF-16 with."""
    rest = head.replace(b"\0", b"")
    if rest == head or head.count(0) > len(head) * _STRAY_SHARE or len(_CONTROLS.findall(rest)) > len(rest) * 0.01:
        return
    try:
        codecs.getincrementaldecoder("utf-8")("strict").decode(rest, final=False)
    except UnicodeDecodeError:
        return
    raise StrayNul(head.index(0))


def _sound(reading: _Reading) -> str:
    if reading.error_at is not None:
        raise BrokenText(reading.encoding, reading.error_at)
    if _is_binary(reading):
        raise Refused("binary")
    return reading.encoding


def _wide(path: Path) -> str:
    readings = [reading for reading in (_read(path, "utf-16-le"), _read(path, "utf-16-be")) if not _is_binary(reading)]
    best = max(readings, key=_commonness, default=None)
    if best is None or _commonness(best) < _PLAUSIBLE:
        raise Refused("binary")
    return _sound(best)


def _only_short_sequences(reading: _Reading) -> bool:
    """Whether all that is not ASCII lies below U+0800, where a few Chinese words of GB18030 pass for valid UTF-8."""
    return not reading.characters.keys().isdisjoint(map(chr, range(0x80, 0x800))) and max(reading.characters) < "\u0800"


def _unmarked(path: Path, unicode: _Reading) -> str:
    chinese = sorted((_read(path, encoding) for encoding in _CHINESE), key=_commonness, reverse=True)
    clean = [reading for reading in chinese if reading.is_clean]
    if clean and _commonness(clean[0]) >= _PLAUSIBLE:
        rivals = [reading for reading in clean[1:] if not _same_family(reading, clean[0])]
        if rivals and _commonness(clean[0]) - _commonness(rivals[0]) < _MARGIN:
            raise Refused("encoding_doubtful")
        return clean[0].encoding
    if unicode.is_clean:
        return "utf-8"
    western = _read(path, "cp1252")
    if western.is_clean and _is_western(western):
        return "cp1252"
    closest = max((unicode, *chinese), key=_commonness)
    if _commonness(closest) >= _PLAUSIBLE:
        raise BrokenText(closest.encoding, closest.error_at or 0)
    raise BrokenText("", unicode.error_at or 0)


def _same_family(one: _Reading, other: _Reading) -> bool:
    return (one.encoding == "gb18030") == (other.encoding == "gb18030")


def _read(path: Path, encoding: str) -> _Reading:
    """Decodes strictly in pieces; after the first bad byte goes on leniently, so that the rest still tells what was meant."""
    characters: Counter[str] = Counter()
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    error_at, read = None, 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            pending = len(decoder.getstate()[0]) if error_at is None else 0
            try:
                characters.update(decoder.decode(chunk, final=not chunk))
            except UnicodeDecodeError as error:
                error_at = read - pending + error.start
                decoder = codecs.getincrementaldecoder(encoding)("replace")
                characters.update(decoder.decode(chunk, final=not chunk))
            if not chunk:
                return _Reading(encoding, characters, error_at)
            read += len(chunk)


def _commonness(reading: _Reading) -> float:
    """Share of the characters outside ASCII that are common Chinese or usual punctuation; 1.0 where all is ASCII."""
    common = common_characters()
    total = good = 0
    for character, count in reading.characters.items():
        if character.isascii():
            continue
        total += count
        if character in common or character in _PUNCTUATION or "\uff01" <= character <= "\uff5e":
            good += count
    return good / total if total else 1.0


def _is_binary(reading: _Reading) -> bool:
    """Whether more than one character in a hundred is a control, a hole in Unicode, or private."""
    total = sum(reading.characters.values())
    odd = sum(
        count
        for character, count in reading.characters.items()
        if character not in "\t\r\n" and (character < " " or unicodedata.category(character) in {"Cc", "Cn", "Co"})
    )
    return odd > total * 0.01


def _is_western(reading: _Reading) -> bool:
    """Whether all that is not ASCII are the letters and quotation marks of western languages, and few of them."""
    outside = {character: count for character, count in reading.characters.items() if not character.isascii()}
    letters = sum(count for character, count in reading.characters.items() if character.isalpha())
    return outside.keys() <= _WESTERN and sum(outside.values()) <= letters * 0.15
