"""The pages and API of gifts: ask, decide, issue, hand over as each person does, and who sees what."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.gifts import services
from crm.gifts.models import Gift, GiftItem
from crm.kernel.contributions import ApprovalKind, Invariant, of
from crm.policy.models import Figure
from crm.staff.services import create_token
from tests.cast import NOW, Bank
from tests.companies.making import ask, text
from tests.crm.gifts import making


@pytest.fixture
def umbrella(bank: Bank) -> GiftItem:
    return making.item(bank)


@pytest.fixture
def yau(bank: Bank):
    return making.contact(making.client(bank))


def test_a_gift_is_asked_for_decided_issued_and_handed_over_by_its_people(bank: Bank, umbrella, yau, browse) -> None:
    rm, head, ops = browse(bank.rm), browse(bank.head), browse(bank.ops)
    form = text(rm.get(f"/gifts/give/?company={yau.company_id}"))
    assert "Umbrella" in form
    assert "Yau Tat Textiles" in form
    sent = {"contact": yau.pk, "relation": "manager", "item": umbrella.pk, "quantity": "2", "occasion": "festival", "on": "2026-03-10"}
    made = rm.post(f"/gifts/give/?company={yau.company_id}", sent)
    gift = Gift.objects.get()
    assert made.url == f"/gifts/{gift.pk}/"
    assert "Waiting for a decision" in text(rm.get(made.url))
    assert rm.post(f"/gifts/{gift.pk}/decide/", {"act": "approve"}).status_code == 403
    assert head.post(f"/gifts/{gift.pk}/decide/", {"act": "approve"}).status_code == 302
    assert "Issue from stock" in text(ops.get(f"/gifts/{gift.pk}/"))
    assert ops.post(f"/gifts/{gift.pk}/issue/").status_code == 302
    assert rm.post(f"/gifts/{gift.pk}/handed-over/").status_code == 302
    page = text(rm.get(f"/gifts/{gift.pk}/"))
    for word in ("Approved", "Issued from stock", "Handed over", "HK$ 200.00"):
        assert word in page
    assert ops.get(f"/gifts/{gift.pk}/").status_code == 404


def test_what_was_typed_is_kept_when_it_is_refused(bank: Bank, umbrella, yau, browse) -> None:
    sent = {"contact": yau.pk, "relation": "manager", "item": umbrella.pk, "quantity": "0", "occasion": "festival", "on": "2026-03-10",
            "reason": "Shop opens on Friday"}  # fmt: skip
    answer = browse(bank.rm).post(f"/gifts/give/?company={yau.company_id}", sent)
    assert answer.status_code == 422
    assert "From 1 to 100 pieces." in text(answer)
    assert "Shop opens on Friday" in text(answer)


def test_the_register_shows_each_what_they_may_see(bank: Bank, umbrella, yau, browse) -> None:
    making.approve(bank, making.ask(bank, yau, umbrella))
    for name in ("rm", "head", "centre", "ho", "compliance", "finance", "auditor", "ops"):
        assert "GR-2026-0001" in text(browse(bank.people[name]).get("/gifts/")), name
    for name in ("rm2", "sibling", "outsider", "head2", "outhead"):
        page = browse(bank.people[name]).get("/gifts/")
        assert page.status_code == 200
        assert "GR-2026-0001" not in text(page), name
    for name in ("analyst", "lobby", "editor", "admin"):
        assert browse(bank.people[name]).get("/gifts/").status_code == 403, name


def test_the_register_of_a_hundred_takes_as_many_statements_as_of_one(bank: Bank, umbrella, yau, browse) -> None:
    browser = browse(bank.head)
    making.ask(bank, yau, umbrella)
    browser.get("/gifts/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/gifts/")
    for _ in range(20):
        making.ask(bank, yau, umbrella)
    with CaptureQueriesContext(connection) as many:
        browser.get("/gifts/")
    assert len(many) == len(one) <= 8


def test_what_compliance_looks_at_is_found(bank: Bank, yau, browse) -> None:
    bowl = making.item(bank, "480.00", name="Bowl")
    near = making.ask(bank, yau, bowl)
    for _ in range(2):
        making.ask(bank, yau, making.item(bank, "20.00", name=f"Cup {_}"))
    other = making.ask(bank, making.contact(making.client(bank, "rm2", name="Blue Kiln")), making.item(bank, "20.00", name="Fan"), by="rm2")
    services.declare_received(company_id=yau.company_id, entry=making.received(yau, "300.00"), actor=bank.rm, now=NOW)
    browser = browse(bank.compliance)
    assert near.number in text(browser.get("/gifts/?outlier=near_cap"))
    assert other.number not in text(browser.get("/gifts/?outlier=near_cap"))
    often = text(browser.get("/gifts/?outlier=often"))
    assert near.number in often
    assert other.number not in often
    assert "Desk calendar" in text(browser.get("/gifts/?outlier=round"))
    for code in ("late", "refused", "weekend"):
        assert near.number not in text(browser.get(f"/gifts/?outlier={code}"))


def test_a_value_is_just_under_the_cap_of_its_own_jurisdiction(bank: Bank, browse) -> None:
    Figure.objects.create(table="gifts.caps", key="item", jurisdiction="CN", value="300.00", effective_from=NOW.date())
    gifts = []
    for by, centre, cost in (("rm", "centre", "290.00"), ("rm", "centre", "490.00"), ("outsider", "far_centre", "290.00")):
        guest = making.contact(making.client(bank, by, name=f"Mill {cost} {centre}"), f"Guest {cost} {centre}")
        gifts.append(making.ask(bank, guest, making.item(bank, cost, name=f"Bowl {cost}", centre=centre), by=by))
    shown = text(browse(bank.compliance).get("/gifts/?outlier=near_cap"))
    assert [gift.number in shown for gift in gifts] == [False, True, True]


def test_the_room_left_is_shown_while_one_types(bank: Bank, yau, browse) -> None:
    bowl = making.item(bank, "500.00", name="Bowl")
    making.approve(bank, making.ask(bank, yau, bowl))
    url = f"/gifts/room/{yau.company_id}/"
    asked = {"contact": yau.pk, "occasion": "festival", "item": bowl.pk, "quantity": 2, "on": "2026-03-11"}
    room = text(browse(bank.rm).get(url, asked, headers={"HX-Request": "true"}))
    assert "HK$ 500.00" in room
    assert "This does not fit any more." in room
    assert "Choose the person" in text(browse(bank.rm).get(url, {"contact": "x"}, headers={"HX-Request": "true"}))
    assert browse(bank.outsider).get(url).status_code == 403


def test_the_pages_around_it_open(bank: Bank, umbrella, yau, browse) -> None:
    making.approve(bank, making.ask(bank, yau, umbrella))
    browser = browse(bank.centre)
    for url in ("/gifts/ledger/", "/gifts/catalogue/", f"/gifts/catalogue/{umbrella.pk}/", f"/gifts/of/{yau.company_id}/",
                f"/gifts/catalogue/{umbrella.pk}/edit/", "/gifts/catalogue/new/", "/gifts/receive/", "/gifts/give/"):  # fmt: skip
        assert browser.get(url).status_code == 200, url
    assert "Ms Yau" in text(browser.get("/gifts/ledger/"))


def test_a_stale_change_of_an_item_shows_both_versions(bank: Bank, umbrella, browse) -> None:
    browser = browse(bank.centre)
    sent = {"name_en": "Umbrella", "name_hant": "雨傘", "name_hans": "雨伞", "category": "promotional", "quality": "good", "has_logo": "on",
            "is_practical": "on", "is_offered": "on", "cost": "90.00", "version": "1"}  # fmt: skip
    assert browser.post(f"/gifts/catalogue/{umbrella.pk}/edit/", sent).status_code == 302
    stale = browser.post(f"/gifts/catalogue/{umbrella.pk}/edit/", sent | {"cost": "80.00"})
    assert stale.status_code == 409
    umbrella.refresh_from_db()
    assert str(umbrella.cost) == "90.00"


def test_the_contribution_to_approvals_says_all_and_decides(bank: Bank, umbrella, yau) -> None:
    (kind,) = (kind for kind in of(ApprovalKind) if kind.kind == "gift_decide")
    gift = making.ask(bank, yau, umbrella)
    cards = kind.cards(bank.head, [gift.pk])
    assert cards[gift.pk].plain
    assert "HK$ 100.00" in str(cards[gift.pk].line)
    assert kind.cards(bank.outhead, [gift.pk]) == {}
    pane = kind.pane(user=bank.head, subject_id=gift.pk, now=NOW)
    assert [(act.code, act.refusal) for act in pane.acts] == [("approve", ""), ("refuse", ""), ("pass_up", "")]
    assert all(act.refusal for act in kind.pane(user=bank.rm, subject_id=gift.pk, now=NOW).acts)
    kind.decide(subject_id=gift.pk, act="approve", data={"note": ""}, actor=bank.head, now=NOW)
    gift.refresh_from_db()
    assert gift.state == "approved"
    assert [
        sentence for invariant in of(Invariant) if invariant.code.startswith(("gifts", "kernel.budgets")) for sentence in invariant.broken()
    ] == []


def test_the_api_does_what_the_pages_do(bank: Bank, umbrella, yau, client, still) -> None:
    def call(who: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        token = create_token(user=bank.people[who])
        sent = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        return getattr(client, method)(f"/api/v1/gifts{path}", **sent, headers={"Authorization": f"Bearer {token}", **headers})

    body = {
        "company_id": yau.company_id,
        "contact_id": yau.pk,
        "item_id": umbrella.pk,
        "occasion": "festival",
        "on": "2026-03-10",
    }
    assert call("rm", "post", "", body | {"state": "given"}).status_code == 422
    made = call("rm", "post", "", body, **{"Idempotency-Key": "one"})
    assert made.status_code == 201
    assert made.json()["state"] == "requested"
    assert call("rm", "post", "", body, **{"Idempotency-Key": "one"}).json() == made.json()
    gift_id = made.json()["id"]
    assert call("rm", "post", f"/{gift_id}/decide", {"act": "approve"}).status_code == 403
    assert call("outhead", "post", f"/{gift_id}/decide", {"act": "approve"}).status_code == 404
    assert call("head", "post", f"/{gift_id}/decide", {"act": "approve"}).json()["state"] == "approved"
    assert call("ops", "post", f"/{gift_id}/issue", {}).json()["state"] == "issued"
    assert [row["id"] for row in call("centre", "get", "").json()["items"]] == [gift_id]
    assert call("outsider", "get", "").json()["items"] == []
    assert call("lobby", "get", "").status_code == 403


def test_the_api_hands_over_declines_cancels_disposes_and_lists(bank: Bank, umbrella, yau, still) -> None:
    for act, state in (("hand_over", "given"), ("decline", "declined"), ("cancel", "cancelled")):
        gift = making.approve(bank, making.ask(bank, yau, umbrella))
        services.issue(gift_id=gift.pk, actor=bank.ops, now=NOW)
        assert ask(bank.head, f"gifts/{gift.pk}/{act}", {}).status_code == 403
        assert ask(bank.rm, f"gifts/{gift.pk}/{act}", {}).json()["state"] == state
    calendar = services.declare_received(company_id=yau.company_id, entry=making.received(yau), actor=bank.rm, now=NOW)
    assert ask(bank.rm, f"gifts/{calendar.pk}/dispose", {"disposal": "shared"}).json()["disposal"] == "shared"
    (item,) = ask(bank.rm, "gifts/catalogue").json()["items"]
    assert (item["name_en"], item["stock"], item["currency"]) == ("Umbrella", 49, "HKD")
    (line,) = ask(bank.head, "gifts/ledger").json()["items"]
    assert (line["given"], line["received"]) == (1, 1)
    assert ask(bank.analyst, "gifts/ledger").status_code == 403


def test_the_exceptions_of_a_month_say_what_each_gift_bears(bank: Bank, umbrella, yau, browse) -> None:
    saturday = dt.date(2026, 3, 14)
    odd = making.ask(bank, yau, umbrella, on=saturday)
    plain = making.ask(bank, making.contact(making.client(bank, name="Plain")), umbrella)
    address = "/gifts/exceptions/?month=2026-03&currency=HKD"
    page = text(browse(bank.compliance).get(address))
    assert odd.number in page
    assert "On a weekend" in page
    assert plain.number not in page
    file = b"".join(browse(bank.compliance).post(address, {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert (odd.number in file, plain.number in file, "On a weekend" in file) == (True, False, True)
    (item,) = ask(bank.compliance, "gifts/exceptions?month=2026-03").json()["items"]
    assert (item["number"], item["stands_out"]) == (odd.number, ["On a weekend"])
    assert ask(bank.compliance, "gifts/exceptions?month=2026-02").json()["items"] == []
    assert ask(bank.rm, "gifts/exceptions").status_code == browse(bank.rm).get(address).status_code == 403
    for again in range(2):
        making.ask(bank, yau, umbrella, on=dt.date(2026, 3, 16 + again))
    items = ask(bank.compliance, "gifts/exceptions?month=2026-03").json()["items"]
    assert ["On a weekend" in item["stands_out"] for item in items] == [True, False, False]
    assert all("Same person three times in a year" in item["stands_out"] for item in items)
