"""Which encoding the bytes of an article are in: what they read like decides, and what the file says of itself only breaks a tie.

Nearly every file of bytes "decodes" as GB18030 or Big5, so decoding alone proves nothing. Where two readings stay possible, or none is,
the file is refused: a garbled article in the archive is worse than a missing one.
"""

import codecs
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from content.capture.reading.refusals import Refused
from crm.kernel.common_characters import common_characters

_SAMPLE_BYTES = 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_CONTROL_SHARE = 0.1
"""Share of control characters from which on bytes are no text."""

_FAMILY = {"gb18030": "gb18030", "big5hkscs": "big5", "cp950": "big5", "cp932": "japanese", "cp949": "korean"}
_ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-1": "cp1252",
    "ascii": "utf-8",
}

_PLAUSIBLE = 0.6
_MARGIN = 0.15
_LOST_SHARE = 0.01
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{2,30})""")
_PUNCTUATION = frozenset("，。、（）－：；「」『』《》〈〉【】〔〕“”‘’…—–·‧．／＆％＋　•～〇℃№※→！？＠＃×°①②③④⑤●○◎■◆▲★\u00a0￥")
_SYLLABLES = frozenset(
    "이다는에의가을를고하지은로기사한도그리어해서자있나인시대들으수것정만스부일과주제보전상원했장라여아국년월경업금회동조개유된"
)
_WESTERN = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿŠšŽžŒœŸ‘’“”–—…€®™°£¥§©«»·½¼¾•†ºª¹²³´\u00a0¿¡")


@dataclass(frozen=True)
class _Reading:
    """How a sample of bytes looks in one encoding: its characters outside ASCII, and how many letters of ASCII stand beside them."""

    encoding: str
    characters: Counter[str]
    letters: int

    @property
    def total(self) -> int:
        return sum(self.characters.values())

    @property
    def is_clean(self) -> bool:
        return self.characters["\ufffd"] <= self.total * _LOST_SHARE

    def share(self, good: frozenset[str] | set[str]) -> float:
        return sum(count for character, count in self.characters.items() if character in good) / (self.total or 1)


def declared_encoding(data: bytes) -> str:
    """The encoding that the head of a page or feed names; empty if none, or one that Python does not know."""
    found = _DECLARED.search(data[:4096].replace(b"\x00", b""))
    return _known(found[1].decode("ascii")) if found else ""


def text_of(data: bytes, declared: str = "") -> str:
    """The text of `data`. Characters that are damaged are U+FFFD in it. Refused: see `encoding_of`."""
    return data.decode(encoding_of(data, declared), errors="replace").removeprefix("\ufeff")


def encoding_of(data: bytes, declared: str = "") -> str:
    """The Python name of the encoding of `data`, of which `declared` is said. Refused: no text, or readable in no way or in two."""
    sample = data[:_SAMPLE_BYTES]
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _sound(_read(sample, encoding))
    controls = sum(sample.count(byte) for byte in (*range(9), *range(14, 27), 28, 29))
    if controls and (wide := _wide(sample)):
        return wide
    if controls > len(sample) * _CONTROL_SHARE:
        raise Refused("binary")
    declared = _known(declared)
    unicode = _read(sample, "utf-8")
    if not unicode.total:
        return declared if declared.startswith(("iso2022", "hz")) else "utf-8"
    # Characters that somebody lost before us are valid UTF-8 too; their rows are refused later.
    lost = unicode.characters["\ufffd"] - sample.count("\ufffd".encode())
    if lost <= unicode.total * _LOST_SHARE and not _only_short_sequences(unicode):
        return "utf-8"
    return _legacy(sample, unicode, declared)


def _known(name: str) -> str:
    try:
        plain = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return ""
    return _ALIASES.get(plain, plain)


def _read(sample: bytes, encoding: str) -> _Reading:
    try:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
    except (LookupError, ValueError):
        return _Reading(encoding, Counter("\ufffd"), 0)
    text = decoder.decode(sample, final=len(sample) < _SAMPLE_BYTES)
    characters = Counter(character for character in text if character > "\x7f")
    return _Reading(encoding, characters, sum(character.isascii() and character.isalpha() for character in text))


def _sound(reading: _Reading) -> str:
    if not reading.is_clean or _oddness(reading) > 0.01:
        raise Refused("encoding_unknown")
    return reading.encoding


def _oddness(reading: _Reading) -> float:
    """Share of characters that are holes in Unicode, private or controls."""
    odd = sum(count for character, count in reading.characters.items() if unicodedata.category(character) in {"Cc", "Cn", "Co"})
    return odd / (reading.total + reading.letters or 1)


def _wide(sample: bytes) -> str:
    """UTF-16 or UTF-32 without a mark: the one in which letters and common characters come out; empty if they do in none."""
    best, score = "", 0.0
    for encoding in _WIDE:
        reading = _read(sample, encoding)
        if reading.is_clean and _oddness(reading) <= 0.01:
            good = reading.letters + reading.share(common_characters() | _PUNCTUATION | _WESTERN) * reading.total
            share = good / (reading.letters + reading.total or 1)
            if share > score:
                best, score = encoding, share
    return best if score >= _PLAUSIBLE else ""


def _only_short_sequences(reading: _Reading) -> bool:
    """Whether all that is not ASCII lies below U+0800 and is not western: a few Chinese words of GB18030 pass for that."""
    return max(reading.characters) < "\u0800" and reading.share(_WESTERN) < _PLAUSIBLE


def _legacy(sample: bytes, unicode: _Reading, declared: str) -> str:
    readings = [_read(sample, encoding) for encoding in _FAMILY]
    scores = {reading.encoding: _plausibility(reading) for reading in readings if reading.is_clean}
    ranked = sorted(scores, key=lambda encoding: (scores[encoding], encoding == declared), reverse=True)
    if ranked and scores[ranked[0]] >= _PLAUSIBLE:
        best = ranked[0]
        rivals = [encoding for encoding in ranked if _FAMILY[encoding] != _FAMILY[best] and scores[best] - scores[encoding] < _MARGIN]
        if not rivals:
            return best
        if declared in (best, *rivals):
            return declared
        raise Refused("encoding_doubtful")
    if unicode.is_clean:
        return "utf-8"
    western = _read(sample, "cp1252")
    if western.is_clean and western.share(_WESTERN) == 1.0 and western.total <= western.letters * 0.15:
        return "cp1252"
    if declared and _is_plain(_read(sample, declared)):
        return declared
    raise Refused("encoding_unknown")


def _plausibility(reading: _Reading) -> float:
    """How much of a reading people write, from 0 to 1."""
    family = _FAMILY[reading.encoding]
    if family == "korean":
        hangul = {character for character in reading.characters if "가" <= character <= "힣"}
        others = {character for character in reading.characters if character not in hangul and character.isalpha()}
        return 0.95 if reading.share(others) < 0.05 and reading.share(_SYLLABLES) > 0.3 else 0.0
    kana = {character for character in reading.characters if "\u3041" <= character <= "\u30fe"}
    if family == "japanese":
        half_width = {character for character in reading.characters if "\uff61" <= character <= "\uff9f"}
        if reading.share(kana) < 0.2 or reading.share(half_width) > 0.1:
            return 0.0
        return reading.share(common_characters() | _PUNCTUATION | kana)
    full_width = {character for character in reading.characters if "\uff01" <= character <= "\uff5e"}
    return reading.share(common_characters() | _PUNCTUATION | full_width)


def _is_plain(reading: _Reading) -> bool:
    """Whether nothing is lost and the characters are letters and punctuation, as in the one-byte encoding of some other script."""
    odd = {character for character in reading.characters if not (character.isalpha() or character in _PUNCTUATION | _WESTERN)}
    return reading.characters["\ufffd"] == 0 and reading.share(odd) < 0.1
