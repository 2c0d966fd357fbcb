"""Whatever is done in whatever order, stock, ledgers and caps of gifts agree; and the machine notices faults that are planted."""

from typing import Any

import pytest

from tests.crm.gifts.machine import FAULTS, machine
from tests.crm.machines import FAULTY, SHORT, hold, noticed, shown_soon

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_whatever_is_done_in_whatever_order_stock_ledgers_and_caps_agree(bank: Any) -> None:
    hold(machine(bank), **SHORT)


@pytest.mark.parametrize("fault", shown_soon(FAULTS, "whoever gives it issues it"))
def test_a_planted_fault_is_noticed(bank: Any, fault: str) -> None:
    assert noticed(machine(bank), FAULTS[fault], **FAULTY)
