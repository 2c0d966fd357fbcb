"""Full-text search on one machine: documents of its own, the engine's time for a first page with totals and facets, size and build.

`python -m tests.benchmarks.searching FOLDER DOCUMENTS` prints the figures as JSON.
"""

import datetime as dt
import random
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from crm.kernel.query import bind, parse
from crm.kernel.searchable import BANK, Document
from search.engines.base import Asked, Row, row_of
from search.engines.tantivy import Tantivy
from tests.benchmarks import judging
from tests.benchmarks.figures import Figure, as_json, rounded

ROUNDS, BATCH = 5, 500
GOAL_MS = 15
_DAY = dt.datetime(2026, 3, 4, tzinfo=dt.UTC)
_SCOPES = frozenset((BANK,))


def measure(folder: Path, *, size: int) -> list[Figure]:
    """Build an index of `size` documents and ask it. Times are the process's own, as an idle core would take."""
    engine = Tantivy(folder / "search")
    began = time.process_time()
    engine.rebuild_and_swap(_batches(size), lambda index: None)
    seconds = time.process_time() - began
    held = sum(path.stat().st_size for path in (folder / "search").rglob("*") if path.is_file())
    name = f"search.tantivy.{size}"
    figures = [
        Figure(f"{name}.docs_per_cpu_second", rounded(size / seconds), "1/s", "documents made and analysed included"),
        Figure(f"{name}.bytes_per_doc", rounded(held / size), "B", "180 English words or 800 Chinese characters each"),
    ]
    for facets in (False, True):
        times = sorted(_times(engine, facets=facets))
        part = "with_facets" if facets else "page"
        figures += [
            Figure(f"{name}.{part}.p50", rounded(statistics.median(times)), "ms", f"goal: under {GOAL_MS}; 20 hits and both totals"),
            Figure(f"{name}.{part}.p95", rounded(times[int(len(times) * 0.95)]), "ms", f"{len(times)} questions"),
        ]
    return figures


def _times(engine: Tantivy, *, facets: bool) -> Iterator[float]:
    """Milliseconds of each question, after one that warms."""
    for text in _questions():
        asked = Asked(bind(parse(text), lambda name: [int(name)]), _SCOPES, _DAY.toordinal(), facets=facets)
        engine.search(asked)
        for _round in range(ROUNDS):
            began = time.process_time()
            engine.search(asked)
            yield (time.process_time() - began) * 1000


def _questions() -> list[str]:
    """Common and rare: words, two and four characters, phrases, both, filters."""
    words = [word(rank) for rank in (20, 60, 200, 800, 3_000, 12_000)]
    chinese = [pair(rank) for rank in (60, 200, 800, 3_000)] + [pair(rank) + pair(rank + 1) for rank in (4, 9, 20)]
    both = [f"{word(20)} {word(90)}", f'"{word(1)} {word(2)}"', f"{word(200)} OR {word(300)}", f"{word(60)} NOT {word(20)}"]
    return [*words, *chinese, *both, f"{pair(20)} after:2026-01", f"company:77 {pair(20)}", f"source:source5 {word(60)}", "word12*"]


def word(rank: int) -> str:
    """The word of a rank: the lower, the more often."""
    return f"word{rank}"


def pair(rank: int) -> str:
    """Two Chinese characters of a rank."""
    return chr(0x4E00 + rank % 3_000) + chr(0x5E00 + rank % 2_897)


def _batches(size: int) -> Iterator[list[Row]]:
    chance = random.Random(20_260_304)
    for start in range(1, size + 1, BATCH):
        yield [row_of(_document(number, chance), 7) for number in range(start, min(start + BATCH, size + 1))]


def _document(number: int, chance: random.Random) -> Document:
    """In one of two languages, its words as common as their rank says (Zipf)."""
    is_english = chance.random() < 0.4
    made = [word(_rank(chance, 60_000)) for _ in range(180)] if is_english else [pair(_rank(chance, 20_000)) for _ in range(400)]
    title = made[:8]
    joined = " ".join if is_english else "".join
    return Document(
        kind="paper",
        id=number,
        version=1,
        title=joined(title),
        body=joined(made),
        published_at=_DAY - dt.timedelta(minutes=chance.randrange(5 * 365 * 1440)),
        scope=_SCOPES,
        is_head=number % 4 != 0,
        source=f"source{_rank(chance, 60)}",
        source_weight=chance.choice((0.8, 1.0, 1.2)),
        language="en" if is_english else "zh-hant",
        event=chance.choice(("", "order", "price", "court", "plant")),
        sectors=[f"sector{chance.randrange(12)}"],
        companies=sorted({_rank(chance, 50_000) for _ in range(chance.randint(0, 3))}),
    )


def _rank(chance: random.Random, most: int) -> int:
    return max(1, int(most ** chance.random()))


if __name__ == "__main__":
    print(as_json(judging.measure(Path(sys.argv[1])) + measure(Path(sys.argv[1]), size=int(sys.argv[2]))))
