"""The handoff through the API: what a credit system lists, fetches, asks, and what it never hears of."""

import hashlib
import io
import json
import zipfile

import pytest
from django.test import Client

from credit.decisions.models import Decision
from credit.packs import services as packs
from credit.packs.choices import State
from credit.packs.models import Pack, PackVersion
from credit.reviews.models import Question
from tests.cast import NOW, fresh
from tests.companies import making as companies
from tests.credit import deciding, making, reviewing
from tests.credit.handoff import making as handoff
from tests.credit.systems import making as systems

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


class Caller:
    """A system with its token."""

    def __init__(self, bank, *, unit="credit", name="loan-system"):
        self.user = systems.account(bank, unit=unit, name=name)
        self.headers = {"Authorization": f"Bearer {systems.token(bank, self.user)}"}

    def get(self, path):
        return Client().get(f"/api/v1/{path}", headers=self.headers)

    def post(self, path, body, **headers):
        sent = self.headers | headers
        return Client().post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=sent)


@pytest.fixture
def caller(bank):
    return Caller(bank)


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["items"]]


def test_a_system_lists_what_was_handed_off_and_never_a_draft(bank, caller):
    draft, submitted = making.in_docs(bank), handoff.submitted(bank)[0]
    assert ids(caller.get("credit/packs")) == ids(caller.get("packs")) == ids(caller.get("credit/events")) == []
    for pack in (draft, submitted):
        for path in (
            f"packs/{pack.pk}",
            f"credit/packs/{pack.pk}",
            f"credit/packs/{pack.pk}/questions",
            f"credit-decisions/packs/{pack.pk}",
        ):
            assert caller.get(path).status_code == 404, path
    assert caller.get(f"credit/versions/{submitted.versions.get().pk}").status_code == 404
    assert caller.get(f"exposure/{submitted.company_id}").status_code == 404
    handoff.decide(bank, submitted, by="centre")
    assert ids(caller.get("credit/packs")) == [submitted.pk]


def test_a_system_of_a_centre_sees_that_centres_packs_alone(bank):
    pack, _seal = handoff.endorsed(bank)
    assert ids(Caller(bank, unit="centre", name="near").get("credit/packs")) == [pack.pk]
    far = Caller(bank, unit="far_centre", name="far")
    assert ids(far.get("credit/packs")) == ids(far.get("credit/events")) == []
    assert far.get(f"credit/packs/{pack.pk}").status_code == 404
    assert far.get(f"credit/versions/{pack.versions.get().pk}/zip").status_code == 404


def test_since_and_the_cursor_walk_all_packs_once(bank, caller):
    made = [reviewing.handed(bank).pk for _ in range(3)]
    found, cursor = [], ""
    while cursor is not None:
        page = caller.get(f"credit/packs?limit=2&since=2026-03-01T00:00:00Z&cursor={cursor}").json()
        found += [row["id"] for row in page["items"]]
        cursor = page["next"]
    assert found == made
    assert ids(caller.get("credit/packs?since=2026-03-05T00:00:00Z")) == []
    assert ids(caller.get("credit/packs?state=in_review")) == []
    for bad in ("since=yesterday", "since=0001-01-01T00:00:00Z", "state=none", "limit=0", "limit=201"):
        assert caller.get(f"credit/packs?{bad}").status_code == 422, bad


def test_a_version_is_fetched_as_json_pdf_and_zip_and_its_seal_fits(bank, caller):
    pack, seal = handoff.endorsed(bank)
    row = caller.get(f"credit/packs/{pack.pk}").json()["versions"][0]
    assert (row["seal"], row["endorsed_by"], row["state"]) == (seal.hash, "head", "sealed")
    told = caller.get(f"credit/versions/{row['id']}").json()
    assert hashlib.sha256(told["manifest"].encode()).hexdigest() == told["seal"] == seal.hash
    assert told["content"]["request"]["facilities"]
    assert b"".join([caller.get(f"credit/versions/{row['id']}/pdf").content])[:4] == b"%PDF"
    archive = caller.get(f"credit/versions/{row['id']}/zip")
    book = zipfile.ZipFile(io.BytesIO(b"".join(archive.streaming_content)))
    assert "manifest.json" in book.namelist()
    assert archive["Content-Disposition"].startswith("attachment")
    papers = caller.get(f"credit/versions/{row['id']}/papers").json()
    assert papers["documents"] == told["documents"]
    assert papers["papers"]
    document = papers["documents"][0]
    content = b"".join(caller.get(f"credit/documents/{document['id']}").streaming_content)
    assert hashlib.sha256(content).hexdigest() == document["sha256"]
    assert caller.get(f"credit/versions/{row['id']}/sections").json()["attestation"]["by"] == "rm"


