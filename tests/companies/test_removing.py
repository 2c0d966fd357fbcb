"""Names, numbers and addresses that were wrong are taken off a company, with why, and found no more."""

import pytest

from crm.companies import services
from crm.companies.choices import IdentifierKind, NameKind
from crm.companies.models import Company, Identifier, MatchKey
from crm.companies.rules import NewAddress, NewIdentifier
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import TimelineRow
from tests import cast
from tests.companies.making import browser, client_of, company, covered, text

CODE = NewIdentifier(IdentifierKind.STOCK, "00005.HK")


@pytest.fixture
def tencent(bank):
    return covered(bank, "Tencent Holdings Limited", "騰訊控股有限公司", numbers=(CODE,))


def _said(bank, part, why="Typed into the wrong company", by="rm"):
    return {"company_id": part.company_id, "part_id": part.pk, "reason": why, "actor": bank.people[by], "now": cast.NOW}


def test_a_wrong_number_goes_with_its_keys_and_the_right_company_gets_it(bank, tencent):
    number = tencent.identifiers.get()
    assert Company.objects.named("0005").get() == tencent
    services.remove_identifier(**_said(bank, number))
    assert not Company.objects.named("0005").exists()
    hsbc = company(bank, "HSBC Holdings plc")
    services.add_identifier(company_id=hsbc.pk, identifier=CODE, actor=bank.rm, now=cast.NOW)
    assert Company.objects.named("0005").get() == hsbc


def test_what_was_removed_by_whom_and_why_stands_in_history_and_timeline(bank, tencent):
    services.remove_identifier(**_said(bank, tencent.identifiers.get()))
    version = tencent.history.first()
    assert (version.history_user, version.history_change_reason) == (bank.rm, "- stock HKEX 00005: Typed into the wrong company")
    row = TimelineRow.objects.get(kind="company_fact_removed")
    assert (row.company_id, row.actor, row.title) == (tencent.pk, bank.rm, "Stock code · HKEX:00005")
    page = text(browser(bank.rm).get(f"/companies/{tencent.pk}/timeline/"))
    for shown in ("Wrong fact removed", "HKEX:00005", "Typed into the wrong company"):
        assert shown in page


def test_a_wrong_address_and_a_wrong_name_go(bank, tencent):
    address = services.add_address(company_id=tencent.pk, address=NewAddress("1 Queen's Road Central"), actor=bank.rm, now=cast.NOW)
    services.add_name(company_id=tencent.pk, text="Hongkong Bank", kind=NameKind.ALIAS, actor=bank.rm, now=cast.NOW)
    before = set(MatchKey.objects.filter(company=tencent).values_list("key", flat=True))
    services.remove_address(**_said(bank, address))
    services.remove_name(**_said(bank, tencent.names.get(text="Hongkong Bank")))
    assert not tencent.addresses.exists()
    assert not Company.objects.named("Hongkong").exists()
    assert set(MatchKey.objects.filter(company=tencent).values_list("key", flat=True)) < before
    reasons = list(tencent.history.values_list("history_change_reason", flat=True))[:2]
    assert reasons == ["- Hongkong Bank: Typed into the wrong company", "- 1 Queen's Road Central: Typed into the wrong company"]


def test_without_a_reason_nothing_goes(bank, tencent):
    with pytest.raises(RuleBroken) as refused:
        services.remove_identifier(**_said(bank, tencent.identifiers.get(), why=" "))
    assert "reason" in refused.value.fields
    assert tencent.identifiers.exists()


def test_the_registered_name_and_the_customer_number_stay(bank):
    client = client_of(bank, "Yau Tat Textiles Limited")
    client.company.names.create(text="Yau Tat", kind=NameKind.SHORT, core="yau tat")
    with pytest.raises(RuleBroken, match="registered name"):
        services.remove_name(**_said(bank, client.company.names.get(kind=NameKind.LEGAL)))
    with pytest.raises(RuleBroken, match="stays with its client"):
        services.remove_identifier(**_said(bank, Identifier.objects.get(kind=IdentifierKind.CUSTOMER)))


@pytest.mark.parametrize("name", ["outsider", "ho"])
def test_others_than_those_who_correct_the_company_remove_nothing(bank, tencent, name):
    with pytest.raises(NotAllowed):
        services.remove_identifier(**_said(bank, tencent.identifiers.get(), by=name))


def test_a_part_of_another_company_is_not_there(bank, tencent):
    other = company(bank, "Golden Harbour Limited")
    part = _said(bank, tencent.identifiers.get()) | {"company_id": other.pk}
    with pytest.raises(Identifier.DoesNotExist):
        services.remove_identifier(**part)


def test_the_page_offers_what_may_go_and_asks_why(bank, tencent):
    services.add_address(company_id=tencent.pk, address=NewAddress("1 Queen's Road Central"), actor=bank.rm, now=cast.NOW)
    who, base = browser(bank.rm), f"/companies/{tencent.pk}"
    number, address = tencent.identifiers.get(), tencent.addresses.get()
    page = text(who.get(f"{base}/names/"))
    for url in (f"{base}/numbers/{number.pk}/remove/", f"{base}/addresses/{address.pk}/remove/"):
        assert f'href="{url}"' in page
        assert who.post(url, {"reason": ""}).status_code == 422
        assert who.post(url, {"reason": "Of HSBC"}).status_code == 302
        assert who.get(url).status_code == 404
    lone = company(bank, "Golden Harbour Limited")
    assert "/remove/" not in text(who.get(f"/companies/{lone.pk}/names/"))
    assert "/remove/" not in text(browser(bank.outsider).get(f"{base}/names/"))
