"""Clippings through the API: read, with the same visibility as the pages."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from content.clippings import selectors
from content.clippings.models import Clipping
from crm.web.api import page
from crm.web.bodies import RecordId

router = Router(tags=["clippings"])

_READ = ("published_at", "language", "event", "sectors", "klass", "page", "author", "url", "quote", "read_minutes", "similar")


def serialise(clip: selectors.Clip, *, whole: bool = False) -> dict[str, Any]:
    """A clipping; `text` only where its source is licensed, and only when it is read by itself."""
    clipping = clip.clipping
    answer = {
        "id": clipping.pk,
        "name": clipping.title,
        "name_en": "" if clipping.language.startswith("zh") else clipping.title,
        "name_zh": clipping.title if clipping.language.startswith("zh") else "",
        "url": clipping.get_absolute_url(),
        "source": clipping.source.name,
        **{("address" if name == "url" else name): getattr(clipping, name) for name in _READ},
        "story": clipping.story_id,
        "companies": [
            {"id": named.company.pk, "name": named.company.name, "state": named.mention.state, "text": named.mention.text}
            for named in (*clip.named, *clip.asked)
        ],
    }
    if whole:
        answer["text"] = clipping.body if clipping.shows_text else ""
    return answer


@router.get("")
def clippings(request: HttpRequest, company_id: RecordId | None = None, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Published stories that the token's user may read, newest first; of one company, those that name it for certain."""
    rows = Clipping.objects.visible_to(request.user).live().heads().select_related("source")
    if company_id is not None:
        rows = rows.filter(pk__in=selectors.naming(company_id))
    found = page(rows, request, lambda row: row, ordering=("-published_at",))
    found["items"] = [serialise(clip) for clip in selectors.clips(found["items"], user=request.user)]
    return found


@router.get("{int:clipping_id}")
def clipping(request: HttpRequest, clipping_id: int) -> dict[str, Any]:
    """One clipping."""
    row = get_object_or_404(Clipping.objects.visible_to(request.user).select_related("source"), pk=clipping_id)
    (clip,) = selectors.clips([row], user=request.user)
    return serialise(clip, whole=True)
