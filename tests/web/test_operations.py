"""Forms: carried out once, nothing typed is lost, each refusal where it belongs, stale saves show both versions."""

import html
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.kernel.jobs import Job
from crm.kernel.submissions import Submission

HTMX = {"HX-Request": "true", "HX-Target": "dialog-body"}


def _hidden(response, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1]


def test_a_second_click_saves_nothing_new_and_gets_the_first_answer(browser):
    key = _hidden(browser.get("/work/new/"), "submission")
    first = browser.post("/work/new/", {"title": "once", "submission": key})
    second = browser.post("/work/new/", {"title": "once", "submission": key})
    assert Job.objects.filter(title="once").count() == 1
    assert first["Location"] == second["Location"] == f"/work/{Job.objects.get(title='once').pk}/"


def test_each_opened_form_brings_its_own_key(browser):
    assert _hidden(browser.get("/work/new/"), "submission") != _hidden(browser.get("/work/new/"), "submission")


def test_the_same_key_with_other_content_saves_nothing_keeps_what_was_typed_and_can_be_sent_anew(browser):
    key = str(uuid.uuid4())
    browser.post("/work/new/", {"title": "one", "submission": key})
    answer = browser.post("/work/new/", {"title": "two", "submission": key})
    assert answer.status_code == 422
    assert 'value="two"' in answer.content.decode()
    assert not Job.objects.filter(title="two").exists()
    assert browser.post("/work/new/", {"title": "two", "submission": _hidden(answer, "submission")}).status_code == 302
    assert Job.objects.filter(title="two").count() == 1


def test_a_refused_form_keeps_its_key_so_that_a_repaired_one_and_its_replay_are_one(browser):
    key = str(uuid.uuid4())
    refused = browser.post("/work/new/", {"title": "rule", "submission": key})
    assert _hidden(refused, "submission") == key
    for _ in range(2):
        assert browser.post("/work/new/", {"title": "repaired", "submission": key}).status_code == 302
    assert Job.objects.filter(title="repaired").count() == 1
    assert Submission.objects.count() == 1


def test_another_persons_key_is_not_mine(browser, client, rm2):
    key = str(uuid.uuid4())
    browser.post("/work/new/", {"title": "one", "submission": key})
    client.force_login(rm2)
    assert client.post("/work/new/", {"title": "mine", "submission": key}).status_code == 302
    assert Job.objects.filter(title="mine", owner=rm2).exists()


@pytest.mark.parametrize(("title", "status"), [("", 422), ("x" * 41, 422), ("no", 403), ("rule", 422), ("late", 409)])
def test_each_refusal_has_its_status_and_keeps_what_was_typed(browser, title, status):
    answer = browser.post("/work/new/", {"title": title})
    assert answer.status_code == status
    assert f'value="{title}"' in answer.content.decode() or not title
    assert "data-errors" in answer.content.decode()
    assert browser.post("/work/new/", {"title": title}, headers=HTMX).status_code == 422


def test_a_refusals_field_sentence_stands_beside_its_field(browser):
    html = browser.post("/work/new/", {"title": "rule"}).content.decode()
    assert re.search(r'id="id_title_error">Shorter, please.<', html)
    assert "Too long." in html


def test_success_says_so_and_tells_the_browser_which_draft_is_saved(browser):
    answer = browser.post("/work/new/", {"title": "kept"})
    page = browser.get("/work/")
    assert "Made." in page.content.decode()
    assert '<meta name="draft-saved" content="/work/new/">' in page.content.decode()
    assert 'data-draft="/work/new/"' in browser.get("/work/new/").content.decode()
    assert answer.status_code == 302


def test_the_same_view_is_a_page_and_a_dialog(browser):
    assert "<html" in browser.get("/work/new/").content.decode()
    dialog = browser.get("/work/new/", headers=HTMX).content.decode()
    assert "<html" not in dialog
    assert 'id="dialog-title"' in dialog
    assert browser.post("/work/new/", {"title": "from a dialog"}, headers=HTMX)["HX-Redirect"].startswith("/work/")


def test_a_link_fills_in_the_form(browser):
    assert 'value="Letter"' in browser.get("/work/new/?title=Letter&owner=1").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_not_now_never_leads_off_the_site(browser, target):
    html = browser.get("/work/new/", {"next": target}).content.decode()
    assert 'href="/" data-close' in html


def test_files_count_as_content_of_a_submission(browser):
    key = str(uuid.uuid4())
    assert browser.post("/work/new/", {"title": "f", "submission": key, "file": SimpleUploadedFile("a.txt", b"one")}).status_code == 302
    other = browser.post("/work/new/", {"title": "f", "submission": key, "file": SimpleUploadedFile("b.txt", b"other")})
    assert other.status_code == 422


