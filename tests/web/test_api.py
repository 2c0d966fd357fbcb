"""The API's frame: tokens and scopes, one shape of errors, keyset lists, writes that happen once."""

import json
import uuid

import pytest
from django.test import Client

from crm.kernel.jobs import Job
from crm.kernel.submissions import Submission
from crm.staff import services

JOBS = "/api/test/jobs"


class Caller:
    def __init__(self, user, scopes=("read", "write")):
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {services.create_token(user=user, scopes=list(scopes))}"}

    def get(self, address: str):
        return self.client.get(address, headers=self.headers)

    def post(self, body, address: str = JOBS, **headers: str):
        data = body if isinstance(body, str) else json.dumps(body)
        return self.client.post(address, data, content_type="application/json", headers=self.headers | headers)


@pytest.fixture
def caller(rm) -> Caller:
    return Caller(rm)


def _error(response) -> dict:
    assert response["Content-Type"].startswith("application/json")
    assert set(response.json()) == {"error"}
    assert set(response.json()["error"]) == {"code", "message", "fields"}
    return response.json()["error"]


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic cm06cm0=", "Token x"])
def test_without_a_valid_token_nothing_opens(client, bank, header):
    response = client.get(JOBS, headers={"Authorization": header} if header is not None else {})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert _error(response)["code"] == "not_signed_in"


def test_a_signed_in_browser_is_no_token(browser):
    assert browser.get(JOBS).status_code == 401


def test_each_scope_opens_its_own_methods_only(rm, make_jobs):
    make_jobs(1)
    reader, writer = Caller(rm, ["read"]), Caller(rm, ["write"])
    assert reader.get(JOBS).status_code == 200
    assert _error(reader.post({"title": "x"}))["code"] == "not_allowed"
    assert writer.get(JOBS).status_code == 403
    assert writer.post({"title": "x"}).status_code == 201


def test_a_list_is_read_page_by_page_to_its_end(caller, make_jobs, rm2):
    make_jobs(23)
    make_jobs(3, owner=rm2)
    seen, cursor = [], ""
    while cursor is not None:
        answer = caller.get(f"{JOBS}?limit=10&cursor={cursor}").json()
        assert set(answer) == {"items", "next"}
        seen += [item["title"] for item in answer["items"]]
        cursor = answer["next"]
    assert seen == [f"Job {n:05}" for n in range(23)]


@pytest.mark.parametrize("limit", ["0", "201", "x", "-1", "", "1e2", "٣"])
def test_a_limit_outside_1_to_200_is_422(caller, limit):
    response = caller.get(f"{JOBS}?limit={limit}")
    assert response.status_code == 422
    assert "limit" in _error(response)["fields"]


def test_hidden_and_missing_are_the_same_404(caller, make_jobs, rm2):
    (other,) = make_jobs(1, owner=rm2)
    hidden, missing = caller.get(f"{JOBS}/{other.pk}"), caller.get(f"{JOBS}/999999")
    assert hidden.status_code == missing.status_code == 404
    assert _error(hidden) == _error(missing)


def test_unknown_addresses_and_methods_answer_in_the_same_shape(caller):
    nowhere = _error(caller.get("/api/test/nowhere"))
    assert (nowhere["code"], nowhere["message"]) == ("not_found", "There is no such address.")
    response = caller.client.delete(JOBS, headers=caller.headers)
    assert response.status_code == 405
    assert _error(response)["code"] == "method_not_allowed"
    assert "GET" in response["Allow"]


@pytest.mark.parametrize(
    ("title", "status", "code"), [("no", 403, "not_allowed"), ("rule", 422, "rule_broken"), ("late", 409, "invalid_transition")]
)
def test_each_refusal_has_its_status_code_and_sentence(caller, title, status, code):
    response = caller.post({"title": title})
    assert response.status_code == status
    assert _error(response)["code"] == code
    if title == "rule":
        assert _error(response)["fields"] == {"title": "Shorter, please."}


