""" "Did you mean": a query that finds next to nothing, with names in place of words that are a little off. Knows no feature.

Names come only from what the reader may see (`NearNames`) and counts only from what they find, so a hidden name changes nothing.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from crm.kernel.contributions import NearName, NearNames, of
from crm.kernel.errors import DomainError
from crm.kernel.query import Piece, keyword, plain_pieces
from crm.kernel.text import tokens
from search import reading
from search.reading import Results, Wanted

FEW = 3
OFFERED = 3
TRIED = 8
PIECES, WORDS_A_PIECE = 4, 4
_QUOTES = re.compile('["“”„«»「」『』＂]')


@dataclass(frozen=True)
class Suggestion:
    """Another query, and the whole name from which a stretch was put into it."""

    query: str
    name: str

    def to_json(self) -> dict[str, str]:
        """As the command and the API give it."""
        return {"query": self.query, "name": self.name}


def suggestions(user: Any, wanted: Wanted, results: Results, *, now: dt.datetime) -> list[Suggestion]:
    """At most three queries to try where fewer than three stories were found: those that find more first. EngineDown.

    One statement for each kind of names; none where enough was found, on a later page, and where no word is off.
    """
    if results.total >= FEW or wanted.after:
        return []
    pieces = [piece for piece in _pieces(wanted.text) if reading.total(user, _quiet(piece.text), wanted, now=now) < FEW]
    if not pieces:
        return []
    words = list(dict.fromkeys(piece.text for piece in pieces))
    near = [found for contributed in of(NearNames) for found in contributed.near(user, words)]
    # "Yau Tat" and "yau Tat" are one query.
    tried: dict[str, tuple[int, str, str]] = {}
    for found in sorted(near, key=lambda one: one.distance):
        for rewritten in _rewritten(wanted.text, pieces, found):
            tried.setdefault(keyword(rewritten), (found.distance, rewritten, found.name))
        if len(tried) >= TRIED:
            break
    ranked = [
        (reading.total(user, query, wanted, now=now) <= results.total, distance, place, query, name)
        for place, (distance, query, name) in enumerate(tried.values())
    ]
    return [Suggestion(query, name) for _is_vain, _distance, _place, query, name in sorted(ranked)[:OFFERED]]


def _pieces(text: str) -> list[Piece]:
    """Words side by side, then each of them alone; a few."""
    found: list[Piece] = []
    for piece in plain_pieces(text)[:PIECES]:
        words = list(_words(piece))
        if len(words) <= WORDS_A_PIECE:
            found.append(piece)
        found += words if len(words) > 1 else []
    return found[: 2 * PIECES]


def _words(piece: Piece) -> Iterator[Piece]:
    at = piece.start
    for word in piece.text.split():
        start = piece.start + piece.text.index(word, at - piece.start)
        at = start + len(word)
        if tokens(word):
            yield Piece(word, start, at)


def _quiet(text: str) -> str:
    """A piece as a query of its own, in which nothing but words means anything."""
    return " ".join(f'"{word}"' for word in _QUOTES.sub(" ", text).split() if tokens(word))


def _rewritten(text: str, pieces: Sequence[Piece], near: NearName) -> Iterator[str]:
    """The query with the name in the place of the words, where that is a query, and another one."""
    for piece in pieces:
        if piece.text != near.typed:
            continue
        query = f"{text[: piece.start]}{near.text}{text[piece.end :]}"
        try:
            plain_pieces(query)
        except DomainError:
            continue
        if query != text:
            yield query
