"""Pages of clients: what each role sees on page, list, export and history; forms and refusals; statements and bytes."""

import csv
import datetime as dt
import gzip
import io

import pytest

from crm.clients import services
from crm.clients.choices import ClientStatus, Tier
from crm.clients.models import Client
from crm.companies.models import Company
from crm.kernel.contributions import Invariant, of
from crm.kernel.worklist import TimelineRow, WorkItem
from tests import cast
from tests.companies.making import browser, client_of, company, contact, statements, text
from tests.forms import sent_with_version

KB = 1024
WHOLE = {"rm", "head", "centre", "ho", "ho2", "compliance", "compliance2", "auditor"}
BY_NAME = {"finance", "lobby", "branch"}


@pytest.fixture
def yau_tat(bank):
    made = client_of(bank, "Yau Tat Textiles", "裕達紡織", sector="Spinning")
    services.change_tier(client_id=made.pk, tier=Tier.B, reason="Chain hub", actor=bank.head, now=cast.NOW)
    Company.objects.filter(pk=made.company_id).update(last_contact_at=cast.NOW, last_met_at=cast.NOW)
    return made


def main(response) -> str:
    return text(response).split("<main")[-1]


def rows(response):
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def test_a_client_opens_with_the_timeline_of_its_own_company(bank, yau_tat):
    company(bank, "Only known by name")
    client = client_of(bank, "Wah Kong Logistics")
    assert client.pk != client.company_id
    for owner, title in ((yau_tat, "Tea with the owner"), (client, "Port visit")):
        TimelineRow.objects.create(company_id=owner.company_id, kind="visit", at=cast.NOW, title=title, owner=bank.rm, actor=bank.rm)
    opened = main(browser(bank.rm).get(f"/clients/{client.pk}/"))
    assert "Port visit" in opened
    assert "Tea with the owner" not in opened


@pytest.mark.parametrize("name", sorted(cast.PEOPLE))
def test_each_role_sees_of_a_client_what_domain_1_2_says(bank, yau_tat, name):
    who = browser(bank.people[name])
    page, listed = who.get(f"/clients/{yau_tat.pk}/"), who.get("/clients/?view=all")
    assert page.status_code == (200 if name in WHOLE | BY_NAME else 404)
    assert listed.status_code == (200 if name in WHOLE | BY_NAME | {"arm", "rm2", "sibling", "outsider", "head2", "outhead"} else 403)
    assert ("Yau Tat" in main(listed)) == (name in WHOLE | BY_NAME)
    if name in BY_NAME:
        for shown in (main(page), main(listed)):
            assert ("C-2026-00001" in shown) == (name == "finance")
            assert ("Tier B" in shown) == (name != "finance")
            for hidden in (f">{bank.rm.name}<", "Active", "Opening accounts", "Medium", "KYC", "Spinning", "Timeline", "Chain hub"):
                assert hidden not in shown, hidden
        expected = {"Customer number": "C-2026-00001"} if name == "finance" else {"Tier": "Tier B"}
        exported = rows(who.post("/clients/?view=all", {"export": "csv"}))
        known = {"Client": "Yau Tat Textiles", "Client: other script": "裕達紡織"}
        assert [{key.capitalize() if key != "Client: other script" else key: value for key, value in row.items()} for row in exported] == [
            known | expected
        ]
        for part in ("history", "tiers"):
            assert who.get(f"/clients/{yau_tat.pk}/{part}/").status_code == 403


def test_finance_and_the_lobby_cannot_filter_or_sort_by_what_they_do_not_see(bank, yau_tat):
    client_of(bank, "Golden Harbour Shipping")
    for name, address in (("finance", "tier=A"), ("finance", "status=closed"), ("lobby", "status=closed"), ("lobby", "kyc_risk=high")):
        assert "Yau Tat" in main(browser(bank.people[name]).get(f"/clients/?{address}")), (name, address)
    assert "Yau Tat" not in main(browser(bank.lobby).get("/clients/?tier=C"))
    order = main(browser(bank.lobby).get("/clients/?sort=-last_contact"))
    assert order.index("Golden") < order.index("Yau Tat")


