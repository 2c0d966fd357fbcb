"""The test pages under their own URLconf, and a signed-in browser."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from crm.kernel import contributions
from crm.kernel.contributions import LogEntry, NavItem, PaletteCommand
from crm.kernel.jobs import Job, JobState


@pytest.fixture(autouse=True)
def _pages(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The menu is empty: the features' pages are not part of this URLconf."""
    settings.ROOT_URLCONF = "tests.web.pages"
    for kind in (NavItem, LogEntry, PaletteCommand):
        monkeypatch.setitem(contributions._registry, kind, [])


@pytest.fixture
def browser(rm: Any) -> Client:
    """The senior RM's browser."""
    client = Client()
    client.force_login(rm)
    return client


@pytest.fixture
def make_jobs(rm: Any):
    def make(count: int, owner: Any = None, **values: Any) -> list[Job]:
        states = list(JobState)
        now = timezone.now()
        rows = [
            Job(
                **{
                    "kind": f"k{n % 3}",
                    "title": f"Job {n:05}",
                    "owner": owner or rm,
                    "state": states[n % len(states)],
                    "done": n,
                    "total": n % 7,
                    "finished_at": None if n % 4 else now - dt.timedelta(minutes=n % 50),
                    **values,
                }
            )
            for n in range(count)
        ]
        return Job.objects.bulk_create(rows)

    return make
