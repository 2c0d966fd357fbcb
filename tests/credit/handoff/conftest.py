"""What tests of the handoff begin with."""

from collections.abc import Iterator

import pytest

from tests.credit.handoff import stand_in


@pytest.fixture(autouse=True)
def no_papers_of_others() -> Iterator[None]:
    """The stand-in part holds nothing of another test."""
    stand_in.forget()
    yield
    stand_in.forget()
