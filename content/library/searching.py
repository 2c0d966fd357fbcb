"""Sheets as documents of full-text search, and as rows of the palette."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import DateField, TextField
from django.utils import timezone
from django.utils.translation import get_language

from content.clippings.querysets import INTERNAL_READERS, PUBLIC_READERS
from content.library import rules
from content.library.choices import COLUMNS, Class
from content.library.models import Sheet
from content.library.querysets import Sight, sight_of
from crm.kernel.contributions import Found
from crm.kernel.prepared import Given, Prepared
from crm.kernel.searchable import Document, Shown
from crm.kernel.text import fold

KIND, CODE = "sheet", 3
_MORNING = dt.time(8)


def documents(ids: Sequence[int]) -> Iterator[Document]:
    """The sheets of these ids that are offered today. One statement."""
    for row in Sheet.objects.offered(on=timezone.localdate()).filter(pk__in=ids):
        readers = PUBLIC_READERS if row.klass == Class.PUBLIC else INTERNAL_READERS
        yield Document(
            kind=KIND,
            id=row.pk,
            version=row.version,
            title=" · ".join(filter(None, row.titles.values())),
            body="\n\n".join(filter(None, row.summaries.values())),
            published_at=timezone.make_aware(dt.datetime.combine(row.dated_on, _MORNING)),
            scope=frozenset(f"role:{role}" for role in readers),
            source=row.source,
            sectors=tuple(row.sectors),
        )


def versions() -> Iterable[tuple[int, int]]:
    """(id, version) of every sheet that is offered, by id."""
    return Sheet.objects.offered(on=timezone.localdate()).order_by("pk").values_list("pk", "version").iterator(chunk_size=10_000)


def visible(user: Any, ids: Sequence[int]) -> dict[int, Shown]:
    """What this person may see of these sheets; the operator sees all that are offered. One statement."""
    rows = Sheet.objects.all() if user is None else Sheet.objects.visible_to(user)
    language = get_language() or ""
    return {
        row.pk: Shown(
            row.title,
            row.get_absolute_url(),
            rules.in_language(row.summaries, language),
            row.source,
            labels=(str(row.get_kind_display()),),
        )
        for row in rows.offered(on=timezone.localdate()).filter(pk__in=ids)
    }


def _found(sight: Sight, words: int, limit: int) -> Any:
    texts = [Given(f"word_{place}", TextField()) for place in range(words)]
    rows = Sheet.objects.seen_as(sight).offered(on=Given("on", DateField())).containing(texts)
    return rows.only("kind", *(f"title_{ending}" for ending in COLUMNS.values())).order_by("-dated_on", "-pk")[:limit]


_FOUND: Prepared[Sheet] = Prepared(_found)


def find_sheets(user: Any, query: str, limit: int) -> list[Found]:
    """Sheets on offer whose texts hold the words, newest first. One statement."""
    words = fold(query).split()
    given = {f"word_{place}": word for place, word in enumerate(words)}
    rows = _FOUND(sight_of(user), len(words), limit, on=timezone.localdate(), **given)
    return [Found(row.title, row.get_absolute_url(), detail=str(row.get_kind_display())) for row in rows]
