"""What a page costs whatever the machine: statements, the same for few rows and many, and compressed bytes."""

import pytest

from tests.benchmarks import pages
from tests.benchmarks.measuring import weigh
from tests.benchmarks.pages import CENTRE_HEAD, MANAGER, PAGES

pytestmark = pytest.mark.django_db

READINGS = [pytest.param(page, who, id=f"{page.name}-{who}") for page in PAGES for who in page.readers]
LISTS = [page for page in PAGES if page.goal is pages.LIST and not page.name.startswith("api")]


@pytest.mark.parametrize(("page", "who"), READINGS)
def test_a_page_keeps_to_its_statements_and_bytes(page, who, reader_of):
    reader = reader_of(who)
    assert page.ask(reader).status_code in (200, 302)
    weight = weigh(lambda: page.ask(reader))
    assert weight.statements <= page.goal.statements
    assert page.goal.bytes is None or weight.bytes <= page.goal.bytes


@pytest.mark.parametrize("who", [MANAGER, CENTRE_HEAD])
@pytest.mark.parametrize("page", LISTS, ids=lambda page: page.name)
def test_a_list_of_100_rows_takes_as_many_statements_as_one_of_10(page, who, reader_of, monkeypatch):
    if who not in page.readers:
        pytest.skip("not this reader's page")
    reader = reader_of(who)
    page.ask(reader)
    counts, drawn = [], []
    for size in (10, 100):
        monkeypatch.setattr("crm.web.views.lists.PAGE_SIZE", size)
        drawn.append(pages.rows_of(page, page.ask(reader)))
        counts.append(weigh(lambda: page.ask(reader)).statements)
    assert drawn[1] > drawn[0]
    assert counts[0] == counts[1]
