"""Decisions on the pack's page, in the inbox of approvals and through the API: what each person gets."""

import json

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from credit.decisions import services
from credit.decisions.models import Case, Decision
from credit.packs.choices import State
from crm.kernel.worklist import WorkItem
from crm.staff.services import create_token
from tests.cast import NOW
from tests.credit import deciding, reviewing


def page(pack) -> str:
    return reverse("packs:pack_detail", args=[pack.pk])


def test_a_pack_is_put_up_and_decided_from_its_page(bank, browse):
    pack = reviewing.in_review(bank, amount="1500000")
    reviewing.rated(bank, pack)
    browse(bank.analyst).post(reverse("decisions:route", args=[pack.pk]), {"exception": ""})
    assert Case.objects.get().level == "CO1"
    browser = browse(bank.co1)
    text = browser.get(page(pack)).content.decode()
    assert all(words in text for words in ("Credit approver 1", "Add a condition", "Pass it up"))
    browser.post(
        reverse("decisions:propose_condition", args=[pack.pk]),
        {"kind": "precedent", "type": "legal", "text": "Guarantee signed", "is_essential": "on"},
    )
    decide = reverse("decisions:decide", args=[pack.pk])
    assert browser.post(decide, {"word": "decline", "judgement": "No"}).status_code == 422
    browser.post(decide, {"word": "approve", "judgement": "It pays"})
    pack.refresh_from_db()
    assert pack.state == State.APPR_COND
    seen = browse(bank.rm).get(page(pack)).content.decode()
    assert "Guarantee signed" in seen
    assert "It pays" not in seen
    assert "Credit approver 1" not in seen


def test_an_approver_decides_in_the_inbox(bank, browse):
    pack = deciding.up(bank)
    item = WorkItem.objects.open().get(kind="credit_decision")
    url = reverse("approvals:request_detail", args=[item.pk])
    assert "HK$ 1.5m" in browse(bank.co1).get(url).content.decode()
    browse(bank.co1).post(url, {"act": "approve", "judgement": "It pays"})
    assert Decision.objects.get().actor == bank.co1
    pack.refresh_from_db()
    assert pack.state == State.APPROVED


def test_the_committee_votes_on_the_page(bank, browse):
    pack = deciding.up(bank, rating="R4")
    browser = browse(bank.chair)
    browser.post(reverse("decisions:put_motion", args=[pack.pk]), {"word": "approve", "judgement": "Sound"})
    browser.post(reverse("decisions:vote", args=[pack.pk]), {"choice": "for", "judgement": "Sound"})
    answer = browser.post(reverse("decisions:close_motion", args=[pack.pk]))
    assert answer.status_code == 422
    assert "The quorum is 5 members; 1 have voted." in answer.content.decode()


def test_what_follows_is_done_from_the_page(bank, browse):
    pack = deciding.up(bank)
    condition = deciding.condition(bank, pack)
    deciding.decide(bank, pack)
    first, second = browse(bank.cad), browse(bank.cad2)
    deciding.drawn(bank, pack)
    first.post(reverse("decisions:offer", args=[pack.pk]))
    browse(bank.rm).post(reverse("decisions:accept", args=[pack.pk]), {"signed_by": "Chan Tai Man"})
    first.post(reverse("decisions:show_condition", args=[condition.pk]), {"evidence": "Deed of 5 March"})
    second.post(reverse("decisions:check_condition", args=[condition.pk]), {"is_met": "1"})
    assert "Make the limit live" in second.get(page(pack)).content.decode()
    second.post(reverse("decisions:go_live", args=[pack.pk]))
    pack.refresh_from_db()
    assert pack.state == State.AVAILABLE


def test_the_api_decides_within_the_authority_of_the_token(bank, still):
    pack = deciding.up(bank)
    token = create_token(user=bank.co1, scopes=("read", "write"))
    client = Client(headers={"authorization": f"Bearer {token}"})
    url = f"/api/v1/credit-decisions/packs/{pack.pk}"
    assert client.get(url).json()["case"]["level"] == "CO1"
    made = client.post(url, json.dumps({"word": "approve", "judgement": "It pays"}), content_type="application/json")
    assert (made.status_code, made.json()["state"]) == (201, "approved"), made.content
    plain = Client(headers={"authorization": f"Bearer {create_token(user=bank.rm, scopes=('read', 'write'))}"}).get(url).json()
    assert (plain["case"], plain["decisions"][0]["outcome"]) == (None, "approved")
    assert "judgement" not in plain["decisions"][0]


def test_the_page_of_a_pack_up_for_decision_costs_few_statements(bank, browse):
    pack = deciding.up(bank)
    services.propose_condition(pack_id=pack.pk, kind="precedent", type="legal", text="Deed", is_essential=True, actor=bank.analyst, now=NOW)
    browser = browse(bank.co1)
    browser.get(page(pack))
    with CaptureQueriesContext(connection) as asked:
        browser.get(page(pack))
    print(len(asked), "\n".join(query["sql"][:150] for query in asked))
    assert len(asked) <= 40
