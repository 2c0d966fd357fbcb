"""Why a clipping met an alert, in the words of the paper."""

from collections.abc import Iterator
from functools import cached_property

from crm.kernel.query import LONGEST_TOKEN, And, Field, Leaf, Or, Query, leaves, places
from crm.kernel.text import fold_with_offsets, token_spans

MOST_WORDS, LONGEST = 5, 300


class _Text:
    """A text whose tokens are known by their places in the original. Folded once, whatever number of alerts ask."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._words: dict[Leaf, str] = {}

    @cached_property
    def _laid(self) -> tuple[list[int], list[tuple[str, int, int]], list[str]]:
        folded, offsets = fold_with_offsets(self.text)
        found = list(token_spans(folded))
        return list(offsets), found, [token[:LONGEST_TOKEN] for token, _start, _end in found]

    def word(self, leaf: Leaf) -> str:
        """The first place of a word or phrase as it is written there; empty where it stands nowhere."""
        if leaf not in self._words:
            offsets, found, row = self._laid
            place = next(places(leaf, row), None)
            self._words[leaf] = self.text[offsets[found[place[0]][1]] : offsets[found[place[1]][2]]] if place else ""
        return self._words[leaf]


class Reasons:
    """A clipping that alerts met."""

    def __init__(self, title: str, body: str) -> None:
        self._texts = (_Text(title), _Text(body))

    def why(self, query: Query) -> str:
        """The words asked for as the paper wrote them, then the filters as typed: "cotton yarn · Yau Tat". Only the asker's own words."""
        words = (next(filter(None, (text.word(leaf) for text in self._texts)), "") for leaf in leaves(query))
        named = dict.fromkeys([*filter(None, words), *_filters(query)])
        return " · ".join(list(named)[:MOST_WORDS])[:LONGEST]


def _filters(query: Query) -> Iterator[str]:
    if isinstance(query, And | Or):
        for part in query.parts:
            yield from _filters(part)
    elif isinstance(query, Field) and query.day is None:
        yield query.value
