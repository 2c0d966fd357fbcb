"""Fixtures for all tests: the cast and the moment at which they act."""

import datetime as dt

import pytest

from tests import cast


@pytest.fixture
def now() -> dt.datetime:
    """Wednesday 4 March 2026, 10:00 in Hong Kong."""
    return cast.NOW


@pytest.fixture
def bank(db: None) -> cast.Bank:
    """The small bank: units and one person in each role."""
    return cast.build()


def _person(name: str):  # noqa: ANN202
    @pytest.fixture(name=name)
    def person(bank: cast.Bank):  # noqa: ANN202
        return bank.people[name]

    return person


for _name in cast.PEOPLE:
    globals()[f"_{_name}_fixture"] = _person(_name)
