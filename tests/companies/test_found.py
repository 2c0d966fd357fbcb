"""A search in the list of companies is carried out once, and gives the same pages and count as row by row."""

from typing import Any

import pytest

from crm.companies.models import Company, SearchKey
from crm.companies.views.companies import CompanyList
from crm.web.paging import PAGE_SIZE
from crm.web.views import lists
from tests.cast import Bank

FOUND = 2 * PAGE_SIZE + 20


@pytest.fixture
def wings(bank: Bank) -> list[int]:
    """120 companies of one word, two of each order key, in the order of the list; and one that the search must not find."""
    rows = [Company(name_en=f"Wing {n}", name_zh="", sort_key=f"wing {n // 2:03}") for n in range(FOUND)]
    made = Company.objects.bulk_create(reversed(rows))
    other = Company.objects.create(name_en="Yau Tat", name_zh="", sort_key="wing 000")
    merged = Company.objects.create(name_en="Wing old", name_zh="", sort_key="wing 001", merged_into=other)
    SearchKey.objects.bulk_create(SearchKey(company=row, key="wing") for row in (*made, merged))
    return [row.pk for row in sorted(made, key=lambda row: (row.sort_key, row.pk))]


def ask(user: Any, query: str = "") -> CompanyList:
    return CompanyList.for_reader(user, "/companies/", f"q=wing{query}")


def walk(user: Any, start: str, step: str, order: str = "") -> list[list[int]]:
    pages, view = [], ask(user, f"{order}{start}")
    while True:
        pages.append([row.pk for row in view.page.rows])
        cursor = getattr(view.page, step)
        if cursor is None:
            return pages
        view = ask(user, f"{order}&cursor={cursor}")


@pytest.mark.django_db
@pytest.mark.parametrize("limit", [10_000, FOUND, FOUND - 1], ids=["few", "just as many", "one too many"])
def test_pages_of_a_search_hold_each_row_once_in_order_from_either_end(
    bank: Bank, wings: list[int], monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(lists, "COUNT_LIMIT", limit)
    forth = walk(bank.rm, "", "next")
    assert [pk for page in forth for pk in page] == wings
    assert [len(page) for page in forth] == [PAGE_SIZE, PAGE_SIZE, 20]
    back = walk(bank.rm, "&cursor=last", "previous")
    assert [pk for page in reversed(back) for pk in page] == wings
    count = ask(bank.rm).count
    assert (count.value, count.exact) == (min(FOUND, limit), limit >= FOUND)


@pytest.mark.django_db
def test_a_cursor_of_nothing_opens_the_first_page(bank: Bank, wings: list[int]) -> None:
    assert [row.pk for row in ask(bank.rm, "&cursor=nonsense").page.rows] == wings[:PAGE_SIZE]


@pytest.mark.django_db
def test_filters_narrow_what_a_search_gathers(bank: Bank, wings: list[int]) -> None:
    Company.objects.filter(pk__in=wings[:3]).update(sector="Textiles")
    view = ask(bank.rm, "&sector=Textiles")
    assert [row.pk for row in view.page.rows] == wings[:3]
    assert (view.count.value, view.count.exact) == (3, True)


@pytest.mark.django_db
def test_a_page_and_its_count_read_the_keys_of_a_search_once(bank: Bank, wings: list[int], django_assert_num_queries: Any) -> None:
    view = ask(bank.rm)
    with django_assert_num_queries(3):  # keys, rows, their numbers
        assert view.page.rows
        assert view.count.value == FOUND


@pytest.mark.django_db
def test_an_export_of_a_search_holds_all_that_was_found(bank: Bank, wings: list[int]) -> None:
    assert sorted(ask(bank.rm).rows.values_list("pk", flat=True)) == sorted(wings)
