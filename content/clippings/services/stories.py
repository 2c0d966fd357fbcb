"""Near copies of one text become one story: found by shared bands, confirmed by their shingles, inside two weeks and one class."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import F

from content import stories
from content.clippings.choices import Class
from content.clippings.models import Clipping, StoryBand
from content.clippings.rules import STORY_WINDOW

_COMPARED = 12
_STILL_COMING = dt.timedelta(days=1)
"""An archive of old papers may take so long to come in."""

_READ = ("pk", "title", "body", "klass", "published_at", "head_id", "live")


def join_stories(rows: Sequence[Clipping]) -> int:
    """Put each of these clippings into the story of a near copy, where there is one. Returns how many joined one.

    Only what is published has a story, and no deal: each deal has its own readers, and a story never spans scopes.

    The first that we held stays the head. Saves the followers' `head` and the heads' `similar`, and the bands of all.
    """
    rows = [row for row in rows if row.live and row.klass != Class.DEAL]
    if not rows:
        return 0
    bands = {row.pk: _bands(row) for row in rows}
    known = _candidates(rows, bands)
    by_band: dict[int, list[Clipping]] = {}
    for key, row in known:
        by_band.setdefault(key, []).append(row)
    joined: dict[int, int] = {}
    for row in rows:
        head = _head_for(row, (near for key in bands[row.pk] for near in by_band.get(key, ())))
        if head is not None:
            row.head_id, row.similar = head, 0
            joined[head] = joined.get(head, 0) + 1
        for key in bands[row.pk]:
            by_band.setdefault(key, []).append(row)
    StoryBand.objects.bulk_create(
        StoryBand(key=key, clipping_id=row.pk, day=row.published_at.date()) for row in rows for key in bands[row.pk]
    )
    followers = [row for row in rows if row.head_id]
    Clipping.objects.bulk_update(followers, ["head"])
    for head, count in joined.items():
        # Search shows the head with the number of its copies, so it has to read the head again.
        Clipping.objects.filter(pk=head).update(similar=F("similar") + count, version=F("version") + 1)
    return len(followers)


def leave_story(row: Clipping) -> set[int]:
    """Take a clipping out of its story, as it is withdrawn or changed. The eldest of the others becomes head. Returns whom this changed."""
    StoryBand.objects.filter(clipping=row).delete()
    # As it stands now: another of the story may just have left and handed it on.
    row.head_id = Clipping.objects.values_list("head_id", flat=True).get(pk=row.pk)
    if row.head_id:
        Clipping.objects.filter(pk=row.head_id).update(similar=F("similar") - 1, version=F("version") + 1)
        changed = {row.head_id}
        row.head_id = None
        Clipping.objects.filter(pk=row.pk).update(head=None)
        return changed
    followers = list(Clipping.objects.filter(head_id=row.pk).order_by("published_at", "pk").values_list("pk", flat=True))
    if not followers:
        return set()
    first, *others = followers
    Clipping.objects.filter(pk=first).update(head=None, similar=len(others), version=F("version") + 1)
    Clipping.objects.filter(pk__in=others).update(head_id=first, version=F("version") + 1)
    row.similar = 0
    Clipping.objects.filter(pk=row.pk).update(similar=0)
    return set(followers)


def near_copies(row: Clipping) -> list[Clipping]:
    """The published clippings that one in the editors' inbox is a near copy of: shown to them before they publish."""
    keys = _bands(row)
    found = {near.pk: near for _key, near in _candidates([row], {row.pk: keys}) if near.pk != row.pk}
    return [near for near in found.values() if _alike(row, near)]


def near_copies_of(ids: Sequence[int]) -> dict[int, Clipping]:
    """Of what each of some clippings in the inbox is a near copy, where it is one of a published clipping. Three statements."""
    rows = list(Clipping.objects.filter(pk__in=ids).only(*_READ))
    if not rows:
        return {}
    bands = {row.pk: _bands(row) for row in rows}
    by_band: dict[int, list[Clipping]] = {}
    for key, near in _candidates(rows, bands):
        by_band.setdefault(key, []).append(near)
    found = {}
    for row in rows:
        near_by = {near.pk: near for key in bands[row.pk] for near in by_band.get(key, ())}
        copied = next((near for near in near_by.values() if _alike(row, near)), None)
        if copied is not None:
            found[row.pk] = copied
    return found


def sweep_bands(*, now: dt.datetime) -> int:
    """Remove the bands of clippings that were printed and came in too long ago to have near copies still to come. Returns how many."""
    day = (now - 2 * STORY_WINDOW).date()
    return StoryBand.objects.filter(day__lt=day, clipping__created_at__lt=now - _STILL_COMING).delete()[0]


def _candidates(rows: Sequence[Clipping], bands: dict[int, list[int]]) -> list[tuple[int, Clipping]]:
    keys = {key for of_row in bands.values() for key in of_row}
    days = [row.published_at for row in rows]
    first, last = (min(days) - STORY_WINDOW).date(), (max(days) + STORY_WINDOW).date()
    found = list(StoryBand.objects.filter(key__in=keys, day__range=(first, last)).order_by("pk").values_list("key", "clipping_id"))
    own = {row.pk for row in rows}
    held = Clipping.objects.live().only(*_READ).in_bulk({pk for _key, pk in found} - own)
    return [(key, held[pk]) for key, pk in found if pk in held]


def _head_for(row: Clipping, near: Iterable[Clipping]) -> int | None:
    compared: set[int] = set()
    for other in near:
        if other.pk in compared or other.pk == row.pk:
            continue
        compared.add(other.pk)
        if _alike(row, other):
            return other.story_id
        if len(compared) >= _COMPARED:
            return None
    return None


def _alike(row: Clipping, other: Clipping) -> bool:
    return (
        other.klass == row.klass
        and abs(other.published_at - row.published_at) <= STORY_WINDOW
        and stories.same_story(row.body or row.title, other.body or other.title)
    )


def _bands(row: Clipping) -> list[int]:
    """The keys by which its near copies are looked up; a headline alone has none."""
    return stories.bands(stories.signature(row.body)) if row.body else []
