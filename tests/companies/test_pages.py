"""Pages of companies, people and groups: what each role sees, forms and their refusals, statements and bytes."""

import csv
import datetime as dt
import gzip
import io
import re
import uuid

import pytest

from crm.companies import services
from crm.companies.choices import Channel, IdentifierKind, NameKind
from crm.companies.models import Company, CompanyGroup, Contact, SourceRecord
from crm.companies.rules import NewAddress, NewIdentifier
from crm.kernel.worklist import TimelineRow
from tests import cast
from tests.companies.making import browser, company, contact, covered, statements, text
from tests.forms import sent_with_version

KB = 1024
PHONE, MOBILE, MAIL = "2345 1111", "9123 4567", "tm.chan@yautat.example"


@pytest.fixture
def yau_tat(bank):
    numbers = (NewIdentifier(IdentifierKind.STOCK, "01234.HK"),)
    made = covered(bank, "Yau Tat Textiles", "裕達紡織", numbers=numbers, sector="Textiles", phone="2345 6789")
    SourceRecord.objects.create(company=made, source="HKEX", row_key="1234", as_of=dt.date(2026, 1, 2), facts={"Board lot": "500"})
    return made


@pytest.fixture
def person(bank, yau_tat):
    return contact(bank, yau_tat, "CHAN Tai Man", phone=PHONE, mobile=MOBILE, email=MAIL, birthday=dt.date(1970, 5, 1), note="Golf")


def rows(response):
    """An export's rows."""
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_everybody_but_administrators_reads_directory_facts_and_the_lobby_names_alone(bank, yau_tat):
    for name, user in bank.people.items():
        answer = browser(user).get(f"/companies/{yau_tat.pk}/")
        listed = browser(user).get("/companies/?view=all")
        if name in ("admin", "admin2"):
            assert (answer.status_code, listed.status_code) == (404, 403)
            continue
        assert "Yau Tat Textiles" in text(listed)
        shown = name not in ("lobby", "branch")
        for page in (text(answer), text(listed)):
            assert ("2345 6789" in page) == shown, name
            assert ("01234" in page) == shown, name


def test_an_export_of_companies_holds_what_the_list_shows(bank, yau_tat):
    full = rows(browser(bank.analyst).post("/companies/?view=all", {"export": "csv"}))
    assert [(row["Company"], row["Phone"], row["Stock code"]) for row in full] == [("Yau Tat Textiles", "2345 6789", "HKEX:01234")]
    assert rows(browser(bank.lobby).post("/companies/?view=all", {"export": "csv"})) == [
        {"Company": "Yau Tat Textiles", "Company: other script": "裕達紡織"}
    ]


def test_the_lobby_cannot_filter_or_sort_by_facts(bank, yau_tat):
    page = browser(bank.lobby)
    assert "Yau Tat" in text(page.get("/companies/?sector=Nothing"))
    assert "Yau Tat" not in text(page.get("/companies/?q=nobody"))
    assert "Yau Tat" not in text(browser(bank.rm).get("/companies/?sector=Nothing"))
    assert browser(bank.lobby).get(f"/companies/{yau_tat.pk}/names/").status_code == 403


def test_a_standard_sector_reads_in_the_readers_language_in_lists_pages_and_exports(bank, yau_tat):
    held = company(bank, "Golden Harbour Shipping", sector="Industrials")
    bank.rm.language = "zh-hant"
    bank.rm.save()
    page = browser(bank.rm)
    for answer in (page.get("/companies/?sector=Industrials"), page.get(held.get_absolute_url())):
        assert "工業" in text(answer)
    assert "Industrials" not in text(answer)
    assert "Textiles" in text(page.get("/companies/?sector=Textiles"))
    exported = b"".join(page.post("/companies/?sector=Industrials", {"export": "csv"}))
    assert "工業" in exported.decode("utf-8-sig")


def test_lists_narrow_by_sector_exchange_and_own_book(bank, yau_tat):
    company(bank, "Golden Harbour Shipping", sector="Shipping")
    page = browser(bank.rm)
    assert "Golden" not in text(page.get("/companies/?sector=Textiles"))
    company(bank, "Harbour Bank", sector="Financials")
    for typed in ("fin", "金融", "Financials"):
        found = text(page.get(f"/companies/?sector={typed}"))
        assert "Harbour Bank" in found, typed
        assert "Yau Tat" not in found, typed
        assert "Sector: Financials" in found, typed
    assert "Golden" not in text(page.get("/companies/?exchange=HKEX"))
    assert "Golden" not in text(page.get("/companies/?mine=true"))
    assert "Yau Tat" not in text(page.get("/companies/?mine=false"))
    assert "Yau Tat" in text(page.get("/companies/?q=ydfz"))


