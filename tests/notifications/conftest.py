"""Signed-in browsers, and two kinds of notifications."""

import pytest

from crm.kernel import contributions
from crm.kernel.contributions import NotificationKind, of
from tests.visits.conftest import browse, still

__all__ = ["browse", "still"]


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """One for the app alone, one by mail too, one by mail at once."""
    own = [NotificationKind("app", "In the app"), NotificationKind("mail", "By mail", True), NotificationKind("now", "At once", True, True)]
    monkeypatch.setitem(contributions._registry, NotificationKind, [*of(NotificationKind), *own])
