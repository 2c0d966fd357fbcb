"""A kind of documents for tests, kept in memory: what a feature has to contribute so that its texts are found.

A real feature reads `documents` and `versions` from its table, states `visible` by `Model.objects.visible_to(user)`, and calls
`crm.kernel.reactions.reindex("paper", ids, actor=actor)` in the transaction of every change.
"""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from crm.kernel import contributions
from crm.kernel.contributions import SearchDocument
from crm.kernel.highlights import Marked
from crm.kernel.query import DocumentTokens, index_tokens, keyword
from crm.kernel.searchable import BANK, Document, Shown
from search import reading

KIND, CODE = "paper", 7
DAY = dt.datetime(2026, 3, 4, 2, 0, tzinfo=dt.UTC)


def paper(number: int, title: str, body: str = "", *, days: float = 0, **facts: Any) -> Document:
    """A paper published so many days before the tests' day; open to the bank unless `scope` says otherwise."""
    facts = {"scope": frozenset((BANK,)), "version": 1, "source": "Harbour Daily", "language": "en", **facts}
    return Document(KIND, number, title=title, body=body, published_at=DAY - dt.timedelta(days=days), **facts)


class Papers:
    """The papers there are, by number."""

    def __init__(self) -> None:
        self.held: dict[int, Document] = {}
        self.contribution = SearchDocument(KIND, CODE, "Paper", "news", self.documents, self.versions, self.visible)

    def add(self, *papers: Document) -> None:
        """Write papers, or new versions of them."""
        self.held.update({one.id: one for one in papers})

    def change(self, number: int, **facts: Any) -> None:
        """A new version of a paper."""
        one = self.held[number]
        self.held[number] = replace(one, version=one.version + 1, **facts)

    def documents(self, ids: Sequence[int]) -> list[Document]:
        return [self.held[number] for number in ids if number in self.held]

    def versions(self) -> Iterator[tuple[int, int]]:
        yield from ((number, self.held[number].version) for number in sorted(self.held))

    def visible(self, user: Any, ids: Sequence[int]) -> dict[int, Shown]:
        held = reading.scope_of(user)
        seen = [one for one in self.documents(ids) if held is None or not held.isdisjoint(one.scope)]
        return {one.id: Shown(one.title, f"/papers/{one.id}/", one.body, one.source, one.language) for one in seen}


@contextmanager
def contributed(papers: Papers) -> Iterator[None]:
    """Papers are searched as long as this lasts."""
    before = list(contributions._registry.get(SearchDocument, ()))
    contributions._registry[SearchDocument] = [papers.contribution]
    try:
        yield
    finally:
        contributions._registry[SearchDocument] = before


def as_tokens(one: Document) -> DocumentTokens:
    """A paper as the pure matcher reads it."""
    fields = {
        "source": frozenset((keyword(one.source),)),
        "event": frozenset((keyword(one.event),)),
        "sector": frozenset(map(keyword, one.sectors)),
        "lang": frozenset((one.language,)),
        "company": frozenset(one.companies),
        "suggested": frozenset(one.suggested),
    }
    local = one.published_at.astimezone(dt.timezone(dt.timedelta(hours=8)))
    return DocumentTokens(index_tokens(one.title), index_tokens(one.body), local.date(), fields)


_ENGLISH = (
    *("bank", "loan", "cotton", "yarn", "order", "plant", "court", "default", "price", "rise", "fall", "quarter"),
    *("export", "Macau", "Hong", "Kong", "textile", "shipping"),
)
_HANT = "銀行貸款棉紗訂單廠房法院違約價格上升下跌季度出口澳門香港紡織航運租約利率長和渣打"
_HANS = "银行贷款棉纱订单厂房法院违约价格上升下跌季度出口澳门香港纺织航运租约利率长和渣打"


def invented(count: int, *, seed: int = 7) -> list[Document]:
    """So many papers in three scripts with copies, sources, sectors, events and companies; the same ones each time."""
    chance, made = random.Random(seed), []
    for number in range(1, count + 1):
        language = chance.choice(("en", "zh-hant", "zh-hans"))
        made.append(
            paper(
                number,
                _sentence(chance, language, 6),
                ". ".join(_sentence(chance, language, 12) for _ in range(chance.randint(1, 6))),
                days=chance.randint(0, 400) + (0.5 if chance.random() < 0.3 else 0),
                language=language,
                source=chance.choice(("Harbour Daily", "海港財經", "Textile Weekly")),
                source_weight=chance.choice((0.5, 1.0, 1.5)),
                event=chance.choice(("", "order", "price", "court")),
                sectors=chance.sample(("Textiles", "Retail", "Shipping"), chance.randint(0, 2)),
                companies=chance.sample(range(1, 9), chance.randint(0, 3)),
                suggested=chance.sample(range(1, 9), chance.randint(0, 1)),
                story=f"s{number // 3}",
                is_head=number % 3 == 0 or chance.random() < 0.5,
            )
        )
    return made


def _sentence(chance: random.Random, language: str, words: int) -> str:
    if language == "en":
        return " ".join(chance.choice(_ENGLISH) for _ in range(words))
    letters = _HANT if language == "zh-hant" else _HANS
    pairs = [letters[place : place + 2] for place in range(0, len(letters) - 1, 2)]
    return "".join(chance.choice(pairs) for _ in range(words)) + chance.choice(("", "A股", "HSBC", "。"))


def marks(text: Marked) -> list[str]:
    """The pieces that are marked."""
    return [text.text[start:end] for start, end in text.spans]
