"""The first page of the day: what is late and due, one tap to be done, a fixed number of statements, something for every role."""

import datetime as dt
import gzip
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.companies.models import Company
from crm.kernel import contributions
from crm.kernel.contributions import TodayCard
from crm.kernel.worklist import WorkItem, WorkState
from crm.visits import selectors
from crm.visits.models import Promise
from crm.visits.rules import Promised
from tests.cast import NOW, PEOPLE, Bank
from tests.companies.making import text
from tests.visits import making

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
HTMX = {"HX-Request": "true"}


def item(assignee: Any, title: str, due: dt.datetime | None, **values: Any) -> WorkItem:
    return WorkItem.objects.create(**{"kind": "task", "title": title, "assignee": assignee, "due_at": due, **values})


def test_work_stands_by_urgency_in_the_readers_own_day(bank: Bank, browse: Any) -> None:
    item(bank.rm, "Long late", NOW - 3 * DAY)
    item(bank.rm, "This afternoon", NOW + 5 * HOUR)
    item(bank.rm, "Before midnight", NOW + 13 * HOUR + 59 * dt.timedelta(minutes=1))
    item(bank.rm, "Tomorrow", NOW + 14 * HOUR)
    item(bank.rm, "Some day", None)
    item(bank.rm, "Done", NOW, state=WorkState.DONE)
    item(bank.rm2, "Of another", NOW)
    response = browse(bank.rm).get("/")
    work = response.context["work"]
    assert [row.item.title for row in work.late] == ["Long late"]
    assert [row.item.title for row in work.today] == ["This afternoon", "Before midnight"]
    assert [row.item.title for row in work.following] == ["Tomorrow", "Some day"]
    assert "1 late · 2 due today" in text(response)
    assert "Wednesday, 4 March" in text(response)


def test_shared_queues_stand_with_ones_own_work(bank: Bank, browse: Any) -> None:
    visit = making.log(bank.rm, making.client(bank, "rm", tier="A").company)
    page = text(browse(bank.head).get("/"))
    assert "Sign off" in page
    assert "shared" in page
    assert visit.get_absolute_url() in page
    assert visit.get_absolute_url() not in text(browse(bank.head2).get("/"))


def test_one_tap_ticks_and_another_takes_it_back(bank: Bank, browse: Any) -> None:
    task, browser = item(bank.rm, "Ring Leung", NOW), browse(bank.rm)
    assert f"/tasks/{task.pk}/done/" in text(browser.get("/"))
    done = browser.post(f"/tasks/{task.pk}/done/", headers=HTMX)
    assert text(done).strip().startswith("<li>")
    assert f"/tasks/{task.pk}/reopen/" in text(done)
    assert WorkItem.objects.get().state == WorkState.DONE
    again = browser.post(f"/tasks/{task.pk}/done/", headers=HTMX)
    assert again.status_code == 409
    back = browser.post(f"/tasks/{task.pk}/reopen/", headers=HTMX)
    assert f"/tasks/{task.pk}/done/" in text(back)
    assert WorkItem.objects.get().state == WorkState.OPEN


def test_without_scripts_a_tick_leads_back_to_today(bank: Bank, browse: Any) -> None:
    task = item(bank.rm, "Ring Leung", NOW)
    response = browse(bank.rm).post(f"/tasks/{task.pk}/done/", follow=True)
    assert response.redirect_chain == [("/", 302)]
    assert "Done." in text(response)


def test_a_promise_is_kept_by_the_same_tap(bank: Bank, browse: Any) -> None:
    making.log(bank.rm, making.client(bank, "rm").company, promises=(Promised("Answer", dt.date(2026, 3, 4)),))
    task, browser = WorkItem.objects.get(kind="promise"), browse(bank.rm)
    browser.post(f"/tasks/{task.pk}/done/", headers=HTMX)
    assert Promise.objects.get().kept_by == bank.rm
    browser.post(f"/tasks/{task.pk}/reopen/", headers=HTMX)
    assert Promise.objects.get().kept_at is None
    task.refresh_from_db()
    assert task.state == WorkState.OPEN


