"""Waivers of covenants: who asks, who decides, what the third one does; and turnover through us (domain 7.8, RF-41)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from credit.covenants import approving, services
from credit.covenants.contributions import _waived_badly, _waived_by_one_member
from credit.covenants.models import Waiver, WaiverVote
from credit.flags.models import Flag
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import WorkItem
from crm.notifications.models import Notification
from tests.cast import NOW, fresh
from tests.credit import deciding
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


@pytest.fixture
def before_the_committee(bank):
    """A waiver of a pack of which no decision says the level; four more members beside the chair."""
    bank.people |= {f"cc{place}": member for place, member in enumerate(deciding.members(bank, 4), 1)}
    pack = making.pack_in(bank, making.client(bank), "available")
    return promising.waived(bank, promising.opened(bank, pack))


def voted(bank, waiver, by, choice="for", judgement="The next quarter is sold"):
    told = {"choice": choice, "judgement": judgement, "actor": fresh(bank.people[by]), "now": at(dt.date(2026, 4, 29))}
    return services.vote_on_waiver(waiver_id=waiver.pk, **told)


def closed(bank, waiver, by="chair", note="Once"):
    return services.close_waiver(waiver_id=waiver.pk, note=note, actor=fresh(bank.people[by]), now=at(dt.date(2026, 4, 29)))


def test_what_the_committee_approved_the_committee_waives_by_vote_and_no_member_alone(bank, before_the_committee):
    waiver = before_the_committee
    assert WorkItem.objects.open().get(kind="covenant_waive").role == "CC"
    for name in ("chair", "approver"):
        with pytest.raises(NotAllowed, match="decides on this waiver by vote"):
            promising.decided(bank, waiver, by=name)
    for name in ("approver", "analyst", "cad"):
        with pytest.raises(NotAllowed, match="Only the level that approved"):
            voted(bank, waiver, name)
    with pytest.raises(NotAllowed, match="Nobody has voted"):
        closed(bank, waiver)
    with pytest.raises(RuleBroken, match="Say why"):
        voted(bank, waiver, "chair", judgement=" ")
    voted(bank, waiver, "chair")
    with pytest.raises(NotAllowed, match="You have voted"):
        voted(bank, waiver, "chair")
    with pytest.raises(RuleBroken) as refused:
        closed(bank, waiver)
    assert refused.value.code == "no_quorum"
    for name in ("cc1", "cc2", "cc3", "cc4"):
        voted(bank, waiver, name)
    with pytest.raises(NotAllowed, match="voted first closes"):
        closed(bank, waiver, by="cc1")
    assert (closed(bank, waiver).state, state(waiver.test)) == ("granted", "waived")
    assert not WorkItem.objects.open().filter(kind="covenant_waive").exists()
    with pytest.raises(NotAllowed, match="is decided"):
        voted(bank, waiver, "cc1")
    assert list(_waived_by_one_member()) == []
    with pytest.raises(DatabaseError), transaction.atomic():
        WaiverVote.objects.update(choice="against")


@pytest.mark.parametrize(
    ("choices", "becomes"),
    [
        (("for", "for", "for", "for", "against"), "granted"),
        (("for", "for", "for", "against", "abstain"), "refused"),
        (("against", "for", "for", "for", "for"), "refused"),  # the chair's word against stops what lets credit go on
    ],
)
def test_the_committees_share_decides_on_a_waiver_as_on_a_pack(bank, before_the_committee, choices, becomes):
    for name, choice in zip(("chair", "cc1", "cc2", "cc3", "cc4"), choices, strict=True):
        voted(bank, before_the_committee, name, choice)
    if becomes == "refused":
        with pytest.raises(RuleBroken, match="Say why"):
            closed(bank, before_the_committee, note="")
    assert closed(bank, before_the_committee).state == becomes
    assert list(_waived_by_one_member()) == []
    Waiver.objects.update(state="granted" if becomes == "refused" else "refused")
    assert len(list(_waived_by_one_member())) == 1


def test_members_vote_in_the_inbox_and_what_they_said_is_not_the_managers_to_read(bank, before_the_committee, browse):
    url = reverse("approvals:request_detail", args=[WorkItem.objects.open().get(kind="covenant_waive").pk])
    for name, act in (("chair", "for"), ("cc1", "for"), ("cc2", "abstain"), ("cc3", "for"), ("cc4", "for")):
        browse(bank.people[name]).post(url, {"act": act, "note": f"Judged by {name}"})
    page = browse(bank.chair).get(url).content.decode()
    assert "5 have voted" in page
    assert "Judged by cc2" in page
    browse(bank.chair).post(url, {"act": "close", "note": "Two thirds"})
    assert Waiver.objects.get().state == "granted"
    assert WaiverVote.objects.visible_to(fresh(bank.co1)).count() == 5
    assert not WaiverVote.objects.visible_to(fresh(bank.rm)).exists()
    assert "Judged by" not in browse(bank.rm).get(before_the_committee.get_absolute_url()).content.decode()


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
