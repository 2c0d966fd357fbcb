"""The alerts of the bank as one book in memory: which of them a clipping meets, by the rarest word that each cannot do without.

The answers are those of `crm.kernel.query.matches`, and faster: a clipping's tokens are laid out once, and only alerts whose key stands
among them are looked at (search.md, section 4). Alerts that need no word (only filters, only NOT) are looked at each time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from crm.kernel.query import And, DocumentTokens, Field, Not, Or, Phrase, Prefix, Query, Term, matches, required_terms


class Laid:
    """A document with the places of each of its tokens, in the title and in the text."""

    def __init__(self, document: DocumentTokens) -> None:
        self.document = document
        self.texts = tuple((row, _places(row)) for row in (document.title, document.body))
        self.tokens = self.texts[0][1].keys() | self.texts[1][1].keys()

    def meets(self, query: Query) -> bool:
        """As `matches`."""
        if isinstance(query, Term):
            return query.token in self.tokens
        if isinstance(query, Phrase):
            return any(_stands(query, row, places) for row, places in self.texts)
        if isinstance(query, And):
            return all(self.meets(part) for part in query.parts)
        if isinstance(query, Or):
            return any(self.meets(part) for part in query.parts)
        if isinstance(query, Not):
            return not self.meets(query.part)
        if isinstance(query, Prefix):
            return any(token.startswith(query.start) for token in self.tokens)
        return matches(query, self.document)


def _places(row: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, token in enumerate(row):
        places[token].append(place)
    return dict(places)


def _stands(phrase: Phrase, row: Sequence[str], places: Mapping[str, list[int]]) -> bool:
    *whole, last = phrase.tokens
    size = len(whole)
    if not whole:
        return last in places
    for start in places.get(whole[0], ()):
        if start + size < len(row) and list(row[start : start + size]) == whole:
            end = row[start + size]
            if end.startswith(last) if phrase.open_end else end == last:
                return True
    return False


class AlertBook:
    """Alerts by key. `frequency` says how often a token stands in clippings; without it every token counts for as rare."""

    def __init__(self, alerts: Iterable[tuple[int, Query]] = (), frequency: Mapping[str, int] | None = None) -> None:
        self._frequency = frequency or {}
        self._queries: dict[int, Query] = {}
        self._by_key: dict[str, set[int]] = defaultdict(set)
        self._always: set[int] = set()
        for key, query in alerts:
            self.put(key, query)

    def __len__(self) -> int:
        return len(self._queries)

    def put(self, key: int, query: Query) -> None:
        """Add an alert, or its new query."""
        self.drop(key)
        self._queries[key] = query
        needed = self._rarest(query)
        for token in needed:
            self._by_key[token].add(key)
        if not needed:
            self._always.add(key)

    def drop(self, key: int) -> None:
        """Take an alert out."""
        query = self._queries.pop(key, None)
        if query is not None:
            for token in self._rarest(query):
                self._by_key[token].discard(key)
            self._always.discard(key)

    def query_of(self, key: int) -> Query:
        """An alert's query."""
        return self._queries[key]

    def met_by(self, document: DocumentTokens) -> list[int]:
        """The alerts that find this document, in order of their ids."""
        laid = Laid(document)
        asked = set(self._always).union(*(self._by_key[token] for token in laid.tokens if token in self._by_key))
        return sorted(key for key in asked if laid.meets(self._queries[key]))

    def _rarest(self, query: Query) -> frozenset[str]:
        """Tokens of which one stands in every match, the rarest that can be named; empty where there are none."""
        if isinstance(query, Phrase):
            whole = query.tokens[:-1] if query.open_end else query.tokens
            return frozenset((min(whole, key=self._weight),)) if whole else frozenset()
        if isinstance(query, And):
            named = [needed for needed in map(self._rarest, query.parts) if needed]
            return min(named, key=self._cost, default=frozenset())
        if isinstance(query, Or):
            each = [self._rarest(part) for part in query.parts]
            return frozenset().union(*each) if all(each) else frozenset()
        return frozenset() if isinstance(query, Field) else required_terms(query)

    def _weight(self, token: str) -> tuple[int, int]:
        return self._frequency.get(token, 0), -len(token)

    def _cost(self, tokens: frozenset[str]) -> int:
        return sum(1 + self._frequency.get(token, 0) for token in tokens)
