"""The pages of deals: what each shows to whom, what they refuse, and how many statements they take."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.companies.choices import IdentifierKind
from crm.companies.models import Company
from prospects.deals import rules, services
from prospects.deals.choices import Criterion, Stage
from prospects.deals.models import CoverageCheck, Deal
from tests.cast import NOW
from tests.companies.making import company
from tests.prospects.deals.making import TODAY, USCC, agreed, decider, in_stage, prospect
from tests.visits.making import log

pytestmark = pytest.mark.django_db

LIST, BOARD, ADD = "/prospects/", "/prospects/board/", "/prospects/add/"
DIALOG = {"HTTP_HX_REQUEST": "true"}


def many(bank, owner, count: int, stage: Stage = Stage.LEAD) -> None:
    post = bank.post(owner.username)
    start = Company.objects.count()
    companies = Company.objects.bulk_create(Company(name_en=f"Lead {n:05d}", sort_key=f"lead {n:05d}") for n in range(start, start + count))
    Deal.objects.bulk_create(
        Deal(
            company=one,
            sort_key=one.sort_key,
            stage=stage,
            stage_since=NOW,
            stale_on=TODAY,
            source="LISTCO",
            currency="HKD",
            expected_income=Decimal(1000),
            opened_at=NOW,
            protected_until=TODAY + dt.timedelta(days=90),
            owner=owner,
            team=post.unit,
            centre=post.unit.centre,
        )
        for one in companies
    )


def statements(browser, url: str) -> int:
    browser.get(url)
    with CaptureQueriesContext(
        connection,
    ) as counted:
        assert browser.get(url).status_code == 200
    return len(counted)


@pytest.mark.parametrize("who", ["arm", "rm", "head", "centre", "ho", "compliance", "auditor"])
def test_readers_open_the_lists_and_the_board(bank, browse, who):
    browser = browse(bank.people[who])
    assert [browser.get(url).status_code for url in (LIST, BOARD, "/prospects/closed/")] == [200, 200, 200]


@pytest.mark.parametrize("who", ["analyst", "co1", "finance", "ops", "lobby", "branch", "specialist", "editor", "admin"])
def test_all_others_are_refused_with_a_reason(bank, browse, who):
    browser = browse(bank.people[who])
    for url in (LIST, BOARD, "/prospects/closed/", "/prospects/team/", ADD, "/prospects/who-covers/"):
        assert browser.get(url).status_code == 403


def test_the_list_shows_ones_own_and_the_heads_the_teams(bank, browse):
    prospect(bank.rm, "Wah Kong Logistics")
    prospect(bank.rm2, "Dyeworks Asia")
    prospect(bank.outsider, "Pearl Estuary Foods")
    seen = {
        who: [name in browse(bank.people[who]).get(LIST).content.decode() for name in ("Wah Kong", "Dyeworks", "Pearl Estuary")]
        for who in ("arm", "rm", "rm2", "head", "centre", "ho", "outsider", "outhead", "head2")
    }
    assert seen == {
        "arm": [False, False, False],
        "rm": [True, False, False],
        "rm2": [False, True, False],
        "head": [True, True, False],
        "centre": [True, True, False],
        "ho": [True, True, True],
        "outsider": [False, False, True],
        "outhead": [False, False, True],
        "head2": [False, False, False],
    }


def test_team_mates_see_company_stage_and_owner_and_nothing_else(bank, browse):
    deal = prospect(bank.rm, need="A secret acquisition", expected_income=Decimal("77777.00"), source_detail="Uncle Bo")
    browser = browse(bank.rm2)
    pages = [browser.get("/prospects/team/"), browser.get(deal.get_absolute_url()), browser.get(f"/prospects/of/{deal.company_id}/")]
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        assert "Suspect" in text
        assert "Rm" in text
        assert not re.search("secret|77,777|Uncle Bo", text)
    export = browser.post("/prospects/team/", {"export": "csv"})
    assert "Wah Kong" in b"".join(export).decode("utf-8-sig")
    for part in ("course", "timeline", "people", "history", "change", "move", "assign"):
        assert browser.get(f"/prospects/{deal.pk}/{part}/").status_code == 403
    assert "Wah Kong" not in browser.get(LIST).content.decode()
    assert "Wah Kong" not in browser.get(BOARD).content.decode()


@pytest.mark.parametrize("who", ["arm", "outsider", "sibling", "outhead", "head2", "lobby", "analyst", "admin"])
def test_for_those_out_of_reach_a_deal_is_missing(bank, browse, who):
    deal, browser = prospect(bank.rm), browse(bank.people[who])
    for url in ("", "course/", "timeline/", "people/", "history/", "change/", "move/", "reopen/", "assign/", "evidence/attempt/"):
        assert browser.get(f"/prospects/{deal.pk}/{url}").status_code == 404


def test_the_list_filters_sorts_and_says_what_it_adds_up_to(bank, browse, rm):
    prospect(rm, "Wah Kong Logistics", expected_income=Decimal(40000), source="COLD")
    in_stage(prospect(rm, "Dyeworks Asia", expected_income=Decimal(2500)), Stage.MET, stale_on=TODAY - dt.timedelta(days=1))
    browser = browse(rm)
    assert "42,500.00" in browser.get(LIST).content.decode()
    for query in ("?stage=S3", "?stale=true", "?q=dyeworks", "?source=INBOUND"):
        text = browser.get(f"{LIST}{query}").content.decode()
        assert "Dyeworks" in text
        assert "Wah Kong" not in text
    by_name = browser.get(f"{LIST}?sort=-company").content.decode()
    assert by_name.index("Wah Kong") < by_name.index("Dyeworks")
    assert "Stuck" in by_name


def test_the_age_filter_counts_days_in_the_stage(bank, browse, rm):
    in_stage(prospect(rm, "Wah Kong Logistics"), Stage.LEAD, stage_since=NOW - dt.timedelta(days=20))
    prospect(rm, "Dyeworks Asia")
    text = browse(rm).get(f"{LIST}?age=15").content.decode()
    assert "Wah Kong" in text
    assert "Dyeworks" not in text


def test_the_team_filter_offers_only_teams_within_reach(bank, browse, head, ho):
    prospect(bank.rm)
    prospect(bank.outsider, "Pearl Estuary Foods")
    assert "Wah Kong" in browse(head).get(f"{LIST}?team={bank.team.pk}").content.decode()
    assert "Pearl" not in browse(head).get(f"{LIST}?team={bank.far_team.pk}").content.decode()
    assert "Pearl" in browse(ho).get(f"{LIST}?team={bank.far_team.pk}").content.decode()


def test_the_board_bounds_its_cards_and_weighs_its_lanes(bank, browse, rm):
    many(bank, rm, 25)
    text = browse(rm).get(BOARD).content.decode()
    lane = text[text.index('data-lane="S1"') : text.index('data-lane="S2"')]
    assert lane.count("data-card") == 20
    assert "+5 more" in lane
    assert 'title="HK$ 25,000.00"' in lane
    assert 'title="HK$ 1,250.00"' in lane
    assert f"{LIST}?stage=S1" in lane


def test_the_board_shows_what_was_won_this_quarter_alone(bank, browse, rm):
    won = {"expected_income": Decimal(5), "resume_stage": ""}
    in_stage(prospect(rm, "Wah Kong Logistics"), Stage.WON, closed_at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC), **won)
    in_stage(prospect(rm, "Dyeworks Asia"), Stage.WON, closed_at=dt.datetime(2025, 12, 30, tzinfo=dt.UTC), **won)
    in_stage(prospect(rm, "Pearl Estuary Foods"), Stage.LEAD)
    text = browse(rm).get(BOARD).content.decode()
    assert "Wah Kong" in text
    assert "Dyeworks" not in text


@pytest.mark.parametrize(("url", "most"), [(LIST, 10), (BOARD, 12), ("/prospects/closed/", 10), ("/prospects/team/", 10)])
def test_statements_do_not_grow_with_the_rows(bank, browse, rm, url, most):
    in_stage(prospect(rm, "Pearl Estuary Foods"), Stage.WON, closed_at=NOW)
    many(bank, rm, 10)
    browser = browse(rm)
    few = statements(browser, url)
    many(bank, rm, 60, Stage.MET)
    many(bank, rm, 30, Stage.OFFER)
    assert statements(browser, f"{url}?size=100") == few
    assert few <= most


@pytest.mark.parametrize("part", ["course", "timeline", "people", "history"])
def test_a_deals_page_takes_few_statements_whichever_tab_is_open(bank, browse, rm, part):
    deal = in_stage(prospect(rm, need="FX", next_step="Call", next_step_on=TODAY), Stage.QUALIFIED)
    agreed(bank, deal, Criterion.SCREENING, Criterion.APPETITE)
    decider(deal)
    log(rm, deal.company)
    assert statements(browse(rm), f"{deal.get_absolute_url()}?tab={part}") <= 14


def test_whoever_pursues_it_logs_a_visit_or_call_from_its_page(bank, browse, rm, auditor):
    deal = prospect(rm)
    ways = [f"/visits/{kind}/?company={deal.company_id}" for kind in ("log", "log/call")]
    page = browse(rm).get(deal.get_absolute_url()).content.decode()
    assert all(way in page for way in ways)
    page = browse(auditor).get(deal.get_absolute_url()).content.decode()
    assert not any(way in page for way in ways)


def test_a_prospect_stands_in_the_phones_log_sheet_of_those_who_open_one(bank, browse, rm, auditor):
    sheet = 'id="log-sheet"'
    for person, offered in ((rm, True), (auditor, False)):
        page = browse(person).get("/").content.decode()
        assert ("/prospects/add/" in page.split(sheet)[1].split("</dialog>")[0]) == offered


def test_the_page_shows_what_still_lacks_and_the_way_to_it(bank, browse, rm):
    deal = in_stage(prospect(rm), Stage.MET)
    text = browse(rm).get(deal.get_absolute_url()).content.decode()
    assert "Visit log" in text
    assert f"/visits/log/?company={deal.company_id}" in text
    assert f"/prospects/{deal.pk}/change/" in text


def test_the_head_finds_the_button_to_confirm_and_the_owner_does_not(bank, browse, rm, head):
    deal = in_stage(prospect(rm), Stage.PROPOSAL)
    row = services.state_evidence(
        deal_id=deal.pk, criterion=Criterion.ONBOARDING, statement=rules.Statement("Pack", TODAY), actor=rm, now=NOW
    )
    confirm = reverse("deals:evidence_confirm", args=[row.pk])
    assert confirm in browse(head).get(deal.get_absolute_url()).content.decode()
    assert confirm not in browse(rm).get(deal.get_absolute_url()).content.decode()
    assert browse(rm).post(confirm, {}).status_code == 403
    assert browse(bank.outhead).post(confirm, {}).status_code == 404
    assert browse(head).post(confirm, {}).status_code == 302
    row.refresh_from_db()
    assert row.confirmed_by == head


def test_a_prospect_is_added_on_one_page(bank, browse, rm):
    sent = {"name_zh": "華港物流有限公司", "kind": "uscc", "identifiers": USCC.value, "source": "COLD", "need": "FX line"}
    answer = browse(rm).post(ADD, sent)
    deal = Deal.objects.get()
    assert answer.url == deal.get_absolute_url()
    assert (deal.company.name_zh, deal.stage, deal.source, deal.need) == ("華港物流有限公司", "S1", "COLD", "FX line")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"source": "COLD"}, "A company needs a name"),
        ({"name_en": "Wah Kong"}, "This field is required"),
        ({"name_en": "Wah Kong", "source": "COLD", "identifiers": "123"}, "what kind of number"),
        ({"name_en": "Wah Kong", "source": "COLD", "next_step": "Call"}, "needs a day"),
        ({"name_en": "Wah Kong", "source": "COLD", "amount": "1,2"}, "between thousands only"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(browse, rm, sent, said):
    answer = browse(rm).post(ADD, sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert all(f'value="{value}"' in text for value in sent.values())


def test_a_name_that_is_too_long_is_not_said_to_be_missing(browse, rm):
    text = browse(rm).post(ADD, {"name_en": "W" * 201, "source": "COLD"}).content.decode()
    assert "200 characters" in text
    assert "A company needs a name" not in text


def test_amounts_are_read_as_they_are_typed(browse, rm):
    browse(rm).post(ADD, {"name_en": "Wah Kong", "source": "COLD", "amount": "1,200,000", "expected_income": "４０，０００"})
    deal = Deal.objects.get()
    assert (deal.amount, deal.expected_income) == (1_200_000, 40_000)
    browse(rm).post(f"{deal.get_absolute_url()}change/", {"source": "COLD", "amount": "2,500,000.50", "version": deal.version})
    deal.refresh_from_db()
    assert str(deal.amount) == "2500000.50"


def test_a_double_click_adds_one(browse, rm):
    sent = {"name_en": "Wah Kong", "source": "COLD", "submission": "0b6c2d2e-6f5b-4a0e-9d5e-0c8a5a5b1d11"}
    browser = browse(rm)
    first, second = browser.post(ADD, sent), browser.post(ADD, sent)
    assert first.url == second.url
    assert Deal.objects.count() == 1


def test_taking_up_what_somebody_owns_is_refused_and_logged_as_a_question(bank, browse, outsider):
    deal = prospect(bank.rm, "Wah Kong Logistics", numbers=(USCC,))
    sent = {"name_en": "Wah Kong", "source": "COLD", "kind": IdentifierKind.USCC, "identifiers": USCC.value}
    answer = browse(outsider).post(ADD, sent)
    assert answer.status_code == 422
    assert "Ask your team head" in answer.content.decode()
    assert bank.rm.name not in answer.content.decode()
    assert CoverageCheck.objects.get().company == deal.company


def test_companies_of_a_like_name_show_while_one_types_without_saying_who_covers_them(bank, browse, outsider):
    deal = prospect(bank.rm, "Wah Kong Logistics")
    text = browse(outsider).get("/prospects/known/", {"name_en": "Wah Kong Logistic"}, **DIALOG).content.decode()
    assert "Wah Kong Logistics" in text
    assert f"{ADD}?company={deal.company_id}" in text
    assert bank.rm.name not in text
    assert "looked after" not in text


def test_a_company_that_we_know_is_taken_up_from_its_address(bank, browse, rm):
    known = company(bank, "Pearl Estuary Foods")
    browser = browse(rm)
    assert "Pearl Estuary Foods" in browser.get(f"{ADD}?company={known.pk}").content.decode()
    browser.post(f"{ADD}?company={known.pk}", {"source": "LISTCO"})
    assert Deal.objects.get().company == known
    assert browser.get(f"{ADD}?company=999999").status_code == 404


def test_a_team_head_says_whose_prospect_it_is(bank, browse, head):
    browser = browse(head)
    assert "Arm" in browser.get(ADD).content.decode()
    assert browser.post(ADD, {"name_en": "Wah Kong", "source": "COLD"}).status_code == 422
    browser.post(ADD, {"name_en": "Wah Kong", "source": "COLD", "owner": bank.arm.pk})
    assert Deal.objects.get().owner == bank.arm
    assert browser.post(ADD, {"name_en": "Pearl", "source": "COLD", "owner": bank.outsider.pk}).status_code == 422


def test_who_covers_answers_in_a_sentence(bank, browse, outsider):
    prospect(bank.rm, "Wah Kong Logistics")
    browser = browse(outsider)
    text = browser.post("/prospects/who-covers/", {"asked": "wah kong"}, follow=True).content.decode()
    assert "Ask your team head" in text
    assert bank.rm.name not in text
    assert "No company is known" in browser.post("/prospects/who-covers/", {"asked": "Zenith"}, follow=True).content.decode()


def test_a_drop_that_lacks_nothing_answers_with_the_two_lanes(browse, rm):
    deal = in_stage(prospect(rm), Stage.LEAD)
    log(rm, deal.company, kind="call")
    answer = browse(rm).post(f"/prospects/{deal.pk}/move/", {"stage": "S2"}, **DIALOG)
    text = answer.content.decode()
    assert re.findall(r'data-lane="(\w+)"', text) == ["S1", "S2"]
    assert "<html" not in text
    deal.refresh_from_db()
    assert deal.stage == Stage.CONTACTED


def test_a_drop_that_lacks_criteria_asks_for_exactly_them(bank, browse, rm):
    deal = in_stage(prospect(rm), Stage.CONTACTED, need="FX line")
    person, browser = decider(deal), browse(rm)
    text = browser.post(f"/prospects/{deal.pk}/move/", {"stage": "S3"}, **DIALOG).content.decode()
    assert "dialog-title" in text
    asked = set(re.findall(r'name="(\w+)"', text)) - {"csrfmiddlewaretoken", "submission", "stage", "board"}
    assert asked == {"decision_maker", "new_person", "new_title", "consent", "consent_on"}
    sent = {"stage": "S3", "board": "1", "decision_maker": person.pk, "submission": "0b6c2d2e-6f5b-4a0e-9d5e-0c8a5a5b1d12"}
    done = browser.post(f"/prospects/{deal.pk}/move/", sent, **DIALOG)
    assert re.findall(r'data-lane="(\w+)"', done.content.decode()) == ["S2", "S3"]


def test_a_drop_backwards_asks_why_and_outwards_for_the_loss(browse, rm):
    deal = in_stage(prospect(rm), Stage.MET)
    browser, url = browse(rm), f"/prospects/{deal.pk}/move/"
    assert 'name="reason"' in browser.post(url, {"stage": "S1"}, **DIALOG).content.decode()
    assert 'name="competitor"' in browser.get(f"{url}?stage=L").content.decode()
    answer = browser.post(url, {"stage": "L", "reason": "price", "price_gap_bps": "20", "submission": "x"})
    assert answer.status_code == 302
    deal.refresh_from_db()
    assert (deal.stage, deal.lost_reason, deal.price_gap_bps) == (Stage.LOST, "price", 20)


def test_without_scripts_a_card_is_moved_on_pages(browse, rm):
    deal = in_stage(prospect(rm), Stage.LEAD)
    browser, url = browse(rm), f"/prospects/{deal.pk}/move/"
    assert f"{url}?stage=S2" in browser.get(url).content.decode()
    assert 'name="attempt_text"' in browser.get(f"{url}?stage=S2").content.decode()
    answer = browser.post(url, {"stage": "S2", "submission": "x", "attempt_text": "Called, no answer", "attempt_on": "2026-03-04"})
    assert answer.url == deal.get_absolute_url()
    deal.refresh_from_db()
    assert deal.stage == Stage.CONTACTED
    assert browser.get(f"{url}?stage=nonsense").status_code == 404


def test_a_move_that_waits_for_confirmation_says_so_and_keeps_what_was_stated(browse, rm):
    deal = in_stage(prospect(rm), Stage.CREDIT)
    sent = {"stage": "S7", "submission": "x", "decision_text": "Committee of 2 March", "decision_on": "2026-03-02"}
    text = browse(rm).post(f"/prospects/{deal.pk}/move/", sent, follow=True).content.decode()
    assert "It moves once your head has confirmed" in text
    assert "waits for the team head" in text


def test_a_stale_form_shows_both_versions(browse, rm):
    deal, browser = prospect(rm, need="FX line"), browse(rm)
    services.update_deal(deal_id=deal.pk, version=1, changes={"need": "Payroll"}, actor=rm, now=NOW)
    sent = {"version": "1", "submission": "x", "source": "INBOUND", "need": "LC line", "expected_income": "0"}
    answer = browser.post(f"/prospects/{deal.pk}/change/", sent)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Payroll" in text
    assert "LC line" in text


def test_a_deal_is_changed_on_its_form(browse, rm):
    deal = prospect(rm)
    person = decider(deal)
    sent = {"version": "1", "submission": "x", "source": "EVENT", "decision_maker": person.pk, "expected_income": "", "amount": "5000000"}
    assert browse(rm).post(f"/prospects/{deal.pk}/change/", sent).status_code == 302
    deal.refresh_from_db()
    assert (deal.source, deal.decision_maker, deal.amount, deal.expected_income) == ("EVENT", person, Decimal(5000000), 0)


def test_a_head_gives_many_to_another_owner_and_takes_it_back(bank, browse, head):
    deals = [prospect(bank.rm, name) for name in ("Wah Kong Logistics", "Dyeworks Asia")]
    browser, chosen = browse(head), {"selected": [deal.pk for deal in deals], "query": ""}
    assert "2 rows" in browser.post("/prospects/assign/", chosen).content.decode()
    key = "0b6c2d2e-6f5b-4a0e-9d5e-0c8a5a5b1d13"
    sent = {**chosen, "submission": key, "owner": bank.rm2.pk, "reason": "Holidays"}
    assert browser.post("/prospects/assign/", sent).status_code == 200
    assert {deal.owner for deal in Deal.objects.all()} == {bank.rm2}
    browser.post("/prospects/assign/", {"undo": key, "query": ""})
    assert {deal.owner for deal in Deal.objects.all()} == {bank.rm}


def test_only_heads_give_away(bank, browse):
    for who in ("arm", "rm", "ho", "compliance"):
        assert browse(bank.people[who]).get("/prospects/assign/").status_code == 403


def test_the_pages_carry_no_style_and_no_script_of_their_own(bank, browse, rm):
    deal = prospect(rm)
    for url in (LIST, BOARD, ADD, deal.get_absolute_url(), f"/prospects/{deal.pk}/move/?stage=L"):
        text = browse(rm).get(url).content.decode()
        assert not re.search(r'\sstyle=|<style|\son\w+="|<script(?![^>]*\bsrc=)', text)


def test_today_tells_heads_too_which_prospects_go_stale(bank, browse, rm, rm2, head, centre, outsider, auditor):
    deal = prospect(bank.rm, "Wah Kong Logistics")
    Deal.objects.filter(pk=deal.pk).update(stale_on=TODAY)
    people = (rm, head, centre, rm2, outsider, auditor)
    told = {who.username: "Wah Kong Logistics" in browse(who).get("/").content.decode() for who in people}
    assert told == {"rm": True, "head": True, "centre": True, "rm2": False, "outsider": False, "auditor": False}
