"""Who sees which visits, on page, list, search, export, API and history alike (domain 1.2, invariant 36)."""

import datetime as dt
import re
from typing import Any

import pytest

from crm.companies.models import Coverage
from crm.kernel.worklist import TimelineRow
from crm.staff.choices import Role
from crm.staff.models import Post
from crm.staff.services import create_token
from crm.visits import services
from crm.visits.models import Addendum, Promise, Visit
from crm.visits.permissions import can_read_visits
from crm.visits.rules import Promised
from crm.visits.views import VisitList
from tests.cast import NOW, PEOPLE, Bank, fresh
from tests.visits import making

SEES = {
    "own": {"rm", "head", "centre", "ho", "ho2", "compliance", "compliance2", "auditor"},
    "attended": {"rm", "arm", "head", "centre", "ho", "ho2", "compliance", "compliance2", "auditor"},
    "far": {"outsider", "outhead", "ho", "ho2", "compliance", "compliance2", "auditor"},
}


@pytest.fixture
def visits(bank: Bank) -> dict[str, Visit]:
    """One visit of the senior RM alone, one with the assistant, one in the other centre."""
    near = making.client(bank, "rm", name="Yau Tat Textiles").company
    near.__class__.key_model().objects.create(company=near, key="yau")
    along = making.client(bank, "rm", name="Golden Hill Foods", name_zh="金山食品").company
    far = making.client(bank, "outsider", name="Futian Optics", name_zh="福田光學").company
    return {
        "own": making.log(bank.rm, near, summary="Note of Yau Tat", promises=(Promised("Answer", dt.date(2026, 3, 6)),)),
        "attended": making.log(bank.rm, along, summary="Note of Golden Hill", colleague_ids=(bank.arm.pk,)),
        "far": making.log(bank.outsider, far, summary="Note of Futian"),
    }


def seen_by(name: str) -> set[str]:
    return {key for key, people in SEES.items() if name in people}


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_sees_exactly_their_visits_on_all_surfaces(bank: Bank, visits: dict[str, Visit], browse: Any, name: str) -> None:
    user, expected = bank.people[name], seen_by(name)
    assert set(Visit.objects.visible_to(user)) == {visits[key] for key in expected}
    assert {promise.visit for promise in Promise.objects.visible_to(user)} == {visits[key] for key in expected & {"own"}}
    browser = browse(user)
    for key, visit in visits.items():
        for page in ("", "note/", "history/"):
            assert browser.get(f"/visits/{visit.pk}/{page}").status_code == (200 if key in expected else 404), (key, page)
    listed = browser.get("/visits/")
    reads = bool(expected) or PEOPLE[name][0] in (Role.RM, Role.TH)
    assert listed.status_code == (200 if reads else 403)
    for key, visit in visits.items():
        assert (visit.summary in listed.content.decode()) is (key in expected)
    if not reads:
        return
    found = browser.get("/visits/?q=yau").content.decode()
    assert ("Note of Yau Tat" in found) is ("own" in expected)
    assert "Note of Futian" not in found
    export = b"".join(browser.post("/visits/", {"export": "csv"}).streaming_content).decode()
    for key, visit in visits.items():
        assert (visit.summary in export) is (key in expected)


@pytest.mark.parametrize("name", ["rm", "arm", "head2", "outsider", "ho", "compliance", "finance", "analyst", "admin"])
def test_the_api_shows_the_same_visits(bank: Bank, visits: dict[str, Visit], client: Any, name: str) -> None:
    user, expected = bank.people[name], seen_by(name)
    headers = {"Authorization": f"Bearer {create_token(user=user, scopes=['read'])}"}
    answer = client.get("/api/v1/visits", headers=headers)
    if can_read_visits(user=user):
        assert {item["id"] for item in answer.json()["items"]} == {visits[key].pk for key in expected}
    else:
        assert (answer.status_code, expected) == (403, set())
    for key, visit in visits.items():
        assert client.get(f"/api/v1/visits/{visit.pk}", headers=headers).status_code == (200 if key in expected else 404)


def test_who_takes_a_client_over_sees_its_past_visits_and_who_leaves_keeps_only_their_own(bank: Bank, visits: dict[str, Visit]) -> None:
    company = visits["own"].company
    making.log(bank.head, company, summary="By the head")
    Coverage.objects.filter(company=company).update(to_at=NOW)
    making.cover(bank, "sibling", company)
    assert {visit.company for visit in Visit.objects.visible_to(fresh(bank.sibling))} == {company}
    assert Visit.objects.visible_to(fresh(bank.sibling)).filter(company=company).count() == 2
    assert [visit.summary for visit in Visit.objects.visible_to(fresh(bank.rm)).filter(company=company)] == ["Note of Yau Tat"]
    assert visits["own"] in Visit.objects.visible_to(fresh(bank.head2))


