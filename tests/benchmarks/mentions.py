"""The book of 200,000 companies: how long it takes to build, how fast it reads, and how much of what was planted it finds.

Invented names in both scripts are planted into invented sentences, half of them without their legal form. One company in eight has a
sister of the same name with another legal form, so that the short name alone is nobody's. A link at a planted place to its company is
right, any other link is wrong. Processor time counts, so that what else runs on the machine does not.

Beside these the labelled sets of ../shared/data, where they are there. What is in the list, what counts as right and how half of the
sentences was held out stand in `tests.real.mention_figures` and `tests.real.mention_sets`, whose figures these are:
- CLUENER, together and by half (0 in view while the rules were made, 1 held out; what that showed when first read stands there, too):
  precision of links without the errors of the labels and with them (`strict`), recall of links and with suggestions on names that the list
  holds, and on those that only stripping makes equal;
- RSS-500 (14 usable labels), the pairs of names, the abbreviations.
"""

import random
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from content.mentions import Found, NameBook, NameEntry
from content.stories import bands, signature
from crm.kernel.names.legal import LEGAL_EN
from crm.kernel.text import fold, has_han
from tests.benchmarks.figures import Figure, rounded
from tests.benchmarks.seeding.names import company_names
from tests.real import mention_figures, mention_sets

COMPANIES, CLIPPINGS, ROUNDS, SISTERS = 200_000, 8_000, 3, 8
BUILD_GOAL, MEMORY_GOAL = 10, 350
SPEED_GOAL, PRECISION_GOAL, RECALL_GOAL, SHOWN_GOAL, SIGNATURES_GOAL = 20, 0.98, 0.85, 0.95, 800

_ENGLISH = (
    "The half year brought higher orders from abroad and lower costs of shipping",
    "The board proposed an interim dividend, payable before the end of the quarter",
    "Analysts had expected less, and the shares closed higher in heavy trading",
    "Loans of several hundred million fall due in the autumn and will be renewed",
    "A new plant will begin work in the spring with four hundred workers",
)
_CHINESE = (
    "上半年來自海外的訂單增加，運費則有所下降",
    "董事會建議派發中期息，將於季末前派付",
    "分析員原先的預期較低，股份在大成交下高收",
    "數億元的银行贷款将于秋季到期，预计获得续期",
    "新厂房将于春季投产，届时聘用四百名工人",
)
_ENDINGS_ZH = ("(香港)有限公司", "控股有限公司", "有限公司")


@dataclass(frozen=True, slots=True)
class Planted:
    """A clipping and the companies named in it: (start, end in the body, company)."""

    body: str
    places: tuple[tuple[int, int, int], ...]


def measure(*, companies: int = COMPANIES, clippings: int = CLIPPINGS) -> list[Figure]:
    """Build, read, count; the speed is the best of some rounds."""
    chance = random.Random(7)
    entries = _entries(companies)
    before = _memory()
    started = time.process_time()
    book = NameBook.build(entries)
    build = time.process_time() - started
    memory = _memory() - before
    planted = [_clipping(chance, entries) for _ in range(clippings)]
    megabytes = sum(len(one.body.encode()) for one in planted) / 1e6
    folding = _best(lambda: [fold(one.body) for one in planted])
    finding = _best(lambda: [book.find("", one.body) for one in planted])
    signing = _best(lambda: [bands(signature(one.body)) for one in planted])
    precision, recall, shown = _counted(planted, [book.find("", one.body) for one in planted])
    name = f"mentions.{companies}"
    return [
        Figure(f"{name}.build_seconds", rounded(build), "s", f"goal: {BUILD_GOAL}, of {len(entries)} names"),
        Figure(f"{name}.build_memory_mb", rounded(memory), "MB", f"goal: {MEMORY_GOAL}, growth of the peak while building"),
        Figure(f"{name}.mb_per_second", rounded(megabytes / finding), "MB/s", f"goal: at least 10, better {SPEED_GOAL}, folding included"),
        Figure(f"{name}.clippings_per_second", rounded(clippings / finding), "1/s", f"{round(megabytes * 1e6 / clippings)} bytes each"),
        Figure(f"{name}.folding_mb_per_second", rounded(megabytes / folding), "MB/s", "folding alone"),
        Figure(f"{name}.precision", rounded(precision), "", f"of links, goal: over {PRECISION_GOAL}"),
        Figure(f"{name}.recall", rounded(recall), "", f"of links, goal: over {RECALL_GOAL}"),
        Figure(f"{name}.recall_with_suggestions", rounded(shown), "", f"goal: over {SHOWN_GOAL}"),
        Figure("stories.signatures_per_second", rounded(clippings / signing), "1/s", f"goal: at least {SIGNATURES_GOAL}, bands included"),
        *real(),
    ]


