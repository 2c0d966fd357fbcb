"""The pages of visits: the short form, its draft and its refusals, the list and the record, within a fixed number of statements."""

import datetime as dt
import gzip
import re
import uuid
from decimal import Decimal
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from crm.companies.models import Address, Company
from crm.kernel.contributions import Invariant, RecordAction, of
from crm.kernel.worklist import WorkItem
from crm.visits.models import Visit
from crm.visits.rules import Met, Promised
from tests.cast import NOW, Bank
from tests.companies.making import text
from tests.forms import untouched
from tests.visits import making

KB = 1024


@pytest.fixture
def yau_tat(bank: Bank) -> Company:
    company = making.client(bank, "rm").company
    Address.objects.create(company=company, kind="factory", text_en="Kwun Tong, 14/F")
    return company


def filled(**changes: Any) -> dict[str, Any]:
    """The four things."""
    return {"kind": "visit", "happened_at": "2026-03-04T09:00", "summary": "Both looms run again.", "where": "", **changes}


def test_the_form_opened_from_a_client_is_filled_in(bank: Bank, yau_tat: Company, browse: Any) -> None:
    making.contact(yau_tat, title="CFO")
    making.log(
        bank.rm, yau_tat, summary="Last time: two looms idle.", texts={"next_step": "Send fee sheet"}, next_step_on=dt.date(2026, 3, 6)
    )
    page = text(browse(bank.rm).get(f"/visits/log/?company={yau_tat.pk}"))
    for shown in ("Yau Tat Textiles", "裕達紡織", "Kwun Tong, 14/F", "Ms Yau, CFO", "Last time: two looms idle.", "Send fee sheet"):
        assert shown in page
    assert 'value="2026-03-04T10:00"' in page
    assert re.search(r'name="where" value="address:\d+"[^>]* checked', page)
    assert "data-draft=" in page
    assert "style=" not in page


def test_after_a_failed_submit_the_fold_opens_only_for_what_lies_in_it(bank: Bank, yau_tat: Company, browse: Any) -> None:
    who, address = browse(bank.rm), f"/visits/log/?company={yau_tat.pk}"
    folded = '<details class="more">'
    assert folded in text(who.get(address))
    assert folded in text(who.post(address, filled(summary="")))
    assert folded in text(who.post(address, filled(summary="", next_step="Call", confidentiality="I", mood="")))
    for inside in ({"business": "Two looms"}, {"mood": "4"}, {"promise_1": "A fee sheet"}, {"promise_2_on": "2026-03-09"}):
        assert '<details class="more" open>' in text(who.post(address, filled(summary="", **inside))), inside
    assert '<details class="more" open>' in text(who.post(address, filled(promise_1="A fee sheet")))


def test_every_label_of_the_form_begins_with_a_capital(bank: Bank, yau_tat: Company, browse: Any) -> None:
    page = text(browse(bank.rm).get(f"/visits/log/?company={yau_tat.pk}"))
    labels = re.findall(r"<(?:label|legend)[^>]*>([^<]+)", page.split("<main")[1])
    assert {"Business", "Orders"} <= {label.strip() for label in labels}
    assert [label for label in labels if label.strip()[:1].islower()] == []


def test_only_what_was_promised_stands_under_promised(bank: Bank, yau_tat: Company, browse: Any) -> None:
    making.log(
        bank.rm,
        yau_tat,
        texts={"next_step": "Read the accounts"},
        next_step_on=dt.date(2026, 3, 5),
        promises=(Promised("Send the fee sheet", dt.date(2026, 3, 9)),),
    )
    page = text(browse(bank.rm).get(f"/visits/log/?company={yau_tat.pk}"))
    promised, _, also = page.partition("Also open with this company")
    assert "Promised and open" in promised
    assert "Send the fee sheet" in promised
    assert "Send the fee sheet" not in also
    assert "Read the accounts" in also


def test_four_things_make_a_visit(bank: Bank, yau_tat: Company, browse: Any) -> None:
    person = making.contact(yau_tat)
    address = Address.objects.get()
    sent = filled(
        where=f"address:{address.pk}",
        met=[person.pk],
        met_new="Mr Tong, Treasury; Bo Li",
        next_step="Send the fee sheet",
        next_step_on="2026-03-06",
        promise_1="Answer on the fee",
        promise_1_on="2026-03-09",
        orders="Up",
    )
    response = browse(bank.rm).post(f"/visits/log/?company={yau_tat.pk}", sent)
    visit = Visit.objects.get()
    assert (response.status_code, response.url) == (302, visit.get_absolute_url())
    assert (visit.met, visit.place, visit.place_text, visit.orders) == ("Ms Yau, Mr Tong, Bo Li", "factory", "Kwun Tong, 14/F", "Up")
    assert visit.happened_at == dt.datetime(2026, 3, 4, 1, 0, tzinfo=dt.UTC)
    assert sorted(WorkItem.objects.values_list("kind", flat=True)) == ["promise", "task"]