OURS = {"rm", "head", "centre", "ho", "ho2", "compliance", "compliance2", "auditor"}


@pytest.mark.parametrize("name", ["rm", "head", "ho", "compliance", "rm2", "outsider", "analyst", "finance", "editor", "ops"])
def test_only_those_who_look_after_it_get_timeline_people_and_history(bank, yau_tat, person, name):
    who = browser(bank.people[name])
    page = text(who.get(f"/companies/{yau_tat.pk}/"))
    for tab in ("Timeline", "People", "History"):
        assert (f"?tab={tab.lower()}" in page) == (name in OURS)
    assert ("CHAN" in text(who.get(f"/companies/{yau_tat.pk}/timeline/"))) == (name in OURS)
    assert (who.get(f"/companies/{yau_tat.pk}/history/").status_code == 200) == (name in OURS)
    assert ("CHAN" in text(who.get(f"/companies/{yau_tat.pk}/people/"))) == (name in OURS)
    assert text(who.get(f"/companies/{yau_tat.pk}/?tab=history")).count("CHAN") == 0 or name in OURS


def test_a_company_page_of_another_says_nothing_of_who_covers_it(bank, yau_tat, person):
    services.correct_company(company_id=yau_tat.pk, version=1, changes={"city": "Kowloon"}, actor=bank.rm, now=cast.NOW)
    who = browser(bank.outsider)
    for part in ("", "timeline/", "names/", "sources/", "members/", "?tab=people", "?tab=history"):
        page = who.get(f"/companies/{yau_tat.pk}/{part}").content.decode().split("<main")[-1]
        assert bank.rm.name not in page
        assert "CHAN" not in page


@pytest.mark.parametrize("name", sorted(cast.PEOPLE))
def test_contact_data_are_masked_or_hidden_on_every_surface(bank, yau_tat, person, name):
    services.change_contact(contact_id=person.pk, version=1, changes={"mobile": "9123 0000"}, actor=bank.rm, now=cast.NOW)
    user, secrets = bank.people[name], (PHONE, "9123", MAIL, "1970", "Golf")
    who, sees = browser(user), name in OURS - {"ho", "ho2"}
    answers = {
        address: who.get(address) for address in (f"/contacts/{person.pk}/", "/contacts/?view=all", f"/contacts/{person.pk}/history/")
    }
    answers |= {part: who.get(f"/companies/{yau_tat.pk}/{part}/") for part in ("people", "history", "timeline")}
    for address, answer in answers.items():
        found = [secret for secret in secrets if secret in text(answer).split("<main")[-1]]
        assert sees or found == [], (name, address)
    assert (answers[f"/contacts/{person.pk}/"].status_code == 200) == (name in OURS)
    if sees:
        assert all(secret in text(answers[f"/contacts/{person.pk}/"]) for secret in (PHONE, MAIL, "Golf"))
        assert "9123 4567" in text(answers["history"])
    if name in OURS:
        exported = rows(who.post("/contacts/?view=all", {"export": "csv"}))
        assert [(row["Person"], row["Phone"]) for row in exported] == [("CHAN Tai Man", PHONE if sees else "")]
        assert ("CHAN" in text(who.get("/contacts/?q=91230000")).split("<main")[-1]) == sees


def test_an_opt_out_takes_the_link_away_and_says_why(bank, yau_tat, person):
    who = browser(bank.rm)
    assert f'href="mailto:{MAIL}"' in text(who.get(f"/contacts/{person.pk}/"))
    answer = sent_with_version(who, f"/contacts/{person.pk}/opt-out/", {"channels": [Channel.EMAIL]})
    assert answer.status_code == 302
    page = text(who.get(f"/contacts/{person.pk}/"))
    assert "mailto:" not in page
    assert "does not want to be reached by E-mail" in page
    assert 'href="tel:23451111"' in page
    sent_with_version(who, f"/contacts/{person.pk}/opt-out/", {})
    assert f'href="mailto:{MAIL}"' in text(who.get(f"/contacts/{person.pk}/"))


def test_a_person_is_added_once_however_often_one_clicks(bank, yau_tat):
    who, sent = browser(bank.rm), {"name_en": "LEE Ka Yan", "role": "cfo", "consent_basis": "none", "submission": str(uuid.uuid4())}
    first = who.post(f"/companies/{yau_tat.pk}/people/add/", sent)
    second = who.post(f"/companies/{yau_tat.pk}/people/add/", sent)
    assert first.url == second.url == Contact.objects.get().get_absolute_url()


