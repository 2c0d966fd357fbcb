"""What can be found: by name, in texts, beside a query."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.kernel.contributions.registry import always
from crm.kernel.errors import Sentence
from crm.kernel.searchable import Document, ShownById, Versions


@dataclass(frozen=True)
class Finder:
    """Rows of a kind by name, for the palette and the search page: `find(user, query, limit)` returns Found rows, best first.

    `in_palette_only`: the search page finds these among its texts.
    """

    kind: str
    label: Sentence
    icon: str
    find: Callable[[Any, str, int], Sequence["Found"]]
    order: int = 0
    shown: Callable[[Any], bool] = always
    in_palette_only: bool = False


@dataclass(frozen=True)
class Found:
    """One row of a finder."""

    title: str
    url: str
    second: str = ""
    detail: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class NearName:
    """A name that somebody may have meant by `typed`: the stretch `text` of `name` is like it, `distance` letters away."""

    typed: str
    text: str
    name: str
    distance: int


@dataclass(frozen=True)
class NearNames:
    """Names for "did you mean": `near(user, words)` gives those like one of the words that this person may read (None: the operator).

    It costs one statement, whatever is found and whatever is hidden.
    """

    near: Callable[[Any, Sequence[str]], Iterable[NearName]]
    order: int = 0


@dataclass(frozen=True)
class SearchDocument:
    """A kind of documents for full-text search. `crm.kernel.searchable` says what a document is and how its scope is written.

    `documents(ids)` gives those of them that exist and are to be found now, in any order: an id that it leaves out is taken from the
    index. `versions()` gives (id, version) of all of them, in order of id. `visible(user, ids)` gives what this person may see of them
    and leaves out the rest; it is asked for each page of hits and costs a fixed number of statements. A user of None is the operator
    at the machine (the command line without --as), from whom nothing is hidden. `code` (0 to 7) is the kind's own and stays: it is part
    of the order of hits. Ids are below 2**27. `labels` are words for the values of a facet: {"event": {"plant": "New plant"}}. The feature
    calls `reactions.reindex(kind, ids, actor=...)` in the transaction of every change. An example stands in `tests/search/papers.py`.
    """

    kind: str
    code: int
    label: Sentence
    icon: str
    documents: Callable[[Sequence[int]], Iterable[Document]]
    versions: Callable[[], Versions]
    visible: Callable[[Any, Sequence[int]], ShownById]
    order: int = 0
    labels: Mapping[str, Mapping[Any, Sentence]] = field(default_factory=dict, hash=False, compare=False)


@dataclass(frozen=True)
class ReaderTokens:
    """Further scope tokens that a person holds now (`crm.kernel.searchable`), such as the walls within which they stand."""

    tokens: Callable[[Any], Iterable[str]]


@dataclass(frozen=True)
class QueryAction:
    """A button beside what a query found in texts: `url(text)` says where it leads with the query."""

    label: Sentence
    icon: str
    url: Callable[[str], str]
    order: int = 0
    shown: Callable[[Any], bool] = always
