"""Somebody who signs in by a password."""

import pytest

PASSWORD = "a-long-enough-word-7"


@pytest.fixture
def rm_with_password(rm):
    rm.set_password(PASSWORD)
    rm.save()
    return rm