def test_a_birthday_without_consent_comes_back_beside_its_field(bank, yau_tat):
    sent = {"name_en": "LEE Ka Yan", "role": "cfo", "consent_basis": "none", "birthday": "1980-01-01"}
    answer = browser(bank.rm).post(f"/companies/{yau_tat.pk}/people/add/", sent)
    assert answer.status_code == 422
    assert "A birthday is kept only with consent." in text(answer)
    assert 'value="LEE Ka Yan"' in text(answer)


def test_a_stale_change_shows_both_versions_and_may_be_saved_again(bank, yau_tat, person):
    who = browser(bank.rm)
    sent = {
        "name_en": "CHAN Tai Man",
        "role": "cfo",
        "consent_basis": "consent",
        "consent_on": "2026-01-05",
        "title": "CFO",
        "version": "1",
    }
    services.change_contact(contact_id=person.pk, version=1, changes={"title": "Director"}, actor=bank.head, now=cast.NOW)
    answer = who.post(f"/contacts/{person.pk}/change/", sent)
    assert answer.status_code == 409
    assert "Director" in text(answer)
    assert 'name="version" value="2"' in text(answer)
    assert who.post(f"/contacts/{person.pk}/change/", sent | {"version": "2"}).status_code == 302
    person.refresh_from_db()
    assert person.title == "CFO"


@pytest.mark.parametrize("path", ["change", "consent", "opt-out", "left"])
def test_a_stranger_finds_no_person_and_head_office_may_not_change_one(bank, person, path):
    assert browser(bank.outsider).get(f"/contacts/{person.pk}/{path}/").status_code == 404
    assert browser(bank.ho).get(f"/contacts/{person.pk}/{path}/").status_code == 403
    assert browser(bank.rm).get(f"/contacts/{person.pk}/{path}/").status_code == 200


def test_consent_and_leaving_by_form(bank, person):
    who = browser(bank.rm)
    assert sent_with_version(who, f"/contacts/{person.pk}/consent/", {"basis": "none"}).status_code == 302
    assert who.post(f"/contacts/{person.pk}/left/", {"on": "2026-03-01"}).status_code == 302
    person.refresh_from_db()
    assert (person.birthday, person.left_on) == (None, dt.date(2026, 3, 1))
    assert "has left the company" in text(who.get(f"/contacts/{person.pk}/"))


def test_a_company_is_added_by_form_and_a_likely_double_asks_why(bank, yau_tat):
    who = browser(bank.rm2)
    answer = who.post("/companies/add/", {"name_en": "Yau Tat Textile Ltd"})
    assert answer.status_code == 422
    assert "may be the same company" in text(answer)
    answer = who.post(
        "/companies/add/", {"name_en": "Yau Tat Textile Ltd", "not_same_because": "Another owner", "kind": "cr", "identifiers": "1234567"}
    )
    assert answer.url == Company.objects.get(name_en="Yau Tat Textile Ltd").get_absolute_url()
    answer = who.post("/companies/add/", {"name_en": "Ocean Bright", "identifiers": "1234567"})
    assert "Say what kind of number this is." in text(answer)


def test_facts_names_numbers_and_addresses_by_form(bank, yau_tat):
    who = browser(bank.rm)
    base = f"/companies/{yau_tat.pk}"
    assert who.post(f"{base}/change/", {"sector": "Clothing", "version": "1"}).status_code == 302
    assert who.post(f"{base}/change/", {"sector": "Shoes", "version": "1"}).status_code == 409
    assert who.post(f"{base}/names/add/", {"text": "Yautex", "kind": "short"}).status_code == 302
    assert who.post(f"{base}/numbers/add/", {"kind": "lei", "value": "529900T8BM49AURSDO55"}).status_code == 302
    assert who.post(f"{base}/numbers/add/", {"kind": "lei", "value": "529900T8BM49AURSDO56"}).status_code == 422
    assert who.post(f"{base}/addresses/add/", {"kind": "office", "text_en": "1 Hung To Road"}).status_code == 302
    page = text(who.get(f"{base}/?tab=names"))
    for shown in ("Yautex", "529900T8BM49AURSDO55", "1 Hung To Road"):
        assert shown in page
    name = yau_tat.names.get(text="Yautex")
    assert who.post(f"{base}/names/{name.pk}/remove/", {"reason": "Not theirs"}).status_code == 302
    assert who.get(f"{base}/names/{name.pk}/remove/").status_code == 404
    assert not yau_tat.names.filter(kind=NameKind.SHORT).exists()
    assert browser(bank.outsider).get(f"{base}/change/").status_code == 403


def test_what_each_source_said_and_when(bank, yau_tat):
    page = text(browser(bank.analyst).get(f"/companies/{yau_tat.pk}/?tab=sources"))
    assert "HKEX" in page
    assert "Board lot" in page
    assert "500" in page


