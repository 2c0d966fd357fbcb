"""Clippings in bulk, for benchmarks and trials at a bank's size: written straight into the tables, with the mentions that they hold."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction

from content.clippings import rules
from content.clippings.choices import MentionState
from content.clippings.models import Clipping, Mention, Source
from content.clippings.services import source_named
from crm.companies.models import Company
from crm.demo.newsroom import Newsroom, Story, Subject
from crm.demo.seeds.news import subjects
from crm.kernel.text import fold, has_han

BATCH = 2_000
_YEARS = 3
_MOST_SUBJECTS, _MOST_SENTENCES = 20_000, 50_000
_SHORTEST, _LONGEST = 40, 300


def generate(count: int, *, now: dt.datetime, text: Path | None = None, told: Callable[[int], Any] = lambda _done: None) -> int:
    """Write `count` published clippings spread over three years. `text`: a folder whose sentences are mixed in. Returns how many.

    `told(done)` hears of each batch. Search learns of them by `search_rebuild`.
    """
    dice = random.Random(count)  # noqa: S311 - invented news
    room = Newsroom(dice, _subjects())
    mixed = _sentences(text) if text is not None else {}
    sources = {paper["name"]: source_named(paper["name"], actor=None, now=now) for paper in room.papers}
    stories = _stories(room, dice, now)
    done = 0
    while done < count:
        done += _write(list(islice(stories, min(BATCH, count - done))), sources, dice, mixed, now)
        told(done)
    return done


def _subjects() -> list[Subject]:
    held = subjects()
    if held:
        return held
    rows = Company.objects.exclude(name_en="").order_by("pk")[:_MOST_SUBJECTS]
    return [Subject(row.pk, row.name_en, row.name_zh or row.name_en, "textiles", row.city or "Central", "中環") for row in rows]


def _stories(room: Newsroom, dice: random.Random, now: dt.datetime) -> Iterator[Story]:
    span = _YEARS * 365 * 24 * 60
    while True:
        yield from room.stories(now - dt.timedelta(minutes=dice.randint(1, span)))


@transaction.atomic
def _write(stories: list[Story], sources: dict[str, Source], dice: random.Random, mixed: dict[bool, list[str]], now: dt.datetime) -> int:
    rows = []
    for story in stories:
        draft = story.draft
        body = draft.body
        extra = mixed.get(has_han(draft.title))
        if extra:
            body += "\n\n" + " ".join(dice.sample(extra, min(4, len(extra))))
        key = f"{dice.getrandbits(160):040x}"
        rows.append(
            Clipping(
                title=draft.title,
                body=body,
                quote=rules.quote_of(body),
                source=sources[story.paper],
                url=draft.url,
                published_at=min(draft.published_at, now),
                language=draft.language,
                event=draft.event,
                sectors=list(draft.sectors),
                read_minutes=1,
                origin_key=key,
                text_hash=key.ljust(64, "0"),
            )
        )
    Clipping.objects.bulk_create(rows)
    Mention.objects.bulk_create(_mentions(stories, rows))
    return len(rows)


def _mentions(stories: list[Story], rows: list[Clipping]) -> Iterator[Mention]:
    for story, row in zip(stories, rows, strict=True):
        in_title = story.name in row.title
        start = (row.title if in_title else row.body).find(story.name)
        if story.company_id is not None and start >= 0:
            yield Mention(
                clipping=row,
                company_id=story.company_id,
                state=MentionState.LINKED,
                in_title=in_title,
                start=start,
                end=start + len(story.name),
                text=story.name,
                name=fold(story.name),
                published_at=row.published_at,
            )


def _sentences(folder: Path) -> dict[bool, list[str]]:
    """Sentences of the text files in a folder, by whether they are Chinese."""
    found: dict[bool, list[str]] = {False: [], True: []}
    for path in sorted(path for path in folder.rglob("*") if path.suffix in {".txt", ".csv", ".md"}):
        with path.open(encoding="utf-8", errors="ignore") as file:
            for line in islice(file, _MOST_SENTENCES):
                sentence = " ".join(line.split())
                kept = found[has_han(sentence)]
                if _SHORTEST <= len(sentence) <= _LONGEST and len(kept) < _MOST_SENTENCES:
                    kept.append(sentence)
    return {language: sentences for language, sentences in found.items() if sentences}
