"""Visits through the API: names and shapes are a promise (contract), rules and visibility those of the pages."""

from typing import Any

import pytest
import time_machine

from crm.staff.services import create_token
from crm.visits.models import Visit
from tests.cast import NOW, Bank
from tests.visits import making


@pytest.fixture(autouse=True)
def _still() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def call(
    client: Any, user: Any, body: dict[str, Any] | None = None, *, path: str = "", scopes: tuple[str, ...] = ("read", "write"), **more: str
) -> Any:
    headers = {"Authorization": f"Bearer {create_token(user=user, scopes=scopes)}", **more}
    address = f"/api/v1/visits{path}"
    return client.post(address, body, content_type="application/json", headers=headers) if body else client.get(address, headers=headers)


def note(client_id: int, **changes: Any) -> dict[str, Any]:
    return {"client_id": client_id, "kind": "visit", "happened_at": "2026-03-04T09:00:00+08:00", "summary": "LC settled.", **changes}


def test_the_four_compulsory_fields_make_a_visit(bank: Bank, client: Any) -> None:
    of = making.client(bank, "rm")
    answer = call(client, bank.rm, note(of.pk))
    visit = Visit.objects.get()
    assert answer.status_code == 201
    body = answer.json()
    assert {key: body[key] for key in ("id", "name", "name_en", "name_zh", "url", "kind", "summary", "owner")} == {
        "id": visit.pk,
        "name": "Yau Tat Textiles",
        "name_en": "Yau Tat Textiles",
        "name_zh": "裕達紡織",
        "url": f"/visits/{visit.pk}/",
        "kind": "visit",
        "summary": "LC settled.",
        "owner": "rm",
    }


def test_all_the_rest_may_come_along(bank: Bank, client: Any) -> None:
    of = making.client(bank, "rm")
    person = making.contact(of.company)
    more = {
        "purpose": "pre_loan",
        "place": "factory",
        "place_text": "Kwun Tong",
        "met": [{"contact_id": person.pk, "weight": "decides"}, {"name": "Mr Tong", "title": "Treasury"}],
        "colleague_ids": [bank.arm.pk],
        "orders": "Up",
        "mood": 4,
        "next_step": "Send it",
        "next_step_on": "2026-03-06",
        "promises": [{"text": "Answer", "due_on": "2026-03-09"}],
        "checked_in_at": "2026-03-04T08:55:00+08:00",
        "latitude": 22.31,
        "longitude": 114.22,
        "accuracy_m": 12,
        "copy_to_ids": [bank.head.pk],
    }
    answer = call(client, bank.rm, note(of.pk, **more))
    assert answer.status_code == 201
    visit = Visit.objects.get()
    told = call(client, bank.rm, path=f"/{visit.pk}").json()
    assert {name: told[name] for name in ("checked_in_at", "latitude", "longitude", "accuracy_m", "copied_to", "lead")} == {
        "checked_in_at": "2026-03-04T00:55:00Z",
        "latitude": "22.310000",
        "longitude": "114.220000",
        "accuracy_m": 12,
        "copied_to": "Head Lau",
        "lead": None,
    }
    assert answer.json().keys() == told.keys()
    assert (visit.met, visit.colleagues, visit.orders, visit.mood, visit.accuracy_m) == ("Ms Yau, Mr Tong", "Arm Lau", "Up", 4, 12)
    assert (float(visit.latitude), float(visit.longitude)) == (22.31, 114.22)
    assert visit.promises.get().text == "Answer"
    assert visit.needs_sign_off


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"happened_at": "2026-03-04T09:00:00"}, "happened_at"),
        ({"happened_at": "2026-03-04T11:00:00+08:00"}, "happened_at"),
        ({"happened_at": "yesterday"}, "happened_at"),
        ({"kind": "dinner"}, "kind"),
        ({"summary": " "}, "summary"),
        ({"summary": "We filed an STR"}, "summary"),
        ({"summary": "x" * 10_001}, "summary"),
        ({"next_step": "Go"}, "next_step_on"),
        ({"next_step": "Go", "next_step_on": "2026-03-03"}, "next_step_on"),
        ({"purpose": "pre_loan"}, "colleagues"),
        ({"mood": 9}, "mood"),
        ({"latitude": 91}, "latitude"),
        ({"met": [{"contact_id": 999_999}]}, "met"),
        ({"copy_to_ids": [999_999]}, "copies"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(bank: Bank, client: Any, changes: dict[str, Any], field: str) -> None:
    answer = call(client, bank.rm, note(making.client(bank, "rm").pk, **changes))
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert field in error["fields"]
    assert error["code"]
    assert error["message"]
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"happened_at": "0001-01-01T00:00:00+14:00"}, "happened_at"),
        ({"happened_at": "9999-12-31T23:59:59-12:00"}, "happened_at"),
        ({"happened_at": "1900-01-01T00:00:00+08:00"}, "happened_at"),
        ({"happened_at": 1700000000}, "happened_at"),
        ({"happened_at": "1700000000"}, "happened_at"),
        ({"checked_in_at": "0001-01-01T00:00:00+14:00"}, "checked_in_at"),
        ({"colleague_ids": [10**30]}, "colleague_ids.0"),
        ({"met": [{"contact_id": 10**30}]}, "met.0.contact_id"),
    ],
)
def test_no_date_or_number_is_too_far_off_to_be_refused_by_name(bank: Bank, client: Any, changes: dict[str, Any], field: str) -> None:
    of = making.client(bank, "rm")
    answer = call(client, bank.rm, note(of.pk, **changes))
    assert answer.status_code == 422
    assert set(answer.json()["error"]["fields"]) == {field}


