"""Writes invented news: stories of invented companies and trades in three scripts, and how other papers reprint them."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import opencc

from content.clippings.services import Draft
from crm.demo import reading

EN, HANT, HANS = "en", "zh-hant", "zh-hans"
_TRADE_SHARE = 0.3
_FILLERS = (3, 7)
_REPRINTED = 0.18
_DATELINES = {EN: "{district}, {day:%d %b} ({paper}) - ", HANT: "【{paper}專訊】", HANS: "本报讯（{paper}）"}
_CREDITS = {EN: "Additional reporting by our own staff.", HANT: "本報記者補充報道。", HANS: "本报记者补充报道。"}


@dataclass(frozen=True)
class Subject:
    """A company that the papers may write of."""

    company_id: int
    name_en: str
    name_zh: str
    industry: str
    district_en: str
    district_zh: str


@dataclass(frozen=True)
class Story:
    """One printed story: by which paper, and which company it is about, if any."""

    paper: str
    draft: Draft
    company_id: int | None = None
    name: str = ""


class Newsroom:
    """Stories in the order of `dice`; the same dice write the same papers."""

    def __init__(self, dice: random.Random, subjects: Sequence[Subject]) -> None:
        self.dice, self.subjects = dice, subjects
        self.papers = reading.toml("news/papers.toml")["paper"]
        self._events = reading.toml("news/events.toml")
        self._fillers = reading.toml("news/fillers.toml")
        self._industries = reading.toml("industries.toml")
        self._simplify, self._traditional = opencc.OpenCC("hk2s").convert, opencc.OpenCC("s2hk").convert

    @cached_property
    def _by_language(self) -> dict[str, list[str]]:
        return {language: [paper["name"] for paper in self.papers if paper["language"] == language] for language in (EN, HANT, HANS)}

    def stories(self, moment: dt.datetime, *, subject: Subject | None = None) -> Iterator[Story]:
        """A story printed at a time, and then its reprints within a day: edited a little, some in the other Chinese script."""
        language = self.dice.choices((EN, HANT, HANS), (35, 40, 25))[0]
        if subject is None and self.dice.random() >= _TRADE_SHARE:
            subject = self.dice.choice(self.subjects)
        first = self._story(moment, language, subject)
        yield first
        if self.dice.random() < _REPRINTED:
            for _copy in range(self.dice.randint(1, 4)):
                yield self._reprint(first, language, moment)

    def _story(self, moment: dt.datetime, language: str, subject: Subject | None) -> Story:
        paper = self.dice.choice(self._by_language[language])
        tongue = "en" if language == EN else "hant"
        words = self._words(tongue, subject, paper)
        event = self.dice.choice(list(self._events)) if subject is not None else ""
        told = self._events[event] if event else self._fillers["trade"]
        title = self.dice.choice(told[f"{tongue}_heads"]).format(**words)
        leads = [lead.format(**words) for lead in told[f"{tongue}_leads"]] if event else []
        fillers = [filler.format(**words) for filler in self.dice.sample(self._fillers[tongue], self.dice.randint(*_FILLERS))]
        sentences = [*leads, *fillers]
        body = "\n\n".join(_paragraphs(sentences, " " if language == EN else ""))
        if language == HANS:
            title, body = self._simplify(title), self._simplify(body)
        title = title[:1].upper() + title[1:]
        name = words["name"] if language != HANS else self._simplify(words["name"])
        draft = Draft(
            title,
            body,
            moment,
            language=language,
            event=event,
            sectors=(self._industries[words["industry"]]["sector"],),
            url=f"https://news.example/{self.dice.getrandbits(60):x}",
        )
        return Story(paper, draft, subject.company_id if subject else None, name if subject else "")

    def _words(self, tongue: str, subject: Subject | None, paper: str) -> dict[str, Any]:
        industry = subject.industry if subject else self.dice.choice([key for key, facts in self._industries.items() if "goods" in facts])
        facts = self._industries[industry]
        district = (subject.district_en if tongue == "en" else self._traditional(subject.district_zh)) if subject else ""
        million = self.dice.choice((8, 12, 20, 35, 48, 60, 95, 120, 180, 260))
        return {
            "name": _spoken(subject.name_en if tongue == "en" else self._traditional(subject.name_zh)) if subject else "",
            "industry": industry,
            "trade": facts[tongue].lower() if tongue == "en" else facts[tongue],
            "goods": facts.get("goods", facts)[tongue].lower() if tongue == "en" else facts.get("goods", facts)[tongue],
            "material": facts.get("material", facts)[tongue].lower() if tongue == "en" else facts.get("material", facts)[tongue],
            "district": district or ("Kwun Tong" if tongue == "en" else "觀塘"),
            "million": million,
            "wan": f"{million * 100:,}萬",
            "percent": self.dice.randint(3, 46),
            "months": self.dice.randint(3, 18),
            "paper": paper,
        }

    def _reprint(self, story: Story, language: str, moment: dt.datetime) -> Story:
        later = moment + dt.timedelta(minutes=self.dice.randint(20, 1_200))
        draft, target = story.draft, language
        title, body = draft.title, draft.body
        if language == HANT and self.dice.random() < 0.3:
            target, title, body = HANS, self._simplify(title), self._simplify(body)
        paper = self.dice.choice(self._by_language[target])
        paragraphs = body.split("\n\n")
        if len(paragraphs) > 2 and self.dice.random() < 0.5:
            paragraphs = paragraphs[:-1]
        dateline = _DATELINES[target].format(paper=paper, day=later, district="Hong Kong")
        body = "\n\n".join([dateline + paragraphs[0], *paragraphs[1:], _CREDITS[target]])
        copied = Draft(
            title,
            body,
            later,
            language=target,
            event=draft.event,
            sectors=draft.sectors,
            url=f"https://news.example/{self.dice.getrandbits(60):x}",
        )
        name = story.name if target == language else self._simplify(story.name)
        return Story(paper, copied, story.company_id, name)


def _spoken(name: str) -> str:
    """The name as papers write it, without its legal form."""
    for end in (" Company Limited", " Co., Limited", " Limited", "股份有限公司", "有限公司"):
        name = name.removesuffix(end)
    return name


def _paragraphs(sentences: Sequence[str], blank: str) -> Iterator[str]:
    for start in range(0, len(sentences), 2):
        yield blank.join(sentences[start : start + 2])
