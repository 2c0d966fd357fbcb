"""Clippings as the tests of the brief and of alerts need them."""

import datetime as dt
from typing import Any

from content.clippings.choices import Class, MentionState
from content.clippings.models import Clipping, Mention, Source
from crm.companies.models import Company
from tests.cast import NOW

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def source(name: str = "Harbour Journal") -> Source:
    return Source.objects.get_or_create(name=name)[0]


def story(title: str, *names: Company, at: dt.datetime = NOW - HOUR, paper: str = "Harbour Journal", **values: Any) -> Clipping:
    """A clipping that is published unless `live=False`, naming these companies for certain."""
    number = Clipping.objects.count()
    given = {"klass": Class.PUBLIC, "live": True, "origin_key": f"{number}", "text_hash": f"{number}", **values}
    clipping = Clipping.objects.create(title=title, source=source(paper), published_at=at, **given)
    for place, company in enumerate(names):
        mention(clipping, company, start=place)
    return clipping


def mention(clipping: Clipping, company: Company, *, state: str = MentionState.LINKED, start: int = 0) -> Mention:
    return Mention.objects.create(
        clipping=clipping,
        company=company,
        state=state,
        in_title=True,
        start=start,
        end=start + 1,
        text=clipping.title[start : start + 1],
        name="name",
        published_at=clipping.published_at,
    )
