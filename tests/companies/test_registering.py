"""Making a company known: names in both scripts, exact keys, likely duplicates (domain 2.4)."""

import datetime as dt

import pytest

from crm.companies import services
from crm.companies.choices import IdentifierKind, NameKind
from crm.companies.models import Company, Identifier
from crm.companies.rules import CompanyFacts, NewAddress, NewIdentifier, NewName
from crm.kernel.errors import NotAllowed, RuleBroken, StaleVersion
from crm.kernel.outbox import Outbox
from tests import cast
from tests.companies.making import company, covered

HSBC = NewIdentifier(IdentifierKind.STOCK, "0005.HK")


def register(bank, facts, *, by="rm", because=""):
    return services.register_company(actor=bank.people[by], now=cast.NOW, facts=facts, not_same_because=because)


def test_a_name_in_two_scripts_becomes_two_names_and_the_company_shows_both(bank):
    made = register(bank, CompanyFacts([NewName("Yau Tat Textiles Limited 裕達紡織有限公司"), NewName("Yau Tat", NameKind.SHORT)]))
    assert (made.name_en, made.name_zh) == ("Yau Tat Textiles Limited", "裕達紡織有限公司")
    assert made.sort_key == "yau tat textiles"
    assert made.names.count() == 3
    assert made.history.get().history_user == bank.rm


def test_a_company_with_a_chinese_name_only_sorts_by_it(bank):
    assert register(bank, CompanyFacts([NewName("裕達紡織有限公司")])).sort_key == "裕达纺织"


def test_a_company_without_a_name_is_refused(bank):
    with pytest.raises(RuleBroken) as refused:
        register(bank, CompanyFacts([NewName("  ")]))
    assert "name_en" in refused.value.fields


@pytest.mark.parametrize("name", ["analyst", "ho", "finance", "lobby", "branch", "editor", "auditor", "admin", "compliance", "ops"])
def test_only_the_business_side_adds_companies(bank, name):
    with pytest.raises(NotAllowed):
        register(bank, CompanyFacts([NewName("Ocean Bright")]), by=name)


def test_a_stock_code_is_one_key_however_it_is_written(bank):
    company(bank, "HSBC Holdings plc", numbers=(HSBC,))
    with pytest.raises(RuleBroken) as refused:
        register(bank, CompanyFacts([NewName("Quite Another Name")], identifiers=[NewIdentifier(IdentifierKind.STOCK, "5", "SEHK")]))
    assert refused.value.code == "taken"
    assert "00005" in str(refused.value)


def test_the_refusal_of_a_taken_key_names_neither_the_company_nor_who_looks_after_it(bank):
    covered(bank, "HSBC Holdings plc", by="outsider", numbers=(HSBC,))
    with pytest.raises(RuleBroken) as refused:
        register(bank, CompanyFacts([NewName("Quite Another Name")], identifiers=[HSBC]))
    assert "HSBC" not in str(refused.value)
    assert "Outsider" not in str(refused.value)


def test_a_number_with_a_wrong_check_digit_is_refused_beside_its_field(bank):
    wrong = NewIdentifier(IdentifierKind.USCC, "91350100M000100Y44")
    with pytest.raises(RuleBroken) as refused:
        register(bank, CompanyFacts([NewName("Fuzhou Ocean")], identifiers=[wrong]))
    assert "identifiers" in refused.value.fields


def test_two_writers_of_one_key_get_one_row(bank, monkeypatch):
    """The second writer read before the first one committed: the constraint says no, and the sentence is the same."""
    company(bank, "HSBC Holdings plc", numbers=(HSBC,))
    monkeypatch.setattr("crm.companies.matching.taken", lambda keys: [list(keys), {}][1])
    with pytest.raises(RuleBroken) as refused:
        register(bank, CompanyFacts([NewName("Quite Another Name")], identifiers=[HSBC]))
    assert refused.value.code == "taken"
    assert Identifier.objects.count() == 1
    assert Company.objects.count() == 1


def test_a_like_name_alone_is_shown_and_needs_a_reason(bank):
    company(bank, "Yau Tat Textiles Limited")
    with pytest.raises(RuleBroken) as refused:
        register(bank, CompanyFacts([NewName("Yau Tat Textile Ltd")]))
    assert refused.value.code == "candidates"
    assert "Yau Tat Textiles Limited" in str(refused.value)
    made = register(bank, CompanyFacts([NewName("Yau Tat Textile Ltd")]), because="Another owner, another address")
    assert made.history.get().history_change_reason == "Another owner, another address"


