"""A bank of 5,000 companies for the tests of this folder, written once and rolled back after them; people at their browsers."""

import gc
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.utils import timezone

from search.engines.chosen import engine
from tests.benchmarks import pages
from tests.benchmarks.seeding.bank import Bank, populate
from tests.benchmarks.seeding.sinks import Sink

SIZE = 5_000


@pytest.fixture(scope="package")
def large_bank(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Bank]:
    """The bank, with ten centres as a large one has, inside a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        connection.ensure_connection()
        sink = Sink(connection.connection, vendor=connection.vendor)
        yield populate(sink, size=SIZE, now=timezone.now(), managers_per_team=2, teams_per_centre=1)
        transaction.set_rollback(True)
    gc.collect()


@pytest.fixture
def reader_of(large_bank: Bank, db: None, settings, tmp_path):
    """Texts are searched too, in an index that answers and holds nothing: that is when names are looked for that may have been meant.

    Signs somebody in: `reader_of("rm")`. What a test does to the bank is undone after it."""
    settings.ELASTICSEARCH_URL, settings.SEARCH_DIR = "", tmp_path / "search"
    engine().rebuild_and_swap([], lambda index: None)
    return pages.sign_in
