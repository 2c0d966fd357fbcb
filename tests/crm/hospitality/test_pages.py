"""The pages of hospitality: asking, reporting, claiming and deciding by hand, with the room left while one types."""

import datetime as dt
from contextlib import contextmanager
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm.hospitality import services, simulating
from crm.hospitality.approving import KINDS
from crm.hospitality.models import HospitalityRequest
from crm.kernel.jobs import Job
from crm.visits.services import receive_file
from tests.access.world import PIXEL
from tests.cast import NOW
from tests.companies.making import ask as call
from tests.crm.hospitality import making
from tests.visits import making as visits

FORM = {
    "event_at": "2026-03-05T19:00",
    "kind": "dinner",
    "venue": "Harbour Garden",
    "estimate": "1800",
    "purpose": "thanks",
    "guest_1": "Ms Yau",
    "guest_2": "Mr Tat",
}
REPORT = {
    "food": "900",
    "drink": "234",
    "means": "own_card",
    "relationship": "warming",
    "purposes": ["thanks"],
    "topics": "The new site",
    "result": "They stay",
    "declared": "on",
}


@contextmanager
def at(moment, user):
    """A browser of this person at another moment."""
    with time_machine.travel(moment, tick=False):
        client = Client()
        client.force_login(user)
        yield client


def test_a_small_dinner_is_asked_for_reported_and_claimed_in_three_forms(bank, rm2, browse):
    company = making.client(bank)
    answer = browse(rm2).post(f"/hospitality/new/?company={company.pk}", FORM)
    event = HospitalityRequest.objects.get()
    assert (answer.status_code, answer["Location"], event.state) == (302, f"/hospitality/{event.pk}/", "free")
    with at(making.AFTER, rm2) as client:
        assert client.get(f"/hospitality/{event.pk}/report/").status_code == 200
        sent = REPORT | {"came": [str(pk) for pk in event.guests.values_list("pk", flat=True)]}
        answer = client.post(f"/hospitality/{event.pk}/report/", sent)
        assert answer["Location"] == f"/hospitality/{event.pk}/claim/"
        slip = {"merchant_1": "Harbour Garden", "number_1": "A-1", "day_1": "2026-03-05", "amount_1": "1134"}
        answer = client.post(f"/hospitality/{event.pk}/claim/", slip | {"picture_1": SimpleUploadedFile("slip.png", PIXEL)})
        assert answer.status_code == 302
        event.refresh_from_db()
        assert (event.state, event.paid) == ("claimed", Decimal("1134.00"))
        for tab in ("request", "report", "claim", "history"):
            assert client.get(f"/hospitality/{event.pk}/?tab={tab}").status_code == 200
        receipt = event.receipts.get()
        picture = client.get(f"/hospitality/receipts/{receipt.pk}/")
        assert (picture["Content-Type"], picture["X-Content-Type-Options"]) == ("image/png", "nosniff")
        assert "attachment" in picture["Content-Disposition"]


def test_a_refused_form_keeps_what_was_typed_and_touches_no_budget(bank, rm2, browse):
    company = making.client(bank)
    answer = browse(rm2).post(f"/hospitality/new/?company={company.pk}", FORM | {"estimate": "-5", "note": "For the new lease"})
    assert answer.status_code == 422
    assert "For the new lease" in answer.content.decode()
    assert "Enter an amount above zero." in answer.content.decode()
    assert not HospitalityRequest.objects.exists()


def test_the_room_left_says_where_it_goes_while_one_types(bank, rm2, head, browse):
    company = making.client(bank)
    url = f"/hospitality/of/{company.pk}/room/"
    small = browse(rm2).get(url, FORM, headers={"HX-Request": "true"}).content.decode()
    assert "No approval needed" in small
    assert "6,200.00</span> left" in small
    assert "HK$ 1,800.00</span> of " in small
    assert "HK$ 8,000.00" in small
    large = browse(rm2).get(url, FORM | {"estimate": "3200"}, headers={"HX-Request": "true"}).content.decode()
    assert "Regional-centre head" in large
    official = browse(rm2).get(url, FORM | {"guest_1_official": "on", "estimate": "1803.01"}, headers={"HX-Request": "true"})
    assert "Nobody may approve it" in official.content.decode()
    for odd in ({"estimate": "1e999"}, {"estimate": "x"}, {"event_at": "9999-99-99"}, {"known": ["x", "9" * 40]}, {"kind": "?"}):
        assert browse(rm2).get(url, FORM | odd, headers={"HX-Request": "true"}).status_code == 200


