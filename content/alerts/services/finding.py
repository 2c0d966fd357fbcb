"""What alerts find among clippings that became readable. The book of alerts is kept in memory and follows their rows."""

import datetime as dt
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q

from content.alerts import rules
from content.alerts.book import AlertBook
from content.alerts.models import Alert, AlertHit
from content.alerts.reasons import Reasons
from content.alerts.services.keeping import zone_of
from content.clippings.models import Clipping
from content.clippings.searching import documents
from crm.kernel.contributions import CompanyNames, of
from crm.kernel.errors import DomainError
from crm.kernel.query import DocumentTokens, Query, bind, index_tokens, keyword, parse
from crm.kernel.querysets import AmongKeys
from crm.kernel.searchable import Document
from crm.staff.actor import Actor
from crm.staff.models import Post

SAMPLED = 500
"""So many of the newest stories say which words are rare."""

REBUILT_EVERY = dt.timedelta(hours=6)
"""Then the names of companies are looked up anew, and what is rare."""

Row = tuple[int, int, str]


@dataclass
class _State:
    """The book, the rows that it was made of (owner, version, query) by alert, and since when."""

    book: AlertBook = field(default_factory=AlertBook)
    rows: dict[int, Row] = field(default_factory=dict)
    since: dt.datetime | None = None


_state = _State()
_turn = threading.Lock()


def find_stories(clipping_ids: Sequence[int], *, now: dt.datetime) -> int:
    """Write down which alerts find which of these clippings, each story once an alert. Returns how many were new. Safe to run again.

    Only what is published, recent, and what the owner may see now.
    """
    fresh = Clipping.objects.live().filter(pk__in=clipping_ids, published_at__gte=now - rules.FRESH)
    found = {one.id: one for one in documents(list(fresh.values_list("pk", flat=True)))}
    if not found:
        return 0
    met: dict[int, list[int]] = defaultdict(list)
    queries: dict[int, Query] = {}
    with _turn:
        book = _book(now)
        for one in found.values():
            for alert_id in book.met_by(as_tokens(one)):
                met[alert_id].append(one.id)
                queries[alert_id] = book.query_of(alert_id)
    return _write(met, queries, found, now) if met else 0


@transaction.atomic
def _write(met: Mapping[int, list[int]], queries: Mapping[int, Query], found: Mapping[int, Document], now: dt.datetime) -> int:
    alerts = list(Alert.objects.running().filter(AmongKeys(sorted(met))).select_related("owner").order_by("pk"))
    seen = _seen_by({alert.owner for alert in alerts}, found, now=now)
    stories = {int(one.story) for one in found.values()}
    # A story may have got another head since it was found.
    known = AlertHit.objects.filter(Q(story_id__in=stories) | Q(story__head_id__in=stories))
    held = set(known.values_list("alert_id", "story_id")) | set(known.values_list("alert_id", "story__head_id"))
    reasons = {key: Reasons(one.title, one.body) for key, one in found.items()}
    hits = []
    for alert in alerts:
        owner: Any = alert.owner
        due = rules.due_at(alert.pace, now=now, zone=zone_of(owner), quiet_from=alert.quiet_from, quiet_to=alert.quiet_to)
        for key in met[alert.pk]:
            story = int(found[key].story)
            if key in seen[owner.pk] and (alert.pk, story) not in held:
                held.add((alert.pk, story))
                why = reasons[key].why(queries[alert.pk])
                hits.append(AlertHit(alert=alert, story_id=story, clipping_id=key, why=why, at=now, due_at=due))
    AlertHit.objects.bulk_create(hits, ignore_conflicts=True)
    return len(hits)


def _seen_by(owners: Iterable[Any], found: Mapping[int, Document], *, now: dt.datetime) -> dict[int, set[int]]:
    """Which of the clippings each owner may see. The rule reads roles and who added, so it is asked once for people of the same roles."""
    adders = set(Clipping.objects.filter(pk__in=found).values_list("added_by_id", flat=True))
    people = {owner.pk: owner for owner in owners}
    posts: dict[int, list[Post]] = defaultdict(list)
    held = Post.objects.current(now).filter(user_id__in=people, user__is_active=True).select_related("unit", "unit__centre")
    for post in held.order_by("pk"):
        posts[post.user_id].append(post)
    answers: dict[Any, set[int]] = {}
    seen: dict[int, set[int]] = {}
    for key, owner in people.items():
        owner.actor = Actor(tuple(posts[key]), key)
        alike = (owner.actor.roles, key if key in adders else None)
        if alike not in answers:
            answers[alike] = set(Clipping.objects.visible_to(owner).filter(pk__in=found).values_list("pk", flat=True))
        seen[key] = answers[alike]
    return seen


def as_tokens(one: Document) -> DocumentTokens:
    """A clipping as the matcher reads it: the same tokens and values as the index holds."""
    fields: dict[str, frozenset[str | int]] = {
        "source": frozenset((keyword(one.source),)),
        "event": frozenset((keyword(one.event),)),
        "sector": frozenset(map(keyword, one.sectors)),
        "lang": frozenset((one.language,)),
        "company": frozenset(one.companies),
        "suggested": frozenset(one.suggested),
    }
    day = one.published_at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return DocumentTokens(index_tokens(one.title), index_tokens(one.body), day, fields)


def _book(now: dt.datetime) -> AlertBook:
    """The book as the rows stand now: what changed is read anew; after some hours all of it."""
    rows = {key: (owner, version, text) for key, owner, version, text in _rows()}
    if _state.since is None or not dt.timedelta(0) <= now - _state.since < REBUILT_EVERY:
        _state.book, _state.rows, _state.since = AlertBook((), frequencies()), {}, now
    for key in _state.rows.keys() - rows.keys():
        _state.book.drop(key)
    changed = {key: row for key, row in rows.items() if _state.rows.get(key) != row}
    people = get_user_model()._default_manager.in_bulk({owner for owner, _version, _text in changed.values()})
    for key, (owner, _version, text) in changed.items():
        _state.book.drop(key)
        try:
            _state.book.put(key, bind(parse(text), partial(_company_ids, people[owner])))
        except DomainError:
            continue  # a query of an earlier grammar finds nothing until its owner writes it anew
    _state.rows = rows
    return _state.book


def _rows() -> Iterable[tuple[int, int, int, str]]:
    return Alert.objects.running().values_list("pk", "owner_id", "version", "query")


def _company_ids(user: Any, name: str) -> set[int]:
    return {found for names in of(CompanyNames) for found in names.ids(user, name)}


def frequencies() -> Counter[str]:
    """In how many of the newest stories each token stands."""
    newest = Clipping.objects.live().heads().newest_first().values_list("title", "body")[:SAMPLED]
    counted: Counter[str] = Counter()
    for title, body in newest:
        counted.update({*index_tokens(title), *index_tokens(body)})
    return counted
