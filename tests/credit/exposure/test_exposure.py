"""What stands with a group: live, approved, pending, own cash, primary guarantors, the bank's thresholds; who reads it."""

import datetime as dt
from decimal import Decimal

import pytest

from credit.exposure import selectors, services
from credit.exposure.rules import Thresholds, counted
from credit.packs.choices import State
from credit.packs.models import Pack
from crm.companies.models import CompanyGroup
from crm.kernel.errors import RuleBroken
from crm.policy.models import Figure
from tests.cast import NOW
from tests.credit import making

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
M = Decimal(1_000_000)


@pytest.fixture
def group(bank):
    made = CompanyGroup.objects.create(name_en="Golden Hill Group", name_zh="金山集團")
    one, other = (making.company(bank, name=f"Golden Hill {name}") for name in ("Foods", "Cold Store"))
    for company in (one, other):
        company.group = made
        company.save(update_fields=["group"])
    return one, other


def sealed_pack(bank, company, amount, *, state=State.FOR_DECISION, **facility):
    pack = making.pack(bank, company)
    making.facility(bank, pack, amount=str(amount), **facility)
    making.sealed(pack, state=state)
    return Pack.objects.select_related("company__group", "centre").get(pk=pack.pk)


def tier1(amount):
    Figure.objects.filter(table="exposure.capital", key="tier1").delete()
    Figure.objects.create(table="exposure.capital", key="tier1", value=str(amount), effective_from=dt.date(2020, 1, 1))


def of(company, jurisdiction="HK"):
    return selectors.exposure_of(selectors.Holder.of(company), jurisdiction=jurisdiction, on=TODAY)


def test_thresholds_are_shares_of_the_legal_limit():
    found = Thresholds.of(tier1=1000 * M, legal_percent=25, warn_percent=60, stop_percent=90)
    assert found == Thresholds(legal=250 * M, warn=150 * M, stop=225 * M)


@pytest.mark.parametrize(
    ("asked", "existing", "cash", "adds"), [(30, 0, 0, 30), (35, 30, 0, 5), (30, 0, 10, 20), (30, 0, 50, 0), (20, 30, 0, 0)]
)
def test_a_request_adds_what_is_new_and_not_covered_by_own_cash(asked, existing, cash, adds):
    assert counted(requested=asked * M, existing=existing * M, own_cash=cash * M) == adds * M


def test_all_members_of_a_group_count_together(bank, group):
    one, other = group
    sealed_pack(bank, one, 20 * M)
    sealed_pack(bank, other, 5 * M, state=State.APPROVED)
    sealed_pack(bank, other, 7 * M, state=State.AVAILABLE)
    amounts = of(one).amounts
    assert (amounts.pending, amounts.approved, amounts.live, amounts.total) == (20 * M, 5 * M, 7 * M, 12 * M)
    assert of(other).amounts == amounts


@pytest.mark.parametrize("state", [State.DECLINED, State.WITHDRAWN, State.LAPSED, State.CANCELLED, State.MATURED])
def test_what_came_to_its_end_counts_for_nothing(bank, group, state):
    sealed_pack(bank, group[0], 20 * M, state=state)
    assert of(group[0]).amounts.with_pending == 0


def test_a_draft_is_no_request_yet(bank, group):
    making.facility(bank, making.pack(bank, group[0]))
    assert of(group[0]).amounts.with_pending == 0


def test_a_primary_guarantor_carries_what_he_guarantees_and_another_guarantor_does_not(bank, group):
    borrower = making.company(bank, name="Harbour Trading")
    for role, guarantor in (("primary", group[0]), ("guarantor", making.company(bank, name="Bystander"))):
        pack = making.pack(bank, borrower)
        making.facility(bank, pack, amount="10000000")
        making.party(bank, pack, role, company_id=guarantor.pk)
        making.sealed(pack, state=State.APPROVED)
        assert of(guarantor).amounts.approved == (10 * M if role == "primary" else 0)
    assert of(borrower).amounts.approved == 20 * M


def test_authority_is_asked_for_all_that_is_pending_in_the_group(bank, group):
    first, _second = sealed_pack(bank, group[0], 20 * M), sealed_pack(bank, group[1], 15 * M)
    assert selectors.group_total(first, first.versions.get(), on=TODAY) == 35 * M


def test_scenario_12_headroom_of_thirty_and_two_packs_of_twenty(bank, group):
    tier1(M * 30 * 100 * 100 / 25 / 90)
    first, second = sealed_pack(bank, group[0], 20 * M), sealed_pack(bank, group[1], 20 * M)
    assert of(group[0]).headroom == 30 * M
    assert services.check(first, first.versions.get(), now=NOW) == 10 * M
    Pack.objects.filter(pk=first.pk).update(state=State.APPROVED)
    with pytest.raises(RuleBroken, match=r"exceeds the headroom of Golden Hill Group by HK\$.10,000,000.00") as refused:
        services.check(second, second.versions.get(), now=NOW)
    assert refused.value.code == "exceeds_headroom"


def test_a_currency_without_a_rate_is_said(bank, group):
    pack = sealed_pack(bank, group[0], 20 * M)
    Pack.objects.filter(pk=pack.pk).update(currency="XAU")
    with pytest.raises(RuleBroken, match="no rate for XAU"):
        of(group[0])


def test_a_colleague_reads_the_total_of_the_group_and_no_pack_of_another(bank, group, browse):
    one, other = group
    mine = sealed_pack(bank, one, 20 * M)
    theirs = making.pack(bank, making.company(bank, "sibling", name="Golden Hill Macau"), by="sibling")
    theirs.company.group = one.group
    theirs.company.save(update_fields=["group"])
    making.facility(bank, theirs, amount="9000000", by="sibling")
    making.sealed(theirs, state=State.APPROVED)
    page = browse(bank.rm).get(f"/credit/exposure/of/{one.pk}/").content.decode()
    assert mine.number in page
    assert theirs.number not in page
    assert "Golden Hill Macau" not in page
    assert "1 further pack" in page
    assert "9,000,000" in page
    assert browse(bank.rm).get(f"/credit/exposure/of/{other.pk}/").status_code == 404


def test_the_list_shows_the_nearest_to_the_limit_first_and_only_what_one_sees(bank, group, browse):
    sealed_pack(bank, group[0], 20 * M)
    sealed_pack(bank, making.company(bank, name="Small Trading"), 1 * M)
    page = browse(bank.analyst).get("/credit/exposure/").content.decode()
    assert page.index("Golden Hill Group") < page.index("Small Trading")
    assert "Golden Hill Group" not in browse(bank.outsider).get("/credit/exposure/").content.decode()
    assert "Small Trading" not in browse(bank.analyst).get("/credit/exposure/?q=golden").content.decode()
    assert browse(bank.lobby).get("/credit/exposure/").status_code == 403


def test_reading_many_costs_as_many_statements_as_reading_few(bank, group, browse, django_assert_max_num_queries):
    for number in range(6):
        sealed_pack(bank, making.company(bank, name=f"Trader {number}"), (number + 1) * M)
    visitor = browse(bank.analyst)
    visitor.get("/credit/exposure/")
    with django_assert_max_num_queries(14):
        visitor.get("/credit/exposure/")