def test_the_next_draft_and_a_version_that_was_not_endorsed_yet_stay_hidden(bank, caller):
    pack, _seal = handoff.endorsed(bank)
    packs.open_version(pack_id=pack.pk, reason="The limit is another", actor=fresh(bank.rm), now=NOW)
    second = PackVersion.objects.get(pack=pack, number=2)
    assert [row["number"] for row in caller.get(f"credit/packs/{pack.pk}").json()["versions"]] == [1]
    assert [row["number"] for row in caller.get(f"packs/{pack.pk}").json()["versions"]] == [1]
    assert caller.get(f"credit/versions/{second.pk}").status_code == 404
    last = caller.get("credit/events").json()["items"][-1]
    assert (last["event"], last["version"]) == ("version.on_hold", 1)


def test_the_feed_tells_ids_and_states_and_no_names_or_figures(bank, caller):
    pack, _seal = handoff.endorsed(bank)
    rows = caller.get("credit/events").json()["items"]
    assert [row["event"] for row in rows][-1] == "pack.handed_off"
    assert set(rows[0]) == {"id", "event", "at", "pack_id", "number", "version", "state"}
    assert pack.company.name_en not in json.dumps(rows)
    assert "8000000" not in json.dumps(rows)


def test_a_system_asks_once_for_each_key_and_the_manager_answers(bank, caller):
    pack = reviewing.in_review(bank)
    reviewing.ask(bank, pack, send=False)
    body = {"questions": [{"topic": "cash", "severity": "blocker", "text": "Who pays?"}]}
    first = caller.post(f"credit/packs/{pack.pk}/questions", body, **{"Idempotency-Key": "k1"})
    again = caller.post(f"credit/packs/{pack.pk}/questions", body, **{"Idempotency-Key": "k1"})
    assert (first.status_code, first.json()) == (201, again.json())
    assert [(row["text"], row["state"]) for row in first.json()["questions"]] == [("Who pays?", "open")]
    assert Question.objects.filter(pack=pack).count() == 2, "the analyst's own list is not sent by a system"
    other = caller.post(
        f"credit/packs/{pack.pk}/questions", {"questions": [body["questions"][0] | {"text": "?"}]}, **{"Idempotency-Key": "k1"}
    )
    assert other.json()["error"]["code"] == "key_reused"
    question = Question.objects.get(pack=pack, text="Who pays?")
    assert companies.ask(bank.rm, f"credit/questions/{question.pk}/answer", {"text": "The tenants"}).status_code == 200
    assert caller.get(f"credit/packs/{pack.pk}/questions").json()["questions"][0]["state"] == "answered"
    assert "question.answered" in [row["event"] for row in caller.get("credit/events").json()["items"]]
    assert caller.post(f"credit/questions/{question.pk}/reopen", {"text": "Which?"}).status_code == 200
    assert caller.post(f"credit/questions/{question.pk}/withdraw", {"text": "Seen"}).status_code == 200


def test_a_system_settles_only_its_own_questions_and_does_nothing_else_of_a_person(bank, caller):
    pack = reviewing.in_review(bank)
    question = reviewing.ask(bank, pack)
    reviewing.answer(bank, question)
    up = deciding.up(bank)
    body = {"word": "approve", "judgement": "It pays"}
    for path, sent in (
        (f"credit/questions/{question.pk}/accept", {}),
        (f"credit/questions/{question.pk}/reopen", {"text": "?"}),
        (f"credit/packs/{pack.pk}/resume", {}),
        (f"credit-decisions/packs/{up.pk}", body),
        (f"credit/packs/{up.pk}/endorse", {"act": "endorse", "view": "Fine"}),
        (f"credit/packs/{up.pk}/submit", {}),
        ("packs", {"company_id": up.company_id, "kind": "new", "authorship": "A", "segment": "sme", "client_types": ["company"]}),
    ):
        answer = caller.post(path, sent)
        assert answer.status_code in {403, 404}, (path, answer.content)
    assert not Decision.objects.exists()


