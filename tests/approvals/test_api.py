"""Approvals through the API: the same queues, the same refusals, each decision once."""

from typing import Any

import pytest
from django.test import Client

from crm.kernel.worklist import WorkItem, WorkState
from crm.staff.services import create_token
from tests.approvals.kinds import ask
from tests.cast import NOW, Bank

URL = "/api/v1/approvals"


@pytest.fixture
def call(bank: Bank, still: None):
    """Ask as somebody: `call("head", "get", path)`."""

    def asked(name: str, method: str, path: str = "", data: Any = None, scopes: tuple[str, ...] = ("read", "write"), **headers: str) -> Any:
        token = create_token(user=bank.people[name], scopes=scopes)
        told = {"content_type": "application/json", "data": data} if data is not None else {}
        return getattr(Client(), method)(f"{URL}{path}", headers={"Authorization": f"Bearer {token}", **headers}, **told)

    return asked


def test_the_list_and_one_request_say_what_the_pages_say(bank: Bank, call: Any) -> None:
    items = [ask(number, unit=bank.team, due=NOW) for number in range(3)]
    answer = call("head", "get", "?limit=2").json()
    assert [row["title"] for row in answer["items"]] == ["Leave 0", "Leave 1"]
    assert answer["items"][0] | {"asked_at": ""} == {
        "id": items[0].pk,
        "kind": "leave",
        "subject_id": 0,
        "title": "Leave 0",
        "line": "One day",
        "asked_by": "Asker Lau",
        "asked_at": "",
        "due_at": "2026-03-04T02:00:00Z",
        "plain": True,
        "flags": [],
        "url": f"/approvals/{items[0].pk}/",
    }
    rest = call("head", "get", f"?limit=2&cursor={answer['next']}").json()
    assert ([row["title"] for row in rest["items"]], rest["next"]) == (["Leave 2"], None)
    one = call("head", "get", f"/{items[0].pk}").json()
    assert one["state"] == "open"
    assert one["acts"][1] == {"code": "part", "label": "Approve part", "needs": ["days", "reason"], "refusal": ""}


def test_others_find_nothing_and_those_who_decide_nothing_are_refused(bank: Bank, call: Any) -> None:
    item = ask(1, unit=bank.team)
    assert call("head2", "get").json()["items"] == []
    assert call("head2", "get", f"/{item.pk}").status_code == 404
    assert call("head2", "post", f"/{item.pk}/decide", {"act": "approve"}).status_code == 404
    assert call("rm", "get").status_code == 403
    assert call("rm", "post", f"/{item.pk}/decide", {"act": "approve"}).status_code == 403
    assert call("head", "post", f"/{item.pk}/decide", {"act": "approve"}, scopes=("read",)).status_code == 403
    assert call("head", "get", "?limit=0").status_code == 422
    assert WorkItem.objects.open().count() == 1


def test_a_decision_is_made_once_under_its_key(bank: Bank, call: Any) -> None:
    item = ask(1, unit=bank.team)
    sent, key = {"act": "refuse", "fields": {"reason": "Busy"}}, {"Idempotency-Key": "one"}
    for _ in range(2):
        answer = call("head", "post", f"/{item.pk}/decide", sent, **key)
        assert (answer.status_code, answer.json()) == (200, {"id": item.pk, "kind": "leave", "act": "refuse", "state": "done"})
    again = call("head", "post", f"/{item.pk}/decide", sent)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "decided")
    assert WorkItem.objects.get().state == WorkState.DONE


def test_what_is_missing_or_wrong_is_said_field_by_field(bank: Bank, call: Any) -> None:
    item = ask(1, unit=bank.team)
    answer = call("head", "post", f"/{item.pk}/decide", {"act": "part", "fields": {"days": "many"}})
    assert answer.status_code == 422
    assert set(answer.json()["error"]["fields"]) == {"days"}
    answer = call("head", "post", f"/{item.pk}/decide", {"act": "part"})
    assert answer.json()["error"]["fields"] == {"days": "Needed for this.", "reason": "Needed for this."}
    assert call("head", "post", f"/{item.pk}/decide", {"act": "burn"}).json()["error"]["code"] == "unknown_act"
    assert WorkItem.objects.open().count() == 1
