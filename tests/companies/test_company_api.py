"""Companies, clients and people through the API: the contract's shapes, the pages' services, visibility and sights."""

from urllib.parse import quote

import pytest

from crm.clients.services import change_tier
from crm.companies.choices import IdentifierKind
from crm.companies.models import Company, Contact
from crm.companies.rules import NewIdentifier
from tests import cast
from tests.companies.making import ask, client_of, company, contact

DATA = {"phone", "mobile", "email", "birthday", "note"}


@pytest.fixture
def yau_tat(bank):
    numbers = (NewIdentifier(IdentifierKind.STOCK, "01234.HK"),)
    return client_of(bank, "Yau Tat Textiles", "裕達紡織", numbers=numbers, sector="Textiles")


@pytest.mark.parametrize(
    "query", ["exchange=HKEX&code=1234", "exchange=SEHK&code=01234", "code=1234.HK", "q=yau", "q=裕达", "exchange=HKEX"]
)
def test_a_company_is_found_by_code_and_name(bank, yau_tat, query):
    company(bank, "Golden Harbour Shipping")
    answer = ask(bank.analyst, f"companies?{query}").json()
    assert answer["next"] is None
    (item,) = answer["items"]
    assert item == {
        **{"id": yau_tat.company_id, "name": "Yau Tat Textiles", "name_en": "Yau Tat Textiles", "name_zh": "裕達紡織"},
        **{"url": f"/companies/{yau_tat.company_id}/", "sector": "Textiles", "industry": "", "country": "", "jurisdiction": "", "city": ""},
        **{"phone": "", "website": "", "email": "", "incorporated_on": None, "listed_on": None, "version": 1},
        "identifiers": [
            {"kind": "stock", "scope": "HKEX", "value": "01234"},
            {"kind": "customer", "scope": "", "value": "C-2026-00001"},
        ],
    }


def test_a_code_that_is_none_is_said_so(bank, yau_tat):
    assert ask(bank.rm, "companies?exchange=HKEX&code=ABC").status_code == 422
    assert ask(bank.rm, "companies?exchange=Mars&code=1").status_code == 422
    assert ask(bank.rm, "companies?exchange=HKEX&code=999").json()["items"] == []


def test_digits_that_only_look_like_a_code_are_refused(bank, yau_tat):
    for code in ("99²", "٩٩٩"):
        assert ask(bank.rm, f"companies?exchange=HKEX&code={quote(code)}").status_code == 422
        body = {"name_en": "Ocean Bright", "identifiers": [{"kind": "stock", "value": code, "scope": "HKEX"}]}
        refused = ask(bank.rm, "companies", body)
        assert (refused.status_code, code in refused.json()["error"]["message"]) == (422, True)
    assert Company.objects.count() == 1


def test_the_lobby_reads_names_and_administrators_nothing(bank, yau_tat):
    assert set(ask(bank.lobby, f"companies/{yau_tat.company_id}").json()) == {"id", "name", "name_en", "name_zh", "url"}
    assert ask(bank.lobby, "companies?exchange=HKEX").json()["items"] == []
    assert ask(bank.admin, "companies").status_code == 403
    assert ask(bank.admin, f"companies/{yau_tat.company_id}").status_code == 404


def test_a_company_is_registered_once_per_key_and_corrected_by_version(bank):
    body = {"name_en": "Ocean Bright", "identifiers": [{"kind": "stock", "value": "0777.HK"}], "sector": "Shipping"}
    first = ask(bank.rm, "companies", body, **{"Idempotency-Key": "a"})
    again = ask(bank.rm, "companies", body, **{"Idempotency-Key": "a"})
    assert (first.status_code, first.json()) == (201, again.json())
    assert Company.objects.count() == 1
    assert ask(bank.rm, "companies", body | {"sector": "X"}, **{"Idempotency-Key": "a"}).status_code == 422
    taken = ask(bank.rm2, "companies", body | {"name_en": "Quite Another"})
    assert (taken.status_code, taken.json()["error"]["code"]) == (422, "taken")
    made = first.json()["id"]
    changed = ask(bank.rm, f"companies/{made}", {"city": "Kowloon", "version": 1}, method="PATCH")
    assert (changed.json()["city"], changed.json()["sector"], changed.json()["version"]) == ("Kowloon", "Shipping", 2)
    assert ask(bank.rm, f"companies/{made}", {"city": "Sha Tin", "version": 1}, method="PATCH").status_code == 409
    assert ask(bank.rm, f"companies/{made}", {"city": "Kowloon", "version": 2}, method="PATCH").json()["version"] == 2
    assert ask(bank.analyst, "companies", body).status_code == 403


