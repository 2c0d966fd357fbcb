"""Clients, people and companies found as one types: in all scripts, ranked, within sight, at a fixed cost, by index."""

import re
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from crm.clients.finding import find_clients
from crm.clients.models import Client
from crm.clients.services import change_tier
from crm.companies.choices import IdentifierKind
from crm.companies.finding import find_companies, find_people
from crm.companies.indexing import rebuild_contact_keys, rebuild_keys
from crm.companies.models import Company, CompanyName, Contact, Coverage
from crm.companies.rules import NewIdentifier
from search import selectors
from tests import cast
from tests.companies.making import browser, client_of, company, contact, statements

LIMIT = 5


@pytest.fixture
def yau_tat(bank):
    numbers = (NewIdentifier(IdentifierKind.STOCK, "01234.HK"),)
    made = client_of(bank, "Yau Tat Textiles", "裕達紡織有限公司", numbers=numbers, phone="2345 6789", sector="Textiles")
    contact(bank, made.company, "CHAN Tai Man", name_zh="陳大文", mobile="9123 4567")
    return made


QUERIES = ["yau", "tat tex", "textiles yau", "裕達", "裕达纺织", "紡織", "ydfz", "1234", "01234", "2345 6789", "234567", "C-2026-00001"]


@pytest.mark.parametrize("name", ["rm", "head", "centre", "ho", "compliance", "finance", "lobby"])
def test_a_client_is_found_in_every_way_by_whoever_sees_it(bank, yau_tat, name):
    for query in QUERIES:
        assert [row.url for row in find_clients(bank.people[name], query, LIMIT)] == [f"/clients/{yau_tat.pk}/"], query
        assert [row.url for row in find_companies(bank.people[name], query, LIMIT)] == [f"/companies/{yau_tat.company_id}/"], query


@pytest.mark.parametrize("name", ["rm2", "arm", "sibling", "head2", "outsider", "analyst", "admin"])
def test_a_client_is_not_found_by_others(bank, yau_tat, name):
    for query in QUERIES:
        assert find_clients(bank.people[name], query, LIMIT) == []
    assert find_people(bank.people[name], "chan", LIMIT) == []


@pytest.mark.parametrize("name", ["rm", "head", "centre", "ho"])
def test_a_person_is_found_in_every_way(bank, yau_tat, name):
    for query in ("chan tai", "tai man", "man chan", "陳大", "大文", "cdw", "ctm", "chendawen"):
        assert [row.title for row in find_people(bank.people[name], query, LIMIT)] == ["CHAN Tai Man"], query


def test_a_person_is_found_by_phone_only_where_phones_are_read(bank, yau_tat):
    assert find_people(bank.rm, "91234567", LIMIT)
    assert find_people(bank.centre, "91234567", LIMIT)
    assert find_people(bank.ho, "91234567", LIMIT) == []


def test_finance_and_the_lobby_read_no_more_than_their_fields(bank, yau_tat):
    change_tier(client_id=yau_tat.pk, tier="B", reason="Chain hub", actor=bank.head, now=cast.NOW)
    assert [row.detail for row in find_clients(bank.finance, "yau", LIMIT)] == ["C-2026-00001"]
    assert [row.detail for row in find_clients(bank.lobby, "yau", LIMIT)] == ["Tier B"]
    assert [row.detail for row in find_clients(bank.rm, "yau", LIMIT)] == ["Tier B · Rm Lau"]
    assert [row.detail for row in find_companies(bank.lobby, "yau", LIMIT)] == [""]


def test_exact_codes_come_first_then_own_clients_then_the_beginning_of_the_name(bank):
    company_with_code = NewIdentifier(IdentifierKind.STOCK, "0088.HK")
    client_of(bank, "Harbour Crane Works", by="rm2")
    client_of(bank, "Silver Harbour Mills", by="rm")
    client_of(bank, "Harbour Light Foods", by="rm")
    found = [row.title for row in find_clients(bank.head, "harbour", LIMIT)]
    assert found == ["Harbour Crane Works", "Harbour Light Foods", "Silver Harbour Mills"]
    assert [row.title for row in find_clients(bank.rm, "harbour", LIMIT)] == ["Harbour Light Foods", "Silver Harbour Mills"]
    company(bank, "88 Rice Shops")
    company(bank, "Zhen Ding Metals", numbers=(company_with_code,))
    assert [row.title for row in find_companies(bank.rm, "88", LIMIT)] == ["Zhen Ding Metals", "88 Rice Shops"]


