"""The register, a pack's page, its forms, the API: what each person gets."""

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from credit.packs import services
from credit.packs.choices import State
from credit.packs.models import Facility, Pack, Security
from crm.staff.services import create_token
from tests.cast import NOW
from tests.credit import making
from tests.forms import sent_with_version


def page(pack: Pack) -> str:
    return reverse("packs:pack_detail", args=[pack.pk])


def test_the_page_of_a_draft_says_what_it_asks_for_and_costs_fourteen_statements_at_most(bank, browse):
    pack = making.in_docs(bank)
    guarantor = making.party(bank, pack, person_name="Chan Tai Man")
    making.security(bank, pack, provider_id=guarantor.pk)
    browser = browse(bank.rm)
    browser.get(page(pack))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = browser.get(page(pack))
    text = answer.content.decode()
    assert all(words in text for words in ("Golden Hill Foods", "Trust receipt", "HK$ 30.0m", "Chan Tai Man", "Shop at 8", "Version 1"))
    assert len(asked) <= 14, "\n".join(query["sql"][:160] for query in asked)


def test_a_card_that_costs_more_loads_by_itself(bank, browse):
    pack = making.in_docs(bank)
    where = reverse("packs:pack_card", args=[pack.pk, "exposure"])
    browser = browse(bank.rm)
    assert where in browser.get(page(pack)).content.decode()
    assert "Golden Hill Foods" in browser.get(where, {"version": "1"}).content.decode()
    for slug in ("facilities", "nothing"):
        assert browser.get(reverse("packs:pack_card", args=[pack.pk, slug])).status_code == 404
    assert browse(bank.outsider).get(where).status_code == 404


@pytest.mark.parametrize("state", [State.DOCS, State.HANDED_OFF, State.AVAILABLE])
def test_each_card_that_the_page_leaves_for_later_is_there(bank, browse, state):
    pack = making.in_docs(bank)
    if state != State.DOCS:
        making.sealed(pack, state=state)
    for person in (bank.rm, bank.head, bank.analyst, bank.compliance, bank.cad):
        browser = browse(person)
        answer = browser.get(page(pack))
        later = re.findall(r"/credit/packs/\d+/cards/[^\"&]+", answer.content.decode()) if answer.status_code == 200 else []
        assert [where for where in later if browser.get(where).status_code != 200] == []
    offered = set(re.findall(r"/cards/(\w+)/", browse(bank.rm).get(page(pack)).content.decode()))
    assert offered == ({"exposure", "covenants"} if state == State.AVAILABLE else {"exposure"})


def test_credit_reads_the_sealed_version_and_not_the_open_one(bank, browse):
    pack = making.in_docs(bank)
    making.sealed(pack)
    services.open_version(pack_id=pack.pk, reason="More", actor=bank.rm, now=NOW)
    making.facility(bank, pack, "LC", "9000000")
    seen = browse(bank.analyst).get(f"{page(pack)}?version=2").content.decode()
    assert "Trust receipt" in seen
    assert "Import letter of credit" not in seen
    assert "Import letter of credit" in browse(bank.rm).get(page(pack)).content.decode()


def test_the_register_finds_by_number_and_filters_by_facility(bank, browse):
    pack = making.in_docs(bank)
    other = making.pack(bank, making.company(bank, name="Silver Bay Marine", name_zh="銀灣海事"))
    browser = browse(bank.rm)
    register = reverse("packs:pack_list")
    for query, wanted in (({"q": "gh-2026"}, pack), ({"q": "SB-2026"}, other), ({"facility": "TR"}, pack), ({"state": "draft"}, other)):
        text = browser.get(register, query).content.decode()
        assert wanted.number in text
        assert ({pack, other} - {wanted}).pop().number not in text


def test_the_register_adds_up_what_is_asked_for_in_one_currency(bank, browse):
    first = making.in_docs(bank)
    making.facility(bank, making.pack(bank, first.company), "OD", "1500000")
    assert "HK$ 31,500,000.00" in browse(bank.rm).get(reverse("packs:pack_list")).content.decode()


