"""How well texts are ranked: 100 questions in three scripts over invented stories, graded by what was written, not by what was found.

A story is written about one company and one event, both in its headline (3), or both in its body under a headline about the trade (2); or
it is about others and names the two in passing (1). Age and source have no part in the grade. nDCG@10 by engine and script.
"""

import datetime as dt
import math
import random
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import opencc

from crm.demo import reading
from crm.kernel.query import parse
from crm.kernel.searchable import BANK, Document
from search.engines.base import Asked, Engine, row_of
from search.engines.elastic import Elastic
from search.engines.tantivy import Tantivy
from tests.benchmarks.figures import Figure, rounded
from tests.servers import elasticsearch_url

EN, HANT, HANS = "en", "zh-hant", "zh-hans"
SCRIPTS = (EN, HANT, HANS)
STORIES, COMPANIES, DEEP, FEWEST_ANSWERS = 3_000, 60, 10, 5
_DAY = dt.datetime(2026, 3, 4, 2, tzinfo=dt.UTC)
_SCOPE = frozenset((BANK,))
_CODE = 7
_EVENTS = (
    *(("default", "違約"), ("listing", "上市"), ("plant", "新廠"), ("contract", "合約"), ("bond", "債券")),
    *(("lawsuit", "訴訟"), ("results", "業績"), ("merger", "合併"), ("layoffs", "裁員"), ("strike", "罷工")),
)
_WORDS = {
    EN: {
        "heads": ("{name} {event} surprises banks", "{event} at {name} draws bids", "Banks weigh {name} {event}", "{name} denies {event}"),
        "trades": ("A quiet week for the trade", "Merchants wait for spring orders", "Rents and wages: what moves the delta"),
        "leads": (
            "The {event} of {name} was told by people close to the matter on Tuesday.",
            "{name} spoke of the {event} at its meeting.",
        ),
        "passing": ("It follows the {event} at {name} some months ago.", "Readers will recall {name} and its {event}."),
    },
    HANT: {
        "heads": ("{name}{event} 銀行關注", "{name}再傳{event}", "消息指{name}{event}", "{name}否認{event}"),
        "trades": ("行業本周平靜", "商戶靜候春季訂單", "租金與工資：區內動向"),
        "leads": ("消息人士周二透露，{name}的{event}將於下季落實。", "{name}在會上談及{event}。"),
        "passing": ("市場數月前亦曾關注{name}的{event}。", "讀者或記得{name}及其{event}。"),
    },
}


@dataclass(frozen=True)
class Written:
    """What a story was written about: (company, event) and the grade it has for who asks for both."""

    company: int
    event: int
    grade: int


@dataclass(frozen=True)
class Question:
    """What is asked, in which script, and which stories answer it: company or event of -1 is any."""

    text: str
    script: str
    company: int
    event: int

    def grade(self, script: str, facts: Sequence[Written]) -> int:
        """Of a story in a script with these facts. Nobody asks in English for Chinese stories; the two Chinese scripts are one."""
        if (script == EN) != (self.script == EN):
            return 0
        fits = (one.grade for one in facts if self.company in (-1, one.company) and self.event in (-1, one.event))
        return max(fits, default=0)


@cache
def stories() -> tuple[list[Document], dict[int, list[Written]]]:
    """The stories, always the same, and what each was written about."""
    chance = random.Random(20_260_304)
    simplify = opencc.OpenCC("hk2s").convert
    documents, facts = [], {}
    for number in range(1, STORIES + 1):
        script = chance.choice(SCRIPTS)
        title, body, facts[number] = _story(chance, EN if script == EN else HANT)
        if script == HANS:
            title, body = simplify(title), simplify(body)
        documents.append(_document(number, title, body, script, chance))
    return documents, facts


@cache
def questions() -> list[Question]:
    """A hundred: companies with events, companies alone, events alone; such as five stories answer."""
    chance = random.Random(7)
    simplify = opencc.OpenCC("hk2s").convert
    asked: dict[str, Question] = {}
    while len(asked) < 100:
        script = SCRIPTS[len(asked) % 3]
        kind = chance.choices(("both", "company", "event"), (60, 25, 15))[0]
        company = _likely(chance, COMPANIES) if kind != "event" else -1
        event = chance.randrange(len(_EVENTS)) if kind != "company" else -1
        tongue = EN if script == EN else HANT
        words = " ".join(word for word in (_name(company, tongue), _event(event, tongue)) if word)
        text = simplify(words) if script == HANS else words
        question = Question(text, script, company, event)
        if len(_grades(question)) >= FEWEST_ANSWERS:
            asked.setdefault(text, question)
    return list(asked.values())


def _grades(question: Question) -> list[int]:
    """Of all stories that answer it at all, the best first."""
    documents, facts = stories()
    return sorted(filter(None, (question.grade(one.language, facts[one.id]) for one in documents)), reverse=True)