def test_the_list_narrows_by_tier_status_owner_and_kyc(bank, yau_tat):
    client_of(bank, "Golden Harbour Shipping", by="rm2")
    who = browser(bank.head)
    for address in ("tier=B", "owner=" + str(bank.rm.pk), "last_contact_after=2026-03-01", "q=yau", "q=ydfz", "q=C-2026-00001"):
        shown = main(who.get(f"/clients/?{address}"))
        assert "Yau Tat" in shown, address
        assert "Golden" not in shown, address
    assert "Yau Tat" not in main(who.get("/clients/?status=active"))
    assert "Yau Tat" in main(browser(bank.rm).get("/clients/?owner=me"))
    assert "Golden" in main(who.get("/clients/?kyc_due_on_before=2029-01-01"))


def test_the_page_shows_facts_next_step_and_the_parts_of_other_features(bank, yau_tat):
    WorkItem.objects.create(
        kind="task", title="Send the fee sheet", company=yau_tat.company, assignee=bank.rm, due_at=cast.NOW + dt.timedelta(days=1)
    )
    page = main(browser(bank.rm).get(f"/clients/{yau_tat.pk}/"))
    for shown in ("裕達紡織", "2026", "Tier B", "Spinning", "Send the fee sheet", "Chain hub", "Log a visit", "?tab=visits"):
        assert shown in page, shown
    assert "Send the fee sheet" not in main(browser(bank.head).get(f"/clients/{yau_tat.pk}/"))


def test_the_parts_of_a_clients_page_are_those_of_its_own_company_and_of_no_other(bank):
    other = company(bank, "Golden Harbour Shipping")
    client = client_of(bank, "Yau Tat Textiles")
    assert client.company_id != client.pk  # else one could be shown for the other and nobody would notice
    contact(bank, client.company, "CHAN Tai Man")
    for owned, title in ((other, "Unloaded at Kwai Chung"), (client.company, "Walked the dye house")):
        TimelineRow.objects.create(company=owned, kind="visit", at=cast.NOW, title=title, owner=bank.rm, actor=bank.rm)
    who = browser(bank.rm)
    for tab, shown in (("timeline", "Walked the dye house"), ("people", "CHAN Tai Man"), ("names", "Yau Tat Textiles")):
        part = main(who.get(f"/clients/{client.pk}/?tab={tab}")).split("tabs", 1)[-1]
        assert shown in part, tab
        assert "Golden" not in part, tab
        assert "Kwai Chung" not in part, tab


def test_a_company_leads_to_its_client_only_for_who_sees_the_client(bank, yau_tat):
    link = f'href="/clients/{yau_tat.pk}/"'
    for name, expected in (("rm", True), ("lobby", True), ("outsider", False), ("analyst", False)):
        assert (link in main(browser(bank.people[name]).get(f"/companies/{yau_tat.company_id}/"))) == expected, name


def test_history_says_who_changed_what_with_contact_data_only_for_those_who_see_them(bank, yau_tat):
    person = contact(bank, yau_tat.company, "CHAN Tai Man", phone="2345 1111")
    whole = main(browser(bank.rm).get(f"/clients/{yau_tat.pk}/?tab=history"))
    for shown in ("Tier C", "Tier B", "Chain hub", "Head", "CHAN Tai Man", "2345 1111"):
        assert shown in whole, shown
    masked = main(browser(bank.ho).get(f"/clients/{yau_tat.pk}/?tab=history"))
    assert person.name_en in masked
    assert "2345 1111" not in masked


