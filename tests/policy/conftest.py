"""The tables of these tests, and their first figures."""

import pytest

from tests.policy import making


@pytest.fixture
def limits(bank):
    with making.contributed(making.LIMIT, making.MATRIX, making.SIMULATED):
        making.figures("test.limit", making.LIMITS)
        making.figures("test.limit", {"RM": "5000.00"}, jurisdiction="CN")
        making.figures("test.matrix", making.RATES)
        making.figures("test.simulated", {"": 7})
        yield
