"""Clippings in the palette as one types: by headline, published, within sight, bounded, and never in anybody's way."""

import socket

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.clippings.searching import find_clippings
from search import services
from tests import cast
from tests.companies.making import browser, client_of, company, statements
from tests.content.clippings.test_visibility import of_state
from tests.content.making import DAY, clip
from tests.search.conftest import cluster, engine  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def titles(user, query: str, limit: int = 5) -> list[str]:
    """What the palette would list."""
    return [row.title for row in find_clippings(user, query, limit)]


@pytest.fixture
def news(bank, engine):  # noqa: F811
    """Headlines in three scripts, of which the newest is the last."""
    for place, title in enumerate(("Harbour Bank lends to cotton mills", "海港銀行擴張", "海港银行扩张", "Ferry crosses the harbour")):
        clip(title, f"Body of cottonseed number {place}", at=cast.NOW - DAY * (10 - place))
    services.rebuild()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("harb", ["Ferry crosses the harbour", "Harbour Bank lends to cotton mills"]),
        ("harbour ban", ["Harbour Bank lends to cotton mills"]),
        ("HARBOUR B", ["Ferry crosses the harbour", "Harbour Bank lends to cotton mills"]),
        ("海港", ["海港银行扩张", "海港銀行擴張"]),
        ("銀行扩", ["海港银行扩张", "海港銀行擴張"]),
        ("cotton mil", ["Harbour Bank lends to cotton mills"]),
        ("cottonseed", []),
        ("lends NOT", []),
        ("h", []),
        ("", []),
        ("(((", []),
        ('"harbour" : *', ["Ferry crosses the harbour", "Harbour Bank lends to cotton mills"]),
    ],
)
def test_a_headline_is_found_by_its_words_the_last_half_typed(bank, news, typed, found):
    assert titles(bank.rm, typed) == found


def test_five_rows_at_most(bank, engine):  # noqa: F811
    for number in range(12):
        clip(f"Harbour news {number}", str(number) * 50, at=cast.NOW - DAY * number)
    services.rebuild()
    assert titles(bank.rm, "harbour", 100) == [f"Harbour news {number}" for number in range(5)]


SEEN = {
    "rm": {"P published", "I published", "D published"},
    "rm2": {"P published", "I published"},
    "lobby": {"P published"},
    "editor": {"P published", "I published"},
    "compliance": {"P published", "I published", "D published"},
    "admin": set(),
}


@pytest.mark.parametrize("name", SEEN)
def test_only_what_is_published_and_within_sight_is_listed(bank, engine, name):  # noqa: F811
    for klass in "PID":
        for state in ("published", "waiting", "withdrawn"):
            if klass != "D" or state == "published":
                of_state(f"{klass} {state} canaryword", state, klass=klass, by=bank.rm, body=f"{klass} of {state}")
    services.rebuild()
    assert set(titles(bank.people[name], "canaryword")) == {f"{kind} canaryword" for kind in SEEN[name]}


def test_the_palette_lists_them_after_the_names_within_its_statements(bank, news):
    client_of(bank, "Harbour Crane Works")
    who = browser(bank.rm)
    page = who.get("/search/palette/?q=harbour").content.decode()
    assert page.index("Harbour Crane Works") < page.index("Ferry crosses the harbour") < page.index("Harbour Bank lends")
    assert statements(who, "/search/palette/?q=harbour") <= 8
    assert "Harbour Post ·" in page


def test_the_search_page_does_not_list_them_twice(bank, news):
    page = browser(bank.rm).get("/search/?q=harbour").content.decode()
    assert 'id="kind-clipping"' not in page
    assert page.count("Ferry crosses the") == 1


def test_hidden_headlines_change_no_statement(bank, news):
    def asked() -> list[str]:
        reader = cast.fresh(bank.lobby)
        assert reader.actor.posts
        with CaptureQueriesContext(connection) as seen:
            assert titles(reader, "harbour canary") == []
            titles(reader, "harbour")
        return [entry["sql"] for entry in seen]

    before = asked()
    clip("Harbour canaryword", "x", klass="I")
    services.mend()
    assert asked() == before


def test_an_engine_that_is_down_or_hangs_leaves_the_names(bank, settings):
    company(bank, "Harbour Crane Works")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for address in ("http://127.0.0.1:9", f"http://127.0.0.1:{silent.getsockname()[1]}"):
            settings.ELASTICSEARCH_URL = address
            page = browser(bank.rm).get("/search/palette/?q=harbour")
            assert "Harbour Crane Works" in page.content.decode()
