"""Where a query's words stand in the original text, and the piece of it worth showing. Offsets count characters of the original."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crm.kernel.query import LONGEST_TOKEN, Leaf, Query, leaves, places
from crm.kernel.text import fold_with_offsets, token_spans

SNIPPET = 220
LEAD = 40
MOST_SPANS = 200

Span = tuple[int, int]


@dataclass(frozen=True)
class Marked:
    """A text and the spans in it to be marked, in order, none touching another. `web.marks.marked` draws it."""

    text: str
    spans: tuple[Span, ...] = ()

    def __str__(self) -> str:
        return self.text


def spans(query: Query, text: str) -> list[tuple[int, int, Leaf]]:
    """Every place in `text` where a word or phrase of the query stands: start, end (excluded), and which; by start."""
    folded, offsets = fold_with_offsets(text)
    found = list(token_spans(folded))
    row = [token[:LONGEST_TOKEN] for token, _start, _end in found]
    hits = []
    for leaf in dict.fromkeys(leaves(query)):
        for first, last in places(leaf, row):
            start, end = found[first][1], found[last][2]
            hits.append((offsets[start], offsets[end], leaf))
    return sorted(hits, key=lambda hit: hit[:2])


def highlighted(query: Query, text: str) -> Marked:
    """The whole text with its hits."""
    return Marked(text, _merged((start, end) for start, end, _leaf in spans(query, text)))


def snippet(query: Query, text: str, *, size: int = SNIPPET) -> Marked:
    """The stretch of about `size` characters that shows most of what was asked for; the beginning where nothing of it stands there."""
    hits = spans(query, text)
    start, end = _window(text, hits, size)
    piece = " ".join(text[start:end].split()) if not hits else text[start:end].replace("\n", " ").replace("\t", " ")
    before, after = "…" if start else "", "…" if end < len(text) else ""
    inside = ((max(a, start), min(b, end)) for a, b, _leaf in hits if a < end and b > start)
    shift = len(before) - start
    return Marked(f"{before}{piece}{after}", tuple((a + shift, b + shift) for a, b in _merged(inside)))


def _window(text: str, hits: Sequence[tuple[int, int, Leaf]], size: int) -> Span:
    """Where the piece begins and ends: at the hit behind which most different leaves, then most hits, follow."""
    if len(text) <= size:
        return 0, len(text)
    best, best_start = (0, 0), 0
    starts = [hit[0] for hit in hits[:MOST_SPANS]]
    for place, start in enumerate(starts):
        inside = hits[place : bisect_left(starts, start + size - LEAD)]
        worth = (len({leaf for _a, _b, leaf in inside}), len(inside))
        if worth > best:
            best, best_start = worth, start
    start = max(0, min(best_start - LEAD, len(text) - size))
    if start:
        # Not in the middle of a Latin word: on to the next blank, unless the hit itself comes first.
        blank = text.find(" ", start, best_start)
        start = blank + 1 if blank >= 0 else start
    return start, min(len(text), start + size)


def _merged(found: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