def test_a_pack_is_begun_and_filled_from_the_pages(bank, browse):
    company = making.company(bank)
    browser = browse(bank.rm)
    new = f"{reverse('packs:pack_create')}?company={company.pk}"
    assert "Fixed for this pack" in browser.get(new).content.decode()
    answer = browser.post(new, {"kind": "increase", "client_types": ["company"], "segment": "sme", "authorship": "A"})
    pack = Pack.objects.get()
    assert answer.url == page(pack)
    browser.post(
        reverse("packs:facility_create", args=[pack.pk]),
        {"type_code": "OD", "currency": "HKD", "amount": "2000000", "tenor_months": "12", "purpose": "Working capital"},
    )
    facility = Facility.objects.get()
    change = reverse("packs:facility_update", args=[facility.pk])
    assert "Working capital" in browser.get(change).content.decode()
    nothing = {"type_code": "OD", "currency": "HKD", "amount": "0", "tenor_months": "12", "purpose": "x"}
    wrong = sent_with_version(browser, change, nothing)
    assert wrong.status_code == 422
    assert "An amount is above zero." in wrong.content.decode()
    browser.post(reverse("packs:security_create", args=[pack.pk]), {"kind": "deposit", "description": "Time deposit", "value": "500000"})
    assert Security.objects.get().haircut_percent == 0
    browser.post(reverse("packs:party_create", args=[pack.pk]), {"role": "guarantor", "person_name": "Chan Tai Man"})
    assert "Chan Tai Man" in browser.get(page(pack)).content.decode()
    browser.post(reverse("packs:start_docs", args=[pack.pk]))
    pack.refresh_from_db()
    assert (pack.state, pack.requested) == (State.DOCS, 2_000_000)


def test_without_a_company_one_picks_it_among_those_one_looks_after(bank, browse):
    making.company(bank)
    making.company(bank, "outsider", name="Far Away Metals", name_zh="遠方金屬")
    text = browse(bank.rm).get(reverse("packs:pack_create")).content.decode()
    assert "Golden Hill Foods" in text
    assert "Far Away Metals" not in text


def test_versions_are_compared_on_a_page_of_their_own(bank, browse):
    pack = making.in_docs(bank)
    making.sealed(pack)
    services.open_version(pack_id=pack.pk, reason="More", actor=bank.rm, now=NOW)
    making.facility(bank, pack, "LC", "9000000")
    where = reverse("packs:version_compare", args=[pack.pk])
    seen = browse(bank.rm).get(where).content.decode()
    assert "Facilities · Import letter of credit · amount" in seen
    assert "<ins>9,000,000.00</ins>" in seen
    assert browse(bank.analyst).get(where, {"old": "1", "new": "2"}).status_code == 404


def test_the_steps_so_far_are_a_page(bank, browse):
    pack = making.in_docs(bank)
    assert "Papers asked for" in browse(bank.rm).get(reverse("packs:pack_events", args=[pack.pk])).content.decode()


@pytest.mark.parametrize("name", ["finance", "lobby", "editor", "admin"])
def test_who_reads_no_packs_is_told_so(bank, browse, name):
    assert browse(bank.people[name]).get(reverse("packs:pack_list")).status_code == 403


def _api(user) -> Client:
    return Client(headers={"authorization": f"Bearer {create_token(user=user, scopes=('read', 'write'))}"})


def test_the_api_lists_begins_and_reads_packs(bank, still):
    company = making.company(bank)
    client = _api(bank.rm)
    body = {"company_id": company.pk, "kind": "new", "authorship": "B", "segment": "corporate", "client_types": ["company", "listed"]}
    made = client.post("/api/v1/packs", json.dumps(body), content_type="application/json", headers={"idempotency-key": "a" * 32})
    assert made.status_code == 201, made.content
    assert made.json()["versions"][0]["state"] == "draft"
    making.facility(bank, Pack.objects.get())
    one = client.get(f"/api/v1/packs/{made.json()['id']}").json()
    assert one["request"]["facilities"]["TR-1"]["amount"] == "30000000.00"
    listed = client.get("/api/v1/packs", {"q": "GH-2026"}).json()
    assert [row["number"] for row in listed["items"]] == [one["number"]]
    assert _api(bank.analyst).get(f"/api/v1/packs/{one['id']}").status_code == 404
