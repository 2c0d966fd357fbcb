"""20,000 kept searches and invented clippings in both scripts: what the book of alerts costs a clipping, and to build.

Half of the searches are two words, a quarter a phrase, the rest OR, NOT and filters, their words drawn as papers use them, few often
and most rarely, but for the commonest two hundred, which nobody searches for. Processor time counts, so that what else runs on the
machine does not.
"""

import datetime as dt
import random
import time
from collections import Counter
from itertools import accumulate

from content.alerts.book import AlertBook
from content.alerts.reasons import Reasons
from crm.kernel.common_characters import common_characters
from crm.kernel.query import DocumentTokens, index_tokens, matches, parse
from tests.benchmarks.figures import Figure, rounded

ALERTS, CLIPPINGS, WORDS, COMMONEST, SAMPLED, CHECKED = 20_000, 1_000, 20_000, 200, 500, 3
GOAL_MS = 3
_SYLLABLES = ("ka", "lo", "mi", "ren", "su", "ta", "vor", "pel", "din", "os", "har", "ban", "quo", "zen", "fir", "gal")


def measure(*, alerts: int = ALERTS, clippings: int = CLIPPINGS) -> list[Figure]:
    """Build the book, lay the clippings out, ask; and see on a few clippings that the matcher answers the same."""
    chance = random.Random(5)
    words = _words(chance)
    weights = [1 / (place + 5) for place in range(len(words))]
    printed, searched = list(accumulate(weights)), list(accumulate(weights[COMMONEST:]))

    def draw(count: int) -> list[str]:
        return chance.choices(words, cum_weights=printed, k=count)

    texts = [(" ".join(draw(chance.randrange(6, 14))), " ".join(draw(chance.randrange(120, 400)))) for _ in range(clippings)]
    laid = [DocumentTokens(index_tokens(title), index_tokens(body), dt.date(2026, 3, 4), {}) for title, body in texts]
    typed = [_typed(chance, chance.choices(words[COMMONEST:], cum_weights=searched, k=3)) for _ in range(alerts)]
    frequency = Counter(token for one in laid[:SAMPLED] for token in {*one.title, *one.body})
    started = time.process_time()
    queries = [parse(text) for text in typed]
    book = AlertBook(enumerate(queries), frequency)
    build = time.process_time() - started
    started = time.process_time()
    met = [book.met_by(one) for one in laid]
    asked = time.process_time() - started
    started = time.process_time()
    for (title, body), found in zip(texts, met, strict=True):
        reasons = Reasons(title, body)
        for key in found:
            reasons.why(queries[key])
    told = time.process_time() - started
    wrong = sum(met[at] != [key for key, query in enumerate(queries) if matches(query, laid[at])] for at in range(CHECKED))
    name, size = f"alerts.{alerts}", round(sum(len(title) + len(body) for title, body in texts) / clippings)
    return [
        Figure(f"{name}.ms_a_clipping", rounded(asked / clippings * 1000), "ms", f"goal: under {GOAL_MS}; {size} characters each"),
        Figure(f"{name}.reasons_ms_a_clipping", rounded(told / clippings * 1000), "ms", "why each was met, in the paper's words"),
        Figure(f"{name}.met_by_a_clipping", rounded(sum(map(len, met)) / clippings), "", "alerts"),
        Figure(f"{name}.build_seconds", rounded(build), "s", "once every six hours; a changed alert alone is read anew"),
        Figure(f"{name}.other_than_the_matcher", wrong, "", f"0: of {CHECKED} clippings"),
    ]


def _words(chance: random.Random) -> list[str]:
    """Invented words, half of them Chinese, no two alike."""
    latin: dict[str, None] = {}
    while len(latin) < WORDS // 2:
        latin["".join(chance.choices(_SYLLABLES, k=chance.randrange(2, 5)))] = None
    characters = sorted(common_characters())
    chinese: dict[str, None] = {}
    while len(chinese) < WORDS // 2:
        chinese["".join(chance.choices(characters, k=chance.randrange(2, 5)))] = None
    mixed = [*latin, *chinese]
    chance.shuffle(mixed)
    return mixed


def _typed(chance: random.Random, words: list[str]) -> str:
    """A search as somebody types it."""
    first, second, third = words
    kind = chance.random()
    if kind < 0.5:
        return f"{first} {second}"
    if kind < 0.75:
        return f'"{first} {second}"'
    if kind < 0.9:
        return f"({first} OR {second}) {third}"
    return f"{first} NOT {second}" if kind < 0.999 else "event:bond lang:en"