def test_an_exact_code_is_found_among_hundreds_that_begin_alike(bank):
    rows = Company.objects.bulk_create(
        Company(name_en=f"88 Rice Shop Number {number}", sort_key=f"88 {number:04}") for number in range(400)
    )
    CompanyName.objects.bulk_create(CompanyName(company=row, text=row.name_en, core=row.sort_key) for row in rows)
    rebuild_keys([row.pk for row in rows], fresh=True)
    wanted = client_of(bank, "Zhen Ding Metals", numbers=(NewIdentifier(IdentifierKind.STOCK, "0088.HK"),))
    for name in ("rm", "ho", "lobby"):
        assert find_companies(bank.people[name], "88", LIMIT)[0].url == f"/companies/{wanted.company_id}/"
        assert find_clients(bank.people[name], "88", LIMIT)[0].url == f"/clients/{wanted.pk}/"


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
@pytest.mark.parametrize("typed", ["log visit", "記錄拜訪", "记录拜访", "import dir", "new prospect"])
def test_commands_are_found_by_their_words_in_every_language_and_shown_in_the_readers(bank, language, typed):
    with override(language):
        found = selectors.commands(bank.rm, typed)
        assert found, typed
        assert all(str(command.label) for command in found)
        if typed in {"log visit", "記錄拜訪", "记录拜访"}:
            assert "visits:visit_create" in {command.url_name for command in found}
        assert selectors.commands(bank.rm, "visit zzz") == []


def test_the_palette_answers_in_one_small_request(bank, yau_tat):
    for number in range(40):
        client_of(bank, f"Yau Number{number} Works")
    who = browser(bank.rm)
    answer = who.get("/search/palette/?q=yau")
    assert answer.status_code == 200
    assert len(answer.content) < 15 * 1024
    for query in ("yau", "yau works", "0001", "裕達"):
        assert statements(who, f"/search/palette/?q={query}") <= 8
        assert statements(who, f"/search/?q={query}") <= 10


@pytest.fixture
def many(bank, yau_tat):
    """Two thousand companies named alike, a third of them clients with a person, so that a plan that reads them all shows."""
    rows = Company.objects.bulk_create(
        Company(name_en=f"China Harbour {number} Limited", sort_key=f"china harbour {number}") for number in range(2_000)
    )
    CompanyName.objects.bulk_create(CompanyName(company=row, text=row.name_en, core=row.sort_key) for row in rows)
    rebuild_keys([row.pk for row in rows], fresh=True)
    posts = [bank.post(name) for name in ("rm", "rm2", "sibling", "outsider")]
    taken = [(row, posts[number % 4]) for number, row in enumerate(rows[:700])]
    whose = [(row, {"owner": post.user, "team": post.unit, "centre": post.unit.centre}, post) for row, post in taken]
    Coverage.objects.bulk_create(Coverage(company=row, kind="client", post=post, from_at=cast.NOW, **own) for row, own, post in whose)
    Client.objects.bulk_create(
        Client(company=row, number=f"X{row.pk}", sort_key=row.sort_key, opened_on=cast.NOW.date(), **own) for row, own, _ in whose
    )
    people = Contact.objects.bulk_create(Contact(company=row, name_en=f"CHINA Man {row.pk}", sort_key="china") for row, *_ in whose)
    rebuild_contact_keys(people)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL rightly scans small tables")
def test_finders_never_scan_a_table_with_statistics_and_without(bank, many):
    """No plan reads companies, clients, people, coverage or keys from end to end. A bounded list of keys may be read through."""
    readers, queries = ("rm", "head", "centre", "ho", "lobby"), ("china", "yau", "china harbour 77", "harbour china")
    for setting in ("DELETE FROM sqlite_stat1", "ANALYZE"):
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute(setting)
            cursor.execute("ANALYZE sqlite_schema")
        for find, name, query in product((find_clients, find_companies, find_people), readers, queries):
            with CaptureQueriesContext(connection) as seen:
                found = find(bank.people[name], query, LIMIT)
            assert len(found) <= LIMIT
            reads = [entry["sql"] for entry in seen if "companies_" in entry["sql"]]
            assert len(reads) <= 1
            for sql in reads:
                with connection.cursor() as cursor:
                    cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
                    plan = [row[3] for row in cursor.fetchall()]
                scans = [step for step in plan if re.match(r"SCAN (companies_|clients_|[UVW]\d)", step)]
                assert scans == [], (find.__name__, name, query, setting, plan)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")