def test_a_second_click_saves_once(bank: Bank, yau_tat: Company, browse: Any) -> None:
    browser, sent = browse(bank.rm), filled(submission=str(uuid.uuid4()))
    first = browser.post(f"/visits/log/?company={yau_tat.pk}", sent)
    second = browser.post(f"/visits/log/?company={yau_tat.pk}", sent)
    assert first.url == second.url
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"summary": ""}, "Write in a sentence or two"),
        ({"happened_at": "2026-03-04T11:00"}, "still to come"),
        ({"happened_at": ""}, "This field is required"),
        ({"happened_at": "0001-01-01T00:00"}, "This day is not in our calendar."),
        ({"happened_at": "9999-12-31T23:59"}, "This day is not in our calendar."),
        ({"happened_at": "1926-03-04T09:00"}, "This is more than ten years ago."),
        ({"next_step": "Go", "next_step_on": "9999-12-31"}, "This day is not in our calendar."),
        ({"next_step": "Go", "next_step_on": "2026-03-03"}, "This day is before the visit"),
        ({"next_step": "Go"}, "needs a day"),
        ({"summary": "We filed an STR"}, "must not stand in a visit note"),
        ({"purpose": "pre_loan"}, "Two go to a pre-loan"),
        ({"promise_1": "Call"}, "A promise needs a day"),
        ({"where": "address:999999"}, "is not one of the available choices"),
        ({"met": ["999999"]}, "is not one of the available choices"),
        ({"kind": "dinner"}, "is not one of the available choices"),
        ({"mood": "9"}, "is not one of the available choices"),
        ({"summary": "x" * 10_001}, "at most 10000"),
        ({"next_step_owner": "999999"}, "not one of the available choices"),
    ],
)
def test_a_refusal_keeps_what_was_typed(bank: Bank, yau_tat: Company, browse: Any, changes: dict[str, Any], shown: str) -> None:
    response = browse(bank.rm).post(f"/visits/log/?company={yau_tat.pk}", filled(concerns="Typed with care", **changes))
    page = text(response)
    assert response.status_code == 422
    assert shown in page
    assert "Typed with care" in page
    assert 'role="alert"' in page
    assert not Visit.objects.exists()


def test_a_pitch_too_early_is_saved_with_a_warning(bank: Bank, yau_tat: Company, browse: Any) -> None:
    response = browse(bank.rm).post(f"/visits/log/?company={yau_tat.pk}", filled(product_introduced="LC line"), follow=True)
    assert "Visit logged. A product was shown before two facts" in text(response)


def test_a_call_has_a_form_and_address_of_its_own_and_follows_a_visit_at_a_press(bank: Bank, yau_tat: Company, browse: Any) -> None:
    browser = browse(bank.rm)
    response = browser.post(f"/visits/log/?company={yau_tat.pk}", filled(then="call"))
    assert response.url == f"/visits/log/call/?company={yau_tat.pk}"
    page = text(browser.get(response.url))
    assert re.search(r'value="call"[^>]* checked', page)
    assert "Nobody was reached" in page
    assert re.search(r'value="call"[^>]* checked', text(browser.get(f"/visits/log/?company={yau_tat.pk}&kind=call")))
    browser.post(response.url, filled(kind="call", unreached="on"))
    assert Visit.objects.order_by("-pk").values_list("kind", "two_way").first() == ("call", False)


def test_without_a_company_one_is_picked_by_typing_with_or_without_scripts(bank: Bank, yau_tat: Company, browse: Any) -> None:
    making.client(bank, "outsider", name="Futian Optics")
    Company.key_model().objects.create(company=yau_tat, key="yau")
    browser = browse(bank.rm)
    for address in ("/visits/log/", "/visits/log/call/", "/visits/plan/"):
        page = text(browser.get(address))
        assert f'href="{address}?company={yau_tat.pk}"' in page
        assert "Futian" not in page
    assert "Yau Tat" in text(browser.get("/visits/log/?q=yau"))
    fragment = browser.get("/visits/companies/?to=call&q=yau", headers={"HX-Request": "true"})
    assert text(fragment).count("<li>") == 1
    assert f"/visits/log/call/?company={yau_tat.pk}" in text(fragment)
    assert "Yau Tat" not in text(browser.get("/visits/companies/?to=log&q=futian", headers={"HX-Request": "true"}))
    assert browser.get("/visits/companies/?to=elsewhere").status_code == 404


