"""Signed-in browsers, a clock that stands still, and a kind of requests."""

from collections.abc import Iterator

import pytest

from tests.approvals import kinds
from tests.visits.conftest import browse, still

__all__ = ["browse", "still"]


@pytest.fixture(autouse=True)
def leave() -> Iterator[None]:
    """People ask for leave."""
    with kinds.contributed():
        yield
