""" "Did you mean": names that the reader may see in place of words that are a little off; what is hidden changes nothing."""

import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.clippings.models import Source
from crm.kernel.query import plain_pieces
from search import services
from search.reading import Wanted, find
from search.suggesting import suggestions
from tests import cast
from tests.companies.making import ask, browser, company, contact, covered, text
from tests.search.papers import paper

pytestmark = pytest.mark.django_db


def offered(user, query: str, **facts) -> list[str]:
    """The queries that this person is offered."""
    wanted = Wanted(query, **facts)
    return [one.query for one in suggestions(user, wanted, find(user, wanted, now=cast.NOW), now=cast.NOW)]


@pytest.fixture
def mill(bank, papers, engine):
    """A client with a person, a source, and texts that name them."""
    made = covered(bank, "Yau Tat Textiles Limited", "裕達紡織有限公司")
    contact(bank, made, "CHAN Tai Man", name_zh="陳大文")
    Source.objects.create(name="Textile Weekly")
    papers.add(
        *(paper(number, f"Yau Tat Textiles default {number}", "裕達紡織 違約", days=number) for number in range(1, 6)),
        *(paper(number, f"Harbour ferries {number}", days=number) for number in range(6, 12)),
    )
    services.rebuild()
    return made


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("yau tatt", "Yau Tat"),
        ("yautat default", "Yau Tat default"),
        ("Textlies AND default", "Textiles AND default"),
        ("(yau textlies) OR nothing", "(yau Textiles) OR nothing"),
        ('"yau tat textile" default', '"Yau Tat Textiles" default'),
        ("裕大紡織", "裕達紡織"),
        ("裕达纺识 違約", "裕達紡織 違約"),
        ("ydfz", "裕達紡織"),
        ("yudafangzhi", "裕達紡織"),
        ("chan tia man", "CHAN Tai Man"),
        ("陳太文", "陳大文"),
        ("textile weakly", "Textile Weekly"),
    ],
)
def test_a_query_is_offered_with_the_name_that_was_meant(bank, mill, typed, meant):
    assert meant in offered(bank.rm, typed)


@pytest.mark.parametrize(
    "typed", ["default", "harbour ferries", "yau tat nothinglikeit", "company:habour", "NOT yautat ferries", "yauta*", "裕達紡織", "zzzz"]
)
def test_nothing_is_offered_where_enough_is_found_or_no_word_is_off(bank, mill, typed):
    assert offered(bank.rm, typed) == []


def test_the_query_that_finds_more_comes_first_and_three_are_the_most(bank, mill):
    for name in ("Yau Tan Foods", "Yau Tam Ships", "Yau Tai Glass", "Yau Tab Steel"):
        company(bank, name)
    found = offered(bank.rm, "yau taa")
    assert (found[0], len(found)) == ("Yau Tat", 3)


def test_a_query_is_not_offered_twice_in_other_capitals(bank, mill):
    assert offered(bank.rm, "yau tatt") == ["Yau Tat"]


def test_a_later_page_offers_nothing(bank, mill):
    wanted = Wanted("yau tatt")
    results = find(bank.rm, wanted, now=cast.NOW)
    assert suggestions(bank.rm, Wanted("yau tatt", after="1.0_1_700000"), results, now=cast.NOW) == []


NAMES = ("Qcorvane Holdings", "闕鷺洋行", "Mr QCORVANE Ping")
HIDDEN = ("qcorvnae", "qcorvane", "闕路洋行", "qcorvane pign", "qlyx", "textlies", "yau tatt")


def told(user) -> list[tuple[list[str], list[str], list[str]]]:
    """For each query: what is offered on page, by the command's shape and the API; and every statement that it took."""
    answers = []
    for query in HIDDEN:
        reader = cast.fresh(user)
        assert reader.actor.posts
        with CaptureQueriesContext(connection) as seen:
            page = offered(reader, query)
        api = [one["query"] for one in ask(user, f"search?q={query}").json()["suggestions"]]
        answers.append((page, api, [entry["sql"] for entry in seen]))
    return answers


