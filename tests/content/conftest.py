"""Fixtures of the news: a search engine and a book of names of each test's own."""

import pytest

from content.clippings.services import linking
from search.engines.chosen import engine as chosen


@pytest.fixture(autouse=True)
def own_book(monkeypatch):
    """The book is kept by process; another test's names had the same ids."""
    monkeypatch.setattr(linking, "_held", linking._Held())


@pytest.fixture
def embedded(settings, tmp_path):
    """The embedded engine over a folder of its own."""
    settings.ELASTICSEARCH_URL, settings.SEARCH_DIR = "", tmp_path / "search"
    return chosen()
