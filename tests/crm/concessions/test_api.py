"""Concessions through the API, and the command: what it answers, and that it answers nothing more."""

import datetime as dt
import json
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from crm.concessions.models import Concession, Probe
from crm.staff.services import create_token
from tests.cast import NOW, Bank
from tests.crm.concessions.making import FEE, MARGIN, ask, client, decide, exercise, terms

pytestmark = pytest.mark.django_db
ASKED = {"kind": "CT1", "amount": "12000000", "bp": "15", "days": "365", "reason": "A rival offered less", "sunset_on": "2026-09-01"}
SECRET = ("level", "required", "queue", "due_at", "decided", "decider", "bucket", "matrix", "review")


@pytest.fixture(autouse=True)
def _still() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def call(web: Any, user: Any, path: str = "", body: dict[str, Any] | None = None, **headers: str) -> Any:
    address, headers = f"/api/v1/concessions{path}", {"Authorization": f"Bearer {create_token(user=user)}", **headers}
    return web.get(address, headers=headers) if body is None else web.post(address, body, content_type="application/json", headers=headers)


def test_asking_reading_deciding_and_telling(bank: Bank, client: Any) -> None:
    of = making_client(bank)
    made = call(client, bank.rm, "", ASKED | {"company_id": of.company_id})
    assert made.status_code == 201
    number = made.json()["id"]
    assert call(client, bank.rm, f"/{number}").json()["state"] == "requested"
    part = {"act": "part", "reason": "Less", "granted": {"kind": "CT1", "bp": "10"}}
    decided = call(client, bank.head, f"/{number}/decide", part)
    assert (decided.status_code, decided.json()["granted"]["bp"]) == (200, "10")
    early = call(client, bank.rm, f"/{number}/tell", {"channel": "phone", "reaction": "pleased"})
    assert early.status_code == 403
    listed = call(client, bank.rm).json()["items"]
    assert [row["number"] for row in listed] == ["CN-2026-0001"]
    assert call(client, bank.outsider, f"/{number}").status_code == 404
    assert call(client, bank.finance, f"/{number}").status_code == 403
    assert call(client, bank.lobby).status_code == 403


def test_no_answer_names_a_level_a_decider_or_a_queue(bank: Bank, client: Any) -> None:
    of = making_client(bank)
    decide(bank.head, ask(bank.rm, of, MARGIN))
    exercise(bank.rm, of, terms("CT6", days=2))
    for path in ("", f"/{Concession.objects.first().pk}"):
        body = call(client, bank.rm, path).json()
        rows = body.get("items", [body])
        assert not [name for row in rows for name in row if any(secret in name for secret in SECRET)]


def test_the_level_is_yours_or_next_and_of_one_length_above(bank: Bank, client: Any) -> None:
    of = making_client(bank)
    look = {"kind": "CT1", "bp": "15", "days": "365", "company_id": of.company_id}
    answers = [call(client, bank.rm, "/level", look | {"amount": amount}) for amount in ("12000000", "39000000", "149000000", "950000000")]
    assert answers[0].json() == {"yours": True, "goes_to": None}
    assert {answer.content for answer in answers[1:]} == {b'{"yours": false, "goes_to": "next level"}'}
    assert Probe.objects.count() == 4
    assert call(client, bank.rm, "/level", look | {"amount": "0"}).status_code == 422
    assert call(client, bank.sibling, "/level", look | {"amount": "5"}).status_code == 403


def test_a_try_at_own_authority_is_kept_though_nothing_else_is(bank: Bank, client: Any) -> None:
    of = making_client(bank)
    refused = call(client, bank.rm, "/exercise", ASKED | {"company_id": of.company_id, "amount": "16000000"}, **{"Idempotency-Key": "a"})
    assert (refused.status_code, refused.json()["error"]["code"] if "error" in refused.json() else refused.json()["code"]) == (
        422,
        "goes_up",
    )
    assert not Concession.objects.exists()
    assert Probe.objects.get().via == "exercise"
    twice = [
        call(client, bank.rm, "/exercise", ASKED | {"company_id": of.company_id}, **{"Idempotency-Key": "b"}).json()["id"] for _ in range(2)
    ]
    assert len(set(twice)) == 1
    assert Concession.objects.count() == 1


def making_client(bank: Bank) -> Any:
    return client(bank)