def test_the_reports_room_says_what_is_paid(bank, rm2, head):
    event = making.approved(rm2, making.client(bank), 3000, head, guests=making.guests("A", "B", "C"))
    with at(making.AFTER, rm2) as client:
        sent = {"food": "3400", "came": [str(pk) for pk in event.guests.values_list("pk", flat=True)]}
        page = client.get(f"/hospitality/{event.pk}/report/room/", sent, headers={"HX-Request": "true"}).content.decode()
    assert "HK$ 3,300.00" in page
    assert "HK$ 100.00" in page


def test_a_head_approves_in_one_click_and_the_list_shows_ones_month(bank, rm2, head, browse):
    event = making.ask(rm2, making.client(bank), 2500)
    assert browse(head).get(f"/hospitality/{event.pk}/approve/").status_code == 200
    assert browse(head).post(f"/hospitality/{event.pk}/approve/", {"reason": ""}).status_code == 302
    page = browse(rm2).get("/hospitality/").content.decode()
    assert "HK$ 5,500.00" in page
    assert event.number in page
    assert browse(rm2).post(f"/hospitality/{event.pk}/approve/").status_code == 403


def test_the_list_is_narrowed_to_what_stands_out(bank, rm2, compliance, browse):
    company = making.client(bank)
    making.report(making.ask(rm2, company, 1800, guests=making.guests("A", "B")), making.bill("2000.00"))
    making.ask(rm2, company, 900, at=making.TOMORROW + dt.timedelta(days=9))
    for query, count in (
        ("", 2),
        ("round_sum=true", 1),
        ("odd=true", 1),
        ("odd=false", 1),
        ("near_cap=true", 0),
        ("q=Yau", 1),
        ("q=zzz", 0),
    ):
        page = browse(compliance).get(f"/hospitality/?{query}")
        assert len(page.context["view"].page.rows) == count, query


def test_a_visit_fills_the_form_in(bank, rm2, browse):
    company = making.client(bank)
    visit = visits.log(rm2, company, met=())
    page = browse(rm2).get(f"/hospitality/new/?company={company.pk}&visit={visit.pk}")
    assert page.context["form"].initial["event_at"] == visit.at
    assert f"visit={visit.pk}" in browse(rm2).get(f"/visits/{visit.pk}/").content.decode()
    other = making.client(bank, name="Other")
    assert browse(rm2).get(f"/hospitality/new/?company={other.pk}&visit={visit.pk}").status_code == 404


def test_finance_posts_downloads_and_pays(bank, rm2, finance, browse):
    event = making.claimed(making.report(making.ask(rm2, making.client(bank), 1800), making.bill("1234.00")))
    making.verified(event, finance)
    client = browse(finance)
    assert event.number in client.get("/hospitality/postings/").content.decode()
    answer = client.post("/hospitality/postings/new/")
    batch = event.lines.get(account="expense").batch
    assert answer["Location"] == batch.get_absolute_url()
    assert client.get(batch.get_absolute_url()).status_code == 200
    file = client.get(f"/hospitality/postings/{batch.pk}/file/")
    assert file.content.decode("utf-8-sig").count("1234.00") == 2
    assert client.post(f"/hospitality/postings/{batch.pk}/pay/").status_code == 302
    assert client.post(f"/hospitality/postings/{batch.pk}/pay/").status_code == 422