def test_groups_by_form_list_and_page(bank, yau_tat):
    other = covered(bank, "Ocean Bright Shipping", "海明航運")
    who = browser(bank.rm)
    assert sent_with_version(who, f"/companies/{yau_tat.pk}/group/", {"name_en": "Yau Tat Group"}).status_code == 302
    group = CompanyGroup.objects.get()
    assert sent_with_version(who, f"/companies/{other.pk}/group/", {"group": group.pk}).status_code == 302
    assert "Yau Tat Group" in text(who.get("/groups/?q=tat"))
    page = text(who.get(f"/groups/{group.pk}/"))
    assert "Ocean Bright Shipping" in page
    assert sent_with_version(who, f"/groups/{group.pk}/rename/", {"name_en": "Yau Tat Holdings"}).status_code == 302
    assert sent_with_version(who, f"/companies/{other.pk}/group/", {}).status_code == 302
    assert "Ocean" not in text(who.get(f"/groups/{group.pk}/")).split("<main")[-1]
    for name, expected in (("outsider", 404), ("analyst", 404), ("ho", 200), ("head", 200)):
        assert browser(bank.people[name]).get(f"/groups/{group.pk}/").status_code == expected, name


def test_the_timeline_comes_in_pages_newest_first_and_by_kind(bank, yau_tat, person):
    start = cast.NOW - dt.timedelta(days=100)
    TimelineRow.objects.bulk_create(
        TimelineRow(
            company=yau_tat, kind="visit", at=start + dt.timedelta(days=day), title=f"Visit {day:02}", owner=bank.rm2, team=bank.team2
        )
        for day in range(45)
    )
    who = browser(bank.rm)
    first = text(who.get(f"/companies/{yau_tat.pk}/timeline/", headers={"HX-Request": "true"}))
    assert "<html" not in first
    assert first.index("CHAN") < first.index("Visit 44") < first.index("Visit 26")
    assert "Visit 25" not in first
    older = first.split('hx-get="')[-1].split('"')[0].replace("&amp;", "&")
    second = text(who.get(older, headers={"HX-Request": "true"}))
    assert "Visit 25" in second
    assert "Visit 26" not in second
    chips = re.findall(r'\?kind=([^"&]+)"', first.split('id="timeline"')[1].split("</div>")[0])
    assert sorted(set(chips)) == ["Person%20added", "Visit"]
    only = text(who.get(f"/companies/{yau_tat.pk}/timeline/?kind=Person+added"))
    assert "CHAN" in only
    assert "Visit 44" not in only


def test_pages_cost_the_same_statements_for_few_and_many_rows(bank, yau_tat, person):
    services.form_group(company_id=yau_tat.pk, name_en="Yau Tat Group", name_zh="", actor=bank.rm, now=cast.NOW)
    base = f"/companies/{yau_tat.pk}/"
    lists = [
        "/companies/?view=all",
        "/companies/?q=yau",
        "/contacts/?view=all",
        "/contacts/?q=chan",
        "/groups/?view=all",
        "/companies/?mine=true",
    ]
    pages = [base, f"{base}?tab=people", f"{base}?tab=names", f"{base}?tab=group", f"{base}?tab=history", f"/contacts/{person.pk}/"]
    who = browser(bank.rm)
    few = {address: statements(who, address) for address in (*lists, *pages)}
    for number in range(25):
        made = covered(bank, f"Yau Tat Number{number} Works")
        contact(bank, yau_tat, f"CHAN Number{number}")
        services.put_in_group(company_id=made.pk, group_id=yau_tat.group_id or CompanyGroup.objects.get().pk, actor=bank.rm, now=cast.NOW)
        services.add_address(company_id=yau_tat.pk, address=NewAddress(f"{number} Hung To Road"), actor=bank.rm, now=cast.NOW)
    assert {address: statements(who, address) for address in few} == few
    assert max(few[address] for address in lists) <= 10, few
    assert max(few[address] for address in pages) <= 14, few


def test_lists_and_pages_stay_small(bank, yau_tat):
    for number in range(60):
        Company.objects.create(
            name_en=f"Harbour {number} Limited", name_zh=f"海港{number}有限公司", sort_key=f"h{number}", phone="2345 6789"
        )
        contact(bank, yau_tat, f"CHAN Number{number}", phone=PHONE)
    who = browser(bank.rm)
    for address in ("/companies/?view=all", "/contacts/?view=all"):
        assert len(gzip.compress(who.get(address).content)) < 25 * KB
    assert len(gzip.compress(who.get(f"/companies/{yau_tat.pk}/").content)) < 40 * KB
