"""List pages: what is found, what the address says, how many statements it costs, and what each reader's columns are."""

import gzip
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.kernel.errors import NotAllowed
from crm.kernel.jobs import Job
from crm.web import services
from crm.web.models import SavedView


def _titles(response) -> list[str]:
    return re.findall(r'data-open href="[^"]*">([^<]*)<', response.content.decode())


def _statements(browser, address: str, **headers: str) -> int:
    browser.get(address, headers=headers)
    with CaptureQueriesContext(connection) as statements:
        assert browser.get(address, headers=headers).status_code == 200
    return len(statements)


def test_a_list_costs_the_same_statements_for_10_and_100_rows(browser, make_jobs):
    make_jobs(10)
    few = {
        address: _statements(browser, address) for address in ("/work/", "/work/?state=done&q=Job&sort=-finished_at", "/work/?cursor=last")
    }
    make_jobs(90)
    assert {address: _statements(browser, address) for address in few} == few
    assert max(few.values()) <= 10, few


def test_a_list_of_50_rows_stays_small(browser, make_jobs):
    make_jobs(120)
    response = browser.get("/work/")
    assert len(_titles(response)) == 50
    assert len(gzip.compress(response.content)) < 25_000


def test_a_list_shows_only_what_the_reader_may_see(browser, make_jobs, rm2):
    make_jobs(3)
    make_jobs(2, owner=rm2, title="Another's")
    assert sorted(_titles(browser.get("/work/"))) == ["Job 00000", "Job 00001", "Job 00002"]
    assert "Another" not in browser.get("/work/?q=Another").content.decode().split("<tbody>")[-1]


def test_search_narrows_and_an_empty_result_says_how_to_widen_it(browser, make_jobs):
    make_jobs(12)
    assert _titles(browser.get("/work/?q=00011")) == ["Job 00011"]
    nothing = browser.get("/work/?q=zzz").content.decode()
    assert "Nothing matches" in nothing
    assert "No work yet" in browser.get("/work/?view=all").content.decode() or Job.objects.exists()


def test_an_empty_list_teaches(browser):
    assert "Start an import first." in browser.get("/work/").content.decode()


@pytest.mark.parametrize(
    "address", ["/work/?q=%00", "/work/?size=7", "/work/?sort=owner__password", "/work/?sort=", "/work/?cursor=%F0%9F%98%80"]
)
def test_addresses_that_make_no_sense_still_open_the_list(browser, make_jobs, address):
    make_jobs(3)
    assert len(_titles(browser.get(address))) == 3


def test_headings_sort_both_ways_and_say_so(browser, make_jobs):
    make_jobs(5)
    response = browser.get("/work/?sort=done")
    assert _titles(response)[0] == "Job 00000"
    assert 'aria-sort="ascending"' in response.content.decode()
    assert "sort=-done" in response.content.decode()
    response = browser.get("/work/?sort=-done")
    assert _titles(response)[0] == "Job 00004"
    assert 'aria-sort="descending"' in response.content.decode()


def test_a_declared_order_is_turned_round_as_a_whole(browser, make_jobs):
    make_jobs(9)
    up, down = _titles(browser.get("/work/?sort=total")), _titles(browser.get("/work/?sort=-total"))
    assert up == down[::-1]


def test_pages_lead_on_and_back(browser, make_jobs):
    make_jobs(130)
    first = browser.get("/work/")
    following = re.search(r'rel="next" href="([^"]*)"', first.content.decode())[1]
    second = browser.get("/work/" + following.replace("&amp;", "&"))
    assert not set(_titles(first)) & set(_titles(second))
    back = re.search(r'rel="prev" href="([^"]*)"', second.content.decode())[1]
    assert _titles(browser.get("/work/" + back)) == _titles(first)
    assert len(_titles(browser.get("/work/?size=100"))) == 100


@pytest.mark.parametrize(
    ("query", "label", "text"),
    [
        ("state=done&state=failed", "State", "Done, Failed"),
        ("kind=k1", "Kind", "k1"),
        ("owner=me", "Owner", "Me"),
        ("created_at_after=2020-01-01&created_at_before=2020-12-31", "Started", "2020-01-01 to 2020-12-31"),
        ("created_at_after=2020-01-01", "Started", "from 2020-01-01"),
        ("created_at_before=2020-12-31", "Started", "until 2020-12-31"),
        ("over=true", "Over", "Yes"),
        ("over=false", "Over", "No"),
    ],
)
def test_each_filter_is_a_chip_that_says_what_it_does_and_can_be_removed(browser, make_jobs, query, label, text):
    make_jobs(3)
    html = browser.get(f"/work/?{query}&sort=done").content.decode()
    chip = re.search(rf'<a class="on" href="([^"]*)">{label}: {text}<', html)
    assert chip, html[html.index('id="results"') :][:800]
    assert chip[1] == "?sort=done"


