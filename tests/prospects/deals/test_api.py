"""Prospects through the API: shapes, scopes, refusals, replays."""

import json
from typing import Any

import pytest
from django.test import Client

from crm.staff.services import create_token
from prospects.deals.choices import Criterion, Stage
from prospects.deals.models import Deal
from tests.cast import NOW
from tests.prospects.deals.making import USCC, agreed, in_stage, prospect
from tests.visits.making import log

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
BASE = "/api/v1/prospects"


class Api:
    """A caller with somebody's token."""

    def __init__(self, user: Any, scopes: tuple[str, ...] = ("read", "write")) -> None:
        self.headers = {"authorization": f"Bearer {create_token(user=user, scopes=scopes)}"}
        self.client = Client()

    def get(self, path: str = "") -> Any:
        return self.client.get(f"{BASE}{path}", headers=self.headers)

    def post(self, path: str, body: dict[str, Any], key: str = "") -> Any:
        headers = self.headers | ({"idempotency-key": key} if key else {})
        return self.client.post(f"{BASE}{path}", json.dumps(body), content_type="application/json", headers=headers)

    def patch(self, path: str, body: dict[str, Any]) -> Any:
        return self.client.patch(f"{BASE}{path}", json.dumps(body), content_type="application/json", headers=self.headers)


def test_a_prospect_is_opened_read_listed_and_changed(rm):
    api = Api(rm)
    body = {"name_en": "Wah Kong", "identifiers": [{"kind": "uscc", "value": USCC.value}], "source": "COLD", "expected_income": "40000.00"}
    made = api.post("", body)
    assert made.status_code == 201
    deal = made.json()
    assert {"id", "name", "name_en", "name_zh", "url"} <= deal.keys()
    assert (deal["stage"], deal["owner"], deal["expected_income"]) == ("S1", "rm", "40000.00")
    assert [row["id"] for row in api.get("").json()["items"]] == [deal["id"]]
    changed = api.patch(f"/{deal['id']}", {"version": deal["version"], "need": "FX line"})
    assert (changed.status_code, changed.json()["need"]) == (200, "FX line")
    stale = api.patch(f"/{deal['id']}", {"version": deal["version"], "need": "LC line"})
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "stale_version")


def test_the_list_is_narrowed_by_stage_and_owner(bank, rm, head):
    in_stage(prospect(rm, "Wah Kong Logistics"), Stage.MET)
    prospect(bank.rm2, "Dyeworks Asia")
    in_stage(prospect(rm, "Pearl Estuary Foods"), Stage.LOST, closed_at=NOW, lost_reason="price", revisit_on=NOW.date())
    api = Api(head)

    def names(query: str) -> list[str]:
        return [row["name"] for row in api.get(query).json()["items"]]

    assert names("") == ["Dyeworks Asia", "Wah Kong Logistics"]
    assert names("?stage=S3") == ["Wah Kong Logistics"]
    assert names("?stage=L") == ["Pearl Estuary Foods"]
    assert names("?owner=rm2") == ["Dyeworks Asia"]
    assert names("?q=wah") == ["Wah Kong Logistics"]
    assert names("?owner=outsider") == []


@pytest.mark.parametrize(("query", "field"), [("?stage=ZZ", "stage"), ("?owner=nobody", "owner"), ("?stage=S3&owner=nobody", "owner")])
def test_a_filter_that_no_prospect_can_match_is_refused_with_a_sentence(head, query, field):
    answer = Api(head).get(query)
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"][field]


def test_a_team_mate_reads_it_masked_and_others_not_at_all(bank):
    deal = prospect(bank.rm, need="Secret")
    masked = Api(bank.rm2).get(f"/{deal.pk}")
    assert masked.status_code == 200
    assert set(masked.json()) == {"id", "name", "name_en", "name_zh", "url", "company_id", "stage", "owner"}
    assert Api(bank.rm2).get("").json()["items"] == []
    for who in ("outsider", "arm", "lobby", "admin"):
        assert Api(bank.people[who]).get(f"/{deal.pk}").status_code == 404
    for who in ("outsider", "arm"):
        assert Api(bank.people[who]).get("").json()["items"] == []


