"""Full-text search through the API: the same answers as the page."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from crm.web.api import MAX_LIMIT
from crm.web.views.errors import api_refusal
from search import reading, suggesting
from search.engines.base import FILTERS, EngineDown

router = Router(tags=["search"])

Values = list[Annotated[str, Field(max_length=100)]]


class SearchIn(Schema):
    """A query with its filters; each may be given several times."""

    q: str = ""
    sort: Literal["relevance", "date"] = "relevance"
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = reading.PAGE
    cursor: Annotated[str, Field(max_length=80)] = ""
    flat: bool = False
    facets: bool = False
    kind: Values = []
    source: Values = []
    sector: Values = []
    event: Values = []
    language: Values = []
    month: Values = []
    company: Values = []


@router.get("")
def search(request: HttpRequest, asked: Query[SearchIn]) -> Any:
    """Hits as `items`, exact totals, facets where asked for; `suggestions` where next to nothing was found.

    422 `bad_query` says what is wrong and where, 503 `search_down`.
    """
    wanted = reading.Wanted(
        asked.q,
        {name: getattr(asked, name) for name in FILTERS},
        sort=asked.sort,
        facets=asked.facets,
        flat=asked.flat,
        limit=asked.limit,
        after=asked.cursor,
    )
    try:
        now = timezone.now()
        results = reading.find(request.user, wanted, now=now)
        meant = suggesting.suggestions(request.user, wanted, results, now=now)
    except EngineDown as error:
        return _down(error)
    items = [{**hit.to_json(), "name": hit.shown.title, "name_en": "", "name_zh": ""} for hit in results.hits]
    more = {"next": results.next or None, "suggestions": [suggestion.to_json() for suggestion in meant]}
    return {"items": items, **more, **results.to_json(flat=asked.flat)}


def _down(error: EngineDown) -> HttpResponse:
    return api_refusal(503, error.code, error.message)