@pytest.mark.parametrize("company", ["x", "-1", "999999", "9" * 40, "１"])
def test_an_address_that_names_no_company_is_not_found(bank: Bank, browse: Any, company: str) -> None:
    assert browse(bank.rm).get("/visits/log/", {"company": company}).status_code == 404


def test_a_company_that_others_look_after_is_refused_with_the_reason(bank: Bank, browse: Any) -> None:
    theirs = making.client(bank, "outsider", name="Futian Optics").company
    for address in ("/visits/log/", "/visits/log/call/", "/visits/plan/"):
        response = browse(bank.rm).get(f"{address}?company={theirs.pk}")
        assert response.status_code == 403
        assert "Neither you nor your team looks after this company" in text(response)
        assert "outsider" not in text(response).lower()


def test_a_planned_visit_is_logged_from_its_page(bank: Bank, yau_tat: Company, browse: Any) -> None:
    browser = browse(bank.rm)
    response = browser.post(
        f"/visits/plan/?company={yau_tat.pk}", {"planned_at": "2026-03-04T14:00", "kind": "visit", "objective": "Settle the LC"}
    )
    planned = Visit.objects.get()
    assert response.url == planned.get_absolute_url()
    assert f"/visits/log/?planned={planned.pk}" in text(browser.get(planned.get_absolute_url()))
    page = text(browser.get(f"/visits/log/?planned={planned.pk}"))
    assert "Settle the LC" in page
    response = browser.post(f"/visits/log/?planned={planned.pk}", filled(objective="Settle the LC"))
    assert response.url == planned.get_absolute_url()
    assert Visit.objects.get().state == "done"
    assert browser.get(f"/visits/log/?planned={planned.pk}").status_code == 404


def test_a_stale_change_shows_both_versions_and_loses_nothing(bank: Bank, yau_tat: Company, browse: Any) -> None:
    visit, browser = making.log(bank.rm, yau_tat), browse(bank.rm)
    address = f"/visits/{visit.pk}/edit/"
    assert browser.post(address, filled(summary="First", version=1)).status_code == 302
    response = browser.post(address, filled(summary="Second", version=1))
    page = text(response)
    assert response.status_code == 409
    assert "First" in page
    assert "Second" in page
    assert browser.post(address, filled(summary="Second", version=2)).status_code == 302
    history = text(browser.get(f"/visits/{visit.pk}/history/"))
    for shown in ("LC renewal: one point settled.", "First", "Second"):
        assert shown in history
    assert "+00:00" not in history
    assert date_format(timezone.localtime(visit.happened_at), "DATETIME_FORMAT") in history


def test_two_tabs_that_change_different_things_of_a_visit_undo_nothing(bank: Bank, yau_tat: Company, browse: Any) -> None:
    person, browser = making.contact(yau_tat), browse(bank.rm)
    visit = making.log(
        bank.rm,
        yau_tat,
        met=(Met(person.pk),),
        texts={"next_step": "Call", "orders": "Down\nby half"},
        next_step_on=dt.date(2026, 3, 6),
        mood=2,
    )
    address = f"/visits/{visit.pk}/edit/"
    first, second = untouched(browser.get(address)), untouched(browser.get(address))
    assert browser.post(address, first | {"next_step": "Send the sheet", "mood": "4"}).status_code == 302
    assert browser.post(address, second | {"stock": "Full"}).status_code == 302
    visit.refresh_from_db()
    assert (visit.next_step, visit.mood, visit.stock, visit.orders) == ("Send the sheet", 4, "Full", "Down\nby half")
    assert visit.met == person.name_en
    assert visit.next_step_on == dt.date(2026, 3, 6)


def test_a_form_that_is_saved_as_it_was_opened_leaves_the_version_and_no_trace(bank: Bank, yau_tat: Company, browse: Any) -> None:
    person, browser = making.contact(yau_tat), browse(bank.rm)
    visit = making.log(bank.rm, yau_tat, met=(Met(person.pk),), colleague_ids=(bank.rm2.pk,))
    address = f"/visits/{visit.pk}/edit/"
    assert browser.post(address, untouched(browser.get(address))).status_code == 302
    visit.refresh_from_db()
    assert (visit.version, visit.history.count(), visit.attendees.count()) == (1, 1, 1)
    fewer = untouched(browser.get(address))
    fewer.pop("met")
    assert browser.post(address, fewer).status_code == 302
    visit.refresh_from_db()
    assert (visit.version, visit.met) == (2, "")