def real() -> list[Figure]:
    """The labelled sets; nothing where they are not there."""
    if not mention_figures.DATA.is_dir():
        return []
    rows = mention_figures.sentences()
    halves = {"": rows, ".half0": [row for row in rows if row.half == 0], ".half1": [row for row in rows if row.half == 1]}
    return [figure for name, some in halves.items() for figure in _of_everyday_chinese(f"mentions.cluener{name}", some)] + _of_small_sets()


def _of_everyday_chinese(name: str, rows: list[mention_figures.Sentence]) -> list[Figure]:
    measured = mention_figures.measured(rows)
    counts = measured.counts
    links = f"{counts['right']} right, {counts['unlabelled']} right without a label, {counts['wrong']} wrong"
    figures = [
        Figure(f"{name}.precision", rounded(measured.precision), "", f"goal: over {PRECISION_GOAL}; {links}"),
        Figure(f"{name}.precision_strict", rounded(measured.strict), "", "what nobody labelled is wrong"),
    ]
    for circle in ("listed", "derived"):
        of = f"of {counts[f'{circle} gold']} labels"
        goals = (f"goal: over {RECALL_GOAL}, ", f"goal: over {SHOWN_GOAL}, ") if circle == "listed" else ("", "")
        figures += [
            Figure(f"{name}.{circle}.recall", rounded(measured.recall[circle]), "", goals[0] + of),
            Figure(f"{name}.{circle}.recall_with_suggestions", rounded(measured.shown[circle]), "", goals[1] + of),
        ]
    return figures


def _of_small_sets() -> list[Figure]:
    news, pairs, short = mention_sets.english_news(), mention_sets.name_pairs(), mention_sets.abbreviations()
    of = f"of {news['listed gold']} labels"
    return [
        Figure("mentions.rss500.precision", rounded(1 - news["wrong"] / news["links"]), "", f"of {news['links']} links, read by hand"),
        Figure("mentions.rss500.recall", rounded(news["listed linked"] / news["listed gold"]), "", of),
        Figure("mentions.rss500.recall_with_suggestions", rounded(news["listed shown"] / news["listed gold"]), "", of),
        Figure("mentions.pairs.same_linked", rounded(pairs[True, "link"] / pairs[True, "all"]), "", f"of {pairs[True, 'all']} pairs"),
        Figure("mentions.pairs.others_linked", pairs[False, "link"], "", f"of {pairs[False, 'all']} pairs"),
        Figure("mentions.abbreviations.linked", rounded(short["linked"] / short["all"]), "", f"of {short['all']}, held as aliases"),
        Figure("mentions.abbreviations.shown", rounded(short["shown"] / short["all"]), "", f"of {short['all']}, held as aliases"),
    ]


def _entries(companies: int) -> list[NameEntry]:
    entries: list[NameEntry] = []
    named = company_names(random.Random(1))
    for number in range(1, companies + 1):
        sister = entries[-1].name if number % SISTERS == 0 and entries else ""
        if sister:
            legal = "国际集团有限公司" if has_han(sister) else " International Group Limited"
            entries.append(NameEntry(number, _short(sister) + legal, "full"))
        else:
            company = next(named)
            entries += [NameEntry(number, name, "full") for name in (company.english, company.chinese) if name]
    return entries


def _clipping(chance: random.Random, entries: list[NameEntry]) -> Planted:
    """Some sentences of one language, with up to three names between them."""
    is_chinese = chance.random() < 0.6
    sentences, end = (_CHINESE, "。") if is_chinese else (_ENGLISH, ". ")
    body, places = "", []
    for _ in range(chance.randrange(6, 14)):
        body += chance.choice(sentences) + end
    for _ in range(chance.randrange(4)):
        entry = chance.choice(entries)
        written = entry.name if chance.random() < 0.5 else _short(entry.name)
        places.append((len(body), len(body) + len(written), entry.company_id))
        body += written + ("公布業績，" if is_chinese else " reported. ") + chance.choice(sentences) + end
    return Planted(body, tuple(places))


def _short(name: str) -> str:
    """As a newspaper writes it: without the legal form, by rules other than those that are measured."""
    for ending in _ENDINGS_ZH:
        if name.endswith(ending):
            return name.removesuffix(ending)
    words = name.split()
    while words[-1].lower() in LEGAL_EN or words[-1] in ("Holdings", "(Hong", "Kong)"):
        words.pop()
    return " ".join(words)


def _counted(planted: list[Planted], found: list[list[Found]]) -> tuple[float, float, float]:
    """Precision and recall of links, recall with suggestions."""
    right = wrong = linked = shown = total = 0
    for clipping, findings in zip(planted, found, strict=True):
        meant = {(company, start) for start, _end, company in clipping.places}
        links = {(one.company_id, one.start) for one in findings if one.kind == "link"}
        right += len(links & meant)
        wrong += len(links - meant)
        linked += len(meant & links)
        shown += len(meant & {(one.company_id, one.start) for one in findings})
        total += len(meant)
    return right / max(right + wrong, 1), linked / max(total, 1), shown / max(total, 1)


def _best(work: Callable[[], object]) -> float:
    """Processor seconds of the quickest round."""
    times = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def _memory() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
