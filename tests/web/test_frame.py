"""What surrounds every page: headers, language, time zone, refusals, the menu, the health check."""

import errno
import re

import pytest
from django.db import OperationalError

from crm.kernel import contributions
from crm.kernel.contributions import LogEntry, NavItem, PaletteCommand
from crm.web import context
from crm.web.middleware import is_busy
from tests.web import pages


@pytest.mark.parametrize("address", ["/work/", "/work/999999/", "/work/new/", "/api/test/jobs", "/nowhere/"])
def test_no_private_answer_is_kept_sniffed_or_referred(browser, address):
    response = browser.get(address)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert "microphone=()" in response["Permissions-Policy"]
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]


def test_pages_speak_the_readers_language_whatever_the_browser_asks_for(browser, rm):
    rm.language = "zh-hant"
    rm.save()
    response = browser.get("/work/", headers={"Accept-Language": "en"})
    assert '<html lang="zh-hant">' in response.content.decode()
    assert response["Content-Language"] == "zh-hant"


def test_times_are_those_of_the_readers_centre(browser, rm, bank, make_jobs):
    centre = bank.units["centre"]
    centre.time_zone = "Europe/Paris"
    centre.save()
    make_jobs(1, finished_at="2026-03-04T02:00:00Z")
    assert 'datetime="2026-03-04T03:00+01:00"' in browser.get("/work/").content.decode()


@pytest.mark.parametrize(("what", "status"), [("rule", 422), ("stale", 409), ("missing", 404)])
def test_a_refusal_that_no_form_took_up_is_a_page(browser, what, status):
    response = browser.get(f"/broken/{what}/")
    assert response.status_code == status
    assert "<h1>" in response.content.decode()


def test_for_htmx_a_refusal_is_its_sentence_alone(browser):
    response = browser.get("/broken/rule/", headers={"HX-Request": "true"})
    assert (response.status_code, response.content, response["Content-Type"]) == (422, b"A rule.", "text/plain; charset=utf-8")


def test_a_hidden_and_a_missing_page_read_alike(browser, make_jobs, rm2):
    (job,) = make_jobs(1, owner=rm2)
    hidden, missing = browser.get(f"/work/{job.pk}/"), browser.get("/work/999999/")
    strip = re.compile(rb"nonce-\S+|value=\"[A-Za-z0-9]{64}\"|/work/\d+/|X-CSRFToken\": \"\w+")
    assert hidden.status_code == missing.status_code == 404
    assert strip.sub(b"", hidden.content) == strip.sub(b"", missing.content)


def test_the_random_letters_of_a_page_spell_no_word_that_a_test_listens_for(browser):
    tokens = re.findall(r"\b[A-Za-z0-9]{64}\b", browser.get("/work/new/").content.decode())
    assert tokens
    assert set("".join(tokens)) == set("QZ")


def test_a_busy_database_is_503_with_a_time_to_come_back(browser, monkeypatch):
    def locked(view):
        raise OperationalError("database is locked")

    monkeypatch.setattr(pages.WorkList, "get_queryset", locked)
    response = browser.get("/work/")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "locked" not in response.content.decode()


@pytest.mark.parametrize(
    ("error", "busy"),
    [
        (OperationalError("database is locked"), True),
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.ENOENT, "No such file"), False),
        (ValueError("x"), False),
    ],
)
def test_only_what_passes_by_itself_is_busy(error, busy):
    assert is_busy(error) is busy


def test_a_stale_tab_gets_a_sentence_and_nothing_is_saved(rm):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(rm)
    response = client.post("/work/new/", {"title": "x"})
    assert response.status_code == 403
    page = response.content.decode()
    assert "nothing was lost" in page
    assert "<h1>This page was open too long</h1>" in page
    assert "Not for this post" not in page
    assert client.post("/work/new/", {"title": "x"}, headers={"HX-Request": "true"}).content.decode().startswith("This page was open")


def test_the_health_check_asks_the_database_and_nobody_to_sign_in(client, db):
    assert client.get("/healthz").content == b"ok"
    assert client.post("/healthz").status_code == 405


def test_the_menu_holds_only_what_the_posts_open_and_marks_the_current_page(rf, rm, make_jobs, monkeypatch, django_assert_num_queries):
    items = [
        NavItem("Jobs", "web:job_list", "jobs", 20),
        NavItem("Work", "work_list", "board", 10, section="Do", on_phone=True),
        NavItem("Secret", "work_create", "board", 30, shown=lambda user: user.actor.has_role("AUD")),
    ]
    monkeypatch.setitem(contributions._registry, NavItem, items)
    monkeypatch.setitem(contributions._registry, LogEntry, [LogEntry("Note", "work_create", "plus", 1)])
    monkeypatch.setitem(contributions._registry, PaletteCommand, [PaletteCommand("New work", "work_create")])
    request = rf.get("/work/5/")
    request.user = rm
    assert rm.actor.posts
    with django_assert_num_queries(0):
        shell = {name: function() for name, function in context.shell(request).items() if name != "saved_drafts"}
    assert [(section["label"], [entry["label"] for entry in section["items"]]) for section in shell["nav_sections"]] == [
        ("Do", ["Work"]),
        ("", ["Jobs"]),
    ]
    assert [entry["current"] for section in shell["nav_sections"] for entry in section["items"]] == [True, False]
    assert shell["log_entries"] == [{"label": "Note", "url": "/work/new/", "icon": "plus"}]
    assert shell["palette_commands"][0]["url"] == "/work/new/"


def test_strangers_see_no_menu(rf, db):
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/")
    request.user = AnonymousUser()
    assert context.nav_sections(request) == []
