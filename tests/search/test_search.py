"""The palette and the search page: what is asked of the finders, and what is said of commands."""

import pytest
from django.test import Client

from search import selectors

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(rm):
    client = Client()
    client.force_login(rm)
    return client


@pytest.mark.parametrize("query", ["log a visit", "LOG  visit", "visit"])
def test_a_command_is_found_by_the_beginnings_of_its_words(rm, query):
    assert "visits:visit_create" in {command.url_name for command in selectors.commands(rm, query)}


def test_a_command_that_a_role_may_not_use_is_not_offered(rm, admin):
    assert "staff:user_create" not in {command.url_name for command in selectors.commands(rm, "")}
    assert "staff:user_create" in {command.url_name for command in selectors.commands(admin, "")}


def test_the_search_page_keeps_what_was_asked_and_says_when_nothing_is_found(signed_in):
    page = signed_in.get("/search/", {"q": "<b>nothing like it</b>"}).content.decode()
    assert "&lt;b&gt;nothing like it&lt;/b&gt;" in page
    assert "<b>nothing like it" not in page


@pytest.mark.parametrize("query", ["\x00", "%" * 300, "' OR 1=1 --", "((((", "𠮷" * 200, "\u200b", "a" * 50_000])
def test_no_query_breaks_the_page_or_the_palette(signed_in, query):
    assert signed_in.get("/search/", {"q": query}).status_code == 200
    assert signed_in.get("/search/palette/", {"q": query}).status_code == 200


def test_a_query_is_one_line_of_a_hundred_characters():
    assert selectors.tidy("  a \n b\x00c  ") == "a b c"
    assert len(selectors.tidy("x" * 5000)) == 100