def test_names_that_a_reader_may_not_see_change_neither_what_is_offered_nor_the_statements(bank, mill, papers):
    readers = ("rm2", "sibling", "lobby", "editor", "admin", "finance")
    before = {name: told(bank.people[name]) for name in readers}
    assert all(page == api for answers in before.values() for page, api, _sql in answers)
    for number in range(30):
        contact(bank, mill, f"{NAMES[2]} {number}", name_zh="闕鷺洋")
    papers.add(*(paper(100 + number, NAMES[0], f"{NAMES[1]} {number} Textlies", scope=frozenset(("person:0",))) for number in range(20)))
    services.mend()
    for name in readers:
        assert told(bank.people[name]) == before[name], name


def test_people_are_offered_to_whoever_sees_them_only(bank, mill):
    contact(bank, mill, "QCORVANE Ping", name_zh="闕鷺洋")
    for name, sees in {"rm": True, "head": True, "ho": True, "rm2": False, "sibling": False, "lobby": False, "admin": False}.items():
        assert ("QCORVANE Ping" in offered(bank.people[name], "qcorvane pign")) is sees


def test_companies_are_offered_by_name_to_the_lobby_and_nothing_to_administrators(bank, mill):
    company(bank, "Qcorvane Holdings", "闕鷺洋行")
    for name in ("rm", "lobby", "analyst", "editor"):
        assert offered(bank.people[name], "qcorvnae") == ["Qcorvane"]
    assert offered(bank.admin, "qcorvnae") == []
    assert offered(None, "闕路洋行") == ["闕鷺洋行"]


def test_a_former_name_is_not_told_to_those_who_read_names_only(bank, mill):
    company(bank, "Silver Loom", "Qcorvane Holdings")
    assert offered(bank.lobby, "qcorvnae") == []


def test_whoever_holds_no_post_is_offered_nothing(bank, mill, django_user_model):
    nobody = django_user_model.objects.create(username="nobody", name_en="Nobody")
    assert offered(nobody, "yautat") == []


def test_three_statements_whatever_is_typed(bank, mill, django_assert_num_queries):
    rm = cast.fresh(bank.rm)
    assert rm.actor.posts
    for query in ("yautat", "qqqq zzzz 裕大紡織 yautat", "a b"):
        with django_assert_num_queries(3):
            offered(rm, query)


def test_the_page_the_api_and_the_command_offer_the_same(bank, mill, capsys):
    page = browser(bank.rm).get("/search/", {"q": "yau tatt default"})
    assert '<a href="?q=yau%20Tat%20default" title="Yau Tat Textiles Limited">yau Tat default</a>' in text(page)
    api = ask(bank.rm, "search?q=yau tatt default").json()["suggestions"]
    call_command("search", "yau tatt default", "--as", "rm", "--json")
    assert json.loads(capsys.readouterr().out)["suggestions"] == api == [{"query": "yau Tat default", "name": "Yau Tat Textiles Limited"}]
    call_command("search", "yau tatt default", "--as", "rm")
    assert capsys.readouterr().out.endswith("? yau Tat default\n")


def test_names_are_escaped(bank, mill):
    company(bank, "Qcorvane <b>Loom</b>")
    page = browser(bank.rm).get("/search/", {"q": "qcorvnae <b>"}).content.decode()
    assert "Qcorvane &lt;b&gt;" in page
    assert "<b>Loom" not in page


@pytest.mark.parametrize(
    "query", ["\"a 'b' (c\"", "「甲：乙」 丙丁戊", '"x: y"', "“a” OR (b NOT c)", "a" * 1_900, "甲" * 1_900, "- - & yautat"]
)
def test_no_query_breaks_it(bank, mill, query):
    offered(bank.rm, query)


def test_plain_pieces_are_the_wanted_words_side_by_side():
    typed = 'yau tat OR "golden loom" NOT old (mill NOT (big one)) source:post aft* 裕達 紡織'
    pieces = plain_pieces(typed)
    assert [piece.text for piece in pieces] == ["yau tat", "golden loom", "mill", "裕達 紡織"]
    assert all(typed[piece.start : piece.end] == piece.text for piece in pieces)
