"""A search in the list of companies gives the best match first, each company once, and a count of companies, not of names."""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest

from crm.companies.indexing import rebuild_keys
from crm.companies.models import Company, SearchKey
from crm.companies.views.companies import CompanyList
from crm.kernel.contributions import Invariant, of
from crm.web.paging import PAGE_SIZE, bounded_count
from crm.web.views import ranked
from tests.cast import Bank

FOUND = 2 * PAGE_SIZE + 20


@pytest.fixture
def wings(bank: Bank) -> list[int]:
    """120 companies that are found by two keys each, in the order of the first, two of each, of 50 only later in their names; and one that
    the search must not find.
    """
    made = Company.objects.bulk_create(Company(name_en=f"Wing {n}", name_zh="", sort_key="same") for n in reversed(range(FOUND)))
    Company.objects.create(name_en="Yau Tat", name_zh="", sort_key="same")
    placed = {row: (int(number >= 70), f"wing {number % 35:03}") for row in made if (number := int(row.name_en[5:])) is not None}
    keys = [(row, rank, text) for row, (rank, first) in placed.items() for text in (first, f"wing tai {row.pk % 7}", "yau")]
    SearchKey.objects.bulk_create(SearchKey(company=row, rank=rank, key=text) for row, rank, text in keys)
    return [row.pk for row in sorted(made, key=lambda row: (*placed[row], row.pk))]


@pytest.fixture
def found(bank: Bank, rebuilt: Callable[..., Company]) -> Callable[[str], list[str]]:
    """The names of the companies that a search finds, as the page shows them."""
    return lambda words: [row.name_en for row in CompanyList.for_reader(bank.rm, "/companies/", urlencode({"q": words})).page.rows]


@pytest.fixture
def rebuilt(bank: Bank) -> Callable[..., Company]:
    """Makes companies of these names, with their keys."""

    def make(*names: str) -> None:
        rows = [Company.objects.create(name_en=name, name_zh="", sort_key=name.lower()) for name in names]
        rebuild_keys([row.pk for row in rows])

    return make


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
    monkeypatch.setattr(ranked, "bounded_count", partial(bounded_count, limit=limit))
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
def test_filters_narrow_what_a_search_finds(bank: Bank, wings: list[int]) -> None:
    Company.objects.filter(pk__in=wings[1:100]).update(sector="Textiles")
    view = ask(bank.rm, "&sector=Textiles")
    assert [row.pk for row in view.page.rows] == wings[1 : PAGE_SIZE + 1]
    assert (view.count.value, view.count.exact) == (99, True)


@pytest.mark.django_db
def test_a_search_takes_as_many_statements_however_many_are_found(bank: Bank, wings: list[int], django_assert_num_queries: Any) -> None:
    view = ask(bank.rm)
    with django_assert_num_queries(4):  # keys, rows, their numbers, count
        assert view.page.rows
        assert view.count.value == FOUND


@pytest.mark.django_db
def test_sorted_by_a_column_a_search_is_read_in_its_order(bank: Bank, wings: list[int]) -> None:
    Company.objects.filter(pk=wings[-1]).update(sort_key="first")
    view = ask(bank.rm, "&sort=name")
    assert not view.is_ranked
    assert [row.pk for row in view.page.rows] == [wings[-1], *sorted(set(wings) - {wings[-1]})[: PAGE_SIZE - 1]]
    assert view.count.value == FOUND


@pytest.mark.django_db
def test_whole_names_come_first_then_what_begins_so_then_what_holds_the_words(found: Any, rebuilt: Any) -> None:
    rebuilt("Golden Tai Ping", "Tai Pingan", "Tai Ping Carpets", "Old Tai Ping Carpets", "Tai Ping")
    assert found("tai ping") == ["Tai Ping", "Tai Ping Carpets", "Tai Pingan", "Golden Tai Ping", "Old Tai Ping Carpets"]


@pytest.mark.django_db
def test_without_the_phrase_all_words_are_looked_for_in_any_order(found: Any, rebuilt: Any) -> None:
    rebuilt("Ping Tai Carpets", "Tai Carpets", "Carpets of Ping", "Wing Fat")
    assert found("carpets ping") == ["Carpets of Ping", "Ping Tai Carpets"]
    assert found("carpets wing") == []


@pytest.mark.django_db
def test_a_company_that_was_merged_shows_on_no_page_of_a_search_and_breaks_the_invariant(bank: Bank, found: Any, rebuilt: Any) -> None:
    rebuilt("Tai Ping", "Tai Ping Carpets")
    kept = Company.objects.get(name_en="Tai Ping")
    Company.objects.filter(name_en="Tai Ping Carpets").update(merged_into=kept)
    assert found("tai ping") == ["Tai Ping"]
    (invariant,) = (one for one in of(Invariant) if one.code == "companies.merged_keys")
    assert len(list(invariant.broken())) == 1


@pytest.mark.django_db
def test_an_export_of_a_search_holds_all_that_was_found(bank: Bank, wings: list[int]) -> None:
    assert sorted(ask(bank.rm).rows.values_list("pk", flat=True)) == sorted(wings)
