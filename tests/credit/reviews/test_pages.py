"""The intake, the card of a review, questions and evidence on their pages and through the API: what each person gets."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from credit.packs.choices import State
from credit.reviews.models import Question, Saying
from crm.staff.services import create_token
from tests.cast import NOW
from tests.credit import filing, making, reviewing
from tests.visits import making as visits


def page(pack) -> str:
    return reverse("packs:pack_detail", args=[pack.pk])


def _api(user) -> Client:
    return Client(headers={"authorization": f"Bearer {create_token(user=user, scopes=('read', 'write'))}"})


def post(client, url, body):
    return client.post(url, json.dumps(body), content_type="application/json")


def test_the_intake_shows_each_pack_against_its_clock_and_what_stops_it(bank, browse):
    asked = reviewing.in_review(bank)
    reviewing.ask(bank, asked)
    waits = making.pack(bank, making.company(bank, name="Silver Bay Marine", name_zh="銀灣海事"))
    making.facility(bank, waits, amount="9000000")
    making.sealed(waits, now=NOW)
    browser = browse(bank.analyst)
    intake = reverse("reviews:intake")
    text = browser.get(intake).content.decode()
    assert all(
        words in text for words in (asked.number, waits.number, "0.0 of 7 working days", "paused", "1 open question", "Take next pack")
    )
    for query, seen in (({"mine": "true"}, asked), ({"unassigned": "true"}, waits), ({"stopped": "true"}, asked), ({"q": "SB-"}, waits)):
        text = browser.get(intake, query).content.decode()
        assert seen.number in text
        assert ({asked, waits} - {seen}).pop().number not in text
    assert browse(bank.rm).get(intake).status_code == 403
    assert "Take next pack" not in browse(bank.auditor).get(intake).content.decode()


def test_an_analyst_takes_asks_and_sends_from_the_pages_and_the_manager_answers_with_evidence(bank, browse):
    pack = reviewing.handed(bank)
    analyst = browse(bank.analyst)
    assert analyst.post(reverse("reviews:take_next")).url == page(pack)
    analyst.post(
        reverse("reviews:draft_question", args=[pack.pk]), {"topic": "cash", "severity": "blocker", "text": "Who pays the interest?"}
    )
    questions = reverse("reviews:questions", args=[pack.pk])
    assert "Send the list" in analyst.get(questions).content.decode()
    assert "Who pays the interest?" not in browse(bank.rm).get(questions).content.decode()
    analyst.post(reverse("reviews:send_questions", args=[pack.pk]))
    question = Question.objects.get()
    manager, answer = browse(bank.rm), reverse("reviews:answer", args=[question.pk])
    assert answer in manager.get(questions).content.decode()
    wrong = manager.post(answer, {"text": "See", "evidence": filing.upload("aging.pdf", b"%PDF-1.4 broken")})
    assert wrong.status_code == 422
    assert "broken" in wrong.content.decode()
    manager.post(answer, {"text": "Its rents do", "evidence": filing.upload("rents.pdf")})
    entry = Saying.objects.get(act="answer")
    evidence = analyst.get(reverse("reviews:evidence", args=[entry.pk]))
    assert evidence["Content-Disposition"].startswith("attachment")
    assert "sandbox" in evidence["Content-Security-Policy"]
    analyst.post(reverse("reviews:accept", args=[question.pk]))
    assert "All questions are settled." in analyst.get(page(pack)).content.decode()


def test_the_risk_class_is_not_the_managers_to_read(bank, browse):
    pack = reviewing.in_review(bank)
    reviewing.rated(bank, pack)
    assert "Steady margins" in browse(bank.co1).get(page(pack)).content.decode()
    assert "Steady margins" not in browse(bank.rm).get(page(pack)).content.decode()


def test_under_model_b_credit_sees_no_contact_data_and_no_way_to_write_to_the_client(bank, browse):
    company = making.company(bank)
    visits.contact(company, "Ann Wong", phone="+85291234567", email="ann@goldenhill.example")
    pack = making.pack(bank, company, authorship="B")
    making.facility(bank, pack)
    making.sealed(pack, state=State.IN_REVIEW)
    browser = browse(bank.analyst)
    where = [
        page(pack),
        reverse("reviews:questions", args=[pack.pk]),
        company.get_absolute_url(),
        reverse("packs:pack_events", args=[pack.pk]),
    ]
    for url in where:
        text = browser.get(url, follow=True).content.decode()
        for secret in ("91234567", "9123 4567", "ann@goldenhill", "mailto:", "tel:"):
            assert secret not in text, (url, secret)
    assert browser.get(reverse("checklists:letter", args=[pack.pk])).status_code == 403


def test_the_api_lists_asks_answers_and_accepts(bank, still):
    pack = reviewing.in_review(bank)
    credit, manager = _api(bank.analyst), _api(bank.rm)
    [row] = credit.get("/api/v1/credit/intake").json()["items"]
    assert (row["number"], row["analyst"], row["is_blocked"]) == (pack.number, "analyst", False)
    assert manager.get("/api/v1/credit/intake").status_code == 403
    asked = {"questions": [{"topic": "cash", "severity": "blocker", "text": "Who pays?"}]}
    made = post(credit, f"/api/v1/credit/packs/{pack.pk}/questions", asked)
    assert (made.status_code, made.json()["state"]) == (201, "query"), made.content
    number = made.json()["questions"][0]["id"]
    answered = post(manager, f"/api/v1/credit/questions/{number}/answer", {"text": "The tenants"})
    assert (answered.status_code, answered.json()["state"]) == (200, "in_review"), answered.content
    accepted = post(credit, f"/api/v1/credit/questions/{number}/accept", {})
    assert accepted.json()["questions"][0]["state"] == "accepted"
    assert post(_api(bank.outsider), f"/api/v1/credit/questions/{number}/answer", {"text": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["finance", "lobby", "editor", "admin", "rm2", "outsider"])
def test_questions_are_not_found_by_who_does_not_see_the_pack(bank, browse, name):
    pack = reviewing.in_review(bank)
    assert browse(bank.people[name]).get(reverse("reviews:questions", args=[pack.pk])).status_code == 404