def test_the_exceptions_of_a_month_stand_on_a_page_and_in_a_file_that_leaves_a_trail(bank, rm2, compliance, browse):
    event = making.report(making.ask(rm2, making.client(bank, name="=Yau"), 1800, guests=making.guests("A", "B")), making.bill("2000.00"))
    address = "/hospitality/exceptions/?month=2026-03&currency=HKD"
    assert event.number in browse(compliance).get(address).content.decode()
    file = b"".join(browse(compliance).post(address, {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert event.number in file
    assert ",'=Yau" in file
    trail = Job.objects.get(kind="export")
    assert (trail.owner, trail.total, trail.params["query"]) == (compliance, 1, "month=2026-03&currency=HKD")
    assert b"".join(browse(compliance).post(address, {"export": "xlsx"}).streaming_content).startswith(b"PK")
    assert browse(compliance).post(address, {"export": "exe"}).status_code == 422
    assert event.number not in browse(compliance).get("/hospitality/exceptions/?month=2026-02").content.decode()
    assert browse(compliance).get("/hospitality/exceptions/?month=../../x&currency=<b>").status_code == 200


@pytest.mark.django_db
def test_approvals_take_one_statement_for_all_cards(bank, rm2, head, finance, compliance, django_assert_max_num_queries):
    company = making.client(bank)
    for turn in range(3):
        making.ask(rm2, company, 2500, at=making.TOMORROW + dt.timedelta(days=3 * turn))
    ids = list(HospitalityRequest.objects.values_list("pk", flat=True))
    decide = next(kind for kind in KINDS if kind.kind == "hospitality_decide")
    head.actor.deciding_posts  # noqa: B018 - read before, as each page does
    with django_assert_max_num_queries(2):
        cards = decide.cards(head, ids)
    assert len(cards) == 3
    assert all(card.plain for card in cards.values())
    pane = decide.pane(user=head, subject_id=ids[0], now=NOW)
    assert [act.code for act in pane.acts] == ["approve", "return", "reject", "pass_up"]
    assert not any(act.refusal for act in pane.acts)
    decide.decide(subject_id=ids[0], act="approve", data={}, actor=head, now=NOW)
    decide.decide(subject_id=ids[1], act="reject", data={"reason": "No"}, actor=head, now=NOW)
    decide.escalate(subject_id=ids[2], now=NOW)
    states = list(HospitalityRequest.objects.order_by("pk").values_list("state", "level"))
    assert states == [("approved", "TH"), ("rejected", "TH"), ("submitted", "RCH")]


def test_finances_pane_checks_a_claim_without_telling_its_total(bank, rm2, finance):
    event = making.claimed(making.report(making.ask(rm2, making.client(bank), 1800), making.bill("1234.00", tip="500.00")))
    verify = next(kind for kind in KINDS if kind.kind == "hospitality_verify")
    assert verify.cards(finance, [event.pk])[event.pk].plain is False
    verify.decide(subject_id=event.pk, act="verify", data={"total": event.billed, "heads": 3}, actor=finance, now=making.AFTER)
    event.refresh_from_db()
    assert event.state == "verified"


def test_the_api_asks_decides_reports_and_claims(bank, rm2, head):
    company = making.client(bank)
    moment = making.TOMORROW.isoformat()
    wish = {"event_at": moment, "venue": "Pier", "kind": "golf", "purpose": "thanks", "estimate": "1500.00", "guests": [{"name": "Ann"}]}
    with time_machine.travel(NOW, tick=False):
        made = call(rm2, "hospitality", wish | {"company_id": company.pk}, method="POST")
        assert (made.status_code, made.json()["state"], made.json()["level"]) == (201, "submitted", "TH")
        event_id = made.json()["id"]
        assert call(rm2, f"hospitality/{event_id}/decide", {"act": "approve"}, method="POST").status_code == 403
        assert call(head, f"hospitality/{event_id}/decide", {"act": "approve"}, method="POST").status_code == 200
        assert call(bank.sibling, f"hospitality/{event_id}").status_code == 404
        assert call(bank.lobby, "hospitality").status_code == 403
    with time_machine.travel(making.AFTER, tick=False):
        told = {"bill": {"food": "1500.00"}, "means": "own_card", "relationship": "solid", "purposes": ["thanks"]}
        texts = {"topics": "Looms", "result": "Stays", "declared": True}
        reported = call(rm2, f"hospitality/{event_id}/report", told | texts, method="POST")
        assert (reported.status_code, reported.json()["paid"]) == (200, "1500.00")
        slip = {"merchant": "Pier", "number": "A-1", "day": "2026-03-05", "amount": "1500.00"}
        assert call(rm2, f"hospitality/{event_id}/claim", {"receipts": [slip]}, method="POST").json()["state"] == "claimed"


def test_the_api_leads_an_event_from_its_draft_to_the_claw_back(bank, rm2, head, finance):
    company = making.client(bank)
    plan = {"venue": "Pier", "kind": "golf", "purpose": "thanks", "estimate": "1500.00", "guests": [{"name": "Ann"}]}
    plan["event_at"] = making.TOMORROW.isoformat()

    def post(who, path, body=None, method="POST"):
        answer = call(who, f"hospitality/{path}", body or {}, method=method)
        assert answer.status_code in (200, 201), answer.content
        return answer.json()

    with time_machine.travel(NOW, tick=False):
        event = call(rm2, "hospitality", plan | {"company_id": company.pk, "draft": True}).json()
        changed = post(rm2, f"{event['id']}/draft", plan | {"version": event["version"], "estimate": "1600.00", "draft": True}, "PATCH")
        assert (changed["state"], changed["estimate"]) == ("draft", "1600.00")
        assert call(rm2, f"hospitality/{event['id']}/draft", plan | {"version": 1}, method="PATCH").status_code == 409
        assert post(rm2, f"{event['id']}/submit")["state"] == "submitted"
        assert post(rm2, f"{event['id']}/cancel", {"reason": "Rain"})["state"] == "cancelled"
        event = making.approved(rm2, company, 1600, head, kind="golf", guests=making.guests("Ann"))
    with time_machine.travel(making.AFTER, tick=False):
        event = making.report(event, making.bill("1900.00"))
        more = post(rm2, f"{event.pk}/more", {"amount": "140.00", "reason": "A second round"})
        assert (more["kind"], more["level"], event.paid) == ("variation", "TH", Decimal("1760.00"))
        assert call(rm2, f"hospitality/more/{more['id']}/decide", {"grant": True}).status_code == 403
        assert post(head, f"more/{more['id']}/decide", {"grant": True})["state"] == "granted"
        read = call(rm2, f"hospitality/{event.pk}").json()
        assert (read["paid"], read["guests"][0]["name"], read["guests"][0]["times"], read["more"][0]["state"]) == (
            "1900.00",
            "Ann",
            1,
            "granted",
        )
        event.refresh_from_db()
        making.claimed(event)
        assert post(finance, f"{event.pk}/query", {"reason": "How many?"})["state"] == "queried"
        event.refresh_from_db()
        making.claimed(event)
        assert call(finance, f"hospitality/{event.pk}/check", {"total": "1900.00", "heads": 3}).status_code == 422
        assert post(finance, f"{event.pk}/check", {"total": "1900.00", "heads": 2})["state"] == "verified"
        assert call(head, "hospitality/postings", {}).status_code == 403
        (batch,) = post(finance, "postings")["items"]
        assert post(finance, f"postings/{batch['id']}/pay")["paid_at"]
        lines = call(finance, f"hospitality/postings/{batch['id']}").json()["lines"]
        assert [(line["account"], line["debit"], line["credit"]) for line in lines][:2] == [
            ("expense", "1900.00", "0.00"),
            ("payable", "0.00", "1900.00"),
        ]
        assert post(finance, f"{event.pk}/claw_back", {"reason": "Altered"})["is_reversal"]
        assert len(call(finance, "hospitality/postings").json()["items"]) == 2
        (odd,) = call(finance, "hospitality/exceptions?month=2026-03").json()["items"]
        assert "round sum" in odd["stands_out"]
        assert call(rm2, "hospitality/exceptions?month=2026-03").status_code == 403
        assert call(rm2, f"hospitality/postings/{batch['id']}").status_code == 404


def test_a_receipts_picture_comes_through_the_api_and_only_ones_own(bank, rm2, head, finance):
    company = making.client(bank)
    with time_machine.travel(making.AFTER, tick=False):
        event = making.report(making.ask(rm2, company, 600, now=NOW), making.bill("600.00"))
        own, other = (receive_file(SimpleUploadedFile("r.png", PIXEL), actor=who, now=NOW) for who in (rm2, head))
        slip = {"merchant": "Pier", "number": "A-1", "day": event.event_on.isoformat(), "amount": "600.00"}
        assert call(rm2, f"hospitality/{event.pk}/claim", {"receipts": [slip | {"file_id": other.pk}]}).status_code == 404
        assert not event.receipts.exists()
        assert call(rm2, f"hospitality/{event.pk}/claim", {"receipts": [slip | {"file_id": own.pk}]}).status_code == 200
    assert event.receipts.get().file == own


def test_a_simulation_says_what_would_have_gone_higher(bank, rm2, head):
    making.ask(rm2, making.client(bank), 2500)
    told = {"jurisdiction": "HK", "since": NOW.date(), "until": NOW.date() + dt.timedelta(days=5)}
    found = simulating.ladder(proposed={"TH": "2000.00", "RCH": "15000.00"}, **told)
    assert str(found[0]) == "1 request would have gone higher."
    assert str(simulating.months(proposed={"RM": "1.00"}, **told)[0]) == "0 months would have been too full."
    small = making.ask(rm2, making.client(bank, name="Small"), 1500, venue="Elsewhere")
    assert [str(one) for one in simulating.free(proposed={"RM": "1000.00"}, **told)] == [
        "1 request would have needed approval.",
        "0 requests would have needed none.",
    ]
    assert str(simulating.free(proposed={"RM": "3000.00"}, **told)[1]) == "1 request would have needed none."
    making.report(small, making.bill("1500.00"))
    assert str(simulating.dinner(proposed={"RM": "499.99"}, **told)[0]) == "1 meal would have been above the cap per head."
    assert str(simulating.lunch(proposed={"RM": "1.00"}, **told)[0]) == "0 meals would have been above the cap per head."
    assert str(simulating.official_dinner(proposed={"RM": "1.00"}, **told)[0]) == "0 meals would have been above the cap per head."
    assert str(simulating.quarters(proposed={"RM": "1499.99"}, **told)[0]) == "1 client's quarter would have been too full."


def test_a_draft_is_kept_changed_and_submitted(bank, rm2, browse):
    company = making.client(bank)
    browse(rm2).post(f"/hospitality/new/?company={company.pk}", FORM | {"then": "draft"})
    event = HospitalityRequest.objects.get()
    assert event.state == "draft"
    page = browse(rm2).get(f"/hospitality/{event.pk}/edit/")
    assert page.context["form"].initial["guest_1"] == "Ms Yau"
    answer = browse(rm2).post(f"/hospitality/{event.pk}/edit/", FORM | {"version": event.version, "venue": "The Pier", "then": "draft"})
    event.refresh_from_db()
    assert (answer.status_code, event.venue, event.version) == (302, "The Pier", 2)
    stale = browse(rm2).post(f"/hospitality/{event.pk}/edit/", FORM | {"version": 1})
    assert stale.status_code == 409
    assert browse(rm2).post(f"/hospitality/{event.pk}/submit/").status_code == 302
    assert services.cancel_request(event_id=event.pk, actor=rm2, now=NOW, reason="Ill").state == "cancelled"


def test_an_export_names_every_guest_where_the_list_names_the_first(bank, rm2, compliance, browse):
    names = [f"Guest Number {word}" for word in ("One", "Two", "Three")]
    making.ask(rm2, making.client(bank), 1800, guests=making.guests(*names))
    browser = browse(compliance)
    assert names[2] not in browser.get("/hospitality/").content.decode()
    file = b"".join(browser.post("/hospitality/?view=all", {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert ", ".join(names) in file