def test_what_somebody_owns_is_refused_without_a_name(bank):
    prospect(bank.rm, numbers=(USCC,))
    answer = Api(bank.outsider).post("", {"name_en": "X", "identifiers": [{"kind": "uscc", "value": USCC.value}], "source": "COLD"})
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "owned"
    assert bank.rm.name not in answer.content.decode()


def test_the_same_key_again_replays_the_first_answer(rm):
    api, body = Api(rm), {"name_en": "Wah Kong", "source": "COLD"}
    first, second = api.post("", body, key="one"), api.post("", body, key="one")
    assert first.json() == second.json()
    assert Deal.objects.count() == 1
    assert api.post("", {**body, "name_en": "Other"}, key="one").status_code == 422


def test_a_next_step_is_not_set_for_a_day_that_is_over(bank, rm):
    deal = prospect(rm)
    for day in ("1900-01-01", "2026-03-03"):
        answer = Api(rm).patch(f"/{deal.pk}", {"version": deal.version, "next_step": "Call", "next_step_on": day})
        assert (answer.status_code, set(answer.json()["error"]["fields"])) == (422, {"next_step_on"})
    assert Api(rm).patch(f"/{deal.pk}", {"version": deal.version, "next_step": "Call", "next_step_on": "2026-03-04"}).status_code == 200
    Deal.objects.filter(pk=deal.pk).update(next_step_on="2026-03-01")
    assert Api(rm).patch(f"/{deal.pk}", {"version": deal.version + 1, "need": "FX line"}).status_code == 200


@pytest.mark.parametrize("who", ["lobby", "admin"])
def test_who_may_not_open_the_list_is_told_why(bank, who):
    answer = Api(bank.people[who]).get()
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")


def test_a_visit_is_logged_with_a_prospect(bank, rm):
    deal = prospect(rm)
    body = {"kind": "call", "happened_at": "2026-03-04T09:00:00+08:00", "summary": "Spoke to the CFO."}
    made = Api(rm).post(f"/{deal.pk}/log_visit", body)
    assert (made.status_code, made.json()["company_id"]) == (201, deal.company_id)
    assert Api(bank.rm2).post(f"/{deal.pk}/log_visit", body).status_code == 403
    assert Api(bank.outsider).post(f"/{deal.pk}/log_visit", body).status_code == 404
    for far in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        refused = Api(rm).post(f"/{deal.pk}/log_visit", body | {"happened_at": far})
        assert (refused.status_code, set(refused.json()["error"]["fields"])) == (422, {"happened_at"})


def test_a_prospect_advances_or_says_what_lacks_or_what_it_waits_for(bank, rm):
    deal, api = in_stage(prospect(rm), Stage.LEAD), Api(rm)
    lacking = api.post(f"/{deal.pk}/advance", {"to_stage": "S2"})
    assert (lacking.status_code, lacking.json()["error"]["code"]) == (422, "criteria_missing")
    log(rm, deal.company)
    assert api.post(f"/{deal.pk}/advance", {"to_stage": "S2"}).json()["moved"] is True
    in_stage(deal, Stage.CREDIT)
    given = {"to_stage": "S7", "statements": {"decision": {"text": "Approved", "on": "2026-03-03"}}}
    waiting = api.post(f"/{deal.pk}/advance", given).json()
    assert (waiting["moved"], waiting["waiting"], waiting["stage"]) == (False, ["decision"], "S6")
    backwards = api.post(f"/{deal.pk}/advance", {"to_stage": "S1"})
    assert (backwards.status_code, backwards.json()["error"]["code"]) == (409, "invalid_transition")
    assert api.post(f"/{deal.pk}/advance", {"to_stage": "S99"}).status_code == 422
    assert (
        api.post(f"/{deal.pk}/advance", {"to_stage": "S7", "statements": {"magic": {"text": "x", "on": "2026-03-03"}}}).status_code == 422
    )


def test_a_confirmed_decision_lets_it_advance(bank, rm):
    deal = in_stage(prospect(rm), Stage.CREDIT)
    agreed(bank, deal, Criterion.DECISION)
    assert Api(rm).post(f"/{deal.pk}/advance", {"to_stage": "S7"}).json()["stage"] == "S7"


def test_a_token_that_only_reads_writes_nothing(rm):
    assert Api(rm, ("read",)).post("", {"name_en": "Wah Kong", "source": "COLD"}).status_code == 403
    assert not Deal.objects.exists()