def test_the_same_name_and_phone_is_the_same_company(bank):
    company(bank, "Yau Tat Textiles Limited", phone="2345 6789")
    with pytest.raises(RuleBroken) as refused:
        register(bank, CompanyFacts([NewName("Yau Tat Textiles Co., Ltd.")], phone="+852 2345-6789"), because="No")
    assert refused.value.code == "duplicate"


def test_a_simplified_name_finds_the_traditional_one(bank):
    company(bank, "裕達紡織有限公司")
    with pytest.raises(RuleBroken) as refused:
        register(bank, CompanyFacts([NewName("裕达纺织（香港）有限公司")]))
    assert refused.value.code == "candidates"


def test_unlike_names_pass(bank):
    company(bank, "Yau Tat Textiles Limited")
    register(bank, CompanyFacts([NewName("Golden Harbour Shipping Limited")]))
    assert Company.objects.count() == 2


def test_correcting_facts_writes_who_changed_what(bank):
    made = company(bank, "Yau Tat Textiles")
    services.correct_company(
        company_id=made.pk, version=1, changes={"sector": "Textiles", "phone": "2345 6789"}, actor=bank.rm2, now=cast.NOW
    )
    newest, oldest = made.history.all()
    assert {change.field for change in newest.diff_against(oldest).changes} == {"sector", "phone"}
    assert newest.history_user == bank.rm2
    assert Company.objects.named("23456789").get() == made


def test_a_stale_correction_shows_what_stands_now_and_changes_nothing(bank):
    made = company(bank, "Yau Tat Textiles")
    services.correct_company(company_id=made.pk, version=1, changes={"sector": "Textiles"}, actor=bank.rm, now=cast.NOW)
    with pytest.raises(StaleVersion) as refused:
        services.correct_company(company_id=made.pk, version=1, changes={"sector": "Clothing"}, actor=bank.rm2, now=cast.NOW)
    assert refused.value.current["sector"] == "Textiles"
    made.refresh_from_db()
    assert made.sector == "Textiles"


@pytest.mark.parametrize("changes", [{}, {"sector": "Textiles"}, {"sector": " Textiles  "}])
def test_a_correction_that_changes_nothing_leaves_the_version_and_no_trace(bank, changes):
    made = company(bank, "Yau Tat Textiles")
    services.correct_company(company_id=made.pk, version=1, changes={"sector": "Textiles"}, actor=bank.rm, now=cast.NOW)
    same = services.correct_company(company_id=made.pk, version=2, changes=changes, actor=bank.rm2, now=cast.NOW)
    made.refresh_from_db()
    assert (same.version, made.version, made.history.count()) == (2, 2, 2)


_IMPOSSIBLE = [
    ("website", "javascript:alert(1)"),
    ("website", "ftp://example.com"),
    ("email", "nope"),
    ("country", "ZZ"),
    ("incorporated_on", dt.date(9999, 12, 31)),
    ("incorporated_on", dt.date(2026, 3, 5)),
    ("listed_on", dt.date(1, 1, 1)),
]


@pytest.mark.parametrize(("field", "value"), _IMPOSSIBLE)
def test_a_fact_that_cannot_be_is_refused_beside_its_field(bank, field, value):
    made = company(bank, "Yau Tat Textiles")
    with pytest.raises(RuleBroken) as refused:
        services.correct_company(company_id=made.pk, version=1, changes={field: value}, actor=bank.rm, now=cast.NOW)
    assert set(refused.value.fields) == {field}
    with pytest.raises(RuleBroken) as refused:
        register(bank, CompanyFacts([NewName("Blue Kiln Ceramics")], **{field: value}))
    assert set(refused.value.fields) == {field}


def test_facts_as_people_write_them_are_taken(bank):
    facts = {"website": "www.yautat.com/en", "email": "info@yautat.com", "country": "HK", "incorporated_on": dt.date(1865, 3, 3)}
    made = company(bank, "Yau Tat Textiles")
    services.correct_company(company_id=made.pk, version=1, changes=facts, actor=bank.rm, now=cast.NOW)
    made.refresh_from_db()
    assert {name: getattr(made, name) for name in facts} == facts


