"""Signing in, being locked out, and when a session is over (T14)."""

import sqlite3
import time
from contextlib import closing

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from crm.staff import services
from tests.staff.conftest import PASSWORD

pytestmark = pytest.mark.django_db
PAGE = "/accounts/login/"


@pytest.fixture
def browser(rm_with_password):
    made = Client()
    assert made.post(PAGE, {"username": "rm", "password": PASSWORD}).status_code == 302
    return made


def test_the_answer_is_the_same_for_an_unknown_name_a_wrong_password_and_a_leaver(rm_with_password, rm2):
    rm2.set_password(PASSWORD)
    rm2.is_active = False
    rm2.save()
    pages = [
        Client().post(PAGE, {"username": name, "password": word}).content.decode().replace(name, "")
        for name, word in [("nobody", PASSWORD), ("rm", "wrong"), ("rm2", PASSWORD)]
    ]
    assert all("User name and password do not match." in page for page in pages)


def test_after_five_wrong_passwords_even_the_right_one_is_locked_out(rm_with_password):
    browser = Client()
    answers = [browser.post(PAGE, {"username": "rm", "password": "wrong"}).status_code for _try in range(6)]
    assert answers[-1] == 429
    assert browser.post(PAGE, {"username": "rm", "password": PASSWORD}).status_code == 429
    assert "_auth_user_id" not in browser.session


def test_signing_in_makes_a_new_session(rm_with_password):
    browser = Client()
    browser.get(PAGE)
    session = browser.session
    session["planted"] = True
    session.save()
    browser.cookies["sessionid"] = session.session_key
    browser.post(PAGE, {"username": "rm", "password": PASSWORD})
    assert browser.session.session_key != session.session_key


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_no_address_of_another_site_is_gone_on_to(rm_with_password, target):
    answer = Client().post(PAGE, {"username": "rm", "password": PASSWORD, "next": target})
    assert answer["Location"] == "/"


def test_signing_in_goes_on_to_the_page_that_was_asked_for(rm_with_password):
    answer = Client().get("/visits/?kind=call")
    assert answer["Location"] == f"{PAGE}?next=/visits/%3Fkind%3Dcall"
    assert Client().post(PAGE, {"username": "rm", "password": PASSWORD, "next": "/visits/?kind=call"})["Location"] == "/visits/?kind=call"


def age(browser, **seconds):
    session = browser.session
    for name, past in seconds.items():
        session[name] = time.time() - past
    session.save()


def test_a_session_ends_after_fifteen_idle_minutes(browser):
    age(browser, seen_at=14 * 60)
    assert browser.get("/").status_code == 200
    age(browser, seen_at=16 * 60)
    assert browser.get("/").status_code == 302


def test_a_session_ends_after_ten_hours_however_busy(browser):
    browser.get("/")
    age(browser, began_at=10 * 3600 + 60)
    assert browser.get("/").status_code == 302


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite alone has one lock for all writers")
def test_a_page_is_answered_though_the_visit_cannot_be_noted(browser):
    age(browser, seen_at=5 * 60)
    before = browser.session["seen_at"]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    try:
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as writer:
            writer.execute("BEGIN IMMEDIATE")
            assert browser.get("/clients/").status_code == 200
        assert browser.session["seen_at"] == before
        assert browser.get("/clients/").status_code == 200
        assert browser.session["seen_at"] > before + 4 * 60
    finally:
        connection.close()  # its timeout goes with it


def test_a_session_that_ended_elsewhere_while_the_page_was_made_takes_nothing_from_it(browser):
    age(browser, seen_at=5 * 60)

    ended = []

    def end_once(execute, sql, params, many, context):
        if not ended and "clients_client" in sql:
            ended.append(True)
            Session.objects.all().delete()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(end_once):
        assert browser.get("/clients/").status_code == 200
    assert ended
    assert browser.get("/clients/").status_code == 302


def test_shutting_somebody_out_ends_their_open_session_at_once(browser, rm, admin, now):
    assert browser.get("/").status_code == 200
    services.set_active(user_id=rm.pk, active=False, actor=admin, now=now)
    assert browser.get("/").status_code == 302


def test_an_approved_change_of_posts_ends_open_sessions(browser, bank, admin, admin2):
    from django.utils import timezone

    browser.get("/")
    age(browser, began_at=60)
    change = services.propose_post_change(
        user_id=bank.rm.pk,
        actor=admin,
        now=timezone.now(),
        ends_id=bank.post("rm").pk,
        role="RM",
        grade=2,
        unit_id=bank.team.pk,
        reason="Moves",
    )
    assert browser.get("/").status_code == 200
    services.decide_post_change(change_id=change.pk, approve=True, actor=admin2, now=timezone.now())
    assert browser.get("/").status_code == 302


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(browser, rm_with_password):
    other = Client()
    other.post(PAGE, {"username": "rm", "password": PASSWORD})
    new = "another-long-word-8"
    wrong = browser.post("/accounts/password/", {"old_password": "no", "new_password1": new, "new_password2": new})
    assert wrong.status_code == 200
    done = browser.post("/accounts/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert done.status_code == 302
    assert "Your password is changed." in browser.get("/accounts/").content.decode()
    assert browser.get("/").status_code == 200
    assert other.get("/").status_code == 302


def test_the_language_chosen_is_remembered_for_the_person(browser, rm):
    browser.post("/i18n/setlang/", {"language": "zh-hant", "next": "/"})
    rm.refresh_from_db()
    assert rm.language == "zh-hant"
    assert 'lang="zh-hant"' in browser.get("/").content.decode()
    own_page = browser.get("/accounts/").content.decode().split("<main")[1]
    assert own_page.count('name="language"') == 3
    assert 'value="zh-hant" lang="zh-Hant" aria-label="繁體中文" aria-current="true"' in own_page
    browser.post("/i18n/setlang/", {"language": "xx", "next": "/"})
    rm.refresh_from_db()
    assert rm.language == "zh-hant"


def test_a_token_is_shown_once(browser):
    form = browser.get("/accounts/tokens/new/").content.decode()
    assert "scopes" in form
    browser.post("/accounts/tokens/new/", {"scopes": ["read"]})
    assert "rpt_" in browser.get("/accounts/tokens/shown/").content.decode()
    assert "rpt_" not in browser.get("/accounts/tokens/shown/").content.decode()