def test_what_has_a_page_of_its_own_is_not_ticked(bank: Bank, browse: Any) -> None:
    planned = making.plan(bank.rm, making.client(bank, "rm").company)
    task, browser = WorkItem.objects.get(kind="visit"), browse(bank.rm)
    page = text(browser.get("/"))
    assert planned.get_absolute_url() in page
    assert f"/tasks/{task.pk}/done/" not in page
    assert browser.post(f"/tasks/{task.pk}/done/").status_code == 403
    assert browser.get(f"/tasks/{task.pk}/postpone/").status_code == 403


@pytest.mark.parametrize("path", ["done/", "reopen/", "postpone/", "drop/"])
def test_the_work_of_others_is_not_found(bank: Bank, browse: Any, path: str) -> None:
    task = item(bank.rm2, "Of another", NOW)
    assert browse(bank.rm).post(f"/tasks/{task.pk}/{path}").status_code == 404


def test_ticking_is_never_a_matter_of_a_link(bank: Bank, browse: Any) -> None:
    task = item(bank.rm, "Ring", NOW)
    assert browse(bank.rm).get(f"/tasks/{task.pk}/done/").status_code == 405


def test_a_task_is_added_for_oneself_or_the_team_and_about_a_company(bank: Bank, browse: Any) -> None:
    company, browser = making.company(), browse(bank.rm)
    page = browser.get(f"/tasks/add/?company={company.pk}")
    assert set(page.context["form"].fields["assignee"].queryset) == {bank.arm, bank.rm2, bank.head}
    sent = {"title": "Ring", "due_at": "2026-03-05T10:00", "assignee": bank.arm.pk}
    assert browser.post(f"/tasks/add/?company={company.pk}", sent).status_code == 302
    task = WorkItem.objects.get()
    assert (task.assignee, task.company, task.due_at) == (bank.arm, company, NOW + DAY)
    assert browser.post("/tasks/add/", sent | {"assignee": bank.outsider.pk}).status_code == 422
    assert browser.post("/tasks/add/", sent | {"due_at": "2026-03-03T10:00"}).status_code == 422
    assert browser.get("/tasks/add/?company=999999").status_code == 404


def test_postponing_and_dropping_have_their_forms(bank: Bank, browse: Any) -> None:
    task, browser = item(bank.rm, "Ring", NOW), browse(bank.rm)
    assert f"/tasks/{task.pk}/drop/" in text(browser.get(f"/tasks/{task.pk}/postpone/"))
    assert browser.post(f"/tasks/{task.pk}/postpone/", {"due_at": "2026-03-05T10:00"}).status_code == 302
    task.refresh_from_db()
    assert task.due_at == NOW + DAY
    assert browser.post(f"/tasks/{task.pk}/drop/").status_code == 302
    task.refresh_from_db()
    assert task.state == WorkState.DROPPED


def test_all_open_work_is_listed_and_exported(bank: Bank, browse: Any) -> None:
    for number in range(3):
        item(bank.rm, f"Task {number}", NOW + number * DAY)
    item(bank.rm2, "Of another", NOW)
    browser = browse(bank.rm)
    page = text(browser.get("/tasks/"))
    assert [f"Task {number}" in page for number in range(3)] == [True] * 3
    assert "Of another" not in page
    export = b"".join(browser.post("/tasks/", {"export": "csv"}).streaming_content).decode()
    assert export.count("Task") >= 3
    assert "Of another" not in export


# Cards


def test_keep_warm_goes_by_tier_and_days_and_asks_for_the_more_pressing(bank: Bank) -> None:
    clients = {tier: making.client(bank, "rm", tier=tier, name=f"Company {tier}").company for tier in ("A", "B", "C", "D")}
    for company in clients.values():
        Company.objects.filter(pk=company.pk).update(last_contact_at=NOW - 20 * DAY, last_met_at=NOW - 20 * DAY)
    Company.objects.filter(pk=clients["C"].pk).update(last_met_at=NOW - 200 * DAY)
    rows = selectors.keep_warm(user=bank.rm, now=NOW)
    assert [(row.client.tier, row.kind, row.days, row.cadence, row.tone) for row in rows] == [
        ("A", "call", 20, 7, "seal"),
        ("B", "call", 20, 14, "seal"),
        ("C", "visit", 200, 180, "seal"),
    ]


