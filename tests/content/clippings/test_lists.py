"""The list of news narrowed by source, sector, event and language, one by one and together."""

import pytest

from content.clippings.filters import NewsFilters
from content.clippings.models import Source
from tests.companies.making import browser, statements, text
from tests.content.making import clip, source

pytestmark = pytest.mark.django_db


@pytest.fixture
def news(bank):
    """Four stories of two papers."""
    clip("Alpha", "a", of="The Harbour Post", sectors=("Energy",), event="default", language="en")
    clip("Beta", "b", of="The Harbour Post", sectors=("Materials", "Real Estate"), event="listing", language="en")
    clip("Gamma", "c", of="海港財經", sectors=("Energy", "Financials"), event="default", language="zh-hant")
    clip("Delta", "d", of="海港財經", event="", language="zh-hans")
    return {paper.name: paper.pk for paper in Source.objects.all()}


def listed(user, query: str) -> set[str]:
    """The headlines on the page."""
    page = text(browser(user).get(f"/news/?{query}"))
    return {title for title in ("Alpha", "Beta", "Gamma", "Delta") if title in page}


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"Alpha", "Beta", "Gamma", "Delta"}),
        ("sector=Energy", {"Alpha", "Gamma"}),
        ("sector=Real+Estate", {"Beta"}),
        ("sector=Energy&sector=Materials", {"Alpha", "Beta", "Gamma"}),
        ("event=default&sector=Energy&language=zh-hant", {"Gamma"}),
        ("language=zh-hans", {"Delta"}),
        ("sector=Utilities", set()),
        ("sector=Nothing", set()),
        ("sector=%25", set()),
        ("source=999999", set()),
        ("source=abc", set()),
        ("source=%00", set()),
    ],
)
def test_the_list_is_narrowed(bank, news, query, titles):
    assert listed(bank.rm, query) == titles


def test_by_source_alone_by_several_and_with_others(bank, news):
    post, journal = news["The Harbour Post"], news["海港財經"]
    assert listed(bank.rm, f"source={post}") == {"Alpha", "Beta"}
    assert listed(bank.rm, f"source={post}&source={journal}") == {"Alpha", "Beta", "Gamma", "Delta"}
    assert listed(bank.rm, f"source={journal}&sector=Energy") == {"Gamma"}
    assert listed(bank.rm, f"source={journal}&source=999999") == set()


def test_the_filters_in_force_stand_above_in_words(bank, news):
    page = text(browser(bank.rm).get(f"/news/?source={news['海港財經']}&sector=Energy"))
    assert "海港財經" in page
    assert "Energy" in page


def test_the_panel_offers_every_source_and_the_page_reads_those_alone_that_are_asked_for(bank, news, rf):
    request = rf.get("/news/")
    request.user = bank.rm
    panel = NewsFilters(request.GET, Source.objects.none(), request=request, in_panel=True)
    assert [label for _key, label in panel.form.fields["source"].choices] == ["The Harbour Post", "海港財經"]
    page = NewsFilters(request.GET, Source.objects.none(), request=request)
    assert list(page.form.fields["source"].choices) == []


def test_a_narrowed_list_costs_one_statement_more_whatever_the_number_of_sources(bank, news):
    who = browser(bank.rm)
    plain = statements(who, "/news/?sector=Energy")
    few = statements(who, f"/news/?source={news['海港財經']}&sector=Energy")
    for number in range(30):
        source(f"Paper {number}")
    assert statements(who, f"/news/?source={news['海港財經']}&sector=Energy") == few == plain + 1
