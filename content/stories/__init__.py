"""Which texts tell one story: equal ones by a hash of the folded text, near ones by MinHash and then by their shingles (search.md, 4).

Traditional and simplified copies of one wire meet, since both are folded. Translations do not. A headline alone is only equal or not.
"""

import hashlib
import re
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy

from crm.kernel.text import fold, tokens

PERMUTATIONS, BANDS = 64, 16
ROWS = PERMUTATIONS // BANDS
NEAR = 0.6
"""Two texts whose shingles overlap by this share (Jaccard) are one story."""

FEWEST_SHINGLES = 12
"""Below, a text has no near copies: two headlines that share most of their words are two headlines."""

_MOST_TOKENS = 2_000
_NOT_WORD = re.compile(r"[\W_]+")
_PRIME = numpy.uint64((1 << 61) - 1)
_random = numpy.random.RandomState(20_230_401)
_A = _random.randint(1, 1 << 30, size=(PERMUTATIONS, 1)).astype(numpy.uint64)
_B = _random.randint(0, 1 << 30, size=(PERMUTATIONS, 1)).astype(numpy.uint64)
_KEYS = _random.randint(1, 1 << 62, size=ROWS, dtype=numpy.int64)


def text_hash(title: str, body: str) -> str:
    """SHA-256 (hexadecimal) of headline and text, folded, without blanks and punctuation: equal for exact copies in any script."""
    return hashlib.sha256(_NOT_WORD.sub("", fold(f"{title}\n{body}")).encode()).hexdigest()


@lru_cache(maxsize=512)
def shingles(body: str) -> frozenset[int]:
    """Pairs of neighbouring tokens of the first 2,000, as 32-bit hashes: what near copies share."""
    found = tokens(body)[:_MOST_TOKENS]
    return frozenset(crc32(f"{first} {second}".encode()) for first, second in pairwise(found))


def bands_of(title: str, body: str) -> list[int]:
    """The keys (signed, 64 bits) by which near copies are looked up: texts whose shingles overlap by half or more share one, likely.

    Nothing for a headline alone, or nearly so.
    """
    held = shingles(body)
    if len(held) < FEWEST_SHINGLES:
        return []
    hashes = numpy.fromiter(held, dtype=numpy.uint64, count=len(held))
    smallest = ((_A * hashes + _B) % _PRIME).min(axis=1).reshape(BANDS, ROWS)
    with numpy.errstate(over="ignore"):
        keys = (smallest.astype(numpy.int64) * _KEYS).sum(axis=1) ^ (numpy.arange(BANDS, dtype=numpy.int64) * 0x9E3779B97F4A7)
    return [int(key) for key in keys]


def jaccard(first: str, second: str) -> float:
    """The share of shingles that two texts have in common, 0 to 1."""
    a, b = shingles(first), shingles(second)
    return len(a & b) / len(a | b) if a or b else 0.0


def same_story(first: tuple[str, str], second: tuple[str, str]) -> bool:
    """Whether two clippings (title, body) are near copies of one text."""
    if len(shingles(first[1])) < FEWEST_SHINGLES or len(shingles(second[1])) < FEWEST_SHINGLES:
        return False
    return jaccard(first[1], second[1]) >= NEAR
