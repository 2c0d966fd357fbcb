"""Deposit majors' caps per head (domain 4.2), and what hospitality brings beside income and deposits (domain 4.6)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.clients.models import Client
from crm.hospitality import effect, selectors
from crm.hospitality.choices import Need
from crm.hospitality.models import HospitalityRequest
from tests.cast import NOW
from tests.companies.making import browser, text
from tests.crm.figures import making as figuring
from tests.crm.hospitality import making

pytestmark = pytest.mark.django_db
DAY = NOW.date()


@pytest.fixture
def company(bank):
    return making.client(bank)


def _held(company, hkd, tier="A"):
    Client.objects.filter(company=company).update(tier=tier)
    figuring.balance(company.client, hkd, DAY)


def _figures(bank, company):
    return selectors.setting(role="RM", centre=bank.units["centre"], event_at=NOW, host_id=bank.rm2.pk, company_id=company.pk).figures


@pytest.mark.parametrize(
    ("hkd", "tier", "lunch", "dinner"),
    [
        (20_000_000, "A", 750, 1250),
        (19_999_999, "A", 600, 1000),
        (20_000_000, "B", 600, 1000),
    ],
)
def test_a_deposit_major_of_tier_a_may_cost_a_quarter_more_a_head(bank, company, hkd, tier, lunch, dinner):
    _held(company, hkd, tier)
    figures = _figures(bank, company)
    assert (figures.lunch, figures.dinner) == (lunch, dinner)


def test_officials_never_get_the_majors_cap(bank, company):
    _held(company, 20_000_000)
    figures = _figures(bank, company)
    assert (figures.per_head("lunch", official=True), figures.per_head("dinner", official=True)) == (450, 600)


def test_the_average_counts_and_not_the_day(bank, company):
    _held(company, 30_000_000)
    figuring.balance(company.client, 5_000_000, DAY - dt.timedelta(days=30))
    assert _figures(bank, company).dinner == 1000


def test_a_request_within_the_majors_cap_is_not_over_it(bank, company):
    plain = making.ask(bank.rm2, company, 3600)
    assert Need.PER_HEAD in plain.needs
    _held(company, 20_000_000)
    assert Need.PER_HEAD not in making.ask(bank.rm2, company, 3600, at=making.TOMORROW + dt.timedelta(days=7)).needs


@pytest.mark.parametrize(
    ("spent", "income", "is_outlier"), [("3.00", "100.00", False), ("3.01", "100.00", True), ("0.01", "0.00", True), ("1", "-5", True)]
)
def test_more_than_three_per_cent_of_income_stands_out(spent, income, is_outlier):
    assert effect.stands_out(Decimal(spent), Decimal(income), limit_percent=3) is is_outlier


def _paid(bank, company, amount, *, on, host="rm2", currency="HKD"):
    event = making.ask(bank.people[host], company, 300, at=making.TOMORROW)
    HospitalityRequest.objects.filter(pk=event.pk).update(event_on=on, eligible=amount, paid=amount, currency=currency)


def test_what_was_spent_stands_beside_a_years_income_and_deposits(bank, company):
    other = making.client(bank, name="Ocean Dyeing")
    for on, amount, currency in (
        (DAY, "300.10", "HKD"),
        (DAY - dt.timedelta(days=364), "100", "CNY"),
        (DAY - dt.timedelta(days=365), "999", "HKD"),
    ):
        _paid(bank, company, amount, on=on, currency=currency)
    _paid(bank, other, "50", on=DAY)
    figuring.income(company.client, 10_000, DAY)
    figuring.income(other.client, 10_000, DAY)
    figuring.balance(company.client, 500, DAY)
    figuring.balance(company.client, 200, DAY - dt.timedelta(days=365))
    first, second = effect.effects(user=bank.head, on=DAY)
    assert (first.client.company, first.events, first.spent, first.percent) == (company, 2, Decimal("408.10"), Decimal("4.1"))
    assert (first.deposit_change, first.is_outlier) == (300, True)
    assert (second.percent, second.deposit_change, second.is_outlier) == (Decimal("0.5"), None, False)


def test_only_clients_in_reach_are_compared(bank, company):
    far = making.client(bank, "outsider", "Far Mills")
    _paid(bank, far, "50", on=DAY, host="outsider")
    _paid(bank, company, "50", on=DAY)
    assert [one.client.company for one in effect.effects(user=bank.head, on=DAY)] == [company]
    assert len(effect.effects(user=bank.ho, on=DAY)) == 2


def test_the_page_is_for_heads_and_those_who_read_all(bank, company):
    _paid(bank, company, "50", on=timezone.localdate())
    seen = {name for name, user in bank.people.items() if browser(user).get("/hospitality/effect/").status_code == 200}
    assert seen == {"head", "head2", "outhead", "centre", "ho", "ho2", "compliance", "compliance2", "auditor"}
    page = text(browser(bank.head).get("/hospitality/effect/"))
    for shown in ("Yau Tat Textiles", "HK$ 50.00", "Stands out", "1 client costs more than it should."):
        assert shown in page
    assert "/hospitality/effect/" in text(browser(bank.head).get("/hospitality/"))