def test_filters_narrow_by_their_values(browser, make_jobs, rm2):
    make_jobs(20)
    assert set(_titles(browser.get("/work/?state=done"))) == {row.title for row in Job.objects.filter(state="done")}
    assert set(_titles(browser.get("/work/?over=true"))) == {row.title for row in Job.objects.exclude(finished_at=None)}
    assert len(_titles(browser.get("/work/?owner=me"))) == 20
    assert _titles(browser.get(f"/work/?owner={rm2.pk}")) == []


def test_a_day_span_includes_both_days_of_the_readers_zone(browser, make_jobs):
    (job,) = make_jobs(1)
    Job.objects.filter(pk=job.pk).update(created_at="2026-03-04T15:59:59Z")  # 23:59:59 in Hong Kong
    assert _titles(browser.get("/work/?created_at_after=2026-03-04&created_at_before=2026-03-04"))
    Job.objects.filter(pk=job.pk).update(created_at="2026-03-04T16:00:00Z")
    assert not _titles(browser.get("/work/?created_at_before=2026-03-04"))
    assert _titles(browser.get("/work/?created_at_after=2026-03-05"))


@pytest.mark.parametrize("query", ["state=nonsense", "owner=999999", "owner=x", "created_at_after=yesterday", "owner=99999999999999999999"])
def test_a_filter_that_makes_no_sense_selects_nothing_and_says_so(browser, make_jobs, query):
    make_jobs(3)
    response = browser.get(f"/work/?{query}")
    assert _titles(response) == []
    assert "makes no sense" in response.content.decode()


