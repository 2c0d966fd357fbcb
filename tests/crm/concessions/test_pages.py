"""The pages: asking with the live answer, deciding, telling, the register; and who sees what."""

import datetime as dt

import pytest

from crm.concessions import services
from crm.concessions.choices import State
from crm.concessions.models import Concession, Probe
from crm.kernel.jobs import Job
from tests.cast import Bank
from tests.companies.making import text
from tests.crm.concessions.making import EXCESS, FEE, MARGIN, ask, client, decide, exercise

pytestmark = pytest.mark.django_db
TYPED = {"amount": "12,000,000", "bp": "15", "days": "365", "currency": "HKD", "reason": "A rival offered less", "sunset_on": "2026-09-01"}


def test_a_request_is_typed_and_asked_for(bank: Bank, browse):
    of = client(bank)
    page = f"/concessions/new/?company={of.company_id}&kind=CT1"
    assert "Settle it myself" in text(browse(bank.rm).get(page))
    answer = browse(bank.rm).post(page, TYPED)
    made = Concession.objects.get()
    assert answer.status_code == 302
    assert answer.url == made.get_absolute_url()
    assert (made.state, made.terms["bp"]) == (State.REQUESTED, "15")


def test_own_authority_is_one_button_and_a_try_that_fails_is_kept(bank: Bank, browse):
    of = client(bank)
    page = f"/concessions/new/?company={of.company_id}&kind=CT1"
    refused = browse(bank.rm).post(page, TYPED | {"then": "exercise", "amount": "16,000,000"})
    assert refused.status_code == 422
    assert "This goes to the next level. Ask for it." in text(refused)
    assert Probe.objects.get().via == "exercise"
    assert browse(bank.rm).post(page, TYPED | {"then": "exercise"}).status_code == 302
    assert Concession.objects.get().is_exercise


@pytest.mark.parametrize(("name", "typed"), [("amount", "0"), ("amount", "-1"), ("amount", "1.001"), ("bp", "x"), ("days", "1.5")])
def test_bad_figures_are_said_beside_them_and_what_was_typed_is_kept(bank: Bank, browse, name, typed):
    of = client(bank)
    answer = browse(bank.rm).post(f"/concessions/new/?company={of.company_id}&kind=CT1", TYPED | {name: typed})
    assert answer.status_code == 422
    assert "A rival offered less" in text(answer)
    assert answer.context["form"].errors.keys() == {name}


def test_first_the_client_then_the_type(bank: Bank, browse):
    of = client(bank)
    assert "Yau Tat Textiles" in text(browse(bank.rm).get("/concessions/new/"))
    assert "Loan margin cut" in text(browse(bank.rm).get(f"/concessions/new/?company={of.company_id}"))
    assert browse(bank.rm).get(f"/concessions/new/?company={of.company_id}&kind=CT11").status_code == 404
    assert browse(bank.sibling).get(f"/concessions/new/?company={of.company_id}&kind=CT1").status_code == 403


def test_the_live_answer_is_the_same_whatever_the_level_above(bank: Bank, browse):
    of = client(bank)
    look = f"/concessions/of/{of.company_id}/level/?kind=CT1&days=365&bp=15&amount="
    browser = browse(bank.rm)
    assert "Yours" in text(browser.get(look + "12000000", headers={"hx-request": "true"}))
    above = [browser.get(look + amount, headers={"hx-request": "true"}) for amount in ("39000000", "140000000", "900000000")]
    assert len({answer.content for answer in above}) == 1
    assert len({tuple(sorted((k, v) for k, v in answer.headers.items() if "Nonce" not in v)) for answer in above}) == 1
    assert "next level" in text(above[0])
    assert Probe.objects.count() == 4


def test_the_list_the_page_and_what_happened(bank: Bank, browse):
    made = decide(bank.head, ask(bank.rm, client(bank), MARGIN, promise="Moves deposits", promise_due_on=dt.date(2026, 4, 1)))
    for who in ("rm", "head", "centre", "ho", "compliance", "auditor"):
        browser = browse(bank.people[who])
        assert made.number in text(browser.get("/concessions/"))
        for part in ("", "request/", "events/"):
            assert browser.get(f"/concessions/{made.pk}/{part}").status_code == 200
    for who in ("outsider", "head2", "analyst", "lobby", "editor", "admin", "specialist"):
        assert browse(bank.people[who]).get(f"/concessions/{made.pk}/").status_code == 404
    assert browse(bank.finance).get(f"/concessions/{made.pk}/").status_code == 403


def test_the_manager_reads_neither_who_decided_nor_at_which_level_and_the_heads_do(bank: Bank, browse):
    made = decide(bank.head, ask(bank.rm, client(bank), FEE), "pass_up", reason="Unusual")
    decide(bank.centre, made, reason="Fine")
    for part in ("", "request/", "events/", "?tab=events"):
        seen = text(browse(bank.rm).get(f"/concessions/{made.pk}/{part}"))
        assert not any(word in seen for word in ("Centre Lau", "Head Lau", "RCH", "Passed up"))
    assert "Centre Lau" in text(browse(bank.ho).get(f"/concessions/{made.pk}/request/"))
    assert "Centre Lau" not in text(browse(bank.head).get(f"/concessions/{made.pk}/request/"))


