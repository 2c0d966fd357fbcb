"""Whatever is done with packs in whatever order, the domain's rules hold; all transitions are gone through; planted faults are noticed."""

from typing import Any

import pytest

from tests.credit.domain import TRANSITIONS
from tests.credit.machine import FAULTS, machine
from tests.crm.machines import SHORT, hold, noticed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

WALKS = {
    "cancelled docs draft": """
        0 submit rm, 0 send_back both, 0 start_docs rm, 0 start_writing rm, 0 submit rm, 0 endorse both, 0 assign analyst,
        0 ask_blocker analyst, 0 answer rm, 0 accept_answer analyst, 0 rate analyst, 0 route analyst, 0 defer co2,
        0 answer_deferral analyst, 0 route analyst, 0 decline co2, 0 appeal rm, 0 propose analyst, 0 approve approver, 0 draw cad,
        0 offer cad2, 0 accept rm, 0 show cad, 0 check cad2, 0 go_live cad, 0 suspend co2, 0 restore approver, wait 330, 0 cancel rm""",
    "writing_a matured draft": """
        1 submit rm, 1 endorse both, 1 assign analyst, 1 ask_info analyst, 1 return_pack analyst, 1 open_version rm, 1 submit rm,
        1 endorse both, 1 assign analyst, 1 start_memo analyst, 1 write_memo analyst, 1 send_facts analyst, 1 check_facts rm,
        1 rate analyst, 1 route analyst, 1 approve co1, 1 draw cad, 1 offer cad2, 1 accept rm, 1 go_live cad,
        wait 330, wait 330, wait 95""",
    "lapsed docs draft": """
        0 submit rm, 0 endorse centre, 0 assign analyst, 0 rate analyst, 0 route analyst, 0 approve co2, 0 draw cad, 0 offer cad2,
        wait 95""",
    "lapsed docs draft ": "0 submit rm, 0 endorse both, 0 assign analyst, 0 rate analyst, 0 route analyst, 0 defer co2, wait 40",
    "writing_a docs withdrawn": "2 start_docs rm, 2 start_writing rm, 2 withdraw rm",
}
"""Ways through, by where the three packs stand at their ends: of model A through a refusal, of model B through a return, to a lapse of an
offer and of a deferral, to a withdrawal.
"""


def test_the_ways_through_go_by_every_transition(bank: Any) -> None:
    packs = machine(bank)
    for ends, path in WALKS.items():
        walker = packs()
        walker.begin(0, 0)
        try:
            assert walker.walk(path) == ends.strip()
        finally:
            walker.teardown()
    assert {row.number for row in TRANSITIONS} - packs.seen == set()


def test_whatever_is_done_in_whatever_order_the_domain_holds(bank: Any) -> None:
    hold(machine(bank), **SHORT)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_noticed(bank: Any, fault: str) -> None:
    trap = FAULTS[fault]
    said = noticed(machine(bank, stages=trap.stages, tempting=trap.tempting), trap.fault, examples=20, steps=25)
    assert said.startswith("AssertionError"), said


def test_without_a_fault_the_same_temptations_lead_nowhere(bank: Any) -> None:
    hold(machine(bank, tempting=tuple(step for trap in FAULTS.values() for step in trap.tempting)), **SHORT)
