"""The same browsers and clock as the tests of visits."""

from tests.visits.conftest import browse, still

__all__ = ["browse", "still"]