def test_a_head_decides_on_a_page_with_all_that_is_needed(bank: Bank, browse):
    made = ask(bank.rm, client(bank), MARGIN)
    decide(bank.head, ask(bank.rm, client(bank, name="Sun Mei", name_zh=""), MARGIN))
    page = browse(bank.head).get(f"/concessions/{made.pk}/decide/")
    seen = text(page)
    for words in ("18,000.00", "Your room for this client group", "Like cases", "telling is a separate step"):
        assert words in seen
    assert "Sun Mei" not in seen
    assert browse(bank.rm).get(f"/concessions/{made.pk}/decide/").status_code == 403
    part = {"reason": "Less", "act": "part", "part_amount": "12000000", "part_bp": "10", "part_days": "365"}
    assert browse(bank.head).post(f"/concessions/{made.pk}/decide/", part).status_code == 302
    assert Concession.objects.get(pk=made.pk).granted["bp"] == "10"


def test_a_refusal_without_a_reason_comes_back(bank: Bank, browse):
    made = ask(bank.rm, client(bank), FEE)
    answer = browse(bank.head).post(f"/concessions/{made.pk}/decide/", {"act": "refuse"})
    assert answer.status_code == 422
    assert Concession.objects.get(pk=made.pk).state == State.REQUESTED


def test_reviews_and_credits_word_are_pages_too(bank: Bank, browse):
    of = client(bank)
    review = exercise(bank.rm, of, MARGIN)
    excess = ask(bank.rm, of, EXCESS)
    assert review.review_state == "due"
    assert browse(bank.head).post(f"/concessions/{review.pk}/decide/", {"act": "coach", "reason": "Ask first"}).status_code == 302
    assert browse(bank.co1).post(f"/concessions/{excess.pk}/decide/", {"act": "veto", "reason": "Watch"}).status_code == 302
    assert Concession.objects.get(pk=excess.pk).state == State.VETOED


def test_register_report_looks_conflicts_and_suspensions_open_for_who_reads_them(bank: Bank, browse):
    exercise(bank.rm, client(bank), MARGIN)
    for who in ("ho", "compliance", "auditor", "finance"):
        assert "18,000.00" in text(browse(bank.people[who]).get("/concessions/register/"))
    assert "SRM" in text(browse(bank.compliance).get("/concessions/register/"))
    assert "SRM" not in text(browse(bank.finance).get("/concessions/register/"))
    assert "100.0%" in text(browse(bank.centre).get("/concessions/report/?month=2026-03"))
    assert browse(bank.head).get("/concessions/report/?month=nonsense").status_code == 200
    address = "/concessions/report/?month=2026-03"
    file = b"".join(browse(bank.head).post(address, {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert "Decided in the centre,100.0%,1," in file
    assert "By type," in file
    assert ",1,18000.00," in file
    assert Job.objects.get(kind="export").owner == bank.head
    services.look_at_level(actor=bank.rm, now=dt.datetime.now(dt.UTC), company_id=None, terms=MARGIN, via="page")
    assert "bp 15" in text(browse(bank.compliance).get("/concessions/looks/"))
    assert browse(bank.rm).get("/concessions/register/").status_code == 403
    assert browse(bank.rm).get("/concessions/report/").status_code == 403
    assert browse(bank.rm).get("/concessions/looks/").status_code == 403


def test_the_registers_file_says_the_level_to_compliance_and_not_to_finance(bank: Bank, browse):
    exercise(bank.rm, client(bank), MARGIN)
    ask(bank.rm, client(bank, name="Sun Mei", name_zh=""), FEE)
    files = {}
    for who in ("compliance", "finance"):
        answer = browse(bank.people[who]).post("/concessions/register/?view=all", {"export": "csv"})
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        files[who] = content.decode("utf-8-sig").splitlines()
    assert [len(rows) for rows in files.values()] == [3, 3]
    assert ",SRM," in files["compliance"][2]
    assert "Level" in files["compliance"][0]
    assert "Level" not in files["finance"][0]


def test_a_conflict_is_declared_and_authority_suspended_and_lifted_by_hand(bank: Bank, browse):
    of = client(bank)
    assert browse(bank.rm).post(f"/concessions/conflicts/of/{of.company_id}/", {"reason": "My brother"}).status_code == 302
    assert "My brother" in text(browse(bank.head).get("/concessions/conflicts/"))
    assert browse(bank.centre).post("/concessions/suspensions/new/", {"person": bank.rm.pk, "reason": "Inquiry"}).status_code == 302
    assert browse(bank.centre).post("/concessions/suspensions/new/", {"person": bank.outsider.pk, "reason": "x"}).status_code == 422
    from_list = text(browse(bank.centre).get("/concessions/suspensions/"))
    assert "Inquiry" in from_list


def test_the_company_page_has_its_panel_and_button(bank: Bank, browse):
    of = client(bank)
    made = ask(bank.rm, of, FEE)
    assert made.number in text(browse(bank.rm).get(f"/concessions/of/{of.company_id}/"))
    assert "Ask for a concession" in text(browse(bank.rm).get(of.company.get_absolute_url()))


def test_the_reply_is_refused_before_its_time_and_noted_after(bank: Bank, browse):
    excess = ask(bank.rm, client(bank), EXCESS)
    services.say_credit(concession_id=excess.pk, actor=bank.co1, now=dt.datetime(2026, 3, 4, 2, tzinfo=dt.UTC), act="clear")
    decide(bank.head, excess)
    value = decide(bank.head, ask(bank.rm, client(bank, name="Sun Mei", name_zh=""), FEE))
    told = {"told_at": "2026-03-04T10:00", "channel": "phone", "reaction": "pleased"}
    early = browse(bank.rm).post(f"/concessions/{value.pk}/tell/", told)
    assert early.status_code == 403
    assert browse(bank.rm).post(f"/concessions/{excess.pk}/tell/", told).status_code == 302
    assert Concession.objects.get(pk=excess.pk).told_at is not None