def test_a_refused_form_says_that_its_file_is_to_be_chosen_again(browser):
    words = "<span>Choose the file again.</span>"
    refused = browser.post("/work/new/", {"title": "rule", "file": SimpleUploadedFile("a.txt", b"one")})
    assert words in refused.content.decode()
    assert words not in browser.post("/work/new/", {"title": "rule"}).content.decode()


def test_a_stale_save_shows_both_versions_keeps_what_was_typed_and_can_be_repeated(browser, make_jobs):
    (job,) = make_jobs(1, total=3, title="as it was")
    seen = _hidden(browser.get(f"/work/{job.pk}/change/"), "version")
    assert seen == "3"
    Job.objects.filter(pk=job.pk).update(title="another's", total=4)
    answer = browser.post(f"/work/{job.pk}/change/", {"title": "mine", "state": job.state, "version": seen})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-label="Stands now">another&#x27;s<' in page
    assert 'data-label="You typed">mine<' in page
    assert "State</th>" not in page
    assert 'value="mine"' in page
    assert Job.objects.get(pk=job.pk).title == "another's"
    again = {"title": "mine", "state": job.state, "version": _hidden(answer, "version"), "submission": _hidden(answer, "submission")}
    assert browser.post(f"/work/{job.pk}/change/", again).status_code == 302
    assert Job.objects.get(pk=job.pk).title == "mine"


def _opened(browser, job):
    """The hidden fields of a form that somebody has just opened."""
    page = browser.get(f"/work/{job.pk}/change/")
    return {"version": _hidden(page, "version"), "opened": html.unescape(_hidden(page, "opened"))}


def test_of_a_stale_form_only_what_was_touched_is_saved_and_the_rest_is_theirs(browser, make_jobs):
    (job,) = make_jobs(1, total=3, title="as it was", state="queued")
    opened = _opened(browser, job)
    Job.objects.filter(pk=job.pk).update(title="another's", total=4)
    answer = browser.post(f"/work/{job.pk}/change/", {"title": "as it was", "state": "done", **opened})
    assert answer.status_code == 302
    job.refresh_from_db()
    assert (job.title, job.state, job.total) == ("another's", "done", 5)
    assert "Theirs stand as well." in browser.get("/work/").content.decode()


def test_a_field_that_both_changed_is_shown_in_both_versions_and_nothing_else_is(browser, make_jobs):
    (job,) = make_jobs(1, total=3, title="as it was", state="queued")
    opened = _opened(browser, job)
    Job.objects.filter(pk=job.pk).update(title="another's", state="done", total=4)
    answer = browser.post(f"/work/{job.pk}/change/", {"title": "mine", "state": "queued", **opened})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'data-label="You typed">mine<' in page
    assert "State</th>" not in page
    again = {name: html.unescape(_hidden(answer, name)) for name in ("version", "opened", "submission")}
    assert re.search(r'<option value="done"\s+selected', page)
    assert browser.post(f"/work/{job.pk}/change/", {"title": "mine", "state": "done", **again}).status_code == 302
    job.refresh_from_db()
    assert (job.title, job.state) == ("mine", "done")


def test_a_stale_form_in_which_nothing_was_touched_undoes_nothing(browser, make_jobs):
    (job,) = make_jobs(1, total=3, title="as it was", state="queued")
    opened = _opened(browser, job)
    Job.objects.filter(pk=job.pk).update(title="another's", state="done", total=4)
    browser.post(f"/work/{job.pk}/change/", {"title": "as it was", "state": "queued", **opened})
    job.refresh_from_db()
    assert (job.title, job.state) == ("another's", "done")


@pytest.mark.parametrize("opened", ["", "{", "[]", "7", "x" * 30_000])
def test_without_word_of_what_it_held_a_stale_form_is_compared_as_a_whole(browser, make_jobs, opened):
    (job,) = make_jobs(1, total=3, title="as it was", state="queued")
    Job.objects.filter(pk=job.pk).update(title="another's", total=4)
    data = {"title": "as it was", "state": "done", "version": "3", "opened": opened}
    answer = browser.post(f"/work/{job.pk}/change/", data)
    assert answer.status_code == 409
    assert 'data-label="Stands now">another&#x27;s<' in answer.content.decode()


def test_a_stale_save_that_is_also_invalid_stays_stale(browser, make_jobs):
    (job,) = make_jobs(1, total=3)
    Job.objects.filter(pk=job.pk).update(title="another's", total=4)
    invalid = browser.post(f"/work/{job.pk}/change/", {"title": "", "state": job.state, "version": "3"})
    assert _hidden(invalid, "version") == "3"
    assert browser.post(f"/work/{job.pk}/change/", {"title": "mine", "state": job.state, "version": "3"}).status_code == 409


