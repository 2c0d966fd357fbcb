"""The sameness of two texts: an exact hash, a MinHash signature with bands to look up, and the true overlap that decides (search.md 4).

Everything stands on the folded text, so a traditional and a simplified copy of one wire meet; translations do not.
"""

import hashlib
import re
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any
from zlib import crc32

from crm.kernel.late import late
from crm.kernel.text import ANALYSER_VERSION, CJK, fold

PERMUTATIONS, BANDS, ROWS = 64, 16, 4
SAME_FROM = 0.6
"""Share of common shingles from which two texts tell the same story."""
SIGNATURE_VERSION = 100 * ANALYSER_VERSION + 1
"""Stored beside signatures and bands; another number means: work them out anew."""

LEAST_SHINGLES = 12
"""Below this a text is a headline: chance makes two of them alike, so that only the very same words count."""

_NOT_WORD = re.compile(r"[\W_]+")
_WORD = re.compile(rf"[{CJK}]|[^\W_{CJK}]+")
_PRIME = (1 << 31) - 1


@cache
def _permutations() -> tuple[Any, Any]:
    """Factors and terms, a column of each: the same in every process."""
    numpy = late("numpy")
    chance = numpy.random.Generator(numpy.random.PCG64(20_260_101))
    factors, terms = (chance.integers(first, _PRIME, PERMUTATIONS, dtype=numpy.uint64)[:, None] for first in (1, 0))
    return factors, terms


def text_hash(title: str, body: str) -> str:
    """SHA-256 in hex of the folded body without punctuation and blanks; of the title where there is no body.

    Two copies under different headlines are one text, and so are copies in other punctuation, width or script.
    """
    told = _NOT_WORD.sub("", fold(body)) or _NOT_WORD.sub("", fold(title))
    return hashlib.sha256(told.encode()).hexdigest()


@lru_cache(maxsize=1_024)
def shingles(body: str) -> frozenset[int]:
    """The overlapping pairs of words of the folded text as 32-bit numbers; a Chinese character is a word. A lone word is one shingle."""
    words = _WORD.findall(fold(body))
    if len(words) == 1:
        return frozenset({crc32(words[0].encode())})
    return frozenset({crc32(f"{one} {other}".encode()) for one, other in pairwise(words)})


def signature(body: str) -> bytes:
    """256 bytes: 64 MinHash values of 32 bits, little end first; b"" for a text without a word."""
    found = shingles(body)
    if not found:
        return b""
    numpy = late("numpy")
    prime = numpy.uint64(_PRIME)
    factors, terms = _permutations()
    numbers = numpy.fromiter(found, dtype=numpy.uint64, count=len(found)) % prime
    return bytes(((numbers * factors + terms) % prime).min(axis=1).astype("<u4").tobytes())


def bands(signature: bytes) -> list[int]:
    """16 signed 64-bit numbers, by band; texts that share one at the same place are candidates. [] for the empty signature."""
    width = 4 * ROWS
    return [
        int.from_bytes(
            hashlib.blake2b(bytes([start // width]) + signature[start : start + width], digest_size=8).digest(), "big", signed=True
        )
        for start in range(0, len(signature), width)
    ]


def jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    """Common shingles among all shingles of two texts, 0 to 1; 0 where one has none."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def same_story(one: str, other: str) -> bool:
    """Whether two bodies (or headlines, where that is all there is) tell the same story: at least 0.6 of their shingles in common.

    A text of fewer than 12 shingles is the same story only as the very same words, whatever the punctuation.
    """
    ours, theirs = shingles(one), shingles(other)
    if min(len(ours), len(theirs)) < LEAST_SHINGLES:
        return bool(ours) and text_hash("", one) == text_hash("", other)
    return jaccard(ours, theirs) >= SAME_FROM