def test_the_filter_panel_opens_as_page_and_as_dialog(browser, make_jobs):
    make_jobs(3)
    page = browser.get("/work/?state=done&filters=open").content.decode()
    assert "<html" in page
    assert re.search(r'value="done"[^>]*checked', page)
    dialog = browser.get("/work/?state=done&filters=open", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in dialog
    assert 'name="created_at_after"' in dialog


def test_htmx_gets_the_results_alone_but_a_boosted_or_restored_page_whole(browser, make_jobs):
    make_jobs(3)
    alone = browser.get("/work/?q=Job", headers={"HX-Request": "true", "HX-Target": "results", "HX-Boosted": "true"})
    assert "<html" not in alone.content.decode()
    assert alone.content.decode().strip().startswith('<div id="results"')
    assert "HX-Request" in alone["Vary"]
    restored = browser.get("/work/", headers={"HX-Request": "true", "HX-Target": "results", "HX-History-Restore-Request": "true"})
    assert "<html" in restored.content.decode()


def test_a_column_with_a_sight_is_drawn_only_for_those_who_have_it(browser, make_jobs, head, client):
    make_jobs(1)
    assert 'data-label="Kind"' not in browser.get("/work/").content.decode()
    make_jobs(1, owner=head)
    client.force_login(head)
    assert 'data-label="Kind"' in client.get("/work/").content.decode()


def test_only_declared_columns_are_drawn(browser, make_jobs):
    make_jobs(1, params={"secret": "canary-7731"})
    assert "canary-7731" not in browser.get("/work/").content.decode()


def test_totals_stand_in_their_column(browser, make_jobs):
    make_jobs(10)
    html = browser.get("/work/").content.decode()
    assert re.search(r'<tfoot>.*<td class="num" data-label="Done">45</td>', html, re.S)


def test_text_of_people_is_escaped_in_cells_links_and_labels(browser, make_jobs):
    make_jobs(1, title='<img src=x onerror="alert(1)">')
    html = browser.get("/work/").content.decode()
    assert "<img" not in html
    assert "&lt;img src=x" in html


def test_the_order_of_answers_is_sign_in_method_record_permission(client, rm, make_jobs, bank):
    assert client.get("/work/").status_code == 302
    assert client.get("/work/", headers={"HX-Request": "true"})["HX-Redirect"].startswith("/accounts/login/")
    client.force_login(rm)
    assert client.delete("/work/").status_code == 405
    assert client.post("/jobs/").status_code == 405
    assert client.get("/work/99999/").status_code == 404
    (job,) = make_jobs(1)
    refused = client.get(f"/work/{job.pk}/refuse/")
    assert refused.status_code == 403
    assert "Only on Sundays." in refused.content.decode()


def test_somebody_without_a_post_gets_in_nowhere(client, rm, now):
    rm.posts.update(to_at=now)
    client.force_login(rm)
    assert client.get("/work/").status_code == 403


def test_the_phone_sorts_by_links_of_its_own(browser, make_jobs):
    make_jobs(2)
    assert "sorts" not in browser.get("/work/?q=nothing-like-it").content.decode()
    page = browser.get("/work/?state=queued&sort=-title").content.decode()
    sorts = page.split('<nav class="sorts"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]*)" aria-current="true">Title', sorts) == ["?state=queued&amp;sort=title"]
    assert "descending" in sorts
    assert page.count("aria-sort=") == 1


def test_an_open_view_of_ones_own_offers_to_be_changed_and_removed(browser, rm, rm2, bank):
    mine = services.save_view(actor=rm, list_name="work_list", title="Mine", query="state=done")
    page = browser.get("/work/?state=done").content.decode()
    assert f"/views/{mine.pk}/change/" in page
    assert f"/views/{mine.pk}/remove/" in page
    assert f"/views/{mine.pk}/" not in browser.get("/work/?state=failed").content.decode()
    SavedView.objects.update(owner=rm2, team=bank.team)
    assert f"/views/{mine.pk}/" not in browser.get("/work/?state=done").content.decode()


def test_a_view_is_renamed_and_no_longer_opens_the_list(browser, rm, rm2, bank):
    mine = services.save_view(actor=rm, list_name="work_list", title="Mine", query="state=done", unit_id=bank.team.pk, is_default=True)
    services.save_view(actor=rm, list_name="work_list", title="Other", query="state=failed")
    form = browser.get(f"/views/{mine.pk}/change/").content.decode()
    assert 'value="Mine"' in form
    assert "checked" in form
    taken = browser.post(f"/views/{mine.pk}/change/", {"title": "Other", "unit_id": bank.team.pk, "version": mine.version})
    assert "has this name" in taken.content.decode()
    answer = browser.post(f"/views/{mine.pk}/change/", {"title": "Done ones", "unit_id": "", "version": mine.version})
    assert answer["Location"] == "/work/?state=done"
    mine.refresh_from_db()
    assert (mine.title, mine.team, mine.is_default, mine.query) == ("Done ones", None, False, "state=done")
    with pytest.raises(NotAllowed):
        services.change_view(actor=rm, view_id=mine.pk, version=mine.version, title="Done ones", unit_id=bank.far_team.pk)
    SavedView.objects.update(team=bank.post("rm2").unit)
    with pytest.raises(NotAllowed, match="Only the person"):
        services.change_view(actor=rm2, view_id=mine.pk, version=mine.version, title="Ours")


def test_a_view_is_saved_offered_opened_first_and_removed(browser, rm, make_jobs):
    make_jobs(30)
    form = browser.get("/views/save/?list_name=work_list&query=state%3Ddone%26cursor%3Dabc")
    assert 'value="state=done&amp;cursor=abc"' in form.content.decode()
    answer = browser.post(
        "/views/save/", {"title": "Done ones", "list_name": "work_list", "query": "state=done&cursor=abc", "is_default": "on"}
    )
    assert answer["Location"] == "/work/?state=done"
    assert browser.get("/work/")["Location"] == "/work/?state=done"
    assert 'aria-current="page"' in browser.get("/work/?state=done").content.decode()
    assert len(_titles(browser.get("/work/?view=all"))) == 30
    view = SavedView.objects.get()
    assert browser.post(f"/views/{view.pk}/remove/").status_code == 302
    assert browser.get("/work/").status_code == 200


def test_a_shared_view_is_offered_to_the_team_and_removed_by_its_owner_only(browser, client, rm, rm2, sibling, make_jobs, bank):
    make_jobs(1, owner=rm2)
    browser.post("/views/save/", {"title": "Ours", "list_name": "work_list", "query": "state=done", "unit_id": bank.team.pk})
    view = SavedView.objects.get()
    client.force_login(rm2)
    assert "Ours" in client.get("/work/").content.decode()
    assert client.post(f"/views/{view.pk}/remove/").status_code == 403
    client.force_login(sibling)
    assert client.post(f"/views/{view.pk}/remove/").status_code == 404
    assert "Ours" not in client.get("/work/").content.decode()


def test_a_view_cannot_be_shared_with_a_unit_one_is_not_in(browser, bank):
    answer = browser.post("/views/save/", {"title": "x", "list_name": "work_list", "query": "", "unit_id": bank.far_team.pk})
    assert answer.status_code == 422
    assert not SavedView.objects.exists()


def test_saving_under_the_same_name_replaces_and_one_default_stands(browser, rm):
    for query in ("state=done", "state=failed"):
        browser.post("/views/save/", {"title": "Mine", "list_name": "work_list", "query": query, "is_default": "on"})
    browser.post("/views/save/", {"title": "Other", "list_name": "work_list", "query": "kind=k1", "is_default": "on"})
    assert SavedView.objects.filter(owner=rm).count() == 2
    assert SavedView.objects.get(is_default=True).title == "Other"
    assert SavedView.objects.get(title="Mine").query == "state=failed"