def level(*arguments: str) -> dict:
    out = StringIO()
    call_command("concession_level", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


EXAMPLE = ("--type", "CT1", "--amount", "12000000", "--bp", "15", "--days", "365")


def test_the_command_answers_yours_or_next_level_and_nothing_more(bank: Bank) -> None:
    assert level(*EXAMPLE, "--as", "rm") == {"yours": True, "goes_to": None}
    for who in ("rm2", "arm"):
        assert level(*EXAMPLE, "--as", who) == {"yours": False, "goes_to": "next level"}
    for who in ("head", "centre", "ho"):
        assert level(*EXAMPLE, "--as", who) == {"yours": True, "goes_to": None}


@pytest.mark.parametrize(
    ("figures", "mine", "above"),
    [
        (("CT2", "--amount", "200000000", "--bp", "40", "--days", "91"), "centre", "head"),
        (("CT3", "--amount", "1800", "--standard", "1800"), "head", "rm"),
        (("CT4", "--amount", "90000000", "--standard-bp", "20", "--cut-percent", "50"), "ho", "centre"),
        (("CT5", "--amount", "250000", "--days", "6", "--limit", "6000000"), "head", "rm"),
        (("CT6", "--days", "14"), "rm", "rm2"),
        (("CT7", "--amount", "150000"), "head", "rm"),
        (("CT8", "--amount", "5000000", "--points", "8"), "head", "rm"),
        (("CT9", "--minutes", "45"), "rm", "rm2"),
        (("CT10", "--amount", "30000", "--standard", "30000"), "head", "rm"),
    ],
)
def test_the_command_knows_every_type(bank: Bank, figures, mine, above) -> None:
    assert level("--type", *figures, "--as", mine)["yours"]
    assert not level("--type", *figures, "--as", above)["yours"]


def test_with_a_client_what_was_used_before_counts(bank: Bank) -> None:
    of = client(bank)
    exercise(bank.rm, of, terms("CT2", amount=10_000_000, bp=15, days=365))
    assert level(*EXAMPLE, "--as", "rm", "--client", "Yau Tat Textiles") == {"yours": False, "goes_to": "next level"}
    assert level(*EXAMPLE, "--as", "rm")["yours"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--type", "CT1", "--amount", "12", "--bp", "15", "--as", "rm"),
        ("--type", "CT11", "--as", "rm"),
        ("--type", "CT6", "--days", "x", "--as", "rm"),
        ("--type", "CT6", "--days", "-1", "--as", "rm"),
        ("--type", "CT6", "--days", "1", "--amount", "5", "--as", "rm"),
        ("--type", "CT7", "--amount", "0.001", "--as", "rm"),
        ("--type", "CT7", "--amount", "5", "--currency", "JPY", "--as", "rm"),
        ("--type", "CT6", "--days", "1", "--as", "nobody"),
        ("--type", "CT6", "--days", "1", "--as", "finance"),
        ("--type", "CT6", "--days", "1", "--as", "rm", "--client", "Nobody Knows"),
    ],
)
def test_bad_input_ends_with_two_and_a_sentence(bank: Bank, arguments) -> None:
    with pytest.raises(CommandError) as refused:
        level(*arguments)
    assert refused.value.returncode == 2
    assert str(refused.value)


def test_the_fee_of_another_is_not_asked_for(bank: Bank, client: Any) -> None:
    made = ask(bank.rm, making_client(bank), FEE)
    assert call(client, bank.rm2, f"/{made.pk}/decide", {"act": "approve"}).status_code == 404
    assert call(client, bank.rm, f"/{made.pk}/decide", {"act": "approve"}).status_code == 403


def test_what_follows_a_decision_is_done_by_api_and_the_register_is_for_those_who_read_it(bank: Bank, client: Any) -> None:
    of = making_client(bank)
    back = decide(bank.head, ask(bank.rm, of, FEE), "return", reason="Which offer?")
    assert call(client, bank.head, f"/{back.pk}/answer", {"answer": "That of May"}).status_code == 403
    assert call(client, bank.rm, f"/{back.pk}/answer", {"answer": "That of May"}).json()["state"] == "requested"
    assert call(client, bank.rm, f"/{back.pk}/withdraw", {"reason": "They stay"}).json()["state"] == "withdrawn"
    granted = decide(bank.head, ask(bank.rm, of, terms("CT6", days=3), promise="The papers", promise_due_on=dt.date(2026, 4, 1)))
    assert call(client, bank.rm, f"/{granted.pk}/apply", {"effective_on": "2026-03-01"}).status_code == 422
    assert call(client, bank.rm, f"/{granted.pk}/apply", {}).json()["state"] == "applied"
    assert call(client, bank.rm, f"/{granted.pk}/promise_kept", {"words": "All sent"}).json()["promise_kept_at"]
    assert call(client, bank.rm, f"/{granted.pk}/revoke", {"reason": "No"}).status_code == 403
    assert call(client, bank.head, f"/{granted.pk}/revoke", {"reason": "Not kept"}).json()["state"] == "revoked"
    rows = call(client, bank.finance, "/register").json()["items"]
    assert [row["number"] for row in rows] == [granted.number, back.number]
    assert not [name for row in rows for name in row if any(secret in name for secret in (*SECRET, "reason", "evidence"))]
    assert call(client, bank.head, "/register").status_code == 403
