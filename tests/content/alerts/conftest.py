"""The browsers and clock of the tests of visits, and a book of alerts of each test's own."""

import pytest

from content.alerts.services import finding
from tests.visits.conftest import browse, still

__all__ = ["browse", "still"]


@pytest.fixture(autouse=True)
def empty_book(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another test's alerts had the same ids."""
    monkeypatch.setattr(finding, "_state", finding._State())
