"""Keeps search's copy of visits: told in the transaction of each change, and after changes of the company that decide who finds them."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from crm.kernel.reactions import reindex
from crm.visits.choices import SEARCH_KIND
from crm.visits.models import Visit

_BATCH = 2_000


def tell_search(visit: Visit, *, actor: Any) -> None:
    """The visit was written or changed, and its version with it."""
    reindex(SEARCH_KIND, [visit.pk], actor=actor)


def tell_search_of_addendum(visit: Visit, *, actor: Any) -> None:
    """Something was added: the visit itself, which may be closed, keeps its version."""
    Visit.objects.filter(pk=visit.pk).update(search_changes=F("search_changes") + 1)
    reindex(SEARCH_KIND, [visit.pk], actor=actor)


@transaction.atomic
def follow_companies(*, company_ids: Sequence[int]) -> int:
    """Companies are called otherwise, or others look after them: their visits are found by others now. Returns of how many visits."""
    ids = list(Visit.objects.filter(company_id__in=company_ids).order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    for start in range(0, len(ids), _BATCH):
        Visit.objects.filter(pk__in=ids[start : start + _BATCH]).update(search_changes=F("search_changes") + 1)
    reindex(SEARCH_KIND, ids)
    return len(ids)
