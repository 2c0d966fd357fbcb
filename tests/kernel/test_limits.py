"""Limits: to the cent, all or nothing, counter and ledger as one. Races with real processes stand in tests/proof and the benchmark."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from crm.kernel import limits
from crm.kernel.limits import Budget, BudgetClaim, EntryKind, LimitEntry, LimitExceeded, WindowCap, WindowClaim
from crm.kernel.models import Sequence

DAY = dt.date(2026, 3, 4)


@pytest.fixture
def request_row(db):
    """Something that money is taken for."""
    return Sequence.objects.create(prefix="HR", year=2026)


def month(amount, cap="8000"):
    return BudgetClaim("hospitality.month", "user:1", "2026-03", cap=Decimal(cap), amount=Decimal(amount))


A_YEAR = (WindowCap(Decimal(1500), since=dt.date(2025, 3, 5)),)


def recipient(amount, *, day=DAY, level=0, caps=A_YEAR):
    return WindowClaim("gifts.recipient", "contact:1", day, Decimal(amount), caps=caps, level=level)


def take(*claims, row, now, entry=EntryKind.RESERVE, actor=None):
    return limits.take(*claims, subject=row, entry=entry, actor=actor, now=now)


def test_a_budget_is_used_up_to_the_cent_and_no_further(request_row, now):
    take(month("7999.99"), row=request_row, now=now)
    with pytest.raises(LimitExceeded) as refusal:
        take(month("0.02"), row=request_row, now=now)
    take(month("0.01"), row=request_row, now=now)
    assert refusal.value.scope == "hospitality.month"
    assert not any(character.isdigit() for character in str(refusal.value))
    assert Budget.objects.get().left == 0


def test_a_refused_claim_takes_nothing_from_the_others(request_row, now):
    take(recipient("1400"), row=request_row, now=now)
    with pytest.raises(LimitExceeded):
        take(month("200"), recipient("200"), row=request_row, now=now)
    assert not Budget.objects.filter(used_hundredths__gt=0).exists()
    assert LimitEntry.objects.count() == 1


def test_the_cap_of_an_open_period_stays_as_it_was_copied_until_it_is_set(request_row, now):
    take(month("5000"), row=request_row, now=now)
    with pytest.raises(LimitExceeded):
        take(month("4000", cap="20000"), row=request_row, now=now)
    limits.recap("hospitality.month", "user:1", "2026-03", cap=Decimal(3000))
    assert Budget.objects.get().cap == 5000
    with pytest.raises(LimitExceeded):
        take(month("0.01"), row=request_row, now=now)


def test_what_was_reserved_turns_into_what_was_spent_in_one_step(request_row, now):
    take(month("3000"), row=request_row, now=now)
    take(month("4960"), row=request_row, now=now)
    limits.settle(month("3040"), reserved=Decimal(3000), subject=request_row, actor=None, now=now)
    opened = Budget.objects.get()
    assert opened.used == 8000
    assert limits.split(opened) == (Decimal(4960), Decimal(3040))
    with pytest.raises(LimitExceeded):
        limits.settle(month("4960.01"), reserved=Decimal(4960), subject=request_row, actor=None, now=now)
    assert limits.split(Budget.objects.get()) == (Decimal(4960), Decimal(3040))


def test_a_window_forgets_what_is_older_and_counts_only_up_to_the_level_of_the_cap(request_row, now):
    take(recipient("1000", day=dt.date(2025, 3, 4)), row=request_row, now=now)
    take(recipient("1500"), row=request_row, now=now)
    with pytest.raises(LimitExceeded):
        take(recipient("0.01"), row=request_row, now=now)
    take(recipient("800", level=5, caps=()), row=request_row, now=now)
    own_level = (WindowCap(Decimal(1600), since=DAY, level=3),)
    take(recipient("100", level=3, caps=own_level), row=request_row, now=now)
    used = limits.used_in_window("gifts.recipient", ["contact:1", "contact:2"], since=DAY, level=3)
    assert used == {"contact:1": Decimal(1600)}


def test_what_is_given_back_may_be_taken_again(request_row, now):
    take(recipient("1500"), month("8000"), row=request_row, now=now)
    take(recipient("-500"), month("-500"), row=request_row, now=now, entry=EntryKind.RELEASE)
    take(recipient("500"), month("500"), row=request_row, now=now)
    assert limits.drifted() == []


def test_the_database_itself_refuses_an_overspent_budget(request_row, now):
    take(month("8000"), row=request_row, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.update(used_hundredths=F("used_hundredths") + 1)


def test_cents_that_have_no_binary_fraction_add_up(request_row, now):
    for _ in range(3):
        take(month("0.10", cap="0.30"), row=request_row, now=now)
    assert Budget.objects.get().left == 0
    with pytest.raises(ValueError, match="fraction of a cent"):
        take(month("0.001"), row=request_row, now=now)


def test_a_counter_that_left_its_ledger_is_found(request_row, now):
    take(month("8000"), row=request_row, now=now)
    Budget.objects.update(used_hundredths=700_000)
    assert limits.drifted() == ["budget hospitality.month user:1 2026-03: counted 7000.00, entered 8000.00"]
