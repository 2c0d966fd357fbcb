"""Full-text search on one machine: documents of its own, the engine's time for a first page with totals and facets, size and build.

The documents are some ten sentences each, drawn from a store of 150,000, as news says the same things again; their words are as common as
their rank says (Zipf). The questions take words by the share of the documents that hold them, up to every third: commoner than what
people ask for.

`python -m tests.benchmarks.searching FOLDER DOCUMENTS` prints the figures as JSON.
"""

import datetime as dt
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from crm.kernel.query import bind, parse
from crm.kernel.searchable import BANK, Document
from search.engines.base import Asked, Row, row_of
from search.engines.tantivy import Tantivy
from tests.benchmarks import judging
from tests.benchmarks.figures import Figure, as_json, rounded

ROUNDS, BATCH, SAMPLE = 5, 500, 4_000
SENTENCES = {"en": 60_000, "zh-hant": 90_000}
WORDS = {"en": 60_000, "zh-hant": 20_000}
GOAL_P50, GOAL_P95, GOAL_BYTES, GOAL_BUILD = 15, 60, 1_200, 1_500
_DAY = dt.datetime(2026, 3, 4, tzinfo=dt.UTC)
_SCOPES = frozenset((BANK,))


def measure(folder: Path, *, size: int) -> list[Figure]:
    """Build an index of `size` documents and ask it. Times are the process's own, as an idle core would take."""
    engine, corpus = Tantivy(folder / "search"), Corpus(random.Random(20_260_304))
    began = time.process_time()
    engine.rebuild_and_swap(corpus.batches(size), lambda index: None)
    seconds = time.process_time() - began - corpus.seconds
    held = sum(path.stat().st_size for path in (folder / "search").rglob("*") if path.is_file())
    name, text = f"search.tantivy.{size}", rounded(corpus.text_bytes / size)
    figures = [
        Figure(f"{name}.docs_per_cpu_second", rounded(size / seconds), "1/s", f"goal: over {GOAL_BUILD}; folding and tokens included"),
        Figure(f"{name}.bytes_per_doc", rounded(held / size), "B", f"goal: under {GOAL_BYTES}; {text} bytes of text each"),
    ]
    questions = list(corpus.questions())
    for facets in (False, True):
        times = sorted(_times(engine, questions, facets=facets))
        part = "with_facets" if facets else "page"
        figures += [
            Figure(f"{name}.{part}.p50", rounded(statistics.median(times)), "ms", f"goal: under {GOAL_P50}; 20 hits and both totals"),
            Figure(f"{name}.{part}.p95", rounded(times[int(len(times) * 0.95)]), "ms", f"goal: under {GOAL_P95}; {len(times)} questions"),
        ]
    return figures


def _times(engine: Tantivy, questions: list[str], *, facets: bool) -> Iterator[float]:
    """Milliseconds of each question, after one that warms."""
    for text in questions:
        asked = Asked(bind(parse(text), lambda name: [int(name)]), _SCOPES, _DAY.toordinal(), facets=facets)
        answer = engine.search(asked)
        mine = []
        for _round in range(ROUNDS):
            began = time.process_time()
            engine.search(asked)
            mine.append((time.process_time() - began) * 1000)
        print(f"{answer.total_flat:>9,} {statistics.median(mine):7.1f} ms {'with facets ' * facets}{text}", file=sys.stderr, flush=True)
        yield from mine


class Corpus:
    """Documents in two scripts. `seconds` and `text_bytes` are what making them took and how much text they hold."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.seconds, self.text_bytes = chance, 0.0, 0
        self.sentences = {language: [self._sentence(language) for _ in range(count)] for language, count in SENTENCES.items()}

    def batches(self, size: int) -> Iterator[list[Row]]:
        """The rows of `size` documents."""
        for start in range(1, size + 1, BATCH):
            began = time.process_time()
            made = [self._document(number) for number in range(start, min(start + BATCH, size + 1))]
            self.text_bytes += sum(len(document.title.encode()) + len(document.body.encode()) for document in made)
            self.seconds += time.process_time() - began
            yield [row_of(document, 7) for document in made]

    def questions(self) -> Iterator[str]:
        """Words and pairs of neighbours in both scripts, common and rare, alone, together and with filters."""
        english = {share: self._word("en", share) for share in (0.3, 0.1, 0.03, 0.01, 0.001)}
        chinese = {share: self._word("zh-hant", share) for share in (0.3, 0.1, 0.03, 0.01, 0.001)}
        yield from (*english.values(), *chinese.values())
        yield from (self._pair("zh-hant", share) for share in (0.05, 0.01, 0.001))
        yield from (f'"{self._pair("en", share)}"' for share in (0.05, 0.01, 0.001))
        yield f"{english[0.3]} {english[0.1]}"
        yield f"{chinese[0.1]} {chinese[0.03]}"
        yield f"{chinese[0.03]} OR {english[0.03]}"
        yield f"{english[0.1]} NOT {english[0.3]}"
        yield f"{chinese[0.3]} after:2026-01"
        yield f"company:7 {chinese[0.3]}"
        yield f"source:source5 {english[0.1]}"
        yield f"{english[0.001]}*"

    def _word(self, language: str, share: float) -> str:
        """The word that stands nearest to `share` of a sample's documents of all languages."""
        return self._nearest(Counter(word for words in self._sample(language) for word in set(words)), share)

    def _pair(self, language: str, share: float) -> str:
        joined = " ".join if language == "en" else "".join
        return self._nearest(Counter(joined(pair) for words in self._sample(language) for pair in set(pairwise(words))), share)

    def _nearest(self, counts: Counter[str], share: float) -> str:
        return min(sorted(counts), key=lambda word: abs(counts[word] / (2 * SAMPLE) - share))

    def _sample(self, language: str) -> Iterator[list[str]]:
        """The words of as many documents of one language as make a sample of both, half and half."""
        chance = random.Random(7)
        for _document in range(SAMPLE):
            yield [word for sentence in chance.sample(self.sentences[language], 10) for word in sentence]

    def _sentence(self, language: str) -> list[str]:
        length = self.chance.randint(10, 26)
        return [self._spelt(language, _rank(self.chance, WORDS[language])) for _ in range(length)]

    @staticmethod
    def _spelt(language: str, rank: int) -> str:
        return f"word{rank}" if language == "en" else chr(0x4E00 + rank % 3_000) + chr(0x5E00 + rank % 2_897)

    def _document(self, number: int) -> Document:
        chance = self.chance
        language = "en" if chance.random() < 0.45 else "zh-hant"
        joined, stop = (" ".join, ". ") if language == "en" else ("".join, "。")
        told = chance.sample(self.sentences[language], chance.randint(7, 13))
        return Document(
            kind="paper",
            id=number,
            version=1,
            title=joined(told[0][:8]),
            body=stop.join(joined(sentence) for sentence in told),
            published_at=_DAY - dt.timedelta(minutes=chance.randrange(5 * 365 * 1440)),
            scope=_SCOPES,
            is_head=number % 4 != 0,
            source=f"source{_rank(chance, 60)}",
            source_weight=chance.choice((0.8, 1.0, 1.2)),
            language=language,
            event=chance.choice(("", "order", "price", "court", "plant")),
            sectors=[f"sector{chance.randrange(12)}"],
            companies=sorted({_rank(chance, 50_000) for _ in range(chance.randint(0, 3))}),
        )


def _rank(chance: random.Random, most: int) -> int:
    return max(1, int(most ** chance.random()))


if __name__ == "__main__":
    print(as_json(judging.measure(Path(sys.argv[1])) + measure(Path(sys.argv[1]), size=int(sys.argv[2]))))
