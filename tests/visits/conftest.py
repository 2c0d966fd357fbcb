"""Signed-in browsers and a moment that stands still."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from crm.companies.models import Company
from tests.cast import NOW, Bank
from tests.visits import making


@pytest.fixture
def still() -> Iterator[None]:
    """The wall clock stands at the cast's moment, so that pages and services agree on what is past."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browse(still: None) -> Callable[[Any], Client]:
    """A browser in which this person is signed in."""

    def signed_in(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def yau_tat(bank: Bank) -> Company:
    """A client of the manager."""
    return making.client(bank, "rm").company
