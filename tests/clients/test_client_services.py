"""Opening a client, its tier, its KYC review, its status; each refusal; who sees what (domain 1.2, 1.3, 3.2)."""

import datetime as dt

import pytest

from crm.clients import services
from crm.clients.choices import ClientStatus, KycRisk, Tier
from crm.clients.models import Client, TierRow
from crm.clients.permissions import fields_seen, sight
from crm.clients.rules import add_months
from crm.companies.choices import CoverageKind, NameKind, Ring
from crm.companies.models import Company
from crm.companies.services import add_name, end_coverage
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken
from crm.kernel.outbox import deliver_pending
from crm.kernel.worklist import TimelineRow
from tests import cast
from tests.companies.making import company, covered

TODAY = dt.date(2026, 3, 4)


@pytest.fixture
def prospect(bank):
    return covered(bank, "Yau Tat Textiles", "裕達紡織", kind=CoverageKind.PROSPECT)


@pytest.fixture
def client_row(bank, prospect):
    return services.open_client(company_id=prospect.pk, actor=bank.rm, now=cast.NOW)


def test_opening_gives_number_owner_tier_kyc_dates_and_a_timeline_row(bank, prospect):
    opened = services.open_client(company_id=prospect.pk, actor=bank.head, now=cast.NOW, kyc_risk=KycRisk.HIGH)
    assert opened.number == "C-2026-00001"
    assert (opened.owner, opened.team, opened.centre) == (bank.rm, bank.units["team"], bank.units["centre"])
    assert (opened.tier, opened.status, opened.opened_on) == (Tier.C, ClientStatus.ONBOARDING, TODAY)
    assert (opened.kyc_reviewed_on, opened.kyc_due_on) == (TODAY, dt.date(2027, 3, 4))
    assert opened.tiers.get().to_on is None
    assert prospect.coverage.current().filter(kind=CoverageKind.CLIENT, owner=bank.rm).count() == 1
    assert Company.objects.named("C-2026-00001").get() == prospect
    row = TimelineRow.objects.get(company=prospect)
    assert (row.kind, row.owner, row.subject_id, row.title) == ("client_opened", bank.rm, opened.pk, "C-2026-00001")
    assert opened.history.get().history_user == bank.head


def test_a_client_is_opened_once(bank, prospect, client_row):
    with pytest.raises(RuleBroken) as refused:
        services.open_client(company_id=prospect.pk, actor=bank.rm, now=cast.NOW)
    assert refused.value.code == "client_already"


@pytest.mark.parametrize("name", ["rm2", "outsider", "ho", "compliance", "lobby", "analyst"])
def test_only_who_pursues_the_company_or_their_heads_open_it(bank, prospect, name):
    with pytest.raises(NotAllowed):
        services.open_client(company_id=prospect.pk, actor=bank.people[name], now=cast.NOW)


def test_a_closed_client_opens_again_under_its_number(bank, prospect, client_row):
    services.change_status(client_id=client_row.pk, status=ClientStatus.CLOSED, reason="Moved abroad", actor=bank.rm, now=cast.NOW)
    again = services.open_client(company_id=prospect.pk, actor=bank.rm, now=cast.NOW + dt.timedelta(days=30))
    assert (again.pk, again.number, again.closed_on) == (client_row.pk, client_row.number, None)
    assert TierRow.objects.filter(client=again, to_on=None).count() == 1


def test_a_manual_tier_has_a_reason_and_ends_after_twelve_months(bank, client_row):
    row = services.change_tier(client_id=client_row.pk, tier=Tier.A, reason="Key client", actor=bank.head, now=cast.NOW)
    assert (row.from_on, row.to_on, row.set_by) == (TODAY, dt.date(2027, 3, 4), bank.head)
    client_row.refresh_from_db()
    assert client_row.tier == Tier.A
    assert client_row.history.first().history_change_reason == "Key client"
    assert TimelineRow.objects.get(kind="client_tier").title == "C → A"
    services.change_tier(client_id=client_row.pk, tier=Tier.B, reason="Less", actor=bank.head, now=cast.NOW + dt.timedelta(days=10))
    row.refresh_from_db()
    assert row.to_on == dt.date(2026, 3, 14)


def test_tier_refusals(bank, client_row):
    def change(by, tier=Tier.A, reason="Key client"):
        services.change_tier(client_id=client_row.pk, tier=tier, reason=reason, actor=bank.people[by], now=cast.NOW)

    for name in ("rm", "ho", "compliance", "auditor", "finance", "lobby"):
        with pytest.raises(NotAllowed):
            change(name)
    for name in ("outsider", "rm2", "head2", "analyst", "admin"):
        with pytest.raises(Client.DoesNotExist):
            change(name)
    with pytest.raises(RuleBroken) as refused:
        change("head", reason="  ")
    assert "reason" in refused.value.fields
    with pytest.raises(RuleBroken) as refused:
        change("centre", tier=Tier.C)
    assert "tier" in refused.value.fields


