"""The inbox: nearest limit first, one answer a decision, nothing lost that was typed, nothing shown that is hidden."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.kernel.worklist import WorkItem, WorkState
from crm.staff import services as staff
from crm.staff.services import Absence
from tests.approvals import kinds
from tests.approvals.kinds import ask
from tests.cast import NOW, PEOPLE, Bank, fresh
from tests.companies.making import text

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
HTMX = {"HX-Request": "true"}


def titles(response: Any) -> list[str]:
    return [row.card.title for row in response.context["listing"].rows]


@pytest.fixture
def three(bank: Bank) -> list[WorkItem]:
    """Three requests of the team: the second is late, the third has no limit."""
    return [
        ask(1, unit=bank.team, due=NOW + HOUR),
        ask(2, unit=bank.team, due=NOW - 2 * HOUR),
        ask(3, unit=bank.team, due=None),
    ]


def test_the_nearest_limit_stands_first_and_what_is_late_says_so(bank: Bank, browse: Any, three: list[WorkItem]) -> None:
    ask(4, unit=bank.team2, due=NOW)
    response = browse(bank.head).get("/approvals/")
    assert titles(response) == ["Leave 2", "Leave 1", "Leave 3"]
    assert "3 waiting for you" in text(response)
    assert "1 late" in text(response)
    assert re.search(r'class="when late"[^>]*>[^<]*late', text(response))


@pytest.mark.parametrize("name", PEOPLE)
def test_the_inbox_is_for_those_who_decide(bank: Bank, browse: Any, name: str) -> None:
    deciders = {"head", "head2", "outhead", "centre", "ho", "ho2", "co1", "co2", "approver", "chair", "cad", "cad2"}
    deciders |= {"compliance", "compliance2", "finance", "ops"}
    response = browse(bank.people[name]).get("/approvals/")
    assert response.status_code == (200 if name in deciders else 403)
    assert ('href="/approvals/"' in text(browse(bank.people[name]).get("/"))) == (name in deciders)


def test_the_list_narrows_to_a_kind_and_counts_each(bank: Bank, browse: Any, three: list[WorkItem]) -> None:
    other = kinds.ApprovalKind("trip", "Trip", "indigo", lambda user, ids: {}, kinds.pane, kinds.decide, order=2)
    with kinds.contributed(other):
        ask(9, unit=bank.team, kind="trip")
        response = browse(bank.head).get("/approvals/?kind=leave")
        assert [(str(pill.label), pill.count, pill.is_chosen) for pill in response.context["listing"].pills] == [
            ("All", 4, False),
            ("Leave", 3, True),
            ("Trip", 1, False),
        ]
        assert len(titles(response)) == 3
        assert f"/approvals/{three[0].pk}/?kind=leave" in text(response)
        assert len(titles(browse(bank.head).get("/approvals/?kind=nonsense"))) == 3


def test_one_request_has_a_page_of_its_own_beside_the_list(bank: Bank, browse: Any, three: list[WorkItem]) -> None:
    page = text(browse(bank.head).get(f"/approvals/{three[0].pk}/"))
    assert "LV-1" in page
    assert "Leave 2" in page
    assert re.search(r'data-key="a"[^>]*>.{0,60}Approve', page)
    fragment = text(browse(bank.head).get(f"/approvals/{three[0].pk}/", headers=HTMX))
    assert "LV-1" in fragment
    assert "<html" not in fragment
    assert "Leave 2" not in fragment


@pytest.mark.parametrize("name", ["head2", "outhead", "centre", "ho", "finance"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_requests_of_other_queues_are_not_found(bank: Bank, browse: Any, three: list[WorkItem], name: str, method: str) -> None:
    assert getattr(browse(bank.people[name]), method)(f"/approvals/{three[0].pk}/", {"act": "approve"}).status_code == 404
    assert WorkItem.objects.open().count() == 3


def test_a_request_that_its_feature_hides_is_not_found(bank: Bank, browse: Any) -> None:
    item = ask(1, title=kinds.HIDDEN, unit=bank.team)
    browser = browse(bank.head)
    assert titles(browser.get("/approvals/")) == []
    assert browser.get(f"/approvals/{item.pk}/").status_code == 404
    assert browser.post(f"/approvals/{item.pk}/", {"act": "approve"}).status_code == 404
    item.close(actor=bank.head, now=NOW)
    assert browser.get(f"/approvals/{item.pk}/").status_code == 404
    assert browser.get("/approvals/999999999/").status_code == 404


def test_a_decision_answers_with_the_next_request_and_the_list(bank: Bank, browse: Any, three: list[WorkItem]) -> None:
    browser = browse(bank.head)
    answer = browser.post(f"/approvals/{three[1].pk}/", {"act": "approve"}, headers=HTMX)
    assert answer.status_code == 200
    assert answer["HX-Push-Url"] == f"/approvals/{three[0].pk}/"
    page = text(answer)
    assert "LV-1" in page
    assert "Approve: Leave 2" in page
    assert "2 waiting for you" in page
    assert f"/approvals/{three[1].pk}/" not in page
    done = WorkItem.objects.get(pk=three[1].pk)
    assert (done.state, done.closed_by) == (WorkState.DONE, bank.head)


def test_after_the_last_in_the_list_the_first_is_next_and_then_nothing(bank: Bank, browse: Any, three: list[WorkItem]) -> None:
    browser = browse(bank.head)
    answer = browser.post(f"/approvals/{three[2].pk}/", {"act": "approve"}, headers=HTMX)
    assert answer["HX-Push-Url"] == f"/approvals/{three[1].pk}/"
    browser.post(f"/approvals/{three[1].pk}/", {"act": "approve"}, headers=HTMX)
    answer = browser.post(f"/approvals/{three[0].pk}/", {"act": "approve"}, headers=HTMX)
    assert answer["HX-Push-Url"] == "/approvals/"
    assert "Nothing more waits for you" in text(answer)


def test_without_scripts_a_decision_leads_to_the_next_page(bank: Bank, browse: Any, three: list[WorkItem]) -> None:
    response = browse(bank.head).post(f"/approvals/{three[1].pk}/?kind=leave", {"act": "approve"}, follow=True)
    assert response.redirect_chain == [(f"/approvals/{three[0].pk}/?kind=leave", 302)]
    assert "Approve: Leave 2" in text(response)


def test_what_was_typed_is_kept_where_the_act_needs_more_or_a_rule_is_broken(bank: Bank, browse: Any, three: list[WorkItem]) -> None:
    browser, url = browse(bank.head), f"/approvals/{three[0].pk}/"
    answer = browser.post(url, {"act": "part", "reason": "Busy season"}, headers=HTMX)
    assert answer.status_code == 422
    assert "Busy season" in text(answer)
    assert "Needed for this." in text(answer)
    assert "data-tried" in text(answer)
    assert browser.post(url, {"act": "pass"}, headers=HTMX).status_code == 422
    answer = browser.post(url, {"act": "part", "reason": "forbidden", "days": "3"}, headers=HTMX)
    assert answer.status_code == 422
    assert "Say another reason." in text(answer)
    assert 'value="3"' in text(answer)
    answer = browser.post(url, {"act": "part", "reason": "Busy season", "days": "ten"})
    assert answer.status_code == 422
    assert "Leave 2" in text(answer)
    assert WorkItem.objects.open().count() == 3


def test_an_act_that_is_not_offered_or_refused_does_nothing_and_says_why(bank: Bank, browse: Any) -> None:
    own = ask(1, unit=bank.team, created_by=bank.head)
    browser, url = browse(bank.head), f"/approvals/{own.pk}/"
    page = text(browser.get(url))
    assert "You asked for this, so another person decides it." in page
    assert re.search(r'value="approve"[^>]*disabled', page)
    answer = browser.post(url, {"act": "approve"})
    assert answer.status_code == 403
    assert "You asked for this" in text(answer)
    assert browser.post(url, {"act": "burn"}).status_code == 422
    assert browser.post(url, {}).status_code == 422
    assert WorkItem.objects.open().count() == 1


def test_a_second_press_gets_the_first_answer(bank: Bank, browse: Any, three: list[WorkItem]) -> None:
    browser, sent = browse(bank.head), {"act": "approve", "submission": str(uuid.uuid4())}
    for _ in range(2):
        answer = browser.post(f"/approvals/{three[1].pk}/", sent, headers=HTMX)
        assert (answer.status_code, answer["HX-Push-Url"]) == (200, f"/approvals/{three[0].pk}/")
    assert WorkItem.objects.open().count() == 2


def test_whoever_comes_second_reads_a_neutral_sentence(bank: Bank, browse: Any, three: list[WorkItem]) -> None:
    staff_head2 = WorkItem.objects.filter(pk=three[0].pk).get()
    browser = browse(bank.head)
    staff_head2.close(actor=bank.centre, now=NOW)
    answer = browser.post(f"/approvals/{three[0].pk}/", {"act": "refuse", "reason": "No"}, headers=HTMX)
    page = text(answer)
    assert answer.status_code == 422
    assert "This was decided meanwhile. Nothing of yours was carried out." in page
    assert "3 days" not in page
    assert "2 waiting for you" in page
    assert browser.post(f"/approvals/{three[0].pk}/", {"act": "refuse", "reason": "No"}).status_code == 409
    assert WorkItem.objects.get(pk=three[0].pk).closed_by == bank.centre


def test_what_is_over_says_who_decided(bank: Bank, browse: Any, three: list[WorkItem]) -> None:
    three[0].close(actor=bank.centre, now=NOW)
    page = text(browse(bank.head).get(f"/approvals/{three[0].pk}/"))
    assert "Centre Lau has decided this." in page
    assert 'name="act"' not in page


def test_a_deputy_finds_what_waits_for_the_one_who_is_away(bank: Bank, browse: Any, three: list[WorkItem]) -> None:
    assert browse(bank.head2).get(f"/approvals/{three[0].pk}/").status_code == 404
    today = NOW.date()
    staff.name_deputy(actor=bank.head, now=NOW, absence=Absence(bank.head.pk, bank.head2.pk, today, today + DAY, "Leave"))
    assert len(titles(browse(fresh(bank.head2)).get("/approvals/"))) == 3


# Many at once


def test_plain_ones_are_decided_together_and_a_refused_one_stops_no_other(bank: Bank, browse: Any, three: list[WorkItem]) -> None:
    flagged = ask(4, title=kinds.FLAGGED, unit=bank.team)
    own = ask(5, unit=bank.team, created_by=bank.head)
    browser = browse(bank.head)
    page = text(browser.get("/approvals/"))
    assert f'name="selected" value="{three[0].pk}"' in page
    assert f'name="selected" value="{flagged.pk}"' not in page
    chosen = [three[0].pk, three[1].pk, flagged.pk, own.pk]
    question = browser.post("/approvals/together/", {"selected": chosen})
    assert "2 requests" in text(question)
    assert "cannot be taken back" in text(question)
    assert WorkItem.objects.open().count() == 5
    sent = {"selected": chosen, "submission": str(uuid.uuid4())}
    for _ in range(2):
        result = browser.post("/approvals/together/", sent)
        assert "2 rows done." in text(result)
        assert "decide it by itself" in text(result)
        assert "You asked for this" in text(result)
    assert set(WorkItem.objects.open()) == {three[2], flagged, own}


def test_choosing_none_too_many_or_those_of_others_is_refused(bank: Bank, browse: Any, three: list[WorkItem]) -> None:
    browser, foreign = browse(bank.head2), str(uuid.uuid4())
    assert "Choose at least one" in text(browser.post("/approvals/together/", {}))
    refused = browser.post("/approvals/together/", {"selected": [three[0].pk], "submission": foreign})
    assert "Choose at least one" in text(refused)
    many = [ask(number, unit=bank.team2).pk for number in range(10, 61)]
    assert "At most 50" in text(browser.post("/approvals/together/", {"selected": many}))
    assert WorkItem.objects.open().count() == 54


# How much it costs


def test_a_thousand_cost_twelve_statements_and_the_rest_comes_by_keyset(bank: Bank, browse: Any) -> None:
    told = {"kind": kinds.KIND, "unit": bank.team, "role": "TH", "subject_type": "x.leave"}
    WorkItem.objects.bulk_create(
        WorkItem(title=f"Leave {number:04}", subject_id=number, due_at=NOW + number * HOUR, **told) for number in range(1_000)
    )
    browser = browse(bank.head)
    browser.get("/approvals/")
    with CaptureQueriesContext(connection) as captured:
        page = browser.get("/approvals/")
    assert len(captured) <= 12, [query["sql"][:120] for query in captured]
    assert "1000 waiting for you" in text(page)
    assert len(titles(page)) == 25
    seen, cursor = titles(page), page.context["listing"].next
    for _ in range(3):
        answer = browser.get(f"/approvals/?cursor={cursor}", headers=HTMX)
        seen += [row.card.title for row in answer.context["rows"]]
        cursor = answer.context["next"]
    assert seen == [f"Leave {number:04}" for number in range(100)]
    first = WorkItem.objects.get(title="Leave 0000")
    with CaptureQueriesContext(connection) as captured:
        answer = browser.post(f"/approvals/{first.pk}/", {"act": "approve", "shown": "100"}, headers=HTMX)
    assert len(answer.context["listing"].rows) == 100
    assert len(captured) <= 24, [query["sql"][:120] for query in captured]


# What was decided, and Today


def test_what_i_decided_when_and_how_long_it_took(bank: Bank, browse: Any, three: list[WorkItem]) -> None:
    WorkItem.objects.update(created_at=NOW - 3 * HOUR)
    browse(bank.head).post(f"/approvals/{three[0].pk}/", {"act": "approve"})
    page = text(browse(bank.head).get("/approvals/decided/"))
    assert "Leave 1" in page
    assert "3 h" in page
    assert "Leave 2" not in page
    assert "Leave 1" not in text(browse(bank.centre).get("/approvals/decided/"))
    assert "1 decided in 7 days, after 3 h" in text(browse(bank.head).get("/approvals/"))


def test_how_long_requests_have_waited_stands_in_bands(bank: Bank, browse: Any, three: list[WorkItem]) -> None:
    WorkItem.objects.filter(pk=three[0].pk).update(created_at=NOW - 2 * DAY)
    WorkItem.objects.filter(pk=three[1].pk).update(created_at=NOW - 9 * DAY)
    WorkItem.objects.filter(pk=three[2].pk).update(created_at=NOW)
    ages = browse(bank.head).get("/approvals/").context["listing"].ages
    assert [(str(label), count) for label, count in ages] == [("less than a day", 1), ("1 to 3 days", 1), ("more than 7 days", 1)]


def test_today_shows_them_in_a_card_and_not_among_the_tasks(bank: Bank, browse: Any, three: list[WorkItem]) -> None:
    ask(4, unit=bank.team, due=NOW + DAY)
    response = browse(bank.head).get("/")
    page = text(response)
    assert response.context["work"].groups == []
    assert "4 waiting for you" in page
    assert "1 late" in page
    shown = [
        item.title
        for column in response.context["columns"]
        for slot in column
        if slot.card.slug == "approvals"
        for item in slot.content.nearest
    ]
    assert shown == ["Leave 2", "Leave 1", "Leave 4"]
    assert "Leave 1" not in text(browse(bank.head).get("/tasks/"))


@pytest.mark.parametrize(("name", "more"), [("rm", 0), ("head", 2), ("centre", 2)])
def test_today_costs_two_more_statements_for_deciders_and_none_for_others(bank: Bank, browse: Any, name: str, more: int) -> None:
    def cost() -> int:
        browser = browse(fresh(bank.people[name]))
        browser.get("/")
        with CaptureQueriesContext(connection) as captured:
            browser.get("/")
        return len(captured)

    with kinds.contributed():
        ask(1, unit=bank.team)
        withal = cost()
    from crm.kernel import contributions
    from crm.kernel.contributions import TodayCard

    cards = contributions._registry[TodayCard]
    contributions._registry[TodayCard] = [card for card in cards if card.slug != "approvals"]
    try:
        assert withal <= cost() + more
    finally:
        contributions._registry[TodayCard] = cards