def test_input_that_cannot_be_read_names_its_fields(caller):
    response = caller.post({"total": "many"})
    assert response.status_code == 422
    assert set(_error(response)["fields"]) == {"title", "total"}
    assert caller.post("{not json").status_code == 400
    assert _error(caller.post("{not json"))["code"] == "bad_request"
    assert _error(caller.post("{not json"))["message"] == "The body cannot be read: it is no JSON."


def test_fields_that_nobody_asked_for_are_refused_by_name_and_nothing_is_written(caller, rm2):
    response = caller.post({"title": "plain", "owner_id": rm2.pk, "kind": "forged"})
    assert response.status_code == 422
    assert _error(response)["fields"] == {"owner_id": "There is no such field.", "kind": "There is no such field."}
    assert not Job.objects.exists()


def test_parameters_that_nobody_reads_are_refused_by_name(caller, make_jobs):
    make_jobs(2)
    response = caller.get(f"{JOBS}?limit=10&titel=Job")
    assert response.status_code == 422
    assert _error(response)["fields"] == {"titel": "There is no such parameter."}
    assert caller.client.get(f"{JOBS}?titel=Job").status_code == 401


@pytest.mark.parametrize("cursor", ["zzz", "WzEsIm", "%00"])
def test_a_cursor_that_the_list_did_not_give_is_422(caller, make_jobs, cursor):
    make_jobs(2)
    response = caller.get(f"{JOBS}?cursor={cursor}")
    assert response.status_code == 422
    assert set(_error(response)["fields"]) == {"cursor"}


def test_a_repeated_key_replays_the_first_answer_and_writes_nothing(caller):
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first, second = caller.post({"title": "once"}, **key), caller.post({"title": "once"}, **key)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert first.status_code == 201
    assert Job.objects.filter(title="once").count() == 1


def test_another_body_under_the_same_key_is_422_and_writes_nothing(caller):
    key = {"Idempotency-Key": "k1"}
    caller.post({"title": "one"}, **key)
    response = caller.post({"title": "two"}, **key)
    assert response.status_code == 422
    assert _error(response)["code"] == "key_reused"
    assert not Job.objects.filter(title="two").exists()


def test_a_key_stands_for_one_request_at_one_address(caller):
    key = {"Idempotency-Key": "k1"}
    assert caller.post({"title": "one"}, **key).status_code == 201
    for body in ({"title": "one"}, {"title": "two"}):
        response = caller.post(body, f"{JOBS}/again", **key)
        assert response.status_code == 422
        assert _error(response)["code"] == "key_reused"
        assert "form" not in _error(response)["message"]
    assert Job.objects.count() == 1


def test_the_same_content_in_another_spelling_replays(caller):
    key = {"Idempotency-Key": "k1"}
    first = caller.post('{"title": "once", "total": 3}', **key)
    second = caller.post('{\n "total":3,\n "title":"once"}', **key)
    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (201, second.json())
    assert Job.objects.count() == 1


def test_a_refused_write_leaves_its_key_free(caller):
    key = {"Idempotency-Key": "k1"}
    assert caller.post({"title": "rule"}, **key).status_code == 422
    assert not Submission.objects.exists()
    assert caller.post({"title": "fine"}, **key).status_code == 201


def test_one_persons_key_is_not_anothers(caller, rm2):
    key = {"Idempotency-Key": "k1"}
    caller.post({"title": "mine"}, **key)
    assert Caller(rm2).post({"title": "mine"}, **key).status_code == 201
    assert Job.objects.filter(title="mine").count() == 2


@pytest.mark.parametrize("key", ["", " ", "x" * 81, "a\x01b"])
def test_a_key_must_be_one(caller, key):
    assert caller.post({"title": "x"}, **{"Idempotency-Key": key}).status_code == 422
    assert not Job.objects.exists()


def test_the_description_is_there_and_the_docs_page_is_not(client, db):
    schema = client.get("/api/test/openapi.json").json()
    assert schema["openapi"].startswith("3.")
    assert "/api/test/jobs" in schema["paths"]
    assert client.get("/api/test/docs").status_code == 404
