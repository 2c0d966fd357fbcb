"""Sources, clippings and texts for tests, in a line each."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from content.clippings.contributions import _wrong_stories
from content.clippings.models import Clipping, Mention, Source
from content.clippings.services import Draft, add_clippings
from search.reading import Results, Wanted, find
from tests import cast

DAY = dt.timedelta(days=1)

MILL = (
    "Workers began on Monday to raise the walls of a third spinning mill on the eastern bank of the Dongjiang.",
    "Four hundred people will be hired before the summer, most of them from villages nearby, the chairman told reporters.",
    "The machines come from Germany and Japan and are paid for with a loan that three lenders share among themselves.",
    "Orders from makers of sports wear fill the first two mills until late autumn, and overtime is common there.",
    "Analysts asked how the group would find cotton at prices that leave a margin, and were told to wait for the figures of June.",
)
FERRY = (
    "A new ferry will cross between the outlying islands and Central every twenty minutes from the first of April.",
    "Passengers asked for it since the old pier was closed by typhoons, and petitions gathered eleven thousand names.",
    "Fares stay as they are, while pensioners travel for two dollars on all days and dogs for nothing at all.",
    "The boats burn less fuel than those which they replace and carry bicycles on an upper deck that is open to the wind.",
    "A trial in February drew crowds, several of whom missed the last boat home and slept on benches.",
)


def text(*sentences: str) -> str:
    """Sentences as a body."""
    return "\n\n".join(sentences)


def source(name: str = "The Harbour Post", **facts: Any) -> Source:
    """A source of this name, made where there is none."""
    return Source.objects.update_or_create(name=name, defaults=facts)[0]


def clip(
    title: str,
    body: str = "",
    *,
    of: str = "The Harbour Post",
    at: dt.datetime = cast.NOW,
    by: Any = None,
    klass: str = "P",
    publish: bool = True,
    **facts: Any,
) -> Clipping:
    """A clipping as it comes in, published now unless said otherwise."""
    draft = Draft(title=title, body=body, published_at=at, **facts)
    held, _made = Source.objects.get_or_create(name=of)
    added = add_clippings(source_id=held.pk, drafts=[draft], actor=by, now=cast.NOW, publish=publish, klass=klass)
    return Clipping.objects.get(pk=added.rows[0].pk)


def fresh(clipping: Clipping) -> Clipping:
    """The clipping as it stands now."""
    return Clipping.objects.select_related("source").get(pk=clipping.pk)


def states(clipping: Clipping) -> dict[int, str]:
    """The state of each company that a clipping names."""
    return dict(Mention.objects.filter(clipping=clipping).values_list("company_id", "state"))


def wrong_stories() -> list[str]:
    """What the invariant says."""
    return list(_wrong_stories())


def searched(user: Any, query: str, **facts: Any) -> Results:
    """What this person finds; None is the operator."""
    facts = {"kind": ["clipping"]} | facts.pop("filters", {}), facts
    return find(user, Wanted(query, facts[0], **facts[1]), now=cast.NOW)


def ids(results: Results) -> Sequence[int]:
    """The clippings that were found."""
    return sorted(hit.id for hit in results.hits)
