"""Many at once, as real processes: no bucket and no month is overspent, and each request is decided once (invariants 7 to 10)."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from crm.concessions import selectors
from crm.concessions.models import Concession, Ruling
from crm.kernel import limits
from crm.kernel.models import Budget
from tests.cast import NOW, Bank, fresh
from tests.crm.concessions.making import MARGIN, ask, broken, client, decide, exercise, group_of, terms
from tests.together import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_six_exercises_at_one_instant_and_the_bucket_of_the_group_holds(bank: Bank):
    """Each forgoes 12,000 of a bucket of 30,000, for two companies of one group: two fit."""
    members = [client(bank, name=f"Yau {number}", name_zh="") for number in range(2)]
    group_of(*members)
    what = [terms(kind, amount=8_000_000, bp=15, days=365) for kind in ("CT1", "CT2")]

    def act(number: int) -> Callable[[], Any]:
        return lambda: exercise(fresh(bank.rm), members[number % 2], what[number % 2])

    found = Counter(at_once([act(number) for number in range(6)]))
    assert found["done"] == 2
    assert set(found) == {"done", "goes_up"}
    holder = selectors.holder_of(Concession.objects.first().company, "HKD")
    assert sum(selectors.used_by_level(holder, on=NOW.date(), days=365).values()) == Decimal("24000.00")
    assert limits.drifted() == broken() == []


def test_one_month_of_a_decider_holds_over_clients_that_are_decided_at_one_instant(bank: Bank):
    """Each forgoes 100,000 of a month of 500,000: five of eight are granted."""
    big = terms("CT1", amount=40_000_000, bp=25, days=365)
    waiting = [ask(bank.rm, client(bank, name=f"Mill {number}", name_zh=""), big) for number in range(8)]
    assert {one.queue_level for one in waiting} == {4}
    found = Counter(at_once([lambda one=one: decide(fresh(bank.head), one) for one in waiting]))
    assert found == {"done": 5, "limit_exceeded": 3}
    assert Budget.objects.get(scope="concessions.decider").used == Decimal("500000.00")
    assert limits.drifted() == broken() == []


def test_one_request_that_two_decide_at_one_instant_has_one_ruling(bank: Bank):
    made = ask(bank.rm, client(bank), MARGIN)
    acts = [("approve", ""), ("refuse", "No"), ("approve", ""), ("refuse", "No")]
    found = Counter(at_once([lambda act=act, why=why: decide(fresh(bank.head), made, act, reason=why) for act, why in acts]))
    assert found == {"done": 1, "invalid_transition": 3}
    assert Ruling.objects.count() == 1
    assert limits.drifted() == broken() == []