@pytest.mark.parametrize("name", PEOPLE)
def test_however_visits_are_read_or_counted_they_are_those_that_the_reader_may_see(bank: Bank, visits: dict[str, Visit], name: str) -> None:
    """Also where a centre's head went along elsewhere, and where a company with past visits came from another centre."""
    moved = visits["far"].company
    Coverage.objects.filter(company=moved).update(centre=bank.units["centre"], team=bank.team, owner=bank.rm)
    visits["own"].bank_attendees.create(user=bank.people["outhead"])
    assert_read_alike(fresh(bank.people[name]))


def test_who_holds_posts_in_two_centres_reads_each_visit_once(bank: Bank, visits: dict[str, Visit]) -> None:
    head = bank.people["head2"]
    Post.objects.create(user=head, role=Role.RCH, grade=4, unit=bank.units["centre"], from_at=NOW - dt.timedelta(days=1))
    Post.objects.create(user=head, role=Role.RCH, grade=4, unit=bank.units["far_centre"], from_at=NOW - dt.timedelta(days=1))
    making.log(head, visits["own"].company)
    assert len(assert_read_alike(fresh(head))) == 4


def assert_read_alike(user: Any) -> list[int]:
    seen = sorted(Visit.objects.visible_to(user).values_list("pk", flat=True))
    assert sorted(Visit.objects.in_order_for(user).values_list("pk", flat=True)) == seen
    parts = [pk for part in Visit.objects.parts_for(user) for pk in part.values_list("pk", flat=True)]
    assert sorted(parts) == seen  # each once
    if can_read_visits(user=user):
        page = VisitList.for_reader(user, "/visits/", "").page
        assert [visit.pk for visit in page.rows] == list(Visit.objects.filter(pk__in=seen).newest_first().values_list("pk", flat=True))
    return seen


def test_a_closed_post_sees_nothing(bank: Bank, visits: dict[str, Visit]) -> None:
    Post.objects.filter(user=bank.rm).update(to_at=NOW)
    assert not Visit.objects.visible_to(fresh(bank.rm)).exists()


def test_the_colleague_who_has_to_keep_a_promise_sees_the_promise_but_not_the_visit(bank: Bank, browse: Any) -> None:
    of = making.client(bank, "rm").company
    promise = making.log(bank.rm, of, promises=(Promised("Answer", dt.date(2026, 3, 6), bank.rm2.pk),)).promises.get()
    assert list(Promise.objects.visible_to(bank.rm2)) == [promise]
    browser = browse(bank.rm2)
    assert browser.get(f"/visits/promises/{promise.pk}/keep/").status_code == 200
    assert browser.get(promise.visit.get_absolute_url()).status_code == 404
    assert browser.post(f"/visits/promises/{promise.pk}/keep/").status_code == 302
    assert browse(bank.sibling).get(f"/visits/promises/{promise.pk}/keep/").status_code == 404


def test_an_addendum_is_seen_with_its_visit(bank: Bank, visits: dict[str, Visit]) -> None:
    services.add_addendum(visit_id=visits["own"].pk, actor=bank.rm, now=NOW, text="More")
    assert Addendum.objects.visible_to(bank.head).exists()
    assert not Addendum.objects.visible_to(bank.rm2).exists()


def test_the_timeline_row_of_a_heads_visit_is_seen_by_the_clients_own_manager(bank: Bank) -> None:
    of = making.client(bank, "rm").company
    making.log(bank.people["centre"], of)
    for name, sees in {"rm": True, "head": True, "centre": True, "ho": True, "rm2": False, "outsider": False, "finance": False}.items():
        assert TimelineRow.objects.of_company(of.pk, user=bank.people[name]).exists() is sees, name


def test_an_outsider_cannot_tell_a_hidden_visit_from_none(bank: Bank, visits: dict[str, Visit], browse: Any) -> None:
    browser = browse(bank.outsider)
    hidden, missing = browser.get(f"/visits/{visits['own'].pk}/"), browser.get("/visits/999999/")
    assert hidden.status_code == missing.status_code == 404
    pages = [re.sub(r'name="(csrfmiddlewaretoken|next)" value="[^"]*"', "", answer.content.decode()) for answer in (hidden, missing)]
    assert pages[0] == pages[1]
    for operation in ("edit", "replan", "cancel", "addendum", "attach", "sign-off"):
        assert browser.post(f"/visits/{visits['own'].pk}/{operation}/").status_code == 404
