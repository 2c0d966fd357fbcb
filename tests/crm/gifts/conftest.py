"""Signed-in browsers and a moment that stands still."""

from tests.visits.conftest import browse, still

__all__ = ["browse", "still"]
