"""Many at once, as real processes: no month is overspent, and what is counted is what is entered (invariant 1)."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from crm.hospitality import services
from crm.hospitality.contributions import _wrong_month_sums
from crm.hospitality.models import HospitalityRequest
from crm.kernel import limits
from crm.kernel.limits import Budget
from tests.cast import NOW, fresh
from tests.crm.hospitality import making
from tests.together import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_scenario_1_two_approvals_at_the_same_instant_and_exactly_one_stands(bank):
    amounts = (3000, 2500, 2000, 1500)
    events = [
        making.ask(bank.rm2, making.client(bank, name=f"Client {number}"), amount, guests=making.guests("A", "B", "C"), venue=f"P {number}",
                   at=making.TOMORROW + dt.timedelta(days=3 * number), kind="golf")
        for number, amount in enumerate(amounts)
    ]  # fmt: skip
    for event in events[:2]:
        services.approve(event_id=event.pk, actor=bank.head, now=NOW)
    assert Budget.objects.get(scope="hospitality.month").used == Decimal(5500)

    def approve(event: HospitalityRequest, by: Any) -> Callable[[], Any]:
        return lambda: services.approve(event_id=event.pk, actor=fresh(by), now=NOW)

    found = at_once([approve(events[2], bank.head), approve(events[3], bank.centre)])
    assert sorted(found) == ["done", "limit_exceeded"]
    assert Budget.objects.get(scope="hospitality.month").used in {Decimal(7500), Decimal(7000)}
    assert list(_wrong_month_sums()) == limits.drifted() == []


def test_eight_processes_settle_small_events_and_the_month_holds(bank):
    """Each bill is 1,500 of a month of 8,000: five are paid in full, one in part, two not at all."""
    events = [
        making.ask(bank.rm2, making.client(bank, name=f"Client {number}"), 1800, guests=making.guests(f"A {number}", "B"),
                   venue=f"Place {number}", at=making.TOMORROW + dt.timedelta(days=2 * number))
        for number in range(8)
    ]  # fmt: skip
    later = making.TOMORROW + dt.timedelta(days=16)
    tolds = [making.told(event, making.bill("1500.00")) for event in events]

    def report(event: HospitalityRequest, told: Any) -> Callable[[], Any]:
        return lambda: services.report_event(event_id=event.pk, actor=fresh(bank.rm2), now=later, told=told)

    found = at_once([report(event, told) for event, told in zip(events, tolds, strict=True)])
    assert Counter(found) == {"done": 8}
    paid = sorted(HospitalityRequest.objects.values_list("paid", flat=True))
    assert paid == [Decimal(0), Decimal(0), Decimal(500), *[Decimal(1500)] * 5]
    assert Budget.objects.get(scope="hospitality.month").used == Decimal(8000)
    assert list(_wrong_month_sums()) == limits.drifted() == []


def test_the_same_receipt_brought_by_two_at_once_is_paid_once(bank):
    events = [
        making.report(making.ask(host, making.client(bank, name, f"Of {name}"), 900, venue=f"At {name}"), making.bill("600.00"))
        for name, host in (("rm2", bank.rm2), ("rm", bank.rm))
    ]

    def claim(event: HospitalityRequest) -> Callable[[], Any]:
        slips = [making.slip(event, "ONE")]
        return lambda: services.file_claim(event_id=event.pk, actor=fresh(event.owner), now=making.AFTER, slips=slips)

    assert sorted(at_once([claim(event) for event in events])) == ["done", "receipt_seen"]