def test_an_approver_decides_with_their_own_token_and_the_guard_of_the_page(bank, caller):
    up = deciding.up(bank)
    body = {"word": "approve", "judgement": "It pays"}
    assert companies.ask(bank.analyst, f"credit-decisions/packs/{up.pk}", body).status_code == 403
    assert companies.ask(bank.co1, f"credit-decisions/packs/{up.pk}", body).status_code == 201
    told = caller.get(f"credit-decisions/packs/{up.pk}").json()
    assert told["state"] == "approved"
    assert told["case"] is None
    assert {"level", "judgement", "total_hkd"}.isdisjoint(told["decisions"][0]), "class R"


def test_submitting_and_endorsing_have_the_guards_of_the_pages(bank):
    pack = handoff.ready(bank, amount="8000000")
    assert companies.ask(bank.rm2, f"credit/packs/{pack.pk}/submit", {}).status_code == 404
    sent = companies.ask(bank.rm, f"credit/packs/{pack.pk}/submit", {})
    assert (sent.status_code, sent.json()["state"]) == (201, "endorse")
    word = {"act": "endorse", "view": "I saw the warehouse."}
    assert companies.ask(bank.rm, f"credit/packs/{pack.pk}/endorse", word).status_code == 403
    assert companies.ask(bank.head, f"credit/packs/{pack.pk}/endorse", word | {"view": ""}).status_code == 422
    done = companies.ask(bank.head, f"credit/packs/{pack.pk}/endorse", word)
    assert (done.status_code, done.json()["state"]) == (200, "handed_off")


def test_a_pack_that_is_not_ready_says_every_reason(bank):
    refused = companies.ask(bank.rm, f"credit/packs/{making.in_docs(bank).pk}/submit", {})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "not_ready")


def test_exposure_is_told_without_what_was_granted_as_a_concession(bank, caller):
    pack, _seal = handoff.endorsed(bank)
    told = caller.get(f"exposure/{pack.company_id}").json()
    assert (told["pending"], told["excess"], [row["id"] for row in told["packs"]]) == ("8000000.00", None, [pack.pk])
    assert companies.ask(bank.head, f"exposure/{pack.company_id}").json()["excess"] == "0"


def test_no_answer_to_a_system_holds_a_way_to_reach_the_client(bank, caller):
    pack, _seal = handoff.endorsed(bank, authorship="B")
    companies.contact(bank, pack.company, "Christine Yau", mobile="61237654", note="Qcnote")
    version = pack.versions.get()
    paths = [
        "packs", "credit/packs", "credit/events", "credit/intake", f"packs/{pack.pk}", f"credit/packs/{pack.pk}",
        *(f"credit/versions/{version.pk}{end}" for end in ("", "/papers", "/sections")),
        f"credit/packs/{pack.pk}/questions", f"exposure/{pack.company_id}",
    ]  # fmt: skip
    for path in paths:
        answer = caller.get(path)
        assert answer.status_code == 200, path
        assert not any(word in answer.content.decode() for word in ("61237654", "Christine", "Qcnote")), path


def test_a_pack_that_was_sent_back_by_credit_is_still_handed_to_it(bank, caller):
    pack = reviewing.in_review(bank)
    Pack.objects.filter(pk=pack.pk).update(state=State.RETURNED)
    assert ids(caller.get("credit/packs?state=returned")) == [pack.pk]


@pytest.mark.parametrize("number", [2**31, 2**63 - 1, 2**63, 10**30])
def test_an_id_that_no_database_holds_is_not_there(caller, number):
    for path in ("packs/{}", "credit/packs/{}", "credit/versions/{}", "credit/documents/{}", "exposure/{}", "credit/packs/{}/questions"):
        assert caller.get(path.format(number)).status_code == 404, path
    for path in ("packs?company_id={}", "credit/packs?cursor={}"):
        assert caller.get(path.format(number)).status_code in {200, 422}, path