def test_tier_kyc_and_status_by_form(bank, yau_tat):
    head, base = browser(bank.head), f"/clients/{yau_tat.pk}"
    assert browser(bank.rm).get(f"{base}/tier/").status_code == 403
    assert sent_with_version(head, f"{base}/tier/", {"tier": "A", "reason": ""}).status_code == 422
    assert sent_with_version(head, f"{base}/tier/", {"tier": "A", "reason": "Key client"}).url == f"{base}/"
    assert "Key client" in main(head.get(f"{base}/?tab=tiers"))
    assert sent_with_version(browser(bank.compliance), f"{base}/kyc/", {"risk": "high", "reviewed_on": "2026-03-04"}).status_code == 302
    assert head.post(f"{base}/status/", {"status": "dormant"}).status_code == 422
    assert head.post(f"{base}/status/", {"status": "active"}).status_code == 302
    yau_tat.refresh_from_db()
    assert (yau_tat.tier, yau_tat.kyc_risk, yau_tat.status) == (Tier.A, "high", ClientStatus.ACTIVE)
    for part in ("tier", "kyc", "status"):
        assert browser(bank.outsider).get(f"{base}/{part}/").status_code == 404


def test_a_client_page_costs_at_most_fourteen_statements_however_much_happened(bank, yau_tat):
    contact(bank, yau_tat.company, "CHAN Tai Man")
    who, base = browser(bank.rm), f"/clients/{yau_tat.pk}/"
    addresses = [base, *(f"{base}?tab={tab}" for tab in ("people", "names", "members", "tiers", "history", "visits")), "/clients/?view=all"]
    few = {address: statements(who, address) for address in addresses}
    TimelineRow.objects.bulk_create(
        TimelineRow(company=yau_tat.company, kind="visit", at=cast.NOW, title=f"Visit {n}", owner=bank.rm, actor=bank.rm) for n in range(60)
    )
    for number in range(20):
        contact(bank, yau_tat.company, f"CHAN Number{number}")
        client_of(bank, f"Harbour Number{number} Works")
    assert {address: statements(who, address) for address in addresses} == few
    assert max(few.values()) <= 14, few
    assert few["/clients/?view=all"] <= 10, few


def test_pages_stay_small(bank, yau_tat):
    TimelineRow.objects.bulk_create(
        TimelineRow(company=yau_tat.company, kind="visit", at=cast.NOW, title=f"Visit {n} " + "x" * 200, owner=bank.rm, actor=bank.rm)
        for n in range(60)
    )
    for number in range(60):
        row = Client(
            **{f.attname: getattr(yau_tat, f.attname) for f in Client._meta.concrete_fields if f.attname not in ("id", "company_id")}
        )
        row.company = Company.objects.create(name_en=f"Harbour {number} Limited", name_zh=f"海港{number}有限公司", sort_key=f"h{number}")
        row.number = f"X{number}"
        row.save()
    who = browser(bank.rm)
    assert len(gzip.compress(who.get("/clients/?view=all").content)) < 25 * KB
    assert len(gzip.compress(who.get(f"/clients/{yau_tat.pk}/").content)) < 40 * KB


def test_the_invariants_hold_and_notice_what_is_broken(bank, yau_tat):
    contact(bank, yau_tat.company, "CHAN Tai Man")
    own = [item for item in of(Invariant) if item.code.split(".")[0] in ("companies", "clients")]
    assert {item.code for item in own} == {"companies.keys", "companies.merged_keys", "clients.coverage", "clients.tiers", "clients.order"}
    assert [sentence for item in own for sentence in item.broken()] == []
    Client.objects.update(owner=bank.rm2, tier=Tier.D, sort_key="zzz")
    Company.key_model().objects.all().delete()
    merged = Company.objects.create(name_en="Yau Tat (old)", sort_key="yau tat old", merged_into=yau_tat.company)
    Company.key_model().objects.create(company=merged, key="yau tat old")
    assert {item.code for item in own if list(item.broken())} == {item.code for item in own}
