"""A planted demo bank, made once for a module and rolled back."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from crm.demo import planting

PLANTED_AT = dt.datetime(2026, 3, 4, 2, 0, tzinfo=dt.UTC)  # Wednesday 10:00 in Hong Kong
PASSWORD = "try-it"


@pytest.fixture(scope="module")
def planted_at() -> dt.datetime:
    return PLANTED_AT


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: object, planted_at: dt.datetime) -> Iterator[planting.Planted]:
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        yield planting.plant(now=planted_at, password=PASSWORD)
        transaction.set_rollback(True)


@pytest.fixture
def plant_at(db: None) -> Callable[[dt.datetime], planting.Planted]:
    return lambda now: planting.plant(now=now, password=PASSWORD)