def test_the_form_of_a_change_holds_all_that_stands(bank: Bank, yau_tat: Company, browse: Any) -> None:
    person, browser = making.contact(yau_tat), browse(bank.rm)
    sent = filled(
        met=[person.pk], met_new="Mr Tong, Treasury", colleagues=[bank.arm.pk], next_step="Go", next_step_on="2026-03-06", mood="4"
    )
    browser.post(f"/visits/log/?company={yau_tat.pk}", sent)
    visit = Visit.objects.get()
    page = browser.get(f"/visits/{visit.pk}/edit/")
    again = {bound.name: bound.value() for bound in page.context["form"] if bound.value() not in (None, "", [])}
    again["happened_at"] = again["happened_at"].strftime("%Y-%m-%dT%H:%M")
    assert browser.post(f"/visits/{visit.pk}/edit/", {**again, "version": 1}).status_code == 302
    after = Visit.objects.get()
    for name in ("summary", "met", "colleagues", "next_step", "next_step_on", "mood", "happened_at", "kind", "place"):
        assert getattr(after, name) == getattr(visit, name), name


def test_a_change_by_the_form_keeps_where_somebody_checked_in_and_whose_word_weighs_what(bank: Bank, yau_tat: Company, browse: Any) -> None:
    person, browser = making.contact(yau_tat), browse(bank.rm)
    place = {"latitude": Decimal("22.31"), "longitude": Decimal("114.22"), "accuracy_m": 12}
    visit = making.log(bank.rm, yau_tat, met=(Met(person.pk, weight="decides"), Met(name="Mr Tong", weight="influences")), **place)
    address = f"/visits/{visit.pk}/edit/"
    assert browser.post(address, untouched(browser.get(address)) | {"stock": "Full"}).status_code == 302
    visit.refresh_from_db()
    assert {name: getattr(visit, name) for name in place} == place
    assert set(visit.attendees.values_list("weight", flat=True)) == {"decides", "influences"}
    assert visit.stock == "Full"


def test_the_head_signs_on_the_page_and_the_button_is_theirs_alone(bank: Bank, browse: Any) -> None:
    visit = making.log(bank.rm, making.client(bank, "rm", tier="A").company)
    address = f"/visits/{visit.pk}/sign-off/"
    assert address not in text(browse(bank.rm).get(visit.get_absolute_url()))
    refused = browse(bank.rm).post(address)
    assert refused.status_code == 403
    assert "Nobody signs off their own visit" in text(refused)
    assert address in text(browse(bank.head).get(visit.get_absolute_url()))
    assert browse(bank.head).post(address).status_code == 302
    assert Visit.objects.get().signed_off_by == bank.head


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=call", {"call"}),
        ("kind=visit&kind=call", {"call", "late", "plain"}),
        ("purpose=service", {"late"}),
        ("state=planned", {"planned"}),
        ("late=true", {"late"}),
        ("unsigned=true", {"unsigned"}),
        ("owner=me", {"call", "late", "plain", "planned", "unsigned"}),
        ("at_after=2026-03-04", {"call", "plain", "planned", "unsigned"}),
        ("at_before=2026-03-03", {"late"}),
        ("at_after=nonsense", set()),
        ("q=nobody", set()),
    ],
)
def test_the_list_narrows(bank: Bank, yau_tat: Company, browse: Any, query: str, found: set[str]) -> None:
    key_client = making.client(bank, "rm", tier="A", name="Golden Hill Foods").company
    names = {
        making.log(bank.rm, yau_tat, summary="plain"): "plain",
        making.log(bank.rm, yau_tat, summary="call", kind="call"): "call",
        making.log(bank.rm, yau_tat, summary="late", purpose="service", at=NOW - dt.timedelta(days=9)): "late",
        making.log(bank.rm, key_client, summary="unsigned", kind="meeting"): "unsigned",
        making.plan(bank.rm, yau_tat, objective="planned", kind="joint"): "planned",
    }
    response = browse(bank.rm).get(f"/visits/?{query}")
    assert {names[visit] for visit in response.context["page"].rows} == found


# Statements and bytes


