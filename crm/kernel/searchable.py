"""What a feature hands to full-text search: a document and who may find it (scope tokens).

**Scope tokens** say who may find a document before anything is counted, so totals and facets never count a hidden one. A document
carries tokens, a reader holds tokens, and it is found where they share one. Nobody's tokens are wider than the posts held now: who
holds no post holds no token, and no token opens everything.

| token | on a document | held by |
|---|---|---|
| `bank` | open to all of the bank's staff | whoever holds a post |
| `person:ID` | this person may see it, whatever the post | that person, while in a post |
| `owner:ID`, `team:ID`, `centre:ID` | owned rows (`owned_tokens`) | whom `actor.reach()` gives that owner, team or centre |
| `reach` | owned rows | those whose reach is everything: head office, compliance, audit |
| `unit:ID` | open to a unit and all below it | whoever has a post in the unit or below |
| `role:CODE` | open to a role | holders of the role |
| any other | a wall's members and the like | whom a `ReaderTokens` contribution gives it |

A kind whose visibility these cannot express exactly is not indexed: its names stay with the finders. Every hit is asked for once more
(`SearchDocument.visible`) before a word of it is shown.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BANK, REACH = "bank", "reach"


@dataclass(frozen=True)
class Document:
    """One thing that can be found by its text.

    `version` grows with every change of the document, its scope, story or companies too: that is how the index knows what is stale.
    `story` groups copies of one story by a key of the feature's own, and exactly one of them `is_head`; whatever has no copies is its
    own head. All copies of a story carry the same `scope`. `source_weight` multiplies relevance (1.0: an ordinary source).
    `published_at` is aware. `companies` are linked ones, `suggested` those that nobody has confirmed, `event` one of the feature's
    words, `language` "en", "zh-hant", "zh-hans" or "". Texts are plain; a body that readers may not see in full may stand here in full.
    """

    kind: str
    id: int
    version: int
    title: str
    body: str
    published_at: dt.datetime
    scope: frozenset[str]
    story: str = ""
    is_head: bool = True
    source: str = ""
    source_weight: float = 1.0
    language: str = ""
    event: str = ""
    sectors: Sequence[str] = ()
    companies: Sequence[int] = ()
    suggested: Sequence[int] = ()


@dataclass(frozen=True)
class Shown:
    """A document as one reader may see it. `text` is what a snippet may be cut from, not more than this reader may read."""

    title: str
    url: str
    text: str = ""
    source: str = ""
    language: str = ""
    labels: Sequence[str] = ()
    copies: int = 0


def owned_tokens(row: Any) -> frozenset[str]:
    """The scope of a row with `owner_id`, `team_id`, `centre_id`: what `OwnedQuerySet.within(actor.reach())` lets through."""
    named = (("owner", row.owner_id), ("team", row.team_id), ("centre", row.centre_id))
    return frozenset((REACH, *(f"{name}:{pk}" for name, pk in named if pk)))


def reader_tokens(actor: Any) -> frozenset[str]:
    """The tokens of the posts that somebody holds now; none without a post."""
    if not actor.posts:
        return frozenset()
    reach = actor.reach()
    held = {BANK, f"person:{actor.user_id}", *(f"role:{post.role}" for post in actor.posts)}
    held.update(f"unit:{unit}" for post in actor.posts for unit in post.unit.path.split(".") if unit)
    held.update({REACH} if reach.everything else ())
    held.update({f"owner:{reach.owner_id}"} if reach.owner_id else ())
    held.update(f"team:{pk}" for pk in reach.team_ids)
    held.update(f"centre:{pk}" for pk in reach.centre_ids)
    return frozenset(held)


Versions = Iterable[tuple[int, int]]
ShownById = Mapping[int, Shown]