def test_a_client_that_was_never_seen_is_due(bank: Bank, browse: Any) -> None:
    making.client(bank, "rm", tier="D", name="Never Seen Ltd")
    page = text(browse(bank.rm).get("/"))
    assert "Never Seen Ltd" in page
    assert "not seen yet" in page
    assert "Never Seen Ltd" not in text(browse(bank.rm2).get("/"))


def test_closed_clients_and_those_of_others_are_not_kept_warm(bank: Bank) -> None:
    closed = making.client(bank, "rm", tier="A")
    closed.status = "closed"
    closed.save()
    making.client(bank, "rm2", tier="A", name="Of another")
    assert selectors.keep_warm(user=bank.rm, now=NOW) == []
    assert selectors.keep_warm(user=bank.head, now=NOW) == []


def test_the_agenda_holds_own_plans_and_those_one_joins(bank: Bank) -> None:
    company = making.client(bank, "rm").company
    later = making.plan(bank.rm, company, at=NOW + DAY)
    joined = making.plan(bank.rm, company, at=NOW + HOUR, colleague_ids=(bank.arm.pk,))
    cancelled = making.plan(bank.rm, company, at=NOW + HOUR)
    making.services.cancel_visit(visit_id=cancelled.pk, actor=bank.rm, now=NOW, reason="No")
    assert selectors.agenda(user=bank.rm, now=NOW) == [joined, later]
    assert selectors.agenda(user=bank.arm, now=NOW) == [joined]
    assert selectors.agenda(user=bank.head, now=NOW) == []


def test_a_card_is_contributed_and_today_knows_no_feature(bank: Bank, browse: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    card = TodayCard("x", "Prospects going stale", "visits/today_warm.html", lambda *, user, now: [], order=1, column=3)
    gone = TodayCard("y", "Left out", "visits/today_warm.html", lambda *, user, now: None, order=1)
    monkeypatch.setitem(contributions._registry, TodayCard, [card, gone])
    page = text(browse(bank.rm).get("/"))
    assert "Prospects going stale" in page
    assert "Left out" not in page


@pytest.mark.parametrize("name", PEOPLE)
def test_every_role_has_a_first_screen(bank: Bank, browse: Any, name: str) -> None:
    response = browse(bank.people[name]).get("/")
    page = text(response)
    assert response.status_code == 200
    assert "Nothing waits for you" in page
    assert ("Keep warm" in page) or ("Where to begin" in page)


def test_without_a_post_there_is_a_reason(bank: Bank, browse: Any) -> None:
    from crm.staff.models import User

    nobody = User.objects.create(username="nobody", name_en="Nobody")
    response = browse(nobody).get("/")
    assert response.status_code == 403
    assert "You hold no post at present" in text(response)


@pytest.mark.parametrize("who", ["rm", "head", "centre", "finance"])
def test_today_costs_the_same_statements_however_much_there_is(bank: Bank, browse: Any, who: str) -> None:
    user, browser = bank.people[who], browse(bank.people[who])
    company = making.client(bank, "rm", tier="A").company
    item(user, "One", NOW, company=company)
    making.plan(bank.rm, company)

    def cost() -> tuple[int, int]:
        browser.get("/")
        with CaptureQueriesContext(connection) as captured:
            response = browser.get("/")
        return len(captured), len(gzip.compress(response.content))

    few, _weight = cost()
    for number in range(60):
        item(user, f"Task {number} of a great many", NOW - number * HOUR, company=company)
    for number in range(20):
        more = making.client(bank, "rm", tier="A", name=f"Company {number}").company
        making.plan(bank.rm, more)
    many, weight = cost()
    assert few == many
    assert many <= 12
    assert weight <= 40 * 1024
