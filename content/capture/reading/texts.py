"""Bytes into text: which encoding they are really in, whatever they declare; and plain text into tidy paragraphs and a language."""

import codecs
import re
from collections import Counter
from functools import cache

from wordfreq import get_frequency_dict

from content.capture.reading.articles import Refused
from crm.kernel.text import HAN, fold, strip_controls

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Supersets of what pages declare: they say gb2312 and mean all of GBK.
_MEANT = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949"}
_EAST_ASIAN = ("gb18030", "big5hkscs", "cp950", "cp932", "euc_jp", "cp949")
_PLAUSIBLE, _DECLARED_BONUS, _SAMPLE = 0.6, 0.08, 200_000
_WESTERN = re.compile("[A-Za-zÀ-ÖØ-öø-ÿŠšŽžŒœŸ‘’“”–—…€®™°©«»·¡¿£§\xa0]")
_COMMON_ZIPF_SHARE = 10 ** (3.5 - 9)
_BLANK_LINES = re.compile(r"\n\s*\n+")
_BLANKS = re.compile(r"[^\S\n]+")
_HAN_CHARACTER = re.compile(f"[{HAN}]")
_OTHER_ASIAN = re.compile("[\u3041-\u30ff\uac00-\ud7a3]")
_LETTER = re.compile(r"[^\W\d_]")


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """The text and the encoding that it was in.

    A byte order mark decides; else UTF-8 where it fits; else the reading whose characters are ones that people write, where what is
    declared has a small advantage. Refused: bytes that are no text, or in no encoding that reads plausibly.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace").removeprefix("\ufeff"), encoding
    if data.count(0) >= max(1, len(data) // 50):
        return _wide(data)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    return _legacy(data, _known(declared))


def _wide(data: bytes) -> tuple[str, str]:
    readings = []
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        readings.append((_readable(text[:_SAMPLE]), text, encoding))
    score, text, encoding = max(readings, default=(0.0, "", ""))
    if score < 0.9:
        raise Refused("binary")
    return text, encoding


def _readable(text: str) -> float:
    """The share of characters that are printable or layout."""
    return sum(c.isprintable() or c in "\r\n\t" for c in text) / max(1, len(text))


def _known(declared: str) -> str:
    try:
        name = codecs.lookup(declared.strip().strip("\"'")).name if declared.strip() else ""
    except LookupError:
        return ""
    return _MEANT.get(declared.strip().lower(), _MEANT.get(name, name))


def _legacy(data: bytes, declared: str) -> tuple[str, str]:
    sample = data[:_SAMPLE]
    readings: list[tuple[float, str]] = []
    for encoding in dict.fromkeys((declared, *_EAST_ASIAN, "utf-8")):
        if not encoding:
            continue
        text, wrong = _leniently(sample, encoding)
        # One damaged byte in five hundred is a damaged page; more is another encoding.
        if wrong * 500 > len(sample):
            continue
        score = _plausible(text) - wrong * 50 / max(1, len(sample)) + (_DECLARED_BONUS if encoding == declared else 0)
        readings.append((score, encoding))
    score, encoding = max(readings, default=(0.0, ""))
    if score >= _PLAUSIBLE and encoding:
        return data.decode(encoding, errors="replace"), encoding
    western = data.decode("cp1252", errors="replace")
    outside = [c for c in western if not c.isascii()]
    if outside and sum(bool(_WESTERN.fullmatch(c)) for c in outside) >= len(outside) * 0.9 and len(outside) <= len(western) * 0.2:
        return western, "cp1252"
    raise Refused("encoding")


def _leniently(sample: bytes, encoding: str) -> tuple[str, int]:
    text = sample.decode(encoding, errors="replace")
    # A sample may be cut inside a character; that is no damage.
    return text, max(0, text.count("\ufffd") - (text[-2:].count("\ufffd")))


@cache
def _common() -> frozenset[str]:
    """The characters of common Chinese words, folded."""
    shares = get_frequency_dict("zh", wordlist="small").items()
    return frozenset(character for word, share in shares if share >= _COMMON_ZIPF_SHARE for character in fold(word))


def _plausible(text: str) -> float:
    """The share of characters outside ASCII that people write: common Chinese ones in either script, kana, hangul, punctuation."""
    counts = Counter(c for c in text if not c.isascii())
    total = sum(counts.values())
    good = sum(n for c, n in counts.items() if "\u3000" <= c <= "\u30fc" or "\uff01" <= c <= "\uff5e" or c in "“”‘’…—·" or _is_written(c))
    return good / total if total else 1.0


def _is_written(character: str) -> bool:
    return fold(character) in _common() or ("\uac00" <= character <= "\ud7a3" and _is_ks(character))


@cache
def _is_ks(character: str) -> bool:
    """One of the 2,350 syllables that Korean is written with."""
    try:
        return len(character.encode("euc_kr")) == 2
    except UnicodeEncodeError:
        return False


def tidy(text: str, longest: int) -> str:
    """Plain text in paragraphs with a blank line between, without control characters; at most `longest` characters."""
    paragraphs = _BLANK_LINES.split(strip_controls(text))
    lines = ("\n".join(_BLANKS.sub(" ", line).strip() for line in paragraph.splitlines()) for paragraph in paragraphs)
    return "\n\n".join(line for line in lines if line)[:longest]


def one_line(text: str) -> str:
    """A headline or name: one line, single blanks."""
    return " ".join(strip_controls(text).split())


def language_of(text: str) -> str:
    """ "en", "zh-hant", "zh-hans", or nothing where it is another language or cannot be told (a few characters that both scripts share)."""
    sample = text[:5_000]
    han = _HAN_CHARACTER.findall(sample)
    letters = len(_LETTER.findall(sample))
    if len(_OTHER_ASIAN.findall(sample)) > letters // 20:
        return ""
    if len(han) * 4 >= letters and han:
        traditional = sum(fold(c) != c for c in han)
        return "zh-hant" if traditional * 12 >= len(han) else "zh-hans"
    ascii_letters = sum(c.isascii() and c.isalpha() for c in sample)
    return "en" if letters and ascii_letters >= letters * 0.97 else ""
