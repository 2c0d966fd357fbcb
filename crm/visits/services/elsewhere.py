"""Keeps `Coverage.visited_elsewhere`: whether a company may have visits by another centre than the one that looks after it now.

It spares a centre's head the search for such visits, company by company. Coverage begins with True, for who begins it does not know of
visits; the first visit by another centre sets True; only the sweep sets False, having looked while nobody could log a visit.
"""

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from crm.companies.models import Company, Coverage
from crm.visits.models import Visit

_BATCH = 500


def visited_by_another_centre() -> Exists:
    """As a condition on coverage: a visit to its company, in whatever state, was made by another centre or by none."""
    return Exists(Visit.objects.order_by().filter(company_id=OuterRef("company_id")).exclude(centre_id=OuterRef("centre_id")))


def note_centre(visit: Visit, company: Company) -> None:
    """A visit was logged or planned. `company` comes from `traces.locked_company`. No statement where all is well."""
    ids = [row.pk for row in company.current_coverage if row.centre_id != visit.centre_id and not row.visited_elsewhere]
    if ids:
        Coverage.objects.filter(pk__in=ids).update(visited_elsewhere=True)


def settle_coverage() -> int:
    """Clear the mark where no visit by another centre exists. Returns of how many rows; safe to run at any time and twice.

    Companies are locked as `log_visit` and `plan_visit` lock them, and visits looked for only then: PostgreSQL would not see one that is
    written at the same moment, and a mark cleared by mistake would hide it from the counts of a list.
    """
    settled, last = 0, 0
    while ids := _companies_after(last):
        settled += _settle(ids)
        last = ids[-1]
    return settled


def _unvisited() -> QuerySet[Coverage]:
    return Coverage.objects.current().filter(~visited_by_another_centre(), visited_elsewhere=True, centre__isnull=False)


def _companies_after(last: int) -> list[Any]:
    rows = _unvisited().filter(company_id__gt=last).order_by("company_id")
    return list(rows.values_list("company_id", flat=True).distinct()[:_BATCH])


@transaction.atomic
def _settle(company_ids: list[Any]) -> int:
    list(Company.objects.filter(pk__in=company_ids).order_by("pk").select_for_update(of=("self",)).values_list("pk"))
    return _unvisited().filter(company_id__in=company_ids).update(visited_elsewhere=False)