@pytest.mark.parametrize(("risk", "due"), [("high", (2027, 2, 28)), ("medium", (2028, 2, 28)), ("low", (2029, 2, 28))])
def test_the_next_kyc_review_falls_due_by_risk(bank, client_row, risk, due):
    Client.objects.update(kyc_reviewed_on=dt.date(2025, 1, 1))
    reviewed = services.review_kyc(
        client_id=client_row.pk, risk=risk, reviewed_on=dt.date(2026, 2, 28), actor=bank.compliance, now=cast.NOW
    )
    assert reviewed.kyc_due_on == dt.date(*due)
    assert TimelineRow.objects.filter(kind="client_kyc").count() == 1


def test_kyc_refusals(bank, client_row):
    def review(by, on):
        services.review_kyc(client_id=client_row.pk, risk=KycRisk.LOW, reviewed_on=on, actor=bank.people[by], now=cast.NOW)

    with pytest.raises(RuleBroken):
        review("rm", dt.date(2026, 3, 5))
    with pytest.raises(RuleBroken):
        review("rm", dt.date(2026, 3, 3))
    with pytest.raises(NotAllowed):
        review("ho", TODAY)
    with pytest.raises(Client.DoesNotExist):
        review("outsider", TODAY)


def test_status_moves_along_its_table_and_closing_ends_coverage(bank, prospect, client_row):
    def move(status, reason="", by="rm"):
        return services.change_status(client_id=client_row.pk, status=status, reason=reason, actor=bank.people[by], now=cast.NOW)

    with pytest.raises(InvalidTransition):
        move(ClientStatus.DORMANT)
    move(ClientStatus.ACTIVE)
    move(ClientStatus.DORMANT)
    with pytest.raises(RuleBroken):
        move(ClientStatus.CLOSED)
    with pytest.raises(NotAllowed):
        move(ClientStatus.CLOSED, "x", by="compliance")
    closed = move(ClientStatus.CLOSED, "Moved abroad")
    assert closed.closed_on == TODAY
    assert not prospect.coverage.current().filter(kind=CoverageKind.CLIENT).exists()
    with pytest.raises(InvalidTransition):
        move(ClientStatus.ACTIVE)


def test_the_list_keeps_the_order_of_a_renamed_company(bank, prospect, client_row):
    add_name(company_id=prospect.pk, text="Ocean Looms Limited", kind=NameKind.LEGAL, actor=bank.rm, now=cast.NOW)
    assert deliver_pending() == 0
    client_row.refresh_from_db()
    assert client_row.sort_key == "ocean looms"


RINGS = (
    dict.fromkeys(["rm", "head", "centre", "compliance", "compliance2", "auditor"], Ring.FULL)
    | dict.fromkeys(["ho", "ho2"], Ring.MASKED)
    | dict.fromkeys(["finance", "lobby", "branch"], Ring.NAME)
)


@pytest.mark.parametrize("name", sorted(cast.PEOPLE))
def test_each_role_sees_a_client_as_domain_1_2_says(bank, client_row, name):
    user = bank.people[name]
    assert sight(user=user, client=client_row) == RINGS.get(name)
    assert Client.objects.visible_to(user).exists() == (name in RINGS)
    by_name = {"finance": {"number"}, "lobby": {"tier"}, "branch": {"tier"}}
    if name in by_name:
        assert fields_seen(user=user, client=client_row) == by_name[name]
    elif name not in RINGS:
        assert fields_seen(user=user, client=client_row) == frozenset()


def test_a_company_that_nobody_pursues_is_not_opened(bank):
    made = company(bank, "Golden Harbour")
    with pytest.raises(NotAllowed):
        services.open_client(company_id=made.pk, actor=bank.rm, now=cast.NOW)


def test_a_client_that_lost_its_coverage_is_still_its_owners(bank, prospect, client_row):
    end_coverage(company=prospect, kind=CoverageKind.CLIENT, actor=bank.rm, now=cast.NOW)
    assert Client.objects.visible_to(bank.rm).get() == client_row


def test_months_end_where_the_shorter_month_ends():
    assert add_months(dt.date(2024, 2, 29), 12) == dt.date(2025, 2, 28)
    assert add_months(dt.date(2025, 11, 30), 3) == dt.date(2026, 2, 28)
    assert add_months(dt.date(2025, 12, 15), 1) == dt.date(2026, 1, 15)
