"""Waivers of covenants: who asks, who decides, what the third one does; and turnover through us (domain 7.8, RF-41)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from credit.covenants import approving, services
from credit.covenants.contributions import _waived_badly
from credit.covenants.models import Waiver
from credit.flags.models import Flag
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import WorkItem
from crm.notifications.models import Notification
from tests.cast import NOW, fresh
from tests.credit.monitoring import making, promising
from tests.credit.monitoring.promising import FIRST, at
from tests.crm.figures import making as figures

pytestmark = pytest.mark.django_db


@pytest.fixture
def pack(bank):
    return promising.live(bank)


@pytest.fixture
def breach(bank, pack):
    return promising.breached(bank, pack)


def state(test):
    test.refresh_from_db()
    return test.state


def test_a_waiver_is_asked_for_with_a_reason_by_the_managers_side_or_credit(bank, breach):
    for name in ("cad", "centre"):
        with pytest.raises(NotAllowed, match="the head of the team and the credit department ask"):
            promising.waived(bank, breach, by=name)
    told = {"covenant_id": breach.covenant_id, "actor": fresh(bank.rm), "now": NOW}
    with pytest.raises(RuleBroken, match="Say why"):
        services.ask_waiver(test_id=breach.pk, reason="", **told)
    for which in ({}, {"test_id": breach.pk, "until": dt.date(2026, 5, 1)}):
        with pytest.raises(RuleBroken, match="for one test, or until a day"):
            services.ask_waiver(reason="Late season", **which, **told)
    with pytest.raises(RuleBroken, match="within the next twelve months"):
        services.ask_waiver(reason="Late season", until=dt.date(2026, 3, 4), **told)
    waiver = promising.waived(bank, breach)
    item = WorkItem.objects.open().get(kind="covenant_waive")
    assert (waiver.level, item.role, item.subject_id) == ("CO1", "CO", waiver.pk)
    with pytest.raises(RuleBroken, match="asked for already"):
        promising.waived(bank, breach, by="head")


def test_only_the_level_that_approved_decides_and_never_who_asked(bank, breach):
    waiver = promising.waived(bank, breach, by="co1")
    with pytest.raises(NotAllowed, match="Who asks for a waiver does not decide"):
        promising.decided(bank, waiver)
    for name in ("analyst", "cad"):
        with pytest.raises(NotAllowed, match="Only the level that approved"):
            promising.decided(bank, waiver, by=name)
    with pytest.raises(NotAllowed, match="wrote or endorsed"):
        promising.decided(bank, waiver, by="head")
    with pytest.raises(RuleBroken, match="Say why"):
        promising.decided(bank, waiver, by="co2", is_granted=False, note="")
    promising.decided(bank, waiver, by="co2", is_granted=False, note="The third time")
    assert state(breach) == "breached"
    with pytest.raises(NotAllowed, match="is decided"):
        promising.decided(bank, waiver, by="chair")
    assert list(_waived_badly()) == []


def test_what_the_committee_approved_the_committee_waives(bank):
    pack = making.pack_in(bank, making.client(bank), "available")  # no decision says at which level
    test = promising.opened(bank, pack)
    waiver = promising.waived(bank, test)
    assert WorkItem.objects.open().get(kind="covenant_waive").role == "CC"
    with pytest.raises(NotAllowed, match="Only the level that approved"):
        promising.decided(bank, waiver, by="approver")
    assert promising.decided(bank, waiver, by="chair").state == "granted"


def test_a_granted_waiver_settles_the_test_and_is_told(bank, breach):
    promising.decided(bank, promising.waived(bank, breach))
    assert state(breach) == "waived"
    assert not WorkItem.objects.open().filter(kind__startswith="covenant").exists()
    assert Notification.objects.get(kind="covenant_waiver").user == bank.rm
    assert promising.night(dt.date(2026, 6, 1))["flags_raised"] == 0
    with pytest.raises(NotAllowed, match="This test is settled"):
        promising.waived(bank, breach)


def test_the_third_waiver_in_the_life_of_a_limit_raises_a_high_flag(bank, pack, breach):
    promising.night(dt.date(2026, 5, 12))
    assert Flag.objects.get().severity == "M"
    promising.night(dt.date(2026, 9, 30))
    for place, one in enumerate(breach.covenant.tests.order_by("ends_on"), 1):
        waiver = promising.waived(bank, one)
        told = approving.pane(user=fresh(bank.co1), subject_id=waiver.pk, now=NOW).context
        assert (told["before"], told["raises"]) == (place - 1, place == 3)
        promising.decided(bank, waiver)
        assert Flag.objects.get(code="RF-41").severity == ("H" if place == 3 else "M")
    flag = Flag.objects.get(code="RF-41")
    assert WorkItem.objects.open().filter(kind="flag_plan", subject_id=flag.pk).exists()
    making.close(bank, flag, "centre")
    promising.night(dt.date(2026, 12, 31))
    promising.decided(bank, promising.waived(bank, breach.covenant.tests.order_by("ends_on").last()))
    assert list(Flag.objects.filter(code="RF-41").order_by("pk").values_list("severity", "state")) == [("H", "closed"), ("H", "open")]


def test_a_waiver_until_a_day_covers_what_ends_by_then(bank, pack, breach):
    told = {"covenant_id": breach.covenant_id, "actor": fresh(bank.rm), "now": at(dt.date(2026, 4, 28))}
    promising.decided(bank, services.ask_waiver(reason="Factory moves", until=dt.date(2026, 6, 30), **told))
    assert state(breach) == "waived"
    promising.night(dt.date(2026, 9, 30))
    assert list(breach.covenant.tests.order_by("ends_on").values_list("state", flat=True)) == ["waived", "waived", "waiting"]


def test_the_approver_decides_in_the_inbox_with_what_was_waived_before(bank, breach, browse):
    waiver = promising.waived(bank, breach)
    url = reverse("approvals:request_detail", args=[WorkItem.objects.open().get(kind="covenant_waive").pk])
    page = browse(bank.co1).get(url).content.decode()
    assert "The season was late" in page
    assert "Waived before in this limit" in page
    assert "raises a high red flag" not in page
    browse(bank.co1).post(url, {"act": "approve", "note": "Once"})
    assert Waiver.objects.get(pk=waiver.pk).state == "granted"


def test_turnover_through_us_is_measured_against_the_sales_of_the_same_months(bank, pack):
    promising.figures(bank, pack)  # sales of a million in the year to the end of March
    test = promising.received(bank, promising.opened(bank, pack, promising.terms("turnover", "60", "least")))
    done = promising.recorded(bank, test)
    assert done.reason == "The core bank’s files do not state every month of the period."
    client = pack.company.client
    for month in range(12):
        figures.turnover(client, 50_000, 0, dt.date(2025 + (month + 3) // 12, (month + 3) % 12 + 1, 20))
    done = promising.recorded(bank, test, dt.date(2026, 4, 28))
    assert (done.value, done.state, done.figures["since"]) == (Decimal(60), "met", "2025-04-01")
    assert done.figures["paid_in"] == "600000.00"


def test_without_accounts_of_the_period_the_last_full_years_sales_stand_in(bank, pack):
    promising.figures(bank, pack, ends_on=dt.date(2025, 12, 31))
    for month in (1, 2, 3):
        figures.turnover(pack.company.client, 45_000, 0, dt.date(2026, month, 20))
    test = promising.received(bank, promising.opened(bank, pack, promising.terms("turnover", "60", "least")))
    done = promising.recorded(bank, test)
    assert (done.value, done.state, done.figures["scaled"]) == (Decimal(54), "breached", True)
    assert FIRST.isoformat() == done.figures["until"]
