"""The bank and its world, made once for all tests of this folder; what a test does to them is undone after it."""

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.test.utils import override_settings

from crm.staff.selectors import days_that_differ
from tests import cast
from tests.access import asking, world
from tests.standing import bank_that_stands

Standing = tuple[cast.Bank, SimpleNamespace, Path]
Factory = pytest.TempPathFactory


@pytest.fixture(scope="package")
def standing(django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: Factory) -> Iterator[Standing]:
    """The people, the records, and the folder of their index, inside a transaction that is never committed."""
    index = tmp_path_factory.mktemp("world") / "search"
    with bank_that_stands(django_db_blocker) as bank:
        with override_settings(SEARCH_DIR=index):
            there = world.build(bank)
        yield bank, there, index


@pytest.fixture
def made(db: None, standing: Standing, settings) -> tuple[cast.Bank, SimpleNamespace]:
    """Objects of the test's own, for these remember what they were asked; and an index of its own."""
    bank, there, index = standing
    days_that_differ.cache_clear()
    shutil.copytree(index, settings.SEARCH_DIR)
    return copy.deepcopy((bank, there))


@pytest.fixture
def bank(made: tuple[cast.Bank, SimpleNamespace]) -> cast.Bank:
    """The small bank, in which the world stands."""
    return made[0]


@pytest.fixture
def there(made: tuple[cast.Bank, SimpleNamespace]) -> SimpleNamespace:
    """The records by name."""
    return made[1]


@pytest.fixture
def browsers(bank: cast.Bank) -> dict[str, Client]:
    """One for each person who is asked."""
    return asking.clients(bank)