@pytest.mark.parametrize("version", [None, "", "x", "-1", "٣", "9" * 30])
def test_a_save_without_a_version_is_taken_for_stale(browser, make_jobs, version):
    (job,) = make_jobs(1, total=3)
    data = {"title": "mine", "state": job.state} | ({} if version is None else {"version": version})
    assert browser.post(f"/work/{job.pk}/change/", data).status_code == 409
    assert Job.objects.get(pk=job.pk).title != "mine"


def test_a_hidden_record_cannot_be_changed_or_refused_differently_from_a_missing_one(browser, make_jobs, rm2):
    (job,) = make_jobs(1, owner=rm2)
    for pk in (job.pk, 999_999):
        assert browser.get(f"/work/{pk}/change/").status_code == 404
        assert browser.post(f"/work/{pk}/change/", {"title": "x"}).status_code == 404
        assert browser.get(f"/work/{pk}/refuse/").status_code == 404


def test_a_record_page_has_facts_tabs_and_the_tab_that_the_address_names(browser, make_jobs):
    (job,) = make_jobs(1, kind="import")
    html = browser.get(f"/work/{job.pk}/").content.decode()
    assert "<dt>Kind</dt><dd>import</dd>" in html
    assert 'id="job"' in html
    other = browser.get(f"/work/{job.pk}/?tab=two").content.decode()
    assert 'id="job"' not in other
    assert re.search(r'href="\?tab=two" aria-current="page"', other)
    assert 'id="job"' in browser.get(f"/work/{job.pk}/?tab=nonsense").content.decode()


def test_a_fragment_is_bare_for_htmx_and_a_page_for_readers_without_scripts(browser, make_jobs):
    (job,) = make_jobs(1)
    assert "<html" not in browser.get(f"/work/{job.pk}/part/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" in browser.get(f"/work/{job.pk}/part/").content.decode()


def test_after_a_lost_session_the_form_comes_back_as_it_was_addressed(client):
    for answer in (client.get("/work/new/?title=typed"), client.post("/work/new/?title=typed", {"title": "x"})):
        assert answer["Location"] == "/accounts/login/?next=/work/new/%3Ftitle%3Dtyped"


# Many rows at once


def test_the_question_names_the_chosen_rows_and_does_nothing(browser, make_jobs):
    jobs = make_jobs(12)
    html = browser.post("/work/rename/", {"selected": [job.pk for job in jobs], "query": ""}).content.decode()
    assert "12 rows" in html
    assert "and 2 more" in html
    assert Job.objects.filter(title__startswith="Job").count() == 12


def _rename(browser, ids, **more):
    return browser.post("/work/rename/", {"selected": ids, "title": "New", "submission": str(uuid.uuid4())} | more)


def test_each_row_is_done_by_itself_and_a_refused_one_says_why(browser, make_jobs):
    jobs = make_jobs(3) + make_jobs(1, title="fixed one")
    html = _rename(browser, [job.pk for job in jobs]).content.decode()
    assert "3 rows done." in html
    assert "<dt>fixed one</dt><dd>This one stays.</dd>" in html
    assert Job.objects.filter(title="New").count() == 3


def test_all_that_match_means_those_of_the_lists_own_filters(browser, make_jobs):
    make_jobs(20)
    asked = browser.post("/work/rename/", {"all": "1", "query": "state=done&q=Job"}).content.decode()
    ids = re.findall(r'name="selected" value="(\d+)"', asked)
    assert {int(pk) for pk in ids} == set(Job.objects.filter(state="done").values_list("pk", flat=True))


def test_rows_of_others_are_left_alone_and_too_many_or_none_are_refused(browser, make_jobs, rm2):
    (other,) = make_jobs(1, owner=rm2)
    assert _rename(browser, [other.pk]).status_code == 422
    assert browser.post("/work/rename/", {"query": ""}).status_code == 422
    make_jobs(61)
    assert browser.post("/work/rename/", {"all": "1", "query": ""}).status_code == 422
    assert browser.post("/work/rename/", {"all": "1", "query": "state=nonsense"}).status_code == 422
    assert not Job.objects.filter(title="New").exists()


def test_a_bulk_act_is_done_once_and_can_be_taken_back_once(browser, client, make_jobs, rm2):
    jobs = make_jobs(3)
    key = str(uuid.uuid4())
    for _ in range(2):
        html = _rename(browser, [job.pk for job in jobs], submission=key).content.decode()
        assert "3 rows done." in html
    client.force_login(rm2)
    assert client.post("/work/rename/", {"undo": key}).status_code == 404
    assert "3 rows taken back." in browser.post("/work/rename/", {"undo": key}).content.decode()
    Job.objects.filter(pk=jobs[0].pk).update(title="moved on")
    assert "3 rows taken back." in browser.post("/work/rename/", {"undo": key}).content.decode()
    assert Job.objects.get(pk=jobs[0].pk).title == "moved on"


def test_a_link_to_a_bulk_act_leads_to_its_list(browser):
    assert browser.get("/work/rename/")["Location"] == "/work/"
