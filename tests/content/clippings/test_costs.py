"""How many statements the pages of news cost: the same for few rows and many, few mentions and many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.clippings.models import Clipping, Mention
from tests import cast
from tests.companies.making import browser, covered, statements
from tests.content.making import DAY, MILL, clip, source, text
from tests.performance.plans import sorts, statistics

pytestmark = pytest.mark.django_db


def fill(bank, rows: int, companies: int) -> tuple[int, int]:
    """Clippings that each name all companies, some for certain and some to be confirmed. Returns one of each."""
    source("The Licensed Wire", licensed=True)
    held = [covered(bank, f"{word} Textiles Limited", by="rm") for word in WORDS[:companies]]
    body = " ".join(f"{word} Textiles Limited said so." for word in WORDS[:companies])
    made = [clip(f"Mill {place}", f"{place} {body}", of=f"Paper {place % 7}" if place else "The Licensed Wire") for place in range(rows)]
    assert Mention.objects.count() == rows * companies
    Mention.objects.filter(company=held[-1]).update(state="suggested")
    return made[0].pk, held[0].pk


WORDS = ("Yuet Tat", "Blue Kiln", "Golden Harbour", "Wing Shun", "Hang Wo", "Kam Fung")


@pytest.mark.parametrize("name", ["rm", "lobby", "compliance"])
def test_list_page_and_panel_cost_the_same_for_few_and_for_many(bank, name):
    clipping, company = fill(bank, 3, 2)
    who = browser(bank.people[name])
    addresses = ("/news/?size=50", f"/news/{clipping}/", f"/news/of/{company}/")
    few = [statements(who, address) for address in addresses]
    more = [covered(bank, f"{word} Textiles Limited") for word in WORDS[2:]]
    body = " ".join(f"{word} Textiles Limited said so." for word in WORDS)
    for place in range(60):
        clip(f"Loom {place}", f"{place} {body}", of=f"Journal {place % 9}")
    for place in range(12):
        clip(f"Copy {place}", text(*MILL, f"{place} {body}"))
    Mention.objects.filter(company=more[0]).update(state="suggested")
    assert Mention.objects.count() > 6 * 60
    many = [statements(who, address) for address in addresses]
    assert many == few
    assert few == COSTS[name]


# /news/, /news/<id>/, the panel of a company.
COSTS = {"rm": [7, 6, 6], "lobby": [6, 5, 5], "compliance": [7, 6, 6]}


def test_a_page_of_a_long_story_costs_as_much_as_of_a_short_one(bank):
    head = clip("Head", text(*MILL))
    clip("Copy", text(*MILL, "One."))
    who = browser(bank.rm)
    few = statements(who, head.get_absolute_url())
    for place in range(20):
        clip(f"Copy {place}", text(*MILL, f"Number {place}."))
    head.refresh_from_db()
    assert head.similar == 21
    assert statements(who, head.get_absolute_url()) == few


IN_ORDER = [(name, "/news/") for name in ("rm", "lobby", "compliance", "editor")]
IN_ORDER += [("editor", "/news/inbox/"), ("editor", "/news/inbox/published/"), ("rm", "/news/brief/")]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="asks for SQLite's plan")
@pytest.mark.parametrize("gathered", [True, False], ids=["with statistics", "without statistics"])
@pytest.mark.parametrize(("name", "address"), IN_ORDER)
def test_news_is_read_along_an_index_and_never_gathered_to_be_sorted(bank, name, address, gathered):
    """With a million clippings, gathering them takes seconds."""
    held = source()
    Clipping.objects.bulk_create(
        Clipping(
            title=f"News {number}",
            source=held,
            published_at=cast.NOW - number * DAY / 300,
            origin_key=f"{number:040}",
            text_hash=f"{number:064}",
            live=number % 50 != 0,
        )
        for number in range(3_000)
    )
    statistics(gathered=gathered)
    who = browser(bank.people[name])
    with CaptureQueriesContext(connection) as captured:
        assert who.get(address).status_code == 200
    wanted = [query["sql"] for query in captured.captured_queries if 'FROM "clippings_clipping"' in query["sql"]]
    wanted = [statement for statement in wanted if '"published_at" DESC' in statement or "ORDER BY 2 DESC" in statement]
    assert wanted
    assert not [statement for statement in wanted if sorts(statement)]
