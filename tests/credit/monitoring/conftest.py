"""What tests of surprise visits share."""

import datetime as dt

import pytest
import time_machine

from credit.surprises.parts import VisitWitness
from crm.kernel.contributions import register
from crm.kernel.contributions.registry import _registry


@pytest.fixture
def long_after():
    """Visits are seen by their visitors from the morning on: the wall clock stands far behind it."""
    with time_machine.travel(dt.datetime(2027, 6, 1, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def time_machine_at():
    return lambda moment: time_machine.travel(moment, tick=False)


@pytest.fixture
def heard():
    """What is told of visits."""
    told = []
    witness = VisitWitness("test", lambda **what: told.append(what["sighting"]))
    register(witness)
    yield told
    _registry[VisitWitness].remove(witness)