def test_an_old_fact_that_would_not_be_taken_today_is_in_nobodys_way(bank):
    made = company(bank, "Yau Tat Textiles")
    Company.objects.filter(pk=made.pk).update(website="see our page")
    changes = {"website": "see our page", "sector": "Textiles"}
    services.correct_company(company_id=made.pk, version=1, changes=changes, actor=bank.rm, now=cast.NOW)
    made.refresh_from_db()
    assert made.sector == "Textiles"


def test_who_does_not_look_after_a_covered_company_does_not_correct_it(bank):
    made = covered(bank, "Yau Tat Textiles")
    with pytest.raises(NotAllowed):
        services.correct_company(company_id=made.pk, version=1, changes={"sector": "Textiles"}, actor=bank.outsider, now=cast.NOW)
    services.correct_company(company_id=made.pk, version=1, changes={"sector": "Textiles"}, actor=bank.head, now=cast.NOW)


def test_administrators_find_no_company(bank):
    made = company(bank, "Yau Tat Textiles")
    with pytest.raises(Company.DoesNotExist):
        services.correct_company(company_id=made.pk, version=1, changes={}, actor=bank.admin, now=cast.NOW)


def test_a_new_registered_name_makes_the_old_one_a_former_name_of_its_script(bank):
    made = company(bank, "Yau Tat Textiles", "裕達紡織")
    services.add_name(company_id=made.pk, text="Ocean Looms Limited", kind=NameKind.LEGAL, actor=bank.rm, now=cast.NOW)
    made.refresh_from_db()
    assert (made.name_en, made.name_zh, made.sort_key) == ("Ocean Looms Limited", "裕達紡織", "ocean looms")
    assert made.names.get(text="Yau Tat Textiles").kind == NameKind.FORMER
    assert made.names.get(text="裕達紡織").kind == NameKind.LEGAL
    for query in ("ocean", "yau tat"):
        assert Company.objects.named(query).get() == made


def test_a_renamed_company_is_announced(bank, monkeypatch):
    monkeypatch.setattr("crm.kernel.reactions.of", lambda kind: [kind("companies.renamed", "clients.follow_names")])
    made = company(bank, "Yau Tat Textiles")
    services.add_name(company_id=made.pk, text="Ocean Looms", kind=NameKind.LEGAL, actor=bank.rm, now=cast.NOW)
    assert Outbox.objects.get(task="clients.follow_names").args == {"company_ids": [made.pk]}


def test_the_last_name_stays_and_a_wrong_one_goes(bank):
    made = company(bank, "Yau Tat Textiles", "Yau Tatt")
    wrong = made.names.get(text="Yau Tatt")
    services.remove_name(company_id=made.pk, part_id=wrong.pk, reason="Misspelt", actor=bank.rm, now=cast.NOW)
    with pytest.raises(RuleBroken):
        services.remove_name(company_id=made.pk, part_id=made.names.get().pk, reason="Misspelt", actor=bank.rm, now=cast.NOW)


def test_a_number_is_added_once_and_found_without_its_zeros(bank):
    made, other = company(bank, "HSBC Holdings plc"), company(bank, "Golden Harbour")
    services.add_identifier(company_id=made.pk, identifier=HSBC, actor=bank.rm, now=cast.NOW)
    for query in ("5", "0005", "00005", "0005.HK"):
        assert Company.objects.named(query).get() == made
    with pytest.raises(RuleBroken):
        services.add_identifier(company_id=other.pk, identifier=HSBC, actor=bank.rm, now=cast.NOW)


def test_an_address_is_kept_once_and_stands_in_the_history(bank):
    made = company(bank, "Yau Tat Textiles")
    for _ in range(2):
        services.add_address(company_id=made.pk, address=NewAddress("14/F, 1 Hung To Road"), actor=bank.rm, now=cast.NOW)
    assert made.addresses.count() == 1
    assert made.history.first().history_change_reason == "+ 14/F, 1 Hung To Road"
    with pytest.raises(RuleBroken):
        services.add_address(company_id=made.pk, address=NewAddress(" "), actor=bank.rm, now=cast.NOW)