def test_clients_carry_the_fields_that_the_reader_sees(bank, yau_tat):
    change_tier(client_id=yau_tat.pk, tier="B", reason="Chain hub", actor=bank.head, now=cast.NOW)
    identity = {"id", "name", "name_en", "name_zh", "url"}
    assert set(ask(bank.finance, f"clients/{yau_tat.pk}").json()) == identity | {"number"}
    assert set(ask(bank.lobby, "clients").json()["items"][0]) == identity | {"tier"}
    whole = ask(bank.rm, "clients?tier=B").json()["items"][0]
    assert (whole["owner"], whole["tier"], whole["number"], whole["company_id"]) == ("rm", "B", "C-2026-00001", yau_tat.company_id)
    assert ask(bank.rm, "clients?tier=A").json()["items"] == []
    assert ask(bank.rm, "clients?tier=Z").json()["error"]["fields"] == {"tier": "One of: 'A', 'B', 'C', 'D'."}
    assert ask(bank.rm, "clients?status=gone").status_code == 422
    assert len(ask(bank.finance, "clients?tier=A").json()["items"]) == 1
    for name in ("rm2", "outsider", "analyst", "editor"):
        assert ask(bank.people[name], f"clients/{yau_tat.pk}").status_code == 404, name


def test_clients_change_through_the_same_services(bank, yau_tat):
    base = f"clients/{yau_tat.pk}"
    assert ask(bank.head, f"{base}/tier", {"tier": "A", "reason": "Key client"}).json()["tier"] == "A"
    assert ask(bank.rm, f"{base}/tier", {"tier": "B", "reason": "No"}).status_code == 403
    assert ask(bank.rm, f"{base}/kyc", {"risk": "high", "reviewed_on": "2026-11-23"}).json()["kyc_risk"] == "high"
    assert ask(bank.rm, f"{base}/status", {"status": "active"}).json()["status"] == "active"
    assert ask(bank.rm, f"{base}/status", {"status": "active"}).status_code == 409
    assert ask(bank.outsider, f"{base}/status", {"status": "closed", "reason": "x"}).status_code == 404


def test_people_come_without_data_for_head_office_and_not_at_all_for_strangers(bank, yau_tat):
    person = contact(bank, yau_tat.company, "CHAN Tai Man", phone="2345 1111")
    assert ask(bank.rm, f"contacts/{person.pk}").json()["phone"] == "2345 1111"
    for answer in (ask(bank.ho, f"contacts/{person.pk}").json(), ask(bank.ho, "contacts").json()["items"][0]):
        assert answer["name"] == "CHAN Tai Man"
        assert not DATA & set(answer)
    assert ask(bank.ho, "contacts?q=23451111").json()["items"] == []
    assert len(ask(bank.rm, "contacts?q=23451111").json()["items"]) == 1
    assert ask(bank.outsider, f"contacts/{person.pk}").status_code == 404
    assert ask(bank.outsider, "contacts").json()["items"] == []
    assert ask(bank.lobby, "contacts").status_code == 403


def test_people_are_added_changed_and_opt_out_through_the_same_services(bank, yau_tat):
    body = {"company_id": yau_tat.company_id, "name_en": "LEE Ka Yan", "role": "cfo"}
    made = ask(bank.rm, "contacts", body)
    assert made.status_code == 201
    refused = ask(bank.rm, "contacts", body | {"birthday": "1980-01-01"})
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (422, ["birthday"])
    assert ask(bank.ho, "contacts", body).status_code == 403
    assert ask(bank.admin, "contacts", body).status_code == 404
    address = f"contacts/{made.json()['id']}"
    changed = ask(bank.rm, address, {"title": "CFO", "version": 1}, method="PATCH").json()
    assert (changed["title"], changed["role"], changed["version"]) == ("CFO", "cfo", 2)
    assert ask(bank.rm, address, {"title": "Director", "version": 1}, method="PATCH").status_code == 409
    assert ask(bank.rm, address, {"title": "CFO", "version": 2}, method="PATCH").json()["version"] == 2
    assert ask(bank.rm, f"{address}/opt_outs", {"channel": "phone"}).json()["opt_outs"] == ["phone"]
    assert Contact.objects.get().refuses("phone")


def test_lists_come_in_pages(bank):
    for name in ("Ocean Bright", "Golden Harbour", "Silver Crane"):
        company(bank, name)
    first = ask(bank.rm, "companies?limit=2").json()
    second = ask(bank.rm, f"companies?limit=2&cursor={first['next']}").json()
    assert [item["name"] for item in first["items"] + second["items"]] == ["Golden Harbour", "Ocean Bright", "Silver Crane"]
    assert second["next"] is None


def test_an_exchange_that_is_none_is_said_so_without_a_code_too(bank, yau_tat):
    answer = ask(bank.rm, "companies?exchange=Mars")
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"] == {"exchange": "The exchange Mars is not known."}
    assert [row["id"] for row in ask(bank.rm, "companies?exchange=HKG").json()["items"]] == [yau_tat.company_id]
