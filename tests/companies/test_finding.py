"""Companies are found by name in either script, initials, code and phone; keys are rebuilt in bulk."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.companies.choices import IdentifierKind
from crm.companies.indexing import keys_of, match_keys_of, rebuild_keys
from crm.companies.matching import find_matches, likeness_from, likenesses, scores, taken
from crm.companies.models import Company, CompanyName, MatchKey, SearchKey
from crm.companies.rules import CompanyFacts, NewIdentifier, NewName, code_keys, mail_domain, phone_keys, shown_names
from tests import cast
from tests.companies.making import company


@pytest.fixture
def yau_tat(bank):
    company(bank, "Golden Harbour Shipping Limited", "金港航運有限公司")
    numbers = (NewIdentifier(IdentifierKind.STOCK, "1234", "HKEX"),)
    return company(bank, "Yau Tat Textiles (HK) Limited", "裕達紡織有限公司", numbers=numbers, phone="+852 2345 6789")


@pytest.mark.parametrize(
    "query",
    [
        *["yau", "Yau Tat", "TEXTILES yau", "textiles", "yautat", "yau tat textiles hk lim"],
        *["裕達", "裕达纺织", "紡織", "ydfz", "yudafang"],
        *["1234", "01234", "1234.HK", "2345 6789", "+852 2345 6789", "234567"],
    ],
)
def test_a_company_is_found_by(yau_tat, query):
    assert list(Company.objects.named(query)) == [yau_tat]


@pytest.mark.parametrize("query", ["tat golden", "au", "xyz", "%", "_", "yau tat zzz", "!!", "\U0010ffff"])
def test_a_company_is_not_found_by(yau_tat, query):
    assert not Company.objects.named(query)


def test_stock_codes_are_typed_with_and_without_their_zeros():
    assert code_keys("00005") == {"00005", "0005", "5"}
    assert code_keys("600000") == {"600000"}
    assert code_keys("BRK.B") == {"brk.b"}


def test_phones_are_found_by_their_last_eight_digits_and_by_all():
    assert phone_keys("+86 138 0013 8000") == {"00138000", "8613800138000"}
    assert phone_keys("2345 6789 / 2345 6780") == {"23456789", "23456780"}
    assert phone_keys("n/a") == set()


def test_the_mail_domain_stands_before_the_website():
    assert mail_domain("Info@YauTat.com.hk", "https://www.other.com/x") == "yautat.com.hk"
    assert mail_domain("", "www.Other.com/contact") == "other.com"
    assert mail_domain("", "") == ""


def test_the_registered_name_is_shown_before_short_and_former_ones():
    assert shown_names([("former", "Old"), ("short", "YT"), ("legal", "Yau Tat Limited"), ("alias", "裕達")]) == ("Yau Tat Limited", "裕達")


def test_keys_are_short_and_few():
    keys = keys_of(names=["The Very Long " + "Name " * 60 + "Limited"], identifiers=[("lei", "X" * 20)], phone="2345 6789")
    assert max(map(len, keys)) <= 40
    assert len(keys) < 20


def test_keys_are_rebuilt_with_few_statements_however_many_companies(bank):
    rows = Company.objects.bulk_create(Company(name_en=f"Harbour {number} Limited") for number in range(300))
    CompanyName.objects.bulk_create(CompanyName(company=row, text=row.name_en, core=row.name_en) for row in rows)
    with CaptureQueriesContext(connection) as few:
        rebuild_keys([row.pk for row in rows[:10]], fresh=True)
    with CaptureQueriesContext(connection) as many:
        rebuild_keys([row.pk for row in rows[10:]], fresh=True)
    assert len(few) == 5  # three reads, two inserts; more only where SQLite cuts an insert after 999 values
    assert len(many) < 10
    before = SearchKey.objects.count(), MatchKey.objects.count()
    rebuild_keys([row.pk for row in rows])
    assert (SearchKey.objects.count(), MatchKey.objects.count()) == before


def test_matching_is_the_same_one_by_one_and_in_bulk(bank, yau_tat):
    facts = CompanyFacts([NewName("Yau Tat Textile Co Ltd"), NewName("裕达纺织")], phone="23456789")
    found = find_matches(facts, jurisdiction="HK", on=cast.NOW.date())
    in_bulk = scores(likeness_from(facts), likenesses(list(Company.objects.values_list("pk", flat=True))), at_least=65)
    assert {candidate.company_id: candidate.score for candidate in found.candidates} == in_bulk
    assert found.blocking[0].company_id == yau_tat.pk


def test_a_company_does_not_match_itself(bank, yau_tat):
    facts = CompanyFacts([NewName(yau_tat.name_en)], identifiers=[NewIdentifier(IdentifierKind.STOCK, "HKEX:01234")])
    assert find_matches(facts, jurisdiction="HK", on=cast.NOW.date()).exact_id == yau_tat.pk
    found = find_matches(facts, jurisdiction="HK", on=cast.NOW.date(), leaving_out=yau_tat.pk)
    assert (found.exact_id, found.candidates) == (None, ())


def test_taken_keys_are_asked_for_in_bulk(bank, yau_tat):
    asked = [(IdentifierKind.STOCK, "HKEX", f"{number:05d}") for number in range(1200, 1300)]
    assert taken(asked) == {("stock", "HKEX", "01234"): yau_tat.pk}


def test_match_keys_hold_names_phone_and_domain():
    keys = match_keys_of(names=["Yau Tat Textiles"], phone="+852 2345 6789", website="www.yautat.com")
    assert {"t23456789", "dyautat.com"} < keys
