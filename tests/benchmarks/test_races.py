"""The races of the benchmark `money` in their short form: exactly what fits is approved, and a limit that is not kept is found out (T6)."""

from decimal import Decimal

import pytest
from django.db.models import F

from crm.kernel import limits
from crm.kernel.limits import Budget, LimitExceeded, Window, hundredths
from tests import cast
from tests.benchmarks import contests
from tests.benchmarks.racing import Contest, run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PROCESSES, DECISIONS = 4, 6


def raced(name: str) -> dict:
    prepare = contests.CONTESTS[name]
    return run(Contest(**prepare(cast.build(), PROCESSES * DECISIONS, 0)), processes=PROCESSES)


@pytest.mark.parametrize("name", contests.CONTESTS)
def test_of_many_at_once_exactly_what_fits_is_approved_and_the_others_hear_no_figure(name):
    found = raced(name)
    assert found["failures"] == {}
    assert 0 < found["approved"] == found["fitting"] < PROCESSES * DECISIONS
    assert found["refused"] == PROCESSES * DECISIONS - found["fitting"]
    assert (Decimal(found["overspent"]), Decimal(found["unspent"]), found["drift"]) == (0, 0, 0)


def test_a_budget_that_is_checked_by_what_was_read_before_is_found_out(monkeypatch):
    """What each process read at first stands in for the counter: read, check, save."""
    seen: dict[tuple[str, str, str], int] = {}

    def take(claim: limits.BudgetClaim) -> dict[str, int]:
        key = (claim.scope, claim.holder, claim.period)
        opened, _new = Budget.objects.get_or_create(
            scope=claim.scope, holder=claim.holder, period=claim.period, defaults={"cap_hundredths": hundredths(claim.cap)}
        )
        used = seen.get(key, 0) + hundredths(claim.amount)
        if used > opened.cap_hundredths:
            raise LimitExceeded(claim.scope)
        seen[key] = opened.used_hundredths = used
        opened.save()
        return {"budget_id": opened.pk}

    monkeypatch.setattr(limits, "_take_budget", take)
    found = raced("hospitality_month")
    assert Decimal(found["overspent"]) > 0
    assert found["drift"] == 1
    assert found["approved"] > found["fitting"]


def test_a_window_that_is_summed_up_before_its_row_is_locked_is_found_out(monkeypatch):
    """Each process judges by the sum that it read at first."""
    seen: dict[int, int] = {}

    def take(claim: limits.WindowClaim) -> dict[str, int]:
        kept, _new = Window.objects.get_or_create(scope=claim.scope, holder=claim.holder)
        used = seen.get(kept.pk, 0) + hundredths(claim.amount)
        if any(used > hundredths(cap.most) for cap in claim.caps):
            raise LimitExceeded(claim.scope)
        seen[kept.pk] = used
        Window.objects.filter(pk=kept.pk).update(bumps=F("bumps") + 1)
        return {"window_id": kept.pk}

    monkeypatch.setattr(limits, "_take_window", take)
    found = raced("gift_year")
    assert Decimal(found["overspent"]) > 0
    assert found["approved"] > found["fitting"]
