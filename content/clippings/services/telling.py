"""What clippings leave on the timelines of the companies that they name."""

from collections.abc import Iterable

from content.clippings.choices import STANDING, Class
from content.clippings.models import Mention
from crm.companies.models import Coverage
from crm.kernel.worklist import TimelineRow

SEARCH_KIND = "clipping"
"""What search calls them (`content.clippings.searching`)."""

PUBLISHED = "clippings.published"
"""Announced with `clipping_ids` when clippings became readable, or their text or the companies that they name changed."""

SUBJECT = "clippings.clipping"
KIND = "clipping"


def tell_timelines(clipping_ids: Iterable[int]) -> None:
    """Write anew what these clippings leave on timelines: public heads of stories, on companies that somebody looks after."""
    ids = list(clipping_ids)
    TimelineRow.objects.filter(subject_type=SUBJECT, subject_id__in=ids).delete()
    covered = Coverage.objects.current().values("company_id")
    named = Mention.objects.filter(
        clipping_id__in=ids,
        state__in=STANDING,
        clipping__live=True,
        clipping__klass=Class.PUBLIC,
        clipping__head=None,
        company_id__in=covered,
    )
    TimelineRow.objects.bulk_create(
        TimelineRow(
            company_id=mention.company_id,
            kind=KIND,
            at=mention.published_at,
            for_all=True,
            title=mention.clipping.title,
            facts={"source": mention.clipping.source.name},
            subject_type=SUBJECT,
            subject_id=mention.clipping_id,
        )
        for mention in named.select_related("clipping", "clipping__source")
    )