@pytest.mark.parametrize(
    ("who", "status"), [("outsider", 404), ("rm2", 404), ("ho", 403), ("auditor", 403), ("finance", 403), ("admin", 404)]
)
def test_others_are_refused_as_on_the_page(bank: Bank, client: Any, who: str, status: int) -> None:
    of = making.client(bank, "rm")
    assert call(client, bank.people[who], note(of.pk)).status_code == status


@pytest.mark.parametrize("who", ["lobby", "admin", "editor"])
def test_who_may_not_open_the_list_of_visits_is_told_why(bank: Bank, client: Any, who: str) -> None:
    answer = call(client, bank.people[who])
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")
    assert "Visits are read by" in answer.json()["error"]["message"]


def test_a_reading_token_does_not_write(bank: Bank, client: Any) -> None:
    of = making.client(bank, "rm")
    assert call(client, bank.rm, note(of.pk), scopes=("read",)).status_code == 403


def test_owner_and_lock_never_come_from_the_request(bank: Bank, client: Any) -> None:
    of = making.client(bank, "rm")
    for name, value in {"owner": bank.head.pk, "owner_id": bank.head.pk, "is_late": True, "signed_off_at": "2026-03-04T09:00:00Z"}.items():
        answer = call(client, bank.rm, note(of.pk, **{name: value}))
        assert answer.status_code == 422
        assert set(answer.json()["error"]["fields"]) == {name}
    assert not Visit.objects.exists()


def test_the_same_key_logs_once_and_answers_the_same(bank: Bank, client: Any) -> None:
    of = making.client(bank, "rm")
    key = {"Idempotency-Key": "visit-1"}
    first, second = call(client, bank.rm, note(of.pk), **key), call(client, bank.rm, note(of.pk), **key)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert Visit.objects.count() == 1
    assert call(client, bank.rm, note(of.pk, summary="Other"), **key).status_code == 422


def test_the_list_is_paged_newest_first_and_searched_by_company(bank: Bank, client: Any) -> None:
    of = making.client(bank, "rm").company
    of.__class__.key_model().objects.create(company=of, key="yau")
    other = making.client(bank, "rm", name="Golden Hill Foods").company
    visits = [making.log(bank.rm, of, at=NOW - making.dt.timedelta(hours=hours)) for hours in (1, 2, 3)]
    far = making.log(bank.rm, other)
    first = call(client, bank.rm, path=f"?company_id={of.pk}&limit=2").json()
    assert [item["id"] for item in first["items"]] == [visits[0].pk, visits[1].pk]
    rest = call(client, bank.rm, path=f"?company_id={of.pk}&limit=2&cursor={first['next']}").json()
    assert ([item["id"] for item in rest["items"]], rest["next"]) == ([visits[2].pk], None)
    found = call(client, bank.rm, path="?q=yau").json()["items"]
    assert far.pk not in {item["id"] for item in found}
    assert len(found) == 3