def ndcg(engine: Engine) -> dict[str, float]:
    """nDCG@10 of an engine that holds the stories: the mean by script, and of all questions as `all`."""
    documents, facts = stories()
    scripts = {one.id: one.language for one in documents}
    values: defaultdict[str, list[float]] = defaultdict(list)
    for question in questions():
        asked = Asked(parse(question.text), _SCOPE, _DAY.toordinal(), limit=DEEP)
        found = [question.grade(scripts[hit.id], facts[hit.id]) for hit in engine.search(asked).hits]
        value = _gain(found) / _gain(_grades(question)[:DEEP])
        values[question.script].append(value)
        values["all"].append(value)
    return {name: sum(each) / len(each) for name, each in sorted(values.items())}


def build(engine: Engine) -> None:
    """Fill an engine with the stories."""
    documents, _facts = stories()
    batches = ([row_of(one, _CODE) for one in documents[start : start + 500]] for start in range(0, len(documents), 500))
    engine.rebuild_and_swap(batches, lambda index: None)


def measure(folder: Path) -> list[Figure]:
    """The figures of the embedded engine, and of Elasticsearch where a test server answers."""
    figures = _figures("tantivy", Tantivy(folder / "judged"))
    url = elasticsearch_url()
    if url:
        cluster = Elastic(url, f"rapport-judged-{uuid.uuid4().hex}")
        try:
            figures += _figures("elasticsearch", cluster)
        finally:
            for name in cluster.client.indices.get(index=f"{cluster.alias}*").body:
                cluster.client.indices.delete(index=name)
    return figures


def _figures(name: str, engine: Engine) -> list[Figure]:
    build(engine)
    said = f"1 is the best order; {len(questions())} questions, {STORIES} stories"
    return [Figure(f"search.judged.{name}.{part}.ndcg10", rounded(value), "", said) for part, value in ndcg(engine).items()]


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def _story(chance: random.Random, tongue: str) -> tuple[str, str, list[Written]]:
    """Headline, body, and what they are about."""
    words = _WORDS[tongue]
    company, event = _likely(chance, COMPANIES), chance.randrange(len(_EVENTS))
    about = {"name": _name(company, tongue), "event": _event(event, tongue)}
    fillers = [_filled(chance, text, tongue) for text in chance.sample(_fillers(tongue), chance.randint(2, 9))]
    in_title = chance.random() < 0.5
    title = chance.choice(words["heads"] if in_title else words["trades"]).format(**about)
    leads = [chance.choice(words["leads"]).format(**about) for _lead in range(chance.randint(1, 3))]
    facts = [Written(company, event, 3 if in_title else 2)]
    if chance.random() < 0.6:
        other, its_event = _likely(chance, COMPANIES), chance.randrange(len(_EVENTS))
        passing = chance.choice(words["passing"]).format(name=_name(other, tongue), event=_event(its_event, tongue))
        fillers.insert(chance.randint(0, len(fillers)), passing)
        facts.append(Written(other, its_event, 1))
    body = [*leads, *fillers] if in_title else [*fillers[:2], *leads, *fillers[2:]]
    return title[:1].upper() + title[1:], (" " if tongue == EN else "").join(body), facts


def _document(number: int, title: str, body: str, script: str, chance: random.Random) -> Document:
    return Document(
        kind="paper",
        id=number,
        version=1,
        title=title,
        body=body,
        published_at=_DAY - dt.timedelta(minutes=chance.randrange(2 * 365 * 1440)),
        scope=_SCOPE,
        source=f"Paper {number % 12}",
        source_weight=(0.8, 1.0, 1.0, 1.2)[number % 4],
        language=script,
    )


@cache
def _companies() -> list[tuple[str, str]]:
    traditional = opencc.OpenCC("s2hk").convert
    rows = [row for row in reading.rows("companies.csv") if row["name_en"] and row["name_zh"]]
    ends = (" Company Limited", " Limited")
    return [
        (row["name_en"].removesuffix(ends[0]).removesuffix(ends[1]), traditional(row["name_zh"]).removesuffix("有限公司")) for row in rows
    ]


@cache
def _fillers(tongue: str) -> list[str]:
    held: list[str] = reading.toml("news/fillers.toml")["en" if tongue == EN else "hant"]
    return held


def _filled(chance: random.Random, text: str, tongue: str) -> str:
    numbers = {"percent": chance.randint(3, 46), "months": chance.randint(3, 18), "million": chance.randint(8, 200), "wan": "1,200萬"}
    trade = {"goods": "yarn", "material": "cotton", "trade": "textile", "district": "Kwun Tong"}
    trade_zh = {"goods": "棉紗", "material": "棉花", "trade": "紡織", "district": "觀塘"}
    return text.format(**numbers, **(trade if tongue == EN else trade_zh), paper="")


def _likely(chance: random.Random, most: int) -> int:
    """Some are written of far more often than others."""
    return int(most ** chance.random()) - 1


def _name(company: int, tongue: str) -> str:
    return _companies()[company][tongue != EN] if company >= 0 else ""


def _event(event: int, tongue: str) -> str:
    return _EVENTS[event][tongue != EN] if event >= 0 else ""
