"""Whatever is done in whatever order, levels, buckets and queues agree; and the machine notices faults that are planted."""

from typing import Any

import pytest

from tests.crm.concessions.machine import FAULTS, machine
from tests.crm.machines import FAULTY, SHORT, hold, noticed, shown_soon

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_whatever_is_done_in_whatever_order_levels_buckets_and_queues_agree(bank: Any) -> None:
    hold(machine(bank), **SHORT)


@pytest.mark.parametrize("fault", shown_soon(FAULTS, "no measure is looked at"))
def test_a_planted_fault_is_noticed(bank: Any, fault: str) -> None:
    assert noticed(machine(bank), FAULTS[fault], **FAULTY)
