"""Visits in full text: who finds them is who sees them; what is written later is found, what is gone is not."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.companies.choices import CoverageKind
from crm.companies.models import Company, CompanyName, Coverage
from crm.companies.services import end_coverage, take_on
from crm.kernel.contributions import ReaderTokens, of
from crm.kernel.names import core_name
from crm.kernel.outbox import deliver_pending
from crm.kernel.searchable import reader_tokens
from crm.staff.choices import Role, UnitKind
from crm.staff.models import Post
from crm.visits import searching, services
from crm.visits.models import Visit
from search import services as index
from search.reading import Results, Wanted, find, scope_of
from tests.cast import NOW, PEOPLE, Bank, fresh
from tests.companies.making import ask, browser
from tests.search.conftest import cluster, engine  # noqa: F401 - fixtures
from tests.visits import making

pytestmark = pytest.mark.django_db

STATES = ("done", "planned", "cancelled")
CHANGES: dict[str, dict[str, Any]] = {
    "summary": {"summary": "Zirconium"},
    "orders": {"texts": {"orders": "Zirconium"}},
    "needs": {"texts": {"funding_needs": "Zirconium"}},
}


def visited(bank: Bank, by: str, of_company: Company, state: str, *colleagues: str) -> Visit:
    """A visit in one of the three states."""
    ids = [bank.people[name].pk for name in colleagues]
    if state == "done":
        return making.log(bank.people[by], of_company, summary=f"Qcanary of {by}", colleague_ids=tuple(ids))
    made = making.plan(bank.people[by], of_company, objective=f"Qcanary of {by}", colleague_ids=ids)
    if state == "cancelled":
        services.cancel_visit(visit_id=made.pk, actor=bank.people[by], now=NOW, reason="Typhoon")
    return made


@pytest.fixture
def visits(bank: Bank) -> list[Visit]:
    """Each state, by several people, alone and with others; then some companies go to others, or to nobody."""
    made = []
    for state in STATES:
        for by, colleagues in (
            ("rm", ()),
            ("rm", ("arm", "sibling")),
            ("sibling", ("rm2",)),
            ("outsider", ("head",)),
            ("head", ()),
            ("centre", ()),
        ):
            covering = by if by != "centre" else "head"
            company = making.client(bank, covering, name=f"{state} {by} {len(colleagues)}").company
            made.append(visited(bank, by, company, state, *colleagues))
    for place, visit in enumerate(made):
        if place % 3 == 0:
            end_coverage(company=visit.company, kind=CoverageKind.CLIENT, actor=None, now=NOW)
        if place % 6 == 0:
            take_on(company=visit.company, kind=CoverageKind.PROSPECT, post=bank.post("outsider"), actor=bank.outsider, now=NOW)
        if place % 6 == 3:
            take_on(company=visit.company, kind=CoverageKind.PROSPECT, post=bank.post("rm2"), actor=bank.rm2, now=NOW)
    return made


def tokens(user: Any) -> frozenset[str]:
    """What `search.reading` gives a reader."""
    held = reader_tokens(user.actor)
    return held.union(*(further.tokens(user) for further in of(ReaderTokens))) if held else held


def found(user: Any, text: str = "qcanary", **facts: Any) -> Results:
    return find(user, Wanted(text, {"kind": ["visit"]}, limit=100, **facts), now=NOW)


def ids(results: Results) -> set[int]:
    return {hit.id for hit in results.hits}


def test_rows_tokens_and_hits_let_each_person_through_to_the_same_visits(bank: Bank, visits: list[Visit]) -> None:
    every = [visit.pk for visit in visits]
    scopes = {document.id: document.scope for document in searching.documents(every)}
    assert set(scopes) == set(every)
    wrong, sizes = {}, set()
    for name in PEOPLE:
        person = fresh(bank.people[name])
        rows = set(Visit.objects.visible_to(person).values_list("pk", flat=True))
        held = tokens(person)
        by_tokens = {pk for pk, scope in scopes.items() if scope & held}
        sizes.add(len(rows))
        if not rows == by_tokens == set(searching.visible(person, every)):
            wrong[name] = rows ^ by_tokens
    assert wrong == {}
    assert len(sizes) == 5


def test_the_index_finds_and_counts_for_each_person_what_they_see(bank: Bank, visits: list[Visit], engine: Any) -> None:  # noqa: F811
    index.rebuild()
    for name in PEOPLE:
        person = fresh(bank.people[name])
        rows = set(Visit.objects.visible_to(person).values_list("pk", flat=True))
        results = found(person, facets=True)
        assert (ids(results), results.total) == (rows, len(rows)), name
        assert sum(count for _value, _label, count in results.facets["kind"]) == len(rows)


def test_somebody_who_went_along_and_now_reads_no_visits_finds_none(bank: Bank) -> None:
    visit = visited(bank, "rm", making.client(bank).company, "done", "arm")
    unit = bank.units["head_office"]
    Post.objects.filter(user=bank.arm).update(role=Role.ADM, unit=unit)
    assert unit.kind == UnitKind.HEAD_OFFICE
    moved = fresh(bank.arm)
    (document,) = searching.documents([visit.pk])
    assert not Visit.objects.visible_to(moved).exists()
    assert not document.scope & tokens(moved)


def test_whoever_leaves_finds_nothing(bank: Bank, visits: list[Visit], engine: Any) -> None:  # noqa: F811
    index.rebuild()
    assert found(bank.rm).total
    Post.objects.filter(user=bank.rm).update(to_at=NOW)
    assert scope_of(fresh(bank.rm)) == frozenset()
    assert found(fresh(bank.rm)).total == 0


@pytest.fixture
def note(bank: Bank, engine: Any) -> Visit:  # noqa: F811
    """A logged visit, in the index by the outbox alone."""
    index.rebuild()
    company = making.client(bank).company
    CompanyName.objects.create(company=company, text=company.name_en, core=core_name(company.name_en))
    visit = making.log(bank.rm, company, summary="Molybdenum is short", texts={"concerns": "Stock of tungsten"})
    assert deliver_pending() == 0
    return visit


def test_what_is_logged_is_found_with_its_company_and_a_snippet(bank: Bank, note: Visit) -> None:
    for text in ("molybdenum", "tungsten", "yau tat molybdenum", "裕达纺织 tungsten", 'company:"Yau Tat Textiles" stock'):
        assert ids(found(bank.rm, text)) == {note.pk}, text
    (hit,) = found(bank.rm, "tungsten").hits
    assert (hit.shown.title, hit.shown.source, hit.shown.url) == ("Yau Tat Textiles", "Rm Lau", f"/visits/{note.pk}/")
    assert "Stock of tungsten" in hit.snippet.text
    assert found(bank.rm2, "molybdenum").total == 0


@pytest.mark.parametrize("values", CHANGES.values(), ids=CHANGES)
def test_a_correction_is_found_and_what_it_replaced_is_not(bank: Bank, note: Visit, values: dict[str, Any]) -> None:
    corrected = making.entry(**{"summary": "Corrected", **values})
    services.change_visit(visit_id=note.pk, actor=bank.rm, now=NOW, version=note.version, entry=corrected)
    assert deliver_pending() == 0
    assert ids(found(bank.rm, "zirconium")) == {note.pk}
    assert found(bank.rm, "molybdenum").total == 0
    assert index.mend().is_clean


def test_an_addendum_is_found_and_leaves_the_version(bank: Bank, note: Visit) -> None:
    services.add_addendum(visit_id=note.pk, actor=bank.rm, now=NOW, text="Vanadium came later")
    assert deliver_pending() == 0
    assert ids(found(bank.rm, "vanadium")) == {note.pk}
    assert Visit.objects.get(pk=note.pk).version == note.version
    assert index.mend().is_clean


def test_a_plan_is_found_by_its_objective_moved_and_cancelled(bank: Bank, note: Visit) -> None:
    plan = making.plan(bank.rm, note.company, objective="Show them rhodium")
    assert deliver_pending() == 0
    assert ids(found(bank.rm, "rhodium")) == {plan.pk}
    services.replan_visit(
        visit_id=plan.pk, actor=bank.rm, now=NOW, version=plan.version, planned_at=NOW + dt.timedelta(days=2), objective="Show them osmium"
    )
    services.cancel_visit(visit_id=plan.pk, actor=bank.rm, now=NOW, reason="Typhoon")
    assert deliver_pending() == 0
    assert found(bank.rm, "rhodium").total == 0
    (hit,) = found(bank.rm, "osmium").hits
    assert "Cancelled" in hit.shown.labels
    assert index.mend().is_clean


def test_when_another_looks_after_the_company_they_find_its_visits_and_who_went_before_no_more(bank: Bank, note: Visit) -> None:
    assert found(bank.outsider, "molybdenum").total == 0
    end_coverage(company=note.company, kind=CoverageKind.CLIENT, actor=bank.head, now=NOW)
    take_on(company=note.company, kind=CoverageKind.CLIENT, post=bank.post("outsider"), actor=bank.outsider, now=NOW)
    assert deliver_pending() == 0
    assert ids(found(bank.outsider, "molybdenum")) == {note.pk}
    assert index.mend().is_clean
    end_coverage(company=note.company, kind=CoverageKind.CLIENT, actor=bank.head, now=NOW)
    assert deliver_pending() == 0
    assert found(bank.outsider, "molybdenum").total == 0
    assert ids(found(bank.rm, "molybdenum")) == {note.pk}  # they made it
    assert index.mend().is_clean


def test_a_renamed_company_is_found_by_its_new_name(bank: Bank, note: Visit) -> None:
    Company.objects.filter(pk=note.company_id).update(name_en="Golden Loom")
    services.follow_companies(company_ids=[note.company_id])
    assert deliver_pending() == 0
    assert ids(found(bank.rm, '"golden loom" molybdenum')) == {note.pk}
    assert index.mend().is_clean


def test_a_deleted_visit_is_taken_out_and_check_tells_what_the_outbox_missed(bank: Bank, note: Visit) -> None:
    Visit.objects.filter(pk=note.pk).update(summary="Niobium", search_changes=7)
    assert index.mend().to_json() == {"missing": 0, "stale": 1, "extra": 0}
    assert ids(found(bank.rm, "niobium")) == {note.pk}
    for part in ("attendees", "promises", "bank_attendees"):
        getattr(note, part).all().delete()
    note.delete()
    assert index.mend().to_json() == {"missing": 0, "stale": 0, "extra": 1}
    assert found(None, "niobium").total == 0


def test_visits_that_a_reader_may_not_see_change_no_count_no_facet_and_no_statement(bank: Bank, note: Visit) -> None:
    def told() -> list[Any]:
        answers: list[Any] = []
        for name in ("rm2", "sibling", "outsider", "lobby", "editor", "admin"):
            reader = fresh(bank.people[name])
            assert reader.actor.posts
            with CaptureQueriesContext(connection) as seen:
                results = find(reader, Wanted("molybdenum OR qcanary", facets=True), now=NOW)
            answers += [ids(results), results.total, results.total_flat, dict(results.facets), [entry["sql"] for entry in seen]]
        return answers

    before = told()
    for number in range(20):
        making.log(bank.rm, note.company, summary=f"Qcanary {number} molybdenum", at=NOW - dt.timedelta(hours=number + 2))
    assert deliver_pending() == 0
    assert found(bank.rm).total == 20
    assert told() == before


def test_the_page_shows_visits_as_a_kind_of_their_own(bank: Bank, note: Visit) -> None:
    who = browser(bank.rm)
    page = who.get("/search/?q=tungsten").content.decode()
    assert "<mark>tungsten</mark>" in page
    assert f'href="/visits/{note.pk}/"' in page
    assert "Visits and calls" in page
    assert f'href="/visits/{note.pk}/"' in who.get("/search/?q=tungsten&of=visit").content.decode()
    assert f'href="/visits/{note.pk}/"' not in who.get("/search/?q=tungsten&of=clipping").content.decode()
    items = ask(bank.rm, "search?q=tungsten&kind=visit").json()["items"]
    assert [(item["kind"], item["id"], item["url"]) for item in items] == [("visit", note.pk, f"/visits/{note.pk}/")]


def test_following_a_company_without_visits_asks_search_for_nothing(bank: Bank) -> None:
    assert services.follow_companies(company_ids=[making.company().pk]) == 0
    assert not Coverage.objects.exists()


def test_a_page_of_visits_costs_two_statements(bank: Bank, visits: list[Visit], engine: Any, django_assert_num_queries: Any) -> None:  # noqa: F811
    index.rebuild()
    reader = fresh(bank.head)
    assert reader.actor.posts
    with django_assert_num_queries(2):
        assert len(found(reader).hits) > 5
