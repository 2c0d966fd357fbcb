"""A result of 18,000 rows opens as fast as one of ten: no tab reads or sorts all rows of an import."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from prospects.directories.choices import ImportState, Verdict
from prospects.directories.models import Import, StagedRow
from tests.companies.making import browser
from tests.performance.plans import full_scans, sorts, statistics
from tests.prospects.directories.loading import LIST, load

pytestmark = pytest.mark.django_db
TABS = ["import_duplicates", "import_refused", "import_updated", "import_rows"]


@pytest.fixture(params=[True, False], ids=["with statistics", "without statistics"])
def large_import(request, bank, tmp_path):
    """An import of 3,000 rows of all verdicts, beside another one."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL rightly scans small tables")
    for _ in range(2):
        load(tmp_path, LIST, actor=bank.head)
    for directory_import in Import.objects.all():
        rows = [
            StagedRow(of_import=directory_import, number=10 + at, verdict=verdict, cells=["00881", f"Company {at}"], key=f"k{at}")
            for at, verdict in enumerate(list(Verdict) * 500)
        ]
        StagedRow.objects.bulk_create(rows)
        Import.objects.filter(pk=directory_import.pk).update(
            state=ImportState.DONE, **dict.fromkeys(("duplicates", "refused", "updated"), 500)
        )
    statistics(gathered=request.param)
    return Import.objects.latest("pk")


@pytest.mark.parametrize("tab", TABS)
def test_no_tab_of_a_result_reads_or_sorts_all_rows_of_the_import(bank, large_import, tab, monkeypatch):
    monkeypatch.setattr("tests.performance.plans.BIG", frozenset({StagedRow._meta.db_table}))
    page = browser(bank.head)
    address = reverse(f"directories:{tab}", args=[large_import.pk])
    with CaptureQueriesContext(connection) as captured:
        first = page.get(address)
        assert first.content.decode().count("<tr data-row") in (0, 50)
        assert page.get(f"{address}?after={first.context['next']}").status_code == 200
    asked = [query["sql"] for query in captured.captured_queries if StagedRow._meta.db_table in query["sql"]]
    assert len(asked) == 2
    for statement in asked:
        assert full_scans(statement) == []
        assert not sorts(statement), statement
