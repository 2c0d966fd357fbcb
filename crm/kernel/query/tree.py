"""The tree that a query is, and what it says of a document: the same answers as an engine's, without one (alerts, highlights)."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crm.kernel.text import fold, tokens

LONGEST_TOKEN = 64


@dataclass(frozen=True)
class Term:
    """One whole word, or a pair of Chinese characters."""

    token: str


@dataclass(frozen=True)
class Prefix:
    """Words that begin so; a single Chinese character."""

    start: str


@dataclass(frozen=True)
class Phrase:
    """Tokens side by side. With `open_end` the last one only has to begin so."""

    tokens: tuple[str, ...]
    open_end: bool = False


@dataclass(frozen=True)
class Field:
    """A filter: `value` as typed; folded in `key`; for days the day; for companies the ids that `bind` found."""

    name: str
    value: str
    position: int = field(default=0, compare=False)
    key: str = ""
    day: dt.date | None = None
    ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Not:
    """What must not match."""

    part: "Query"


@dataclass(frozen=True)
class And:
    """All of these."""

    parts: tuple["Query", ...]


@dataclass(frozen=True)
class Or:
    """Any of these."""

    parts: tuple["Query", ...]


Query = Term | Prefix | Phrase | Field | Not | And | Or
Leaf = Term | Prefix | Phrase


@dataclass(frozen=True)
class DocumentTokens:
    """A document as `matches` reads it. `title` and `body` are `index_tokens`; `fields` hold folded values, of companies the ids."""

    title: Sequence[str]
    body: Sequence[str]
    published_on: dt.date | None = None
    fields: Mapping[str, frozenset[str | int]] = field(default_factory=dict)


def index_tokens(text: str) -> list[str]:
    """The tokens of a text as indexes hold them: cut to 64 characters, so that no engine splits or drops a long one."""
    return [token[:LONGEST_TOKEN] for token in tokens(text)]


def keyword(value: str) -> str:
    """A field's value in the form in which it is compared: folded, with single blanks."""
    return " ".join(fold(value).split())


def bind(query: Query, companies: Callable[[str], Iterable[int]]) -> Query:
    """The query with its company names as ids, which `companies(name)` finds; a name that nobody bears matches nothing."""
    if isinstance(query, Field):
        return replace(query, ids=frozenset(companies(query.value))) if query.name in ("company", "suggested") else query
    if isinstance(query, Not):
        return Not(bind(query.part, companies))
    if isinstance(query, And):
        return And(tuple(bind(part, companies) for part in query.parts))
    if isinstance(query, Or):
        return Or(tuple(bind(part, companies) for part in query.parts))
    return query


def leaves(query: Query) -> Iterator[Leaf]:
    """The words and phrases that a match may show: none of those that must not stand in it."""
    if isinstance(query, And | Or):
        for part in query.parts:
            yield from leaves(part)
    elif isinstance(query, Term | Prefix | Phrase):
        yield query


def matches(query: Query, document: DocumentTokens) -> bool:
    """Whether the document is one that the query finds: the same answer as an engine's."""
    if isinstance(query, And):
        return all(matches(part, document) for part in query.parts)
    if isinstance(query, Or):
        return any(matches(part, document) for part in query.parts)
    if isinstance(query, Not):
        return not matches(query.part, document)
    if isinstance(query, Field):
        return _field_matches(query, document)
    return any(next(places(query, row), None) is not None for row in (document.title, document.body))


def places(leaf: Leaf, row: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the leaf stands among a text's tokens: first and last token, as indexes."""
    if isinstance(leaf, Term):
        yield from ((place, place) for place, token in enumerate(row) if token == leaf.token)
    elif isinstance(leaf, Prefix):
        yield from ((place, place) for place, token in enumerate(row) if token.startswith(leaf.start))
    else:
        first, size = leaf.tokens[0], len(leaf.tokens)
        for place in range(len(row) - size + 1):
            if row[place] == first and _phrase_at(leaf, row, place):
                yield place, place + size - 1


def required_terms(query: Query) -> frozenset[str]:
    """Whole tokens of which at least one stands in every match; empty where none can be named, so the query must always be run."""
    if isinstance(query, Term):
        return frozenset((query.token,))
    if isinstance(query, Phrase):
        whole = query.tokens[:-1] if query.open_end else query.tokens
        return frozenset((max(whole, key=len),))
    if isinstance(query, And):
        candidates = [needed for needed in map(required_terms, query.parts) if needed]
        return min(candidates, key=len, default=frozenset())
    if isinstance(query, Or):
        each = [required_terms(part) for part in query.parts]
        return frozenset().union(*each) if all(each) else frozenset()
    return frozenset()


def _phrase_at(leaf: Phrase, row: Sequence[str], place: int) -> bool:
    *whole, last = leaf.tokens
    end = row[place + len(whole)]
    return list(row[place : place + len(whole)]) == whole and (end.startswith(last) if leaf.open_end else end == last)


def _field_matches(query: Field, document: DocumentTokens) -> bool:
    if query.day is not None:
        on = document.published_on
        return on is not None and (on >= query.day if query.name == "after" else on < query.day)
    held = document.fields.get(query.name, frozenset())
    if query.name in ("company", "suggested"):
        return not query.ids.isdisjoint(held)
    return not languages(query.key).isdisjoint(held) if query.name == "lang" else query.key in held


def languages(key: str) -> frozenset[str]:
    """The language codes that `lang:key` stands for: `zh` for both scripts."""
    return frozenset(("zh-hant", "zh-hans")) if key == "zh" else frozenset((key,))
