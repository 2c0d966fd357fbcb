"""The papers of the last months: some thousands of clippings, so that News, Search and Today are alive at first start."""

import datetime as dt
import random
from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.conf import settings

from content.clippings.models import Source
from content.clippings.services import Draft, add_clippings
from crm.companies.models import Company, Coverage
from crm.demo import reading
from crm.demo.newsroom import Newsroom, Subject

_A_DAY, _TODAY, _OF_CLIENTS = 14, 26, 5
_BATCH = 250
_SEED = 20_260_101
WAITING = 12
"""Clippings that wait in the editors' inbox."""


def plant(*, now: dt.datetime) -> int:
    """Print them. Returns how many clippings there are. Each batch is a transaction of its own; done again, nothing is doubled."""
    dice = random.Random(_SEED)  # noqa: S311 - invented news, always the same
    room = Newsroom(dice, subjects())
    sources = {paper["name"]: _source(paper) for paper in room.papers}
    waiting: dict[str, list[Draft]] = defaultdict(list)
    count = 0
    for moment, subject in _schedule(now, dice, room):
        for story in room.stories(moment, subject=subject):
            if story.draft.published_at <= now:
                waiting[story.paper].append(story.draft)
                count += 1
    for name, drafts in sorted(waiting.items()):
        drafts.sort(key=lambda draft: draft.published_at)
        for first in range(0, len(drafts), _BATCH):
            add_clippings(source_id=sources[name].pk, drafts=drafts[first : first + _BATCH], actor=None, now=now)
    _fill_inbox(room, sources, now)
    return count


def subjects() -> list[Subject]:
    """The invented companies, as the papers know them."""
    held = {(row.name_en, row.name_zh): row.pk for row in Company.objects.only("name_en", "name_zh")}
    found = []
    for row in reading.rows("companies.csv"):
        company_id = held.get((row["name_en"], row["name_zh"]))
        if company_id is not None and row["name_en"] and row["name_zh"]:
            found.append(Subject(company_id, row["name_en"], row["name_zh"], row["industry"], row["district_en"], row["district_zh"]))
    return found


def _schedule(now: dt.datetime, dice: random.Random, room: Newsroom) -> list[tuple[dt.datetime, Subject | None]]:
    """When something is printed: a few a day, and this morning some that name clients of the senior relationship manager."""
    times: list[tuple[dt.datetime, Subject | None]] = []
    morning = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(settings.DEMO_NEWS_DAYS, 0, -1):
        start = morning - dt.timedelta(days=day)
        times += [(start + dt.timedelta(minutes=dice.randint(0, 1_439)), None) for _story in range(dice.randint(_A_DAY - 6, _A_DAY + 6))]
    own = _of_rm(room)
    for number in range(_TODAY):
        ago = dt.timedelta(minutes=dice.randint(20, 9 * 60))
        times.append((now - ago, dice.choice(own) if own and number < _OF_CLIENTS else None))
    return sorted(times, key=lambda pair: pair[0])


def _of_rm(room: Newsroom) -> list[Subject]:
    covered = set(Coverage.objects.current().filter(owner__username="rm").values_list("company_id", flat=True))
    return [subject for subject in room.subjects if subject.company_id in covered]


def _source(paper: dict[str, Any]) -> Source:
    source, _new = Source.objects.get_or_create(
        name=paper["name"],
        defaults={
            "language": paper["language"],
            "weight": Decimal(str(paper["weight"])),
            "licensed": paper["licensed"],
            "licence_note": paper["licence"],
        },
    )
    return source


def _fill_inbox(room: Newsroom, sources: dict[str, Source], now: dt.datetime) -> None:
    for number in range(WAITING):
        story = next(room.stories(now - dt.timedelta(minutes=30 + 7 * number)))
        add_clippings(source_id=sources[story.paper].pk, drafts=[story.draft], actor=None, now=now, publish=False)
