"""No page reads a big table from end to end, whoever looks, and whether the planner has statistics or not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.benchmarks.measuring import is_control
from tests.benchmarks.pages import PAGES
from tests.performance.plans import full_scans, statistics

pytestmark = pytest.mark.django_db

COUNT_LIMIT = 10_001
READERS = ("rm", "head", "centre", "ho", "compliance", "lobby", "analyst", "cad", "ops")
WHOLE_BANK = ("ho", "compliance")
GET_PAGES = [page for page in PAGES if page.row and not page.name.startswith("api")]


@pytest.fixture(params=[True, False], ids=["with statistics", "without statistics"])
def planner(request, large_bank):
    """The planner with and without knowledge of the tables. PostgreSQL always gathers some: there only the first."""
    if connection.vendor != "sqlite" and not request.param:
        pytest.skip("PostgreSQL gathers statistics by itself")
    statistics(gathered=request.param)


@pytest.mark.parametrize("page", GET_PAGES, ids=lambda page: page.name)
def test_no_page_reads_a_big_table_whole(page, planner, reader_of):
    for who in READERS:
        if page.name == "board" and who in WHOLE_BANK:
            continue  # its sums read all open deals of the bank, 10,000 at most
        found = _read_whole(page, reader_of(who))
        assert not found, f"{who}\n" + "\n".join(f"{scan}\n    {statement[:1500]}" for scan, statement in found.items())


def _read_whole(page, reader):
    """The statements that read a big table from end to end, by the step that does."""
    with CaptureQueriesContext(connection) as captured:
        response = page.ask(reader)
    assert response.status_code in (200, 403, 404)
    statements = [query["sql"] for query in captured.captured_queries if query["sql"].lstrip().startswith("SELECT")]
    # A count stops at 10,001 rows by design (architecture 9), so it may walk that far and no further.
    statements = [statement for statement in statements if f"LIMIT {COUNT_LIMIT}" not in statement]
    assert statements
    return {scan: statement for statement in statements if not is_control(statement) for scan in full_scans(statement)}
