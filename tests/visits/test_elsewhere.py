"""A centre's head counts visits by other centres too, and looks for them only where coverage says that there may be some."""

import datetime as dt
from typing import Any

import pytest

from crm.companies.choices import CoverageKind
from crm.companies.models import Company, Coverage
from crm.companies.services import end_coverage, take_on
from crm.kernel.contributions import Invariant, of
from crm.visits.models import Visit
from crm.visits.services import settle_coverage
from tests.cast import NOW, Bank, fresh
from tests.visits import making


def marks(company: Company) -> list[bool]:
    return list(Coverage.objects.current().filter(company=company).values_list("visited_elsewhere", flat=True))


def counted(user: Any) -> list[int]:
    return sorted(pk for part in Visit.objects.parts_for(fresh(user)) for pk in part.values_list("pk", flat=True))


def seen(user: Any) -> list[int]:
    return sorted(Visit.objects.visible_to(fresh(user)).values_list("pk", flat=True))


def broken() -> list[str]:
    return [sentence for row in of(Invariant) if row.code == "visits.elsewhere" for sentence in row.broken()]


@pytest.fixture
def company(bank: Bank) -> Company:
    """Visited by its own centre alone, and known to be."""
    made = making.client(bank, "rm").company
    making.log(bank.rm, made)
    assert marks(made) == [True]
    assert settle_coverage() == 1
    assert marks(made) == [False]
    return made


@pytest.mark.django_db
def test_a_second_sweep_finds_nothing_to_settle(company: Company) -> None:
    assert settle_coverage() == 0
    assert broken() == []


@pytest.mark.django_db
def test_a_company_that_moved_to_another_centre_brings_its_visits_along(bank: Bank, company: Company) -> None:
    head = bank.people["centre"]
    before = counted(head)
    end_coverage(company=company, kind=CoverageKind.CLIENT, actor=bank.rm, now=NOW)
    take_on(company=company, kind=CoverageKind.CLIENT, post=bank.post("outsider"), actor=bank.outsider, now=NOW)
    assert marks(company) == [True]
    assert settle_coverage() == 0
    assert marks(company) == [True]
    new_head = bank.people["outhead"]
    assert counted(new_head) == seen(new_head) == before
    assert counted(head) == seen(head) == before  # its own people made them
    assert broken() == []


@pytest.mark.django_db
@pytest.mark.parametrize("make", [making.log, making.plan], ids=["logged", "planned"])
def test_a_visit_by_another_centre_marks_who_covers_the_company(bank: Bank, company: Company, make: Any) -> None:
    making.cover(bank, "outsider", company, CoverageKind.PROSPECT)
    visit = make(bank.outsider, company)
    assert visit.centre_id != bank.units["centre"].pk
    assert marks(company) == [True, True]
    assert settle_coverage() == 0
    for name in ("centre", "outhead"):
        assert visit.pk in counted(bank.people[name])
        assert counted(bank.people[name]) == seen(bank.people[name])


@pytest.mark.django_db
def test_a_visit_by_the_own_centre_leaves_the_mark_and_costs_no_statement(
    bank: Bank, company: Company, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(60) as captured:
        making.log(bank.rm, company, at=NOW - dt.timedelta(minutes=5))
    assert marks(company) == [False]
    assert not [query for query in captured.captured_queries if 'UPDATE "companies_coverage"' in query["sql"]]


@pytest.mark.django_db
def test_a_joint_visit_is_counted_once_by_both_heads_and_by_who_went_along(bank: Bank, company: Company) -> None:
    other = bank.people["outhead"]
    visit = making.log(bank.rm, company, at=NOW - dt.timedelta(minutes=5), colleague_ids=(other.pk,))
    assert marks(company) == [False]
    assert counted(other) == seen(other) == [visit.pk]
    assert counted(bank.people["centre"]) == seen(bank.people["centre"])
    making.cover(bank, "outsider", company, CoverageKind.PROSPECT)
    assert counted(other) == seen(other)
    assert len(seen(other)) == 2


@pytest.mark.django_db
def test_a_mark_that_denies_a_visit_by_another_centre_is_reported(bank: Bank, company: Company) -> None:
    row = making.cover(bank, "outsider", company, CoverageKind.PROSPECT)
    Coverage.objects.filter(pk=row.pk).update(visited_elsewhere=False)
    assert [str(row.pk) in sentence for sentence in broken()] == [True]
