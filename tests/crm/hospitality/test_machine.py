"""Whatever is done in whatever order, limits and books hold; and the machine notices faults that are planted."""

from typing import Any

import pytest

from tests.crm.hospitality.machine import FAULTS, machine
from tests.crm.machines import FAULTY, SHORT, hold, noticed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_whatever_is_done_in_whatever_order_limits_and_books_hold(bank: Any) -> None:
    hold(machine(bank), **SHORT)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_noticed(bank: Any, fault: str) -> None:
    assert noticed(machine(bank), FAULTS[fault], **FAULTY)