def statements(browser: Any, address: str) -> tuple[int, int]:
    """How many statements a page costs, and how many bytes it sends compressed."""
    browser.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = browser.get(address)
    assert response.status_code == 200
    return len(captured), len(gzip.compress(response.content))


@pytest.mark.parametrize(
    ("address", "limit", "size"),
    [("/visits/", 10, 25), ("/visits/log/?company={company}", 14, 40), ("/visits/{visit}/", 14, 40), ("/visits/of/{company}/", 10, 40)],
)
def test_a_page_costs_the_same_statements_however_much_there_is(
    bank: Bank, yau_tat: Company, browse: Any, address: str, limit: int, size: int
) -> None:
    visit = making.log(bank.rm, yau_tat)
    path, browser = address.format(company=yau_tat.pk, visit=visit.pk), browse(bank.rm)
    few, _bytes = statements(browser, path)
    for number in range(60):
        making.log(bank.rm, yau_tat, summary=f"Visit {number}", at=NOW - dt.timedelta(days=number + 1))
    many, weight = statements(browser, path)
    assert few == many
    assert many <= limit
    assert weight <= size * KB


def test_logging_costs_few_statements(bank: Bank, yau_tat: Company, browse: Any) -> None:
    browser = browse(bank.rm)
    browser.post(f"/visits/log/?company={yau_tat.pk}", filled())
    sent = filled(happened_at="2026-03-04T09:30", next_step="Go", next_step_on="2026-03-06", submission=str(uuid.uuid4()))
    with CaptureQueriesContext(connection) as captured:
        assert browser.post(f"/visits/log/?company={yau_tat.pk}", sent).status_code == 302
    work = [
        query["sql"].split("WHERE")[0] for query in captured if not {"SAVEPOINT", "kernel_outbox"} & set(re.findall(r"\w+", query["sql"]))
    ]
    assert len(work) == 13, "\n".join(sql[:80] for sql in work)


@pytest.mark.parametrize("who", ["rm", "head", "centre", "ho"])
@pytest.mark.parametrize("with_statistics", [False, True])
def test_no_list_reads_the_whole_table(bank: Bank, yau_tat: Company, who: str, with_statistics: bool) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("reads the plans of SQLite")
    for number in range(30):
        making.log(bank.rm, yau_tat, at=NOW - dt.timedelta(hours=number + 1))
    if with_statistics:
        connection.cursor().execute("ANALYZE")
    rows = Visit.objects.visible_to(bank.people[who]).newest_first()[:51]
    with connection.cursor() as cursor:
        sql, params = rows.query.sql_with_params()
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        plan = [row[3] for row in cursor.fetchall()]
    scans = [step for step in plan if step.startswith("SCAN visits_visit") and "USING" not in step]
    assert not scans, plan


# Contributions


def test_the_buttons_of_a_record_say_what_the_service_says(bank: Bank, yau_tat: Company) -> None:
    ours = {"Log a visit", "Log a call", "Plan a visit"}
    actions = [action for action in of(RecordAction) if str(action.label) in ours]
    records = {
        "companies.company": yau_tat,
        "clients.client": yau_tat.client,
        "deals.deal": SimpleNamespace(company=yau_tat, company_id=yau_tat.pk, pk=0),
    }
    assert {(action.model, str(action.label)) for action in actions} == {*product(records, ours)} - {("deals.deal", "Plan a visit")}
    for action in actions:
        record = records[action.model]
        assert f"company={yau_tat.pk}" in action.url(record)
        assert action.allowed(bank.rm, record)
        assert "Neither you" in str(action.allowed(bank.outsider, record).reason)


def test_invariants_find_what_is_broken_and_nothing_else(bank: Bank, yau_tat: Company) -> None:
    checks = {check.code: check for check in of(Invariant) if check.code.startswith("visits.")}
    making.company("Never seen")
    making.log(bank.rm, yau_tat, texts={"next_step": "Go"}, next_step_on=dt.date(2026, 3, 6))
    making.log(bank.rm, yau_tat, kind="call", two_way=False, at=NOW - dt.timedelta(minutes=5))
    making.log(bank.rm, yau_tat, purpose="courtesy", at=NOW - dt.timedelta(minutes=4))
    assert [sentence for check in checks.values() for sentence in check.broken()] == []
    Company.objects.filter(pk=yau_tat.pk).update(last_met_at=NOW)
    WorkItem.objects.all().delete()
    assert len(list(checks["visits.contact_dates"].broken())) == 1
    assert len(list(checks["visits.next_steps"].broken())) == 1
